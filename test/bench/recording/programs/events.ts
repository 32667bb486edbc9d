/** The recorder by itself: scopes aside, all that it is told most often. Measures ns an event. */
import { setTimeout } from 'node:timers/promises'
import { tracing } from '../../../../runtime/src/trace/probe.ts'
import { begin, report, threadTime } from './report.ts'

/** As many as a busy program makes between two looks of the writer, and then a pause in which it catches up. */
const TURN = 20_000
const TURNS = 100
const PAUSE_MS = 25

begin()
const { probe } = tracing
const scope = probe?.openScope('pool', 'bench', 8, begin) ?? 0
// In all: the clock of a thread may go by steps of 10 ms, which is longer than a turn.
let spent = 0
for (let turn = 0; turn < TURNS; turn++) {
  const start = threadTime()
  for (let index = 0; index < TURN / 4; index++) {
    const task = probe?.beginTask(scope, index & 7) ?? 0
    const wait = probe?.beginWait('rate', scope) ?? 0
    probe?.endWait(wait, 'ok')
    probe?.endTask(task, 'ok')
  }
  spent += threadTime() - start
  await setTimeout(PAUSE_MS)
}
report({ figure: (spent * 1e6) / (TURN * TURNS) })
