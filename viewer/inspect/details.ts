import { taskLabel, taskLocation, type Trace, waitKind } from '@forkline/trace'
import { waitPlace } from '../model/waitPlace.ts'
import type { Brief, Cancellation, TaskDetails, Wait } from '../worker/protocol.ts'
import type { Session } from '../worker/session.ts'
import { causeOf } from './causes.ts'
import { rowOf, stateOf } from './tasks.ts'
import { beginning, scopeName, taskName } from './texts.ts'

/** Longer texts of a recording are cut: a megabyte of error helps nobody. */
const LONGEST_TEXT = 20_000
/** Beside the pointer there is room for one line. */
const LONGEST_BRIEF = 80
/** A task may wait a million times: the longest are told. */
const MOST_WAITS = 200

/** What is said of a task beside the pointer; undefined when it is on no lane. */
export function briefOf(session: Session, task: number): Brief | undefined {
  const { trace } = session
  const where = session.find(task)
  if (where === undefined) return undefined
  const label = beginning(taskLabel(trace, task), LONGEST_BRIEF)
  return { where, label, state: stateOf(trace, task, session.live), queued: trace.tasks.queued[task] ?? 0 }
}

/** All that is known of one task; undefined when there is none such. */
export function detailsOf(session: Session, task: number): TaskDetails | undefined {
  const { trace } = session
  const { tasks, scopes, strings } = trace
  if (task < 0 || task >= tasks.length) return undefined
  const scope = (tasks.scope[task] ?? 0) - 1
  const end = tasks.end[task] ?? NaN
  const parent = rowOf(tasks.parent[task])
  const where = session.find(task)
  const waits = waitsOf(session, task)
  const scopeEnd = scope < 0 ? NaN : (scopes.end[scope] ?? NaN)
  const outlived = (Number.isNaN(end) ? trace.end : end) - scopeEnd
  return {
    task,
    label: beginning(taskLabel(trace, task), LONGEST_TEXT),
    scope: scopeName(trace, scope),
    track: where?.track ?? -1,
    lane: where?.lane ?? -1,
    state: stateOf(trace, task, session.live),
    location: taskLocation(trace, task),
    start: tasks.start[task] ?? 0,
    end: Number.isNaN(end) ? null : end,
    queued: tasks.queued[task] ?? 0,
    thread: trace.threads[tasks.thread[task] ?? 0]?.name ?? '',
    parent,
    parentLabel: parent === null ? '' : taskName(trace, parent),
    children: childrenOf(trace, task),
    waits: waits.toSorted((one, other) => lengthOf(trace, other) - lengthOf(trace, one)).slice(0, MOST_WAITS),
    waited: waits.reduce((sum, wait) => sum + lengthOf(trace, wait), 0),
    error: beginning(strings.at(tasks.error.at(task)), LONGEST_TEXT),
    cancelled: cancellationOf(trace, task, scope),
    outlived: outlived > 0 ? outlived : null,
  }
}

function waitsOf({ trace, taskWaits }: Session, task: number): Wait[] {
  const { waits } = trace
  return Array.from(taskWaits.of(task), (row) => {
    const end = waits.end[row] ?? NaN
    const scope = rowOf(waits.scope[row])
    return {
      kind: waitKind(trace, row),
      start: waits.start[row] ?? 0,
      end: Number.isNaN(end) ? null : end,
      what: scopeName(trace, scope ?? -1),
      location: waitPlace(trace, row),
    }
  })
}

function lengthOf(trace: Trace, { start, end }: Wait): number {
  return (end ?? trace.end) - start
}

function childrenOf({ tasks }: Trace, task: number): number {
  let count = 0
  for (let row = task + 1; row < tasks.length; row++) if (tasks.parent[row] === task + 1) count++
  return count
}

/** The cancellation that reached a task, or else the first one of its scope while it was there. */
function cancellationOf(trace: Trace, task: number, scope: number): Cancellation | null {
  const { reaches, cancels, strings, tasks } = trace
  let source = scope
  let reached: number | null = null
  for (let row = 0; row < reaches.length && reached === null; row++) {
    if ((reaches.task[row] ?? 0) - 1 !== task) continue
    source = (reaches.scope[row] ?? 0) - 1
    reached = reaches.time[row] ?? 0
  }
  for (let row = 0; row < cancels.length; row++) {
    const time = cancels.time[row] ?? 0
    if ((cancels.scope[row] ?? 0) - 1 !== source || source < 0) continue
    const created = (tasks.start[task] ?? 0) - (tasks.queued[task] ?? 0)
    const end = tasks.end[task] ?? NaN
    if (reached === null && (created > time || end < time)) continue
    const by = rowOf(cancels.by[row])
    return {
      cause: causeOf(trace, row),
      reason: beginning(strings.at(cancels.reason[row] ?? 0), LONGEST_TEXT),
      scope: scopeName(trace, source),
      by,
      byLabel: by === null ? '' : taskName(trace, by),
      time,
      reached,
    }
  }
  return null
}
