import { scopeKind, scopeLabel, scopeLocation, type Location, type Trace } from '@forkline/trace'
import { FreeLanes } from './freeLanes.ts'
import { Lane } from './lane.ts'

/** Scopes whose tasks have a place of their own that they hold while they run. */
const SLOTTED: readonly string[] = ['pool', 'threads', 'stage', 'limiter', 'queue']

/**
 * One construct of the program, such as the pool made in a certain line under a certain name: all scopes that came from
 * it, however many, with their tasks in lanes.
 */
export interface Track {
  label: string
  readonly kind: string
  location: Location | null
  /**
   * The track of the scope that its first scope is part of, as a stage is of its pipeline, or else of the tasks in which
   * that was opened; -1 at the top.
   */
  parent: number
  /** The first of its scopes, as a row of the trace; -1 for tasks that are in no scope. */
  readonly firstScope: number
  /** How many scopes came from it. */
  scopes: number
  /** When the first of them was opened, in ms. */
  opened: number
  /** The greatest limit of its scopes; 0 when they have none. */
  limit: number
  readonly lanes: Lane[]
  /** How many tasks are on them. */
  tasks: number
  /** Whether its tasks hold a slot while they run. */
  readonly slotted: boolean
  /** Whether it stands for scopes of many names. */
  readonly others: boolean
}

interface OwnTrack extends Track {
  /** Which lanes are free; undefined as long as every task has had the lane of its slot to itself. */
  free: FreeLanes | undefined
  /** Lanes whose last span had not ended when it was last looked at. */
  readonly open: Set<number>
}

/**
 * So many names at one line have a track each: there may be a pool for each of three backends. Beyond, a name only
 * tells single scopes apart, as `user 4711` does, and what has such a name is put together.
 */
const MOST_NAMES = 12

/** Beyond any concurrency limit: a slot with a greater number is none, as in a damaged recording. */
const MOST_SLOTS = 4096

/** The tracks of a trace. It only grows: `update` takes in what has been recorded since the last time. */
export class Tracks {
  readonly #list: OwnTrack[] = []
  readonly #trace: Trace
  readonly #accepts: (task: number) => boolean
  readonly #byKey = new Map<string, number>()
  /** The names that have tracks of their own, by line. */
  readonly #names = new Map<string, Set<number>>()
  /** Tracks on which something had not ended when they were last looked at. */
  readonly #withOpen = new Set<OwnTrack>()
  /** The track of each scope, by row of the trace. */
  #ofScope = new Uint32Array(16)
  #scopes = 0
  #started = 0
  #loose = -1
  /** Tracks from here on came the last time: what their scope is called and part of may have come since. */
  #unnamed = 0

  /** @param accepts which tasks are to be on them. */
  constructor(trace: Trace, accepts: (task: number) => boolean = () => true) {
    this.#trace = trace
    this.#accepts = accepts
  }

  get list(): readonly Track[] {
    return this.#list
  }

  /** The track of a scope; of tasks that are in none for -1. It is -1 when there is no such track. */
  ofScope(scope: number): number {
    return scope < 0 ? this.#loose : scope < this.#scopes ? (this.#ofScope[scope] ?? -1) : -1
  }

