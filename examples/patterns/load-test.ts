/**
 * Load test of several backends: all of them at the same time, each with so many clients that call without a pause. The
 * backends share nothing, so that a slow one does not slow down the load on the others. Go: nested worker pools.
 */
import { all, pool } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import type { Common, Service } from './service/service.ts'

export interface Load extends Common {
  readonly backends: readonly string[]
  /** Calls that each backend gets in all. */
  readonly calls: number
  /** Calls that each backend gets at once. */
  readonly clients: number
}

export interface Measured {
  readonly backend: string
  readonly answered: number
  readonly failed: number
  /** Milliseconds that half of the calls took at most, and that all but the slowest twentieth took. */
  readonly p50: number
  readonly p95: number
}

/** What was measured on each backend, in the order of their names as given. */
export function loadTest({ service, signal, backends, calls, clients }: Load): Promise<Measured[]> {
  return all(
    backends.map((backend) => async (task) => {
      const numbers = Array.from({ length: calls }, (_, index) => index)
      const outcomes = await pool({ concurrency: clients, signal: task.signal, name: backend }).mapSettled(
        numbers,
        (number, { signal }) => time(service, `/${backend}/${number}`, signal),
      )
      const times = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      times.sort((a, b) => a - b)
      return {
        backend,
        answered: times.length,
        failed: calls - times.length,
        p50: percentile(times, 50),
        p95: percentile(times, 95),
      }
    }),
    { signal, name: 'backends' },
  )
}

async function time(service: Service, path: string, signal: AbortSignal): Promise<number> {
  const started = performance.now()
  await service.get(path, { signal })
  return performance.now() - started
}

/** By nearest rank; 0 when nothing was measured. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0
}

if (import.meta.main) {
  const load = { backends: ['north', 'south', 'east'], calls: 60, clients: 6 }
  await compare('Load test', {
    mock: {
      latency: 10,
      failures: 0.05,
      behave: ({ path }) => (path.startsWith('/south/') ? { latency: 25 } : undefined),
    },
    sequential: (common) => loadTest({ ...common, ...load, calls: 20, clients: 1 }),
    concurrent: (common) => loadTest({ ...common, ...load, calls: 20 }),
    tell: (measured) =>
      measured
        .map(
          ({ backend, answered, failed, p50, p95 }) =>
            `${backend}: ${answered} answered, ${failed} failed, half within ${p50.toFixed(0)} ms, `
            + `95% within ${p95.toFixed(0)} ms`,
        )
        .join('\n'),
  })
}
