import { endingOf, type Trace } from '@forkline/trace'
import { type Aggregate, Forest } from './forest.ts'

/** One bit for each thing that a span may be, so that a pixel can show all that is in it. */
export const STATE_BITS = { running: 1, ok: 2, failed: 4, cancelled: 8, leaked: 16 } as const

/** By the number of a `TASK_STATES`. */
const BIT_OF_STATE: readonly number[] = [
  STATE_BITS.running,
  STATE_BITS.running,
  STATE_BITS.ok,
  STATE_BITS.failed,
  STATE_BITS.cancelled,
]

/** Whether a task was alive when its scope had ended, or when the program had. */
export function isLeaked(trace: Trace, row: number): boolean {
  const { tasks, scopes } = trace
  const end = tasks.end[row] ?? NaN
  if (Number.isNaN(end)) return endingOf(trace, row) === 'leaked'
  const scope = (tasks.scope[row] ?? 0) - 1
  return scope >= 0 && end > (scopes.end[scope] ?? NaN)
}

/** Tasks that never overlap, side by side in the order of time: a slot of a pool, or one of the rows of a group. */
export class Lane {
  readonly #trace: Trace
  readonly #forest = new Forest()
  #rows = new Uint32Array(4)
  #length = 0

  constructor(trace: Trace) {
    this.#trace = trace
  }

  /** How many spans there are, the one that has not ended included. */
  get length(): number {
    return this.#length
  }

  /** The task at a place, as a row of the trace; -1 when there is none. */
  task(place: number): number {
    return place >= 0 && place < this.#length ? (this.#rows[place] ?? -1) : -1
  }

  start(place: number): number {
    return this.#trace.tasks.start[this.#rows[place] ?? 0] ?? 0
  }

  /** When the span ended, or the trace while it has not. In ms. */
  end(place: number): number {
    const end = this.#trace.tasks.end[this.#rows[place] ?? 0] ?? NaN
    return Number.isNaN(end) ? this.#trace.end : end
  }

  /** From when on the lane is free, in ms; `Infinity` while its last span has not ended. */
  get freeFrom(): number {
    if (this.#length === 0) return -Infinity
    const end = this.#trace.tasks.end[this.#rows[this.#length - 1] ?? 0] ?? NaN
    return Number.isNaN(end) ? Infinity : end
  }

  append(task: number): void {
    this.settle()
    if (this.#length === this.#rows.length) {
      const rows = new Uint32Array(this.#length * 2)
      rows.set(this.#rows)
      this.#rows = rows
    }
    this.#rows[this.#length++] = task
  }

  /** Takes spans that have ended into the forest. To be called before it is asked, when the trace has grown. */
  settle(): void {
    const { tasks } = this.#trace
    while (this.#forest.length < this.#length) {
      const place = this.#forest.length
      const row = this.#rows[place] ?? 0
      const isLast = place === this.#length - 1
      if (isLast && Number.isNaN(tasks.end[row])) return
      this.#forest.append(this.#bits(row), this.end(place) - this.start(place))
    }
  }

  /** The first place whose span ends after a time; `length` when there is none. Searches from `from` on. */
  firstEndingAfter(time: number, from = 0): number {
    const { end } = this.#trace.tasks
    const rows = this.#rows
    const length = this.#length
    // Doubling steps, then halves: neighbouring pixels ask for neighbouring places.
    let low = from
    let step = 1
    while (low + step <= length && (end[rows[low + step - 1] ?? 0] ?? 0) <= time) {
      low += step
      step *= 2
    }
    let high = Math.min(low + step - 1, length)
    while (low < high) {
      const middle = (low + high) >> 1
      if ((end[rows[middle] ?? 0] ?? 0) <= time) low = middle + 1
      else high = middle
    }
    // Only the last may not have ended: it goes as far as the trace does.
    return low === length - 1 && this.end(low) <= time ? length : low
  }

  /** The first place whose span ends after a time, or lies at it and has no length. Searches from `from` on. */
  firstIn(time: number, from = 0): number {
    let place = this.firstEndingAfter(time, from)
    while (place > from && this.start(place - 1) >= time) place--
    return place
  }

  /** The first place whose span starts at a time or later; `length` when there is none. Searches from `from` on. */
  firstStartingAt(time: number, from = 0): number {
    const { start } = this.#trace.tasks
    const rows = this.#rows
    const length = this.#length
    let low = from
    let step = 1
    while (low + step <= length && (start[rows[low + step - 1] ?? 0] ?? 0) < time) {
      low += step
      step *= 2
    }
    let high = Math.min(low + step - 1, length)
    while (low < high) {
      const middle = (low + high) >> 1
      if ((start[rows[middle] ?? 0] ?? 0) < time) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Sums up the spans from `from` up to, but not including, `to`. */
  query(from: number, to: number, into: Aggregate): void {
    this.#forest.query(from, Math.min(to, this.#forest.length), into)
    for (let place = Math.max(from, this.#forest.length); place < to; place++) {
      into.mask |= this.#bits(this.#rows[place] ?? 0)
      into.busy += this.end(place) - this.start(place)
    }
  }

  /** Gives back the memory that is kept for growing. */
  trim(): void {
    this.#rows = this.#rows.slice(0, Math.max(this.#length, 1))
    this.#forest.trim()
  }

  #bits(row: number): number {
    const bits = BIT_OF_STATE[this.#trace.tasks.state[row] ?? 0] ?? STATE_BITS.running
    return isLeaked(this.#trace, row) ? bits | STATE_BITS.leaked : bits
  }
}
