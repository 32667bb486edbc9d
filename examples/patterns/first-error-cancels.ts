/**
 * Group: tasks that belong together. The first failure aborts the signal of the others, and comes out after all of
 * them have stopped. Go: errgroup.WithContext.
 */
import { group } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import type { Answer, Common } from './service/service.ts'

const PANELS = ['sales', 'visitors', 'errors', 'stock', 'returns', 'ratings', 'deliveries', 'forecast']

/** Loads all panels of a dashboard, in their order. A dashboard that lacks one is of no use. */
export function loadDashboard({ service, signal }: Common): Promise<Answer[]> {
  const loading = group<Answer>({ signal, name: 'dashboard' })
  for (const panel of PANELS) void loading.go((task) => service.get(`/panels/${panel}`, { signal: task.signal }))
  return loading.wait()
}

if (import.meta.main) {
  const oneAfterTheOther = async ({ service, signal }: Common): Promise<void> => {
    for (const panel of PANELS) await service.get(`/panels/${panel}`, { signal })
  }
  await compare('First error cancels', {
    mock: { latency: 40 },
    sequential: oneAfterTheOther,
    concurrent: loadDashboard,
    tell: (panels, seen) => `${panels.length} panels, ${seen.peak} requests at once`,
  })
  await compare('The same with a panel that fails', {
    mock: {
      latency: 40,
      behave: ({ path }) => (path === '/panels/errors' ? { status: 500, latency: 10 } : undefined),
    },
    sequential: (common) => oneAfterTheOther(common).catch(String),
    concurrent: (common) => loadDashboard(common).then(() => 'All well', String),
    tell: (outcome, seen) => `${outcome}; ${seen.abandoned} requests under way were given up`,
  })
}
