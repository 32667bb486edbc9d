import type { Recorder } from '../trace/recorder.ts'
import { listenForExit } from './atExit.ts'
import { recordCombinators } from './combinators.ts'
import type { RunConfig } from './config.ts'
import { recordAlive, recordUnhandled } from './endings.ts'
import { recordIntervals } from './intervals.ts'
import { recordLibraries } from './libraries.ts'
import { recordPromises } from './promises.ts'
import { recordRequests } from './requests.ts'
import { recordSignals } from './signals.ts'
import { recordStalls } from './tick.ts'
import { recordWorkers } from './workers.ts'

/** Has all that a thread does concurrently recorded, in a program that knows nothing of it. */
export function instrument(recorder: Recorder, { promises }: RunConfig): void {
  listenForExit()
  recordUnhandled(recorder)
  recordAlive(recorder)
  recordStalls(recorder)
  recordCombinators(recorder)
  recordIntervals(recorder)
  recordLibraries(recorder)
  recordRequests(recorder)
  recordSignals(recorder)
  recordWorkers(recorder)
  if (promises) recordPromises(recorder)
}
