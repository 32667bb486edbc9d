import { scopeKind, scopeLabel, scopeLocation, type Location, type Trace } from '@forkline/trace'
import { Lane } from './lane.ts'

/** Scopes whose tasks have a place of their own that they hold while they run. */
const SLOTTED: readonly string[] = ['pool', 'threads', 'stage', 'limiter', 'queue']

/**
 * One construct of the program, such as the pool made in a certain line: all scopes that came from it, however many,
 * with their tasks in lanes.
 */
export interface Track {
  readonly label: string
  readonly kind: string
  readonly location: Location | null
  /** The track of the tasks in which its first scope was opened; -1 at the top. */
  readonly parent: number
  /** The first of its scopes, as a row of the trace; -1 for tasks that are in no scope. */
  readonly firstScope: number
  /** How many scopes came from it. */
  scopes: number
  /** The greatest limit of its scopes; 0 when they have none. */
  limit: number
  readonly lanes: Lane[]
  /** Whether its tasks hold a slot while they run. */
  readonly slotted: boolean
}

/** The tracks of a trace. It only grows: `update` takes in what has been recorded since the last time. */
export class Tracks {
  readonly list: Track[] = []
  readonly #trace: Trace
  readonly #byKey = new Map<string, number>()
  /** The track of each scope, by row of the trace. */
  #ofScope = new Uint32Array(16)
  #scopes = 0
  #started = 0
  #loose = -1

  constructor(trace: Trace) {
    this.#trace = trace
  }

  /** The track of a scope; of tasks that are in none for -1. It is -1 when there is no such track. */
  ofScope(scope: number): number {
    return scope < 0 ? this.#loose : scope < this.#scopes ? this.#ofScope[scope] ?? -1 : -1
  }

  /** Takes in scopes and tasks that have come, started or ended since the last time. */
  update(): void {
    const { scopes, starts, tasks } = this.#trace
    while (this.#scopes < scopes.length) this.#takeScope(this.#scopes++)
    for (; this.#started < starts.length; this.#started++) {
      const task = starts.task[this.#started] ?? 0
      const scope = (tasks.scope[task] ?? 0) - 1
      const track = this.list[scope < 0 ? this.#looseTrack() : this.#ofScope[scope] ?? 0]
      if (track !== undefined) this.#laneFor(track, task).append(task)
    }
    for (const { lanes } of this.list) for (const lane of lanes) lane.settle()
  }

  #takeScope(scope: number): void {
    if (scope >= this.#ofScope.length) {
      const grown = new Uint32Array(this.#ofScope.length * 2)
      grown.set(this.#ofScope)
      this.#ofScope = grown
    }
    const { scopes, tasks } = this.#trace
    const place = scopes.location[scope] ?? 0
    // A name may tell single scopes apart, as `user 4711` does; the line where they are made does not.
    const own = place === 0 ? `name ${String(scopes.name[scope] ?? 0)}` : `line ${String(place)}`
    const key = `${String(scopes.kind[scope] ?? 0)} ${String(scopes.thread[scope] ?? 0)} ${own}`
    let number = this.#byKey.get(key)
    if (number === undefined) {
      const parentTask = (scopes.parent[scope] ?? 0) - 1
      const parent = parentTask < 0 ? -1 : this.ofScope((tasks.scope[parentTask] ?? 0) - 1)
      const kind = scopeKind(this.#trace, scope)
      number = this.list.push({
        label: scopeLabel(this.#trace, scope), kind, location: scopeLocation(this.#trace, scope), parent,
        firstScope: scope, scopes: 0, limit: 0, lanes: [], slotted: SLOTTED.includes(kind),
      }) - 1
      this.#byKey.set(key, number)
    }
    this.#ofScope[scope] = number
    const track = this.list[number]
    if (track === undefined) return
    track.scopes++
    track.limit = Math.max(track.limit, scopes.limit[scope] ?? 0)
  }

  #looseTrack(): number {
    if (this.#loose < 0) {
      this.#loose = this.list.push({
        label: 'tasks of no scope', kind: 'none', location: null, parent: -1, firstScope: -1, scopes: 0, limit: 0,
        lanes: [], slotted: false,
      }) - 1
    }
    return this.#loose
  }

  /** The slot's own lane; where slots are not told or two tasks claim one, the first lane that is free. */
  #laneFor({ lanes, slotted }: Track, task: number): Lane {
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
