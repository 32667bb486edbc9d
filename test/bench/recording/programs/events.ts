/** The recorder by itself: scopes aside, all that it is told most often. Measures ns an event. */
import { setImmediate } from 'node:timers/promises'
import { tracing } from '../../../../runtime/src/trace/probe.ts'
import { median } from '../../runtime/compare.ts'
import { begin, report, threadTime } from './report.ts'

/** As many as a busy program makes between two looks of the writer, so that it keeps up. */
const TURN = 20_000
const TURNS = 100

begin()
const { probe } = tracing
const scope = probe?.openScope('pool', 'bench', 8, begin) ?? 0
const times: number[] = []
for (let turn = 0; turn < TURNS; turn++) {
  const start = threadTime()
  for (let index = 0; index < TURN / 4; index++) {
    const task = probe?.beginTask(scope, index & 7) ?? 0
    const wait = probe?.beginWait('rate', scope) ?? 0
    probe?.endWait(wait, 'ok')
    probe?.endTask(task, 'ok')
  }
  times.push((threadTime() - start) * 1e6 / TURN)
  await setImmediate()
}
report({ figure: median(times) })
