/**
 * Chained stages: each gets what the one before it returned, and a failure says in which of them it happened.
 * Go: functions that wrap the errors of one another with fmt.Errorf("stage: %w").
 */
import { chain, pool, type Task } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import { paths } from './service/paths.ts'
import type { Answer, Common, Service } from './service/service.ts'

/** Takes an article from its draft to the readers. Rejects with a `StageError`, which names the stage that failed. */
export function publisher(service: Service) {
  return chain([
    function load(path: string, { signal }: Task) {
      return service.get(path, { signal })
    },
    function proofread({ path, text }: Answer, { signal }: Task) {
      return service.post(`/proofread${path}`, { text }, { signal })
    },
    function translate({ path, text }: Answer, { signal }: Task) {
      return service.post(`/translate${path}`, { text }, { signal })
    },
    function publish({ path, text }: Answer, { signal }: Task) {
      return service.post(`/publish${path}`, { text }, { signal })
    },
  ])
}

/** Publishes several articles side by side, each going through its stages one after the other. */
export function publishAll({ service, signal, drafts }: Common & { readonly drafts: readonly string[] }) {
  const publish = publisher(service)
  const articles = pool({ concurrency: 6, signal, name: 'articles' })
  return articles.map(drafts, (draft, task) => publish(draft, { signal: task.signal }))
}

if (import.meta.main) {
  const drafts = paths('/drafts', 12)
  await compare('Chained stages', {
    mock: { latency: 12 },
    sequential: async ({ service, signal }) => {
      const publish = publisher(service)
      for (const draft of drafts) await publish(draft, { signal })
    },
    concurrent: (common) => publishAll({ ...common, drafts }),
    tell: (published) => `${published.length} articles, the first as ${published[0]?.path ?? ''}`,
  })
  await compare('The same with a translator who is ill', {
    mock: { latency: 12, behave: ({ path }) => (path.startsWith('/translate') ? { status: 503 } : undefined) },
    sequential: async ({ service, signal }) => publisher(service)('/drafts/1', { signal }).catch(String),
    concurrent: (common) => publishAll({ ...common, drafts }).then(() => 'All well', String),
    tell: (outcome) => outcome,
  })
}
