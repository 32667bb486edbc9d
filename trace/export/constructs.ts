import { lastSeen } from '../analysis/endings.ts'
import { scopeLabel } from '../analysis/names.ts'
import type { Trace } from '../model/trace.ts'
import { lanesOf } from './lanes.ts'

/** All scopes of one process that come from the same place and have the same name, and their tasks. */
export interface Construct {
  readonly label: string
  readonly recording: number
  /** Rows; none for the tasks that are in no scope. */
  readonly scopes: number[]
  /** The rows of its tasks, those that are still queued included. */
  readonly tasks: number[]
}

/** The constructs of a trace, in the order in which their first scopes opened. */
export function constructsOf(trace: Trace): Construct[] {
  const { scopes, tasks, threads } = trace
  const byKey = new Map<string, Construct>()
  const ofScope: Construct[] = []
  const get = (label: string, thread: number, location: number): Construct => {
    const recording = threads[thread]?.recording ?? 0
    const key = `${String(recording)}\n${String(location)}\n${label}`
    let construct = byKey.get(key)
    if (construct === undefined) {
      construct = { label, recording, scopes: [], tasks: [] }
      byKey.set(key, construct)
    }
    return construct
  }
  for (let scope = 0; scope < scopes.length; scope++) {
    const construct = get(scopeLabel(trace, scope), scopes.thread[scope] ?? 0, scopes.location[scope] ?? 0)
    construct.scopes.push(scope)
    ofScope.push(construct)
  }
  for (let task = 0; task < tasks.length; task++) {
    const scope = (tasks.scope[task] ?? 0) - 1
    const construct = ofScope[scope] ?? get('tasks', tasks.thread[task] ?? 0, 0)
    construct.tasks.push(task)
  }
  return Array.from(byKey.values())
}

/** The tasks of a construct that ran, in lanes in which they do not overlap. */
export function taskLanes(trace: Trace, { tasks }: Construct): number[][] {
  const { start, slot, state } = trace.tasks
  const ran = tasks.filter((task) => state[task] !== 0)
  ran.sort((one, other) => (start[one] ?? 0) - (start[other] ?? 0))
  return lanesOf(ran, {
    start: (task) => start[task] ?? 0,
    end: (task) => lastSeen(trace, task),
    slot: (task) => slot[task] ?? 0,
  })
}

/** How many of something there were, each time that it changed. */
export type Counts = readonly (readonly [time: number, count: number])[]

/** How many of a construct's tasks ran, and how many were queued. */
export function loadCounts(trace: Trace, { tasks }: Construct): { readonly running: Counts; readonly queued: Counts } {
  const running: number[][] = [[], []]
  const queued: number[][] = [[], []]
  for (const task of tasks) {
    const start = trace.tasks.start[task] ?? 0
    const waited = trace.tasks.queued[task] ?? 0
    const end = lastSeen(trace, task)
    const neverRan = trace.tasks.state[task] === 0
    if (waited > 0 || neverRan) put(queued, start - waited, neverRan ? end : start)
    if (!neverRan) put(running, start, end)
  }
  return { running: counts(running), queued: counts(queued) }
}

function put([starts, ends]: number[][], start: number, end: number): void {
  starts?.push(start)
  ends?.push(end)
}

function counts([starts = [], ends = []]: number[][]): Counts {
  const begin = Float64Array.from(starts).sort()
  const finish = Float64Array.from(ends).sort()
  const changes: [number, number][] = []
  for (let begun = 0, ended = 0; ended < finish.length;) {
    const time = Math.min(begin[begun] ?? Infinity, finish[ended] ?? Infinity)
    while (begin[begun] === time) begun++
    while (finish[ended] === time) ended++
    changes.push([time, begun - ended])
  }
  return changes
}
