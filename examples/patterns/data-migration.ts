/**
 * Data migration across namespaces, with resume: records are copied side by side, but ticked off in their order, so
 * that one number for each namespace tells where to go on after a failure. What was under way then is copied again,
 * which does no harm, since storing a record twice is the same as once. Go: a worker pool with a checkpoint behind it.
 */
import { all, pool } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import type { Common, Service } from './service/service.ts'

/** How many records each namespace has to copy. */
export type Namespaces = Readonly<Record<string, number>>

export interface Migration extends Common {
  readonly namespaces: Namespaces
  /** How many records of each namespace are done. Kept up to date: pass the same again to go on. */
  readonly checkpoint: Map<string, number>
  /** How many records of each namespace are copied at once. Default: 4. */
  readonly concurrency?: number
}

/** @throws the first failure, when all namespaces have stopped; then the checkpoint says what is done. */
export async function migrate({ service, signal, namespaces, checkpoint, concurrency = 4 }: Migration): Promise<void> {
  await all(
    Object.entries(namespaces).map(([namespace, records]) => async (task) => {
      const left = numbersFrom(checkpoint.get(namespace) ?? 0, records)
      const copies = pool({ concurrency, signal: task.signal, name: namespace })
      const done = copies.stream(left, async (record, { signal }) => {
        await copy(service, namespace, record, signal)
        return record
      })
      for await (const record of done) checkpoint.set(namespace, record + 1)
    }),
    { signal, name: 'namespaces' },
  )
}

async function copy(service: Service, namespace: string, record: number, signal: AbortSignal): Promise<void> {
  const { text } = await service.get(`/old/${namespace}/${record}`, { signal })
  await service.post(`/new/${namespace}/${record}`, { text }, { signal })
}

function* numbersFrom(start: number, end: number): Generator<number> {
  for (let number = start; number < end; number++) yield number
}

if (import.meta.main) {
  const namespaces = { customers: 20, orders: 30, invoices: 10 }
  await compare('Data migration', {
    mock: {
      latency: 8,
      behave: ({ path, time }) => (path === '/new/orders/17' && time === 1 ? { status: 500 } : undefined),
    },
    sequential: async ({ service, signal }) => {
      for (const [namespace, records] of Object.entries(namespaces)) {
        for (let record = 0; record < records; record++) await copy(service, namespace, record, signal).catch(String)
      }
    },
    concurrent: async (common) => {
      const checkpoint = new Map<string, number>()
      const error = await migrate({ ...common, namespaces, checkpoint }).catch(String)
      const before = [...checkpoint].map(([namespace, done]) => `${namespace} ${done}`).join(', ')
      await migrate({ ...common, namespaces, checkpoint })
      return `${error ?? ''} with ${before} done; the second run did the rest`
    },
    tell: (story) => story,
  })
}
