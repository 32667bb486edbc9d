import { scopeKind, type Trace } from '@forkline/trace'
import { Lane } from './lane.ts'

/** Scopes whose tasks have a place of their own that they hold while they run. */
const SLOTTED: readonly string[] = ['pool', 'threads', 'stage', 'limiter', 'queue']

interface ScopeLanes {
  readonly lanes: Lane[]
  readonly slotted: boolean
}

/** The lanes of every scope. It only grows: `update` takes in what has started since the last time. */
export class Lanes {
  readonly #trace: Trace
  /** By scope row plus 1; the first is for tasks that are in no scope. */
  readonly #scopes: ScopeLanes[] = []
  #taken = 0

  constructor(trace: Trace) {
    this.#trace = trace
  }

  /** The lanes of a scope; of the tasks that are in none for -1. */
  of(scope: number): readonly Lane[] {
    return this.#scopes[scope + 1]?.lanes ?? []
  }

  /** Takes in the tasks that have started, and that have ended, since the last time. */
  update(): void {
    const { starts, tasks } = this.#trace
    for (; this.#taken < starts.length; this.#taken++) {
      const task = starts.task[this.#taken] ?? 0
      this.#laneFor(this.#scope(tasks.scope[task] ?? 0), task).append(task)
    }
    for (const { lanes } of this.#scopes) for (const lane of lanes) lane.settle()
  }

  #scope(place: number): ScopeLanes {
    while (this.#scopes.length <= place) {
      const kind = this.#scopes.length === 0 ? 'unknown' : scopeKind(this.#trace, this.#scopes.length - 1)
      this.#scopes.push({ lanes: [], slotted: SLOTTED.includes(kind) })
    }
    return this.#scopes[place] ?? { lanes: [], slotted: false }
  }

  /** The slot's own lane; where slots are not told or two tasks claim one, the first lane that is free. */
  #laneFor({ lanes, slotted }: ScopeLanes, task: number): Lane {
    const start = this.#trace.tasks.start[task] ?? 0
    if (slotted) {
      const slot = this.#trace.tasks.slot[task] ?? 0
      while (lanes.length <= slot) lanes.push(new Lane(this.#trace))
      const own = lanes[slot]
      if (own?.isFreeAt(start) === true) return own
    }
    for (const lane of lanes) if (lane.isFreeAt(start)) return lane
    const lane = new Lane(this.#trace)
    lanes.push(lane)
    return lane
  }
}
