/**
 * Two-stage pipeline: five workers download, three summarise, both at the same time, with a bounded buffer between.
 * Told to stop, it takes no more pages and finishes what it has begun; aborted, it drops what it has begun.
 * Go: stages of goroutines joined by channels, each closing its own when it is done.
 */
import { pipeline } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import { paths } from './service/paths.ts'
import type { Answer, Common } from './service/service.ts'

export interface SummariseOptions extends Common {
  readonly pages: Iterable<string>
  /** Shuts down in good order when it aborts. */
  readonly stop?: AbortSignal | undefined
}

/** The summaries of the pages that were begun, in the order of the pages. */
export function summariseAll({ service, signal, pages, stop }: SummariseOptions): Promise<Answer[]> {
  return pipeline(until(stop, pages), { signal })
    .map((page, task) => service.get(page, { signal: task.signal }), { concurrency: 5, name: 'download' })
    .map(({ path, text }, task) => service.post(`/summaries${path}`, { text }, { signal: task.signal }), {
      concurrency: 3,
      name: 'summarise',
    })
    .collect()
}

function* until<T>(stop: AbortSignal | undefined, items: Iterable<T>): Generator<T> {
  for (const item of items) {
    if (stop?.aborted) return
    yield item
  }
}

if (import.meta.main) {
  const pages = paths('/pages', 40)
  await compare('Two-stage pipeline', {
    mock: { latency: 12 },
    sequential: async ({ service, signal }) => {
      for (const page of pages) {
        const { path, text } = await service.get(page, { signal })
        await service.post(`/summaries${path}`, { text }, { signal })
      }
    },
    concurrent: (common) => summariseAll({ ...common, pages }),
    tell: (summaries, seen) => `${summaries.length} summaries, never more than ${seen.peak} requests at once (5 + 3)`,
  })
}
