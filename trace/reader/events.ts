import { RECORDS } from '@forkline/runtime/trace-format'
import type { Trace } from '../model/trace.ts'
import type { ThreadNumbers } from './threadNumbers.ts'

type Put = (
  trace: Trace, numbers: ThreadNumbers, aux: number, id: number, time: number, a: number, b: number,
) => boolean | undefined

/** Records that come seldom, each a row of a table of its own. */
const EVENTS = new Map<number, Put>([
  [RECORDS.level, ({ levels }, numbers, _aux, id, time, a, b) => {
    const row = levels.add()
    levels.scope[row] = numbers.scopes.of(id)
    levels.held[row] = a
    levels.waiting[row] = b
    levels.time[row] = time
  }],
  [RECORDS.cancel, ({ cancels }, numbers, aux, id, time, a, b) => {
    const row = cancels.add()
    cancels.scope[row] = numbers.scopes.of(id)
    cancels.cause[row] = aux
    cancels.by[row] = numbers.tasks.of(a)
    cancels.reason[row] = numbers.text(b)
    cancels.time[row] = time
  }],
  [RECORDS.cancelReach, ({ reaches }, numbers, _aux, id, time, a) => {
    const row = reaches.add()
    reaches.task[row] = numbers.tasks.of(id)
    reaches.scope[row] = numbers.scopes.of(a)
    reaches.time[row] = time
  }],
  [RECORDS.stall, ({ stalls }, numbers, _aux, _id, time, a, b) => {
    const row = stalls.add()
    stalls.start[row] = time
    stalls.duration[row] = a / 1000
    stalls.location[row] = numbers.text(b)
    stalls.thread[row] = numbers.thread
  }],
  [RECORDS.unhandled, ({ unhandled }, numbers, _aux, id, time, a, b) => {
    const row = unhandled.add()
    unhandled.task[row] = numbers.tasks.of(id)
    unhandled.error[row] = numbers.text(a)
    unhandled.location[row] = numbers.text(b)
    unhandled.time[row] = time
  }],
  [RECORDS.pause, ({ pauses }, numbers, aux, id, time) => {
    const row = pauses.add()
    pauses.scope[row] = numbers.scopes.of(id)
    pauses.paused[row] = aux === 0 ? 0 : 1
    pauses.time[row] = time
  }],
  [RECORDS.alive, ({ alive }, numbers, aux, _id, time, a) => {
    const row = alive.add()
    alive.count[row] = aux
    alive.what[row] = numbers.text(a)
    alive.time[row] = time
  }],
  [RECORDS.waitInfo, ({ waits }, numbers, _aux, id, _time, _a, b) => {
    const row = numbers.waits.of(id) - 1
    if (row < 0) return false
    waits.location.set(row, numbers.text(b))
    return true
  }],
])

/** As `putRecord`, for the records that come seldom. */
export function putEvent(
  trace: Trace, numbers: ThreadNumbers, kind: number, aux: number, id: number, time: number, a: number, b: number,
): boolean {
  return EVENTS.get(kind)?.(trace, numbers, aux, id, time, a, b) ?? true
}
