import { OUTCOMES, RECORDS } from '@forkline/runtime/trace-format'
import { TASK_STATES } from '../model/tables.ts'
import type { Trace } from '../model/trace.ts'
import { putEvent } from './events.ts'
import type { ThreadNumbers } from './threadNumbers.ts'

const STATE_OF_OUTCOME = [TASK_STATES.ok, TASK_STATES.failed, TASK_STATES.cancelled] as const

/**
 * Puts one record into the tables. Its fields are as in the format; `time` is on the trace's clock.
 *
 * @returns false when it makes no sense, such as the end of a task that never began. Records of a later minor
 * version are skipped.
 */
export function putRecord(
  trace: Trace,
  numbers: ThreadNumbers,
  kind: number,
  aux: number,
  id: number,
  time: number,
  a: number,
  b: number,
): boolean {
  switch (kind) {
    case RECORDS.taskCreated:
      return createTask(trace, numbers, id, time, a, b) >= 0
    case RECORDS.taskStart:
      return startTask(trace, numbers, aux, id, time, a, b)
    case RECORDS.taskEnd:
      return endTask(trace, numbers, aux, id, time, a)
    case RECORDS.taskNext:
      return nextTask(trace, numbers, aux, id, time, a, b)
    case RECORDS.taskInfo:
      return describeTask(trace, numbers, id, a, b)
    case RECORDS.scopeOpen:
      return openScope(trace, numbers, aux, id, time, a, b)
    case RECORDS.scopeInfo:
      return describeScope(trace, numbers, id, a, b)
    case RECORDS.scopeWithin:
      return placeWithin(trace, numbers, id, a)
    case RECORDS.scopeEnd:
      return endScope(trace, numbers, aux, id, time, a)
    case RECORDS.waitBegin:
      return beginWait(trace, numbers, aux, id, time, a, b)
    case RECORDS.waitEnd:
      return endWait(trace, numbers, id, time)
    default:
      return putEvent(trace, numbers, kind, aux, id, time, a, b)
  }
}

/** Gives the row; -1 when there can be none. */
function createTask(
  { tasks }: Trace,
  numbers: ThreadNumbers,
  id: number,
  time: number,
  scope: number,
  parent: number,
): number {
  if (id === 0 || numbers.tasks.of(id) !== 0) return -1
  const row = tasks.add()
  numbers.tasks.set(id, row)
  tasks.scope[row] = numbers.scopes.of(scope)
  tasks.parent[row] = numbers.tasks.of(parent)
  tasks.start[row] = time
  tasks.end[row] = NaN
  tasks.thread[row] = numbers.thread
  return row
}

function startTask(
  trace: Trace,
  numbers: ThreadNumbers,
  slot: number,
  id: number,
  time: number,
  scope: number,
  parent: number,
): boolean {
  const { tasks } = trace
  let row = numbers.tasks.of(id) - 1
  if (row < 0) row = createTask(trace, numbers, id, time, scope, parent)
  if (row < 0 || tasks.state[row] !== TASK_STATES.queued) return false
  const start = Math.max(time, tasks.start[row] ?? time)
  tasks.queued[row] = start - (tasks.start[row] ?? start)
  tasks.start[row] = start
  tasks.slot[row] = slot
  tasks.state[row] = TASK_STATES.running
  // Adding may replace the columns: they are named only behind it.
  const place = trace.starts.add()
  trace.starts.task[place] = row
  return true
}

function endTask(
  { tasks }: Trace,
  numbers: ThreadNumbers,
  outcome: number,
  id: number,
  time: number,
  error: number,
): boolean {
  const row = numbers.tasks.of(id) - 1
  const state = STATE_OF_OUTCOME[outcome]
  if (row < 0 || state === undefined || !Number.isNaN(tasks.end[row])) return false
  const end = Math.max(time, tasks.start[row] ?? time)
  if (tasks.state[row] === TASK_STATES.queued) {
    // Dropped from the queue: it was queued until its end, and never ran.
    tasks.queued[row] = end - (tasks.start[row] ?? end)
    tasks.start[row] = end
  }
  tasks.end[row] = end
  tasks.state[row] = state
  tasks.error.set(row, numbers.text(error))
  return true
}

