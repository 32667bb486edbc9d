import type { Outcome } from '../trace/format.ts'
import type { Recorder } from '../trace/recorder.ts'
import { isAbortError, saidBy } from '../trace/thrown.ts'

/** Records how a task of the program ended. Its error is the program's, and is not asked for its stack. */
export function endTask(recorder: Recorder, task: number, outcome: Outcome, error: unknown): void {
  if (outcome === 'ok') recorder.endTask(task, 'ok')
  else recorder.endTask(task, isAbortError(error) ? 'cancelled' : outcome, error === undefined ? undefined : saidBy(error))
}
