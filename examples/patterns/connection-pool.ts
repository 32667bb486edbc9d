/**
 * Weighted semaphore: some requests need more of a limited thing than others. Here it guards the connections to a
 * database: a query takes one, a report three, and neither waits longer than five seconds for them. Requests are served
 * strictly in order, so that the queries do not starve the report. Go: x/sync/semaphore.
 */
import { all, Semaphore, withTimeout } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import { paths } from './service/paths.ts'
import type { Answer, CallOptions, Service } from './service/service.ts'

export interface Database {
  readonly service: Service
  /** How many connections there are. Default: 4. */
  readonly connections?: number
  /** Milliseconds that a request waits for its connections. Default: 5 s. */
  readonly patience?: number
}

export class Connections {
  readonly #service: Service
  readonly #free: Semaphore
  readonly #patience: number

  constructor({ service, connections = 4, patience = 5_000 }: Database) {
    this.#service = service
    this.#free = new Semaphore(connections)
    this.#patience = patience
  }

  /** @throws a `TimeoutError` when no connection became free in time; there is no limit for the query itself. */
  query(path: string, { signal }: CallOptions = {}): Promise<Answer> {
    return this.#holding(1, signal, () => this.#service.get(path, { signal }))
  }

  /** A report reads three tables at once, each on a connection of its own. */
  report(name: string, { signal }: CallOptions = {}): Promise<Answer[]> {
    const tables = ['customers', 'orders', 'payments']
    return this.#holding(tables.length, signal, () =>
      all(
        tables.map((table) => (task) => this.#service.get(`/reports/${name}/${table}`, { signal: task.signal })),
        { signal, name: 'report' },
      ),
    )
  }

  async #holding<R>(connections: number, signal: AbortSignal | undefined, fn: () => Promise<R>): Promise<R> {
    using patience = withTimeout(this.#patience, signal)
    // This signal ends the wait for the connections, and nothing else.
    return await this.#free.use(fn, { n: connections, signal: patience.signal })
  }
}

/** Queries of many visitors, and a report in their midst. */
export async function busyDay(database: Database & CallOptions & { readonly queries: readonly string[] }) {
  const { queries, signal } = database
  const connections = new Connections(database)
  const half = queries.length / 2
  return all<Answer | Answer[]>(
    [
      ...queries.slice(0, half).map((path) => (task: CallOptions) => connections.query(path, task)),
      (task) => connections.report('today', task),
      ...queries.slice(half).map((path) => (task: CallOptions) => connections.query(path, task)),
    ],
    { signal, name: 'visitors' },
  )
}

if (import.meta.main) {
  const queries = paths('/queries', 40)
  await compare('Connection pool', {
    mock: { latency: 20 },
    sequential: async ({ service, signal }) => {
      const connections = new Connections({ service })
      for (const query of queries) await connections.query(query, { signal })
      await connections.report('today', { signal })
    },
    concurrent: (common) => busyDay({ ...common, queries }),
    tell: (results, seen) => `${results.length} results over never more than ${seen.peak} connections`,
  })
}
