/**
 * Group that collects: the failure of one task leaves the others alone; in the end all errors are known, and what
 * succeeded can be used. Go: errors.Join over the errors of the goroutines.
 */
import { group } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import { paths } from './service/paths.ts'
import type { Answer, Common } from './service/service.ts'

export interface Collected {
  /** In the order of the paths; undefined for those that failed. */
  readonly answers: readonly (Answer | undefined)[]
  /** All failures, in the order of the paths; undefined when there was none. */
  readonly error: AggregateError | undefined
}

export async function fetchWhatIsThere({
  service,
  signal,
  paths,
  limit = 8,
}: Common & { readonly paths: readonly string[]; readonly limit?: number }): Promise<Collected> {
  const fetching = group<Answer>({ limit, signal, name: 'what is there', onError: 'collect' })
  const tasks = paths.map((path) => fetching.go((task) => service.get(path, { signal: task.signal })))
  let failures: AggregateError | undefined
  try {
    await fetching.wait()
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error
    failures = error
  }
  const outcomes = await Promise.allSettled(tasks)
  return {
    answers: outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : undefined)),
    error: failures,
  }
}

if (import.meta.main) {
  const pages = paths('/pages', 40)
  await compare('Collect errors', {
    mock: { latency: 20, failures: 0.1 },
    sequential: async ({ service, signal }) => {
      for (const page of pages) await service.get(page, { signal }).catch(() => undefined)
    },
    concurrent: (common) => fetchWhatIsThere({ ...common, paths: pages }),
    tell: ({ answers, error }) =>
      `${answers.filter((answer) => answer !== undefined).length} of ${pages.length} pages; ${error?.message ?? ''}`,
  })
}
