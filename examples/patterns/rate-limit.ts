/**
 * Rate limit: a token bucket lets some calls through at once and then so many a second, below what the service bears:
 * it never has to refuse one. With a burst of 1 it is a leaky bucket. Go: x/time/rate.
 */
import { pool, RateLimiter } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import { paths } from './service/paths.ts'
import type { Answer, Common } from './service/service.ts'

export interface PoliteOptions extends Common {
  readonly paths: readonly string[]
  /** How many calls may go out at once after a pause. */
  readonly burst: number
  readonly perSecond: number
}

export async function fetchPolitely({ service, signal, paths, burst, perSecond }: PoliteOptions): Promise<Answer[]> {
  const limiter = new RateLimiter({ limit: perSecond, interval: 1_000, burst })
  return pool({ concurrency: 8, signal, name: 'polite' }).map(paths, async (path, task) => {
    await limiter.wait(1, { signal: task.signal })
    return service.get(path, { signal: task.signal })
  })
}

if (import.meta.main) {
  const pages = paths('/pages', 30)
  const mock = { latency: 30, rate: { perSecond: 150, burst: 20 } }
  await compare('Rate limit', {
    mock,
    sequential: async ({ service, signal }) => {
      for (const page of pages) await service.get(page, { signal })
    },
    concurrent: (common) => fetchPolitely({ ...common, paths: pages, burst: 5, perSecond: 120 }),
    tell: (answers, seen) => `${answers.length} pages, ${seen.refused} calls refused`,
  })
  await compare('The same without a limiter', {
    mock,
    sequential: async ({ service, signal }) => {
      for (const page of pages) await service.get(page, { signal })
    },
    concurrent: ({ service, signal }) =>
      pool({ concurrency: 16, signal, name: 'impolite' }).mapSettled(pages, (page, task) =>
        service.get(page, { signal: task.signal }),
      ),
    tell: (_, seen) => `${seen.answered.length} pages, ${seen.refused} calls refused with 429`,
  })
}
