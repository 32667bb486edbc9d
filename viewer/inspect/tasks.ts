import { endingOf, quantile, TASK_STATES, type Trace } from '@forkline/trace'
import type { Quantiles, State } from '../worker/protocol.ts'

/** What a task has become. One that is alive in a recording that goes on is running, not cut off. */
export function stateOf(trace: Trace, task: number, live: boolean): State {
  if (trace.tasks.state[task] === TASK_STATES.queued) return 'queued'
  const ending = endingOf(trace, task)
  return ending === 'cut off' && live ? 'running' : ending
}

/** When a task ended, or the recording while it has not, in ms. */
export function endOf(trace: Trace, task: number): number {
  const end = trace.tasks.end[task] ?? NaN
  return Number.isNaN(end) ? trace.end : end
}

export function quantilesOf(durations: readonly number[]): Quantiles {
  const sorted = Float64Array.from(durations).sort()
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), max: quantile(sorted, 1) }
}

/** The row that a column names by its number plus 1; null when it names none. */
export function rowOf(cell: number | undefined): number | null {
  return cell === undefined || cell === 0 ? null : cell - 1
}
