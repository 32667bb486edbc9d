/**
 * Retry with back-off: what may succeed the next time is tried again, after pauses that grow and differ by chance, and
 * not before the service wants to be asked again. The signal ends a pause at once. Go: a loop around time.After and
 * ctx.Done.
 */
import { pool, retry, sleep } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import { paths } from './service/paths.ts'
import { ServiceError, type Answer, type Common } from './service/service.ts'

export interface StubbornOptions extends Common {
  readonly path: string
  /** Calls at most. Default: 5. */
  readonly attempts?: number
  /** Milliseconds before the second call. Default: 20. */
  readonly delay?: number
}

/** @throws the last error when no attempt succeeded; at once one that trying again cannot mend, such as a 404. */
export function fetchStubbornly({ service, signal, path, attempts = 5, delay = 20 }: StubbornOptions): Promise<Answer> {
  return retry((attempt) => service.get(path, { signal: attempt.signal }), {
    attempts,
    delay,
    signal,
    when: async (error) => {
      if (!(error instanceof ServiceError) || !(error.status === 429 || error.status >= 500)) return false
      if (error.retryAfter !== undefined) await sleep(error.retryAfter, { signal })
      return true
    },
  })
}

if (import.meta.main) {
  const pages = paths('/pages', 24)
  await compare('Retry with back-off', {
    mock: { latency: 10, failures: 0.3 },
    sequential: async ({ service, signal }) => {
      for (const path of pages) await fetchStubbornly({ service, signal, path })
    },
    concurrent: ({ service, signal }) =>
      pool({ concurrency: 8, signal, name: 'pages' }).map(pages, (path, task) =>
        fetchStubbornly({ service, path, signal: task.signal }),
      ),
    tell: (answers, seen) => `${answers.length} pages, though ${seen.failed} of ${seen.calls} calls failed`,
  })
}
