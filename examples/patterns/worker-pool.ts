/**
 * Worker pool: a fixed number of workers take items one after the other, and the results come in the order of the
 * items. Go: N goroutines that range over a channel of jobs.
 */
import { pool } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import { paths } from './service/paths.ts'
import type { Answer, Common } from './service/service.ts'

export function downloadAll({
  service,
  signal,
  paths,
  workers = 8,
}: Common & { readonly paths: readonly string[]; readonly workers?: number }): Promise<Answer[]> {
  const downloads = pool({ concurrency: workers, signal, name: 'downloads' })
  return downloads.map(paths, (path, task) => service.get(path, { signal: task.signal }))
}

if (import.meta.main) {
  const pages = paths('/pages', 60)
  await compare('Worker pool', {
    mock: { latency: 15 },
    sequential: async ({ service, signal }) => {
      for (const page of pages) await service.get(page, { signal })
    },
    concurrent: (common) => downloadAll({ ...common, paths: pages }),
    tell: (answers, seen) =>
      `${answers.length} pages from ${answers[0]?.path ?? ''} to ${answers.at(-1)?.path ?? ''}, `
      + `never more than ${seen.peak} at once`,
  })
}
