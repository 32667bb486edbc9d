import type { Outcome } from '../trace/format.ts'
import type { Recorder } from '../trace/recorder.ts'
import { isAbortError } from '../trace/thrown.ts'

/** Records how a task of the program ended. What was told to stop, and did, counts as cancelled. */
export function endTask(recorder: Recorder, task: number, outcome: Outcome, error: unknown): void {
  if (outcome === 'ok') recorder.endTask(task, 'ok')
  else recorder.endTask(task, isAbortError(error) ? 'cancelled' : outcome, error)
}
