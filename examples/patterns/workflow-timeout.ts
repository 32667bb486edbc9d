/**
 * Workflow with a time limit: several steps, one limit for all of them together. When it is reached, the step under way
 * is told, and the error comes out when it has stopped. Go: context.WithTimeout handed from step to step.
 */
import { pool, timeout } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import { paths } from './service/paths.ts'
import type { Common } from './service/service.ts'

const STEPS = ['reserve', 'charge', 'pack', 'ship', 'confirm'] as const

/** Says how far an order came; `cause` says what stopped it: a `TimeoutError`, an abort, an error of the service. */
export class OrderError extends Error {
  override readonly name = 'OrderError'
  readonly step: string

  constructor(order: string, step: string, cause: unknown) {
    super(`${order} stopped at "${step}": ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.step = step
  }
}

/** @param options.limit milliseconds for all steps together. Default: 30 s. */
export async function fulfil({
  service,
  signal,
  order,
  limit = 30_000,
}: Common & { readonly order: string; readonly limit?: number }): Promise<string> {
  let current: string = STEPS[0]
  try {
    return await timeout(
      limit,
      async (task) => {
        for (const step of STEPS) {
          current = step
          await service.post(`${order}/${step}`, {}, { signal: task.signal })
        }
        return `${order} is on its way`
      },
      { signal },
    )
  } catch (error) {
    throw new OrderError(order, current, error)
  }
}

if (import.meta.main) {
  const orders = paths('/orders', 8)
  await compare('Workflow with a time limit', {
    mock: { latency: 15 },
    sequential: async ({ service, signal }) => {
      for (const order of orders) await fulfil({ service, signal, order })
    },
    concurrent: ({ service, signal }) =>
      pool({ concurrency: 8, signal, name: 'orders' }).map(orders, (order, task) =>
        fulfil({ service, order, signal: task.signal }),
      ),
    tell: (sent) => `${sent.length} orders of ${STEPS.length} steps each`,
  })
  await compare('The same with a packer who is asleep', {
    mock: { latency: 15, behave: ({ path }) => (path.endsWith('/pack') ? { latency: Infinity } : undefined) },
    sequential: async ({ service, signal }) => {
      for (const order of orders.slice(0, 3)) await fulfil({ service, signal, order, limit: 200 }).catch(String)
    },
    concurrent: ({ service, signal }) =>
      pool({ concurrency: 8, signal, name: 'late orders' }).mapSettled(orders.slice(0, 3), (order, task) =>
        fulfil({ service, order, signal: task.signal, limit: 200 }),
      ),
    tell: ([first]) => (first?.status === 'rejected' ? String(first.reason) : ''),
  })
}