  /** To be called when locations lead elsewhere than before. */
  relocate(): void {
    for (const track of this.#list) {
      track.location = track.firstScope < 0 ? null : scopeLocation(this.#trace, track.firstScope)
    }
  }

  /** When the last scope of each track ended, or the trace while it has not. In ms. */
  closed(): Float64Array {
    const { scopes, end } = this.#trace
    const times = new Float64Array(this.#list.length)
    if (this.#loose >= 0) times[this.#loose] = end
    for (let scope = 0; scope < this.#scopes; scope++) {
      const track = this.#ofScope[scope] ?? 0
      const until = scopes.end[scope] ?? NaN
      times[track] = Math.max(times[track] ?? 0, Number.isNaN(until) ? end : until)
    }
    return times
  }

  /** The lanes of a track and of the tracks within it. */
  lanesWithin(track: number): readonly Lane[] {
    const within = new Set([track])
    // A track is opened by a task of one that was there before it, or is part of such a one.
    for (let number = track + 1; number < this.#list.length; number++) {
      if (within.has(this.#list[number]?.parent ?? -1)) within.add(number)
    }
    return Array.from(within).flatMap((number) => this.#list[number]?.lanes ?? [])
  }

  /** Takes in scopes and tasks that have come, started or ended since the last time. */
  update(): void {
    const { scopes, starts, tasks } = this.#trace
    for (const [index, track] of this.#list.slice(this.#unnamed).entries()) {
      if (track.firstScope < 0) continue
      this.#name(this.#unnamed + index)
      const around = this.#around(track.firstScope, this.#unnamed + index)
      if (around >= 0) track.parent = around
      track.limit = Math.max(track.limit, scopes.limit[track.firstScope] ?? 0)
    }
    this.#unnamed = this.#list.length
    while (this.#scopes < scopes.length) this.#takeScope(this.#scopes++)
    this.#refresh()
    for (; this.#started < starts.length; this.#started++) {
      const task = starts.task[this.#started] ?? 0
      if (!this.#accepts(task)) continue
      const scope = (tasks.scope[task] ?? 0) - 1
      const track = this.#list[scope < 0 ? this.#looseTrack() : (this.#ofScope[scope] ?? 0)]
      if (track === undefined) continue
      this.#place(track, task)
      track.tasks++
    }
    this.#refresh()
  }

  /** The lane of a task of a track, and its place there; undefined when the task is on none, as one that never ran. */
  find(track: number, task: number): { readonly lane: number; readonly place: number } | undefined {
    const { start, slot } = this.#trace.tasks
    const time = start[task] ?? 0
    const lanes = this.#list[track]?.lanes ?? []
    const own = slot[task] ?? 0
    for (const lane of own < lanes.length ? [own, ...lanes.keys()] : lanes.keys()) {
      const found = lanes[lane]
      for (
        let place = found?.firstStartingAt(time) ?? 0;
        found?.start(place) === time && place < found.length;
        place++
      ) {
        if (found.task(place) === task) return { lane, place }
      }
    }
    return undefined
  }

  /** Gives back the memory that is kept for growing. */
  trim(): void {
    for (const { lanes } of this.#list) {
      for (const lane of lanes) {
        lane.settle()
        lane.trim()
      }
    }
  }

  #takeScope(scope: number): void {
    if (scope >= this.#ofScope.length) {
      const grown = new Uint32Array(this.#ofScope.length * 2)
      grown.set(this.#ofScope)
      this.#ofScope = grown
    }
    const { scopes } = this.#trace
    const place = scopes.location[scope] ?? 0
    const line = `${String(scopes.kind[scope] ?? 0)} ${String(scopes.thread[scope] ?? 0)} ${String(place)}`
    const name = scopes.name[scope] ?? 0
    const others = place !== 0 && !this.#hasOwnTrack(line, name)
    const key = `${line} ${others ? 'others' : String(name)}`
    let number = this.#byKey.get(key)
    if (number === undefined) {
      const kind = scopeKind(this.#trace, scope)
      number =
        this.#list.push({
          label: '',
          others,
          kind,
          location: scopeLocation(this.#trace, scope),
          parent: this.#parentOf(scope, this.#list.length),
          firstScope: scope,
          scopes: 0,
          opened: scopes.start[scope] ?? 0,
          limit: 0,
          lanes: [],
          tasks: 0,
          slotted: SLOTTED.includes(kind),
          free: undefined,
          open: new Set(),
        }) - 1
      this.#byKey.set(key, number)
      this.#name(number)
    }
    this.#ofScope[scope] = number
    const track = this.#list[number]
    if (track === undefined) return
    track.scopes++
    track.opened = Math.min(track.opened, scopes.start[scope] ?? 0)
    track.limit = Math.max(track.limit, scopes.limit[scope] ?? 0)
  }

  #parentOf(scope: number, track: number): number {
    const around = this.#around(scope, track)
    if (around >= 0) return around
    const { scopes, tasks } = this.#trace
    const task = (scopes.parent[scope] ?? 0) - 1
    return task < 0 ? -1 : this.ofScope((tasks.scope[task] ?? 0) - 1)
  }

  /** The track of the scope that one is part of; -1 when there is none, or none before its own: so there are no circles. */
  #around(scope: number, track: number): number {
    const outer = this.#trace.scopes.within.at(scope)
    const around = outer === 0 ? -1 : this.ofScope(outer - 1)
    return around < track ? around : -1
  }

  /** Whether scopes of a line that are called so have a track of their own. */
  #hasOwnTrack(line: string, name: number): boolean {
    let names = this.#names.get(line)
    if (names === undefined) this.#names.set(line, (names = new Set()))
    if (names.size < MOST_NAMES) names.add(name)
    return names.has(name)
  }

  #name(number: number): void {
    const track = this.#list[number]
    if (track === undefined) return
    track.label = `${scopeLabel(this.#trace, track.firstScope)}${track.others ? ' and others' : ''}`
  }

  #looseTrack(): number {
    if (this.#loose < 0) {
      this.#loose =
        this.#list.push({
          label: 'tasks of no scope',
          others: false,
          kind: 'none',
          location: null,
          parent: -1,
          firstScope: -1,
          scopes: 0,
          opened: 0,
          limit: 0,
          lanes: [],
          tasks: 0,
          slotted: false,
          free: undefined,
          open: new Set(),
        }) - 1
    }
    return this.#loose
  }

  /** The slot's own lane; where slots are not told or two tasks claim one, the topmost lane that is free. */
  #place(track: OwnTrack, task: number): void {
    const { lanes, slotted } = track
    const start = this.#trace.tasks.start[task] ?? 0
    const slot = this.#trace.tasks.slot[task] ?? 0
    if (slotted && slot < MOST_SLOTS) {
      while (lanes.length <= slot) this.#addLane(track)
      if ((lanes[slot]?.freeFrom ?? Infinity) <= start) {
        this.#append(track, slot, task)
        return
      }
    }
    const topmost = (track.free ??= freeLanesOf(lanes)).at(start)
    this.#append(track, topmost < 0 ? this.#addLane(track) : topmost, task)
  }

  #addLane({ lanes, free }: OwnTrack): number {
    const lane = lanes.push(new Lane(this.#trace)) - 1
    free?.set(lane, -Infinity)
    return lane
  }

  #append(track: OwnTrack, number: number, task: number): void {
    const { lanes, free, open } = track
    const lane = lanes[number]
    if (lane === undefined) return
    lane.append(task)
    free?.set(number, lane.freeFrom)
    if (lane.freeFrom !== Infinity) return
    open.add(number)
    this.#withOpen.add(track)
  }

  /** Takes in what has ended since the last time. */
  #refresh(): void {
    for (const track of this.#withOpen) {
      refresh(track)
      if (track.open.size === 0) this.#withOpen.delete(track)
    }
  }
}

function freeLanesOf(lanes: readonly Lane[]): FreeLanes {
  const free = new FreeLanes()
  for (const [number, lane] of lanes.entries()) free.set(number, lane.freeFrom)
  return free
}

/** Takes in what has ended since the last time. */
function refresh({ lanes, free, open }: OwnTrack): void {
  for (const number of open) {
    const lane = lanes[number]
    if (lane === undefined || lane.freeFrom === Infinity) continue
    lane.settle()
    free?.set(number, lane.freeFrom)
    open.delete(number)
  }
}
