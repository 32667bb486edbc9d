import { TASK_STATES } from '../model/tables.ts'
import type { Recording, Thread, Trace } from '../model/trace.ts'

/** How a task came out, in the end. */
export type Ending = 'ok' | 'failed' | 'cancelled' | 'leaked' | 'cut off'

/**
 * How a task came out. One that was alive when its scope had ended, or when its process had, was leaked, whatever
 * became of it. Where its end may only be missing from the recording, nobody knows what was still to come: the
 * process was killed, or records were dropped or garbled.
 */
export function endingOf(trace: Trace, task: number): Ending {
  const { tasks } = trace
  if (Number.isNaN(tasks.end[task] ?? NaN)) return openEnding(trace, task)
  if (outlived(trace, task)) return 'leaked'
  const state = tasks.state[task]
  return state === TASK_STATES.failed ? 'failed' : state === TASK_STATES.cancelled ? 'cancelled' : 'ok'
}

/** When a task ended, or when its recording did while it was still alive. In ms. */
export function lastSeen(trace: Trace, task: number): number {
  const end = trace.tasks.end[task] ?? NaN
  return Number.isNaN(end) ? (recordingOf(trace, trace.tasks.thread[task] ?? 0)?.end ?? trace.end) : end
}

/** When a scope ended, or when its recording did while it was still open. In ms. */
export function scopeLastSeen(trace: Trace, scope: number): number {
  const end = trace.scopes.end[scope] ?? NaN
  return Number.isNaN(end) ? (recordingOf(trace, trace.scopes.thread[scope] ?? 0)?.end ?? trace.end) : end
}

/** When a wait ended; an open one does with its task, or with the recording. In ms. */
export function waitLastSeen(trace: Trace, wait: number): number {
  const { waits } = trace
  const end = waits.end[wait] ?? NaN
  if (!Number.isNaN(end)) return end
  const task = (waits.task[wait] ?? 0) - 1
  // It may have begun when its task had ended already.
  return Math.max(waits.start[wait] ?? 0, task < 0 ? trace.end : lastSeen(trace, task))
}

/** Whether all that a thread recorded is there, so that what is missing did not happen, up to the recording's end. */
export function isGapless(trace: Trace, thread: number): boolean {
  const recording = recordingOf(trace, thread)
  const garbled = recording?.damage.some(({ kind }) => kind === 'garbled') ?? true
  return !garbled && trace.threads[thread]?.dropped.records === 0
}

/** The recording, that is the process, in which a thread is. */
export function recordingOf(trace: Trace, thread: number): Recording | undefined {
  const { recording }: Partial<Thread> = trace.threads[thread] ?? {}
  return recording === undefined ? undefined : trace.recordings[recording]
}

function openEnding(trace: Trace, task: number): Ending {
  const thread = trace.tasks.thread[task] ?? 0
  if (!isGapless(trace, thread)) return 'cut off'
  return outlived(trace, task) || recordingOf(trace, thread)?.exitCode !== undefined ? 'leaked' : 'cut off'
}

function outlived({ tasks, scopes }: Trace, task: number): boolean {
  const scope = (tasks.scope[task] ?? 0) - 1
  if (scope < 0) return false
  const scopeEnd = scopes.end[scope] ?? NaN
  if (Number.isNaN(scopeEnd)) return false
  const end = tasks.end[task] ?? NaN
  return Number.isNaN(end) || end > scopeEnd
}
