import { WAITS } from '@forkline/runtime/trace-format'
import type { Trace } from '../model/trace.ts'
import { lastSeen, waitLastSeen } from './endings.ts'

/** What a task waits for until others have made room. */
const ROOM: readonly number[] = [WAITS.slot, WAITS.permit, WAITS.lock, WAITS.rate]

/**
 * When work was held back: tasks in the queue of a scope with a limit, and tasks that waited for a place, a permit,
 * a lock or a rate.
 */
export class HeldBack {
  readonly #starts: Float64Array
  readonly #ends: Float64Array

  constructor(trace: Trace) {
    const { tasks, waits, scopes } = trace
    const starts: number[] = []
    const ends: number[] = []
    for (let row = 0; row < tasks.length; row++) {
      const queued = tasks.queued[row] ?? 0
      const neverRan = tasks.state[row] === 0
      const limited = (scopes.limit[(tasks.scope[row] ?? 0) - 1] ?? 0) > 0
      if (!limited || (queued === 0 && !neverRan)) continue
      const start = tasks.start[row] ?? 0
      starts.push(start - queued)
      ends.push(neverRan ? lastSeen(trace, row) : start)
    }
    for (let row = 0; row < waits.length; row++) {
      if (!ROOM.includes(waits.kind[row] ?? 0)) continue
      starts.push(waits.start[row] ?? 0)
      ends.push(waitLastSeen(trace, row))
    }
    this.#starts = Float64Array.from(starts).sort()
    this.#ends = Float64Array.from(ends).sort()
  }

  /** How many were held back for some of the time from `start` to `end`, in ms. */
  during(start: number, end: number): number {
    return below(this.#starts, end) - below(this.#ends, start)
  }
}

/** How many of the sorted numbers are less. */
function below(sorted: Float64Array, limit: number): number {
  let low = 0
  for (let high = sorted.length; low < high;) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < limit) low = middle + 1
    else high = middle
  }
  return low
}
