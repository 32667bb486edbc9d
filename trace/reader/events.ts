import { RECORDS } from '@forkline/runtime/trace-format'
import type { Trace } from '../model/trace.ts'
import type { ThreadNumbers } from './threadNumbers.ts'

type Put = (
  trace: Trace,
  numbers: ThreadNumbers,
  aux: number,
  id: number,
  time: number,
  a: number,
  b: number,
) => boolean

/** Records that come seldom, each a row of a table of its own. */
const EVENTS = new Map<number, Put>([
  [
    RECORDS.level,
    ({ levels }, numbers, _aux, id, time, a, b) => {
      const scope = numbers.scopes.of(id)
      if (scope === 0) return false
      const row = levels.add()
      levels.scope[row] = scope
      levels.held[row] = a
      levels.waiting[row] = b
      levels.time[row] = time
      return true
    },
  ],
  [
    RECORDS.cancel,
    ({ cancels }, numbers, aux, id, time, a, b) => {
      const scope = numbers.scopes.of(id)
      if (scope === 0) return false
      const row = cancels.add()
      cancels.scope[row] = scope
      cancels.cause[row] = aux
      cancels.by[row] = numbers.tasks.of(a)
      cancels.reason[row] = numbers.text(b)
      cancels.time[row] = time
      return true
    },
  ],
  [
    RECORDS.cancelReach,
    ({ reaches }, numbers, _aux, id, time, a) => {
      const task = numbers.tasks.of(id)
      if (task === 0) return false
      const row = reaches.add()
      reaches.task[row] = task
      reaches.scope[row] = numbers.scopes.of(a)
      reaches.time[row] = time
      return true
    },
  ],
  [
    RECORDS.stall,
    ({ stalls }, numbers, _aux, _id, time, a, b) => {
      const row = stalls.add()
      stalls.start[row] = time
      stalls.duration[row] = a / 1000
      stalls.location[row] = numbers.text(b)
      stalls.thread[row] = numbers.thread
      return true
    },
  ],
  [
    RECORDS.unhandled,
    ({ unhandled }, numbers, _aux, id, time, a, b) => {
      const row = unhandled.add()
      unhandled.task[row] = numbers.tasks.of(id)
      unhandled.error[row] = numbers.text(a)
      unhandled.location[row] = numbers.text(b)
      unhandled.time[row] = time
      return true
    },
  ],
  [
    RECORDS.pause,
    ({ pauses }, numbers, aux, id, time) => {
      const scope = numbers.scopes.of(id)
      if (scope === 0) return false
      const row = pauses.add()
      pauses.scope[row] = scope
      pauses.paused[row] = aux === 0 ? 0 : 1
      pauses.time[row] = time
      return true
    },
  ],
  [
    RECORDS.alive,
    ({ alive }, numbers, aux, _id, time, a) => {
      const row = alive.add()
      alive.count[row] = aux
      alive.what[row] = numbers.text(a)
      alive.time[row] = time
      return true
    },
  ],
  [
    RECORDS.taskStolen,
    ({ steals }, numbers, aux, id, time, a, b) => {
      const task = numbers.tasks.of(id)
      if (task === 0) return false
      const row = steals.add()
      steals.task[row] = task
      steals.from[row] = aux
      steals.to[row] = a
      steals.sent[row] = b === 0 ? 0 : 1
      steals.time[row] = time
      return true
    },
  ],
  [
    RECORDS.taskAlias,
    (_trace, numbers, _aux, id, _time, a) => {
      const task = numbers.parent?.tasks.of(a) ?? 0
      if (task === 0 || id === 0 || numbers.tasks.of(id) !== 0) return false
      numbers.tasks.set(id, task - 1)
      return true
    },
  ],
  [
    RECORDS.unawaited,
    ({ unawaited }, numbers, _aux, id, time) => {
      const task = numbers.tasks.of(id)
      if (task === 0) return false
      const row = unawaited.add()
      unawaited.task[row] = task
      unawaited.time[row] = time
      return true
    },
  ],
  [
    RECORDS.waitInfo,
    ({ waits }, numbers, _aux, id, _time, _a, b) => {
      const row = numbers.waits.of(id) - 1
      if (row < 0) return false
      waits.location.set(row, numbers.text(b))
      return true
    },
  ],
])

/** As `putRecord`, for the records that come seldom. */
export function putEvent(
  trace: Trace,
  numbers: ThreadNumbers,
  kind: number,
  aux: number,
  id: number,
  time: number,
  a: number,
  b: number,
): boolean {
  return EVENTS.get(kind)?.(trace, numbers, aux, id, time, a, b) ?? true
}