/** A worker goes on with its next task, which was asked for by whoever asked for the one before. */
function nextTask(
  trace: Trace,
  numbers: ThreadNumbers,
  slot: number,
  id: number,
  time: number,
  scope: number,
  ended: number,
): boolean {
  const row = numbers.tasks.of(ended) - 1
  const knew = row >= 0 && endTask(trace, numbers, OUTCOMES.ok, ended, time, 0)
  if (!startTask(trace, numbers, slot, id, time, scope, 0)) return false
  if (row >= 0) trace.tasks.parent[numbers.tasks.of(id) - 1] = trace.tasks.parent[row] ?? 0
  return knew
}

function describeTask({ tasks }: Trace, numbers: ThreadNumbers, id: number, name: number, location: number): boolean {
  const row = numbers.tasks.of(id) - 1
  if (row < 0) return false
  if (name !== 0) tasks.name.set(row, numbers.text(name))
  if (location !== 0) tasks.location.set(row, numbers.text(location))
  return true
}

function openScope(
  { scopes }: Trace,
  numbers: ThreadNumbers,
  kind: number,
  id: number,
  time: number,
  parent: number,
  location: number,
): boolean {
  if (id === 0 || numbers.scopes.of(id) !== 0) return false
  const row = scopes.add()
  numbers.scopes.set(id, row)
  scopes.kind[row] = kind
  scopes.thread[row] = numbers.thread
  scopes.parent[row] = numbers.tasks.of(parent)
  scopes.start[row] = time
  scopes.end[row] = NaN
  scopes.location[row] = numbers.text(location)
  return true
}

function describeScope({ scopes }: Trace, numbers: ThreadNumbers, id: number, name: number, limit: number): boolean {
  const row = numbers.scopes.of(id) - 1
  if (row < 0) return false
  scopes.name[row] = numbers.text(name)
  scopes.limit[row] = limit
  return true
}

function placeWithin({ scopes }: Trace, numbers: ThreadNumbers, id: number, outer: number): boolean {
  const row = numbers.scopes.of(id) - 1
  const around = numbers.scopes.of(outer)
  // A scope that is there already when another one opens cannot be part of it: so there are no circles.
  if (row < 0 || around === 0 || around - 1 >= row) return false
  scopes.within.set(row, around)
  return true
}

function endScope(
  { scopes }: Trace,
  numbers: ThreadNumbers,
  outcome: number,
  id: number,
  time: number,
  error: number,
): boolean {
  const row = numbers.scopes.of(id) - 1
  if (row < 0 || outcome > OUTCOMES.cancelled || !Number.isNaN(scopes.end[row])) return false
  scopes.end[row] = Math.max(time, scopes.start[row] ?? time)
  scopes.outcome[row] = outcome + 1
  scopes.error[row] = numbers.text(error)
  return true
}

function beginWait(
  { waits }: Trace,
  numbers: ThreadNumbers,
  kind: number,
  id: number,
  time: number,
  task: number,
  scope: number,
): boolean {
  if (id === 0 || numbers.waits.of(id) !== 0) return false
  const row = waits.add()
  numbers.waits.set(id, row)
  waits.task[row] = numbers.tasks.of(task)
  waits.kind[row] = kind
  waits.scope[row] = numbers.scopes.of(scope)
  waits.start[row] = time
  waits.end[row] = NaN
  return true
}

function endWait({ waits }: Trace, numbers: ThreadNumbers, id: number, time: number): boolean {
  const row = numbers.waits.of(id) - 1
  if (row < 0 || !Number.isNaN(waits.end[row])) return false
  waits.end[row] = Math.max(time, waits.start[row] ?? time)
  return true
}
