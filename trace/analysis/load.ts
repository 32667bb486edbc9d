import type { Trace } from '../model/trace.ts'
import { lastSeen } from './endings.ts'

/** How busy a scope was. */
export interface Load {
  readonly peakActive: number
  readonly peakQueued: number
  /** How long tasks ran, those that have ended, in ms: middle, 95 of 100, and longest. Null when there are none. */
  readonly p50: number | null
  readonly p95: number | null
  readonly max: number | null
}

/** @param rows the tasks of one scope. */
export function loadOf(trace: Trace, rows: Uint32Array): Load {
  const { tasks } = trace
  const starts: number[] = []
  const ends: number[] = []
  const created: number[] = []
  const leftQueue: number[] = []
  const durations: number[] = []
  for (const row of rows) {
    const start = tasks.start[row] ?? 0
    const queued = tasks.queued[row] ?? 0
    const end = lastSeen(trace, row)
    const neverRan = tasks.state[row] === 0
    if (queued > 0 || neverRan) {
      created.push(start - queued)
      leftQueue.push(neverRan ? end : start)
    }
    if (neverRan) continue
    starts.push(start)
    ends.push(end)
    if (!Number.isNaN(tasks.end[row])) durations.push(end - start)
  }
  const sorted = Float64Array.from(durations).sort()
  return {
    peakActive: peak(starts, ends),
    peakQueued: peak(created, leftQueue),
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    max: quantile(sorted, 1),
  }
}

/** @param sorted ascending. */
export function quantile(sorted: Float64Array, share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null
}

/** The most intervals that overlap. One that ends when another begins does not overlap it. */
function peak(starts: readonly number[], ends: readonly number[]): number {
  const begin = Float64Array.from(starts).sort()
  const end = Float64Array.from(ends).sort()
  let most = 0
  for (let begun = 0, ended = 0; begun < begin.length; begun++) {
    while (ended < end.length && (end[ended] ?? 0) <= (begin[begun] ?? 0)) ended++
    most = Math.max(most, begun + 1 - ended)
  }
  return most
}

/** The greatest number; 0 when there is none. Unlike `Math.max(...numbers)` it bears millions. */
export function greatest(numbers: Iterable<number>): number {
  let most = 0
  for (const number of numbers) if (number > most) most = number
  return most
}
