import { TASK_STATES } from '../model/tables.ts'
import type { Trace } from '../model/trace.ts'

/** How a task came out, in the end. */
export type Ending = 'ok' | 'failed' | 'cancelled' | 'leaked' | 'cut off'

/**
 * How a task came out. One that was alive when its scope had ended, or when the program had, was leaked, whatever
 * became of it. In a recording that was cut off nobody knows what was still to come.
 */
export function endingOf(trace: Trace, task: number): Ending {
  const { tasks } = trace
  const end = tasks.end[task] ?? NaN
  if (outlived(trace, task)) return 'leaked'
  if (Number.isNaN(end)) return trace.complete ? 'leaked' : 'cut off'
  const state = tasks.state[task]
  return state === TASK_STATES.failed ? 'failed' : state === TASK_STATES.cancelled ? 'cancelled' : 'ok'
}

/** When a task ended, or when the recording did while it was still alive. In ms. */
export function lastSeen(trace: Trace, task: number): number {
  const end = trace.tasks.end[task] ?? NaN
  return Number.isNaN(end) ? trace.end : end
}

function outlived({ tasks, scopes }: Trace, task: number): boolean {
  const scope = (tasks.scope[task] ?? 0) - 1
  if (scope < 0) return false
  const scopeEnd = scopes.end[scope] ?? NaN
  if (Number.isNaN(scopeEnd)) return false
  const end = tasks.end[task] ?? NaN
  return Number.isNaN(end) || end > scopeEnd
}
