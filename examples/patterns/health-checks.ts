/**
 * Parallel health checks: every service is asked at the same time, each within a time of its own. One that fails or
 * does not answer is a line of the report, not the end of the check. Go: errgroup with a context for each check.
 */
import { pool, timeout } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import { ServiceError, type Common } from './service/service.ts'

export interface Health {
  readonly name: string
  readonly state: 'up' | 'down' | 'silent'
  /** Why, unless it is up. */
  readonly reason?: string
}

interface CheckOptions extends Common {
  readonly services: readonly string[]
  /** Milliseconds after which a service counts as silent. Default: 2 s. */
  readonly patience?: number
}

/** The state of each service, in the order of their names as given. */
export function checkAll({ service, signal, services, patience = 2_000 }: CheckOptions): Promise<Health[]> {
  return pool({ concurrency: 20, signal, name: 'health checks' }).map(services, async (name, task): Promise<Health> => {
    try {
      await timeout(patience, (limited) => service.get(`/health/${name}`, { signal: limited.signal }), task)
      return { name, state: 'up' }
    } catch (error) {
      task.signal.throwIfAborted()
      return { name, state: error instanceof ServiceError ? 'down' : 'silent', reason: String(error) }
    }
  })
}

if (import.meta.main) {
  const services = ['web', 'search', 'mail', 'images', 'billing', 'login', 'archive', 'weather', 'maps', 'chat']
  await compare('Health checks', {
    mock: {
      latency: 40,
      behave: ({ path }) =>
        path === '/health/mail' ? { latency: Infinity } : path === '/health/maps' ? { status: 500 } : undefined,
    },
    sequential: async ({ service, signal }) => {
      for (const name of services) await checkAll({ service, signal, services: [name], patience: 150 })
    },
    concurrent: (common) => checkAll({ ...common, services, patience: 150 }),
    tell: (health) =>
      health
        .filter(({ state }) => state !== 'up')
        .map(({ name, state, reason }) => `${name} is ${state} (${reason ?? ''})`)
        .join(', '),
  })
}
