/** `Promise.all` of two promises that are settled already, as `forkline run` records it. Measures µs a call. */
import { openSync } from 'node:fs'
import { startRecording } from '../../../../runtime/src/trace/start.ts'
import { recordCombinators } from '../../../../runtime/src/register/combinators.ts'
import { median } from '../../runtime/compare.ts'
import { report, timeOf } from './report.ts'

const CALLS = 5_000
const TURNS = 40

const [, , file] = process.argv
if (file !== undefined) recordCombinators(startRecording({ file: openSync(file, 'wx') }).recorder)

async function calls(): Promise<void> {
  for (let call = 0; call < CALLS; call++) await Promise.all([Promise.resolve(call), Promise.resolve(call)])
}

const times: number[] = []
for (let turn = 0; turn < TURNS; turn++) times.push(await timeOf(calls))
report({ figure: (median(times) * 1000) / CALLS })
