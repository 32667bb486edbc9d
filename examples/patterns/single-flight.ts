/**
 * Single flight: callers who want the same thing at the same time share one request for it. One that gives up leaves
 * the others alone; when all have given up, the request is aborted. Go: x/sync/singleflight.
 */
import { all, SingleFlight, WaitGroup } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import type { Answer, CallOptions, Common, Service } from './service/service.ts'

export class Prices implements AsyncDisposable {
  readonly #service: Service
  readonly #flights = new SingleFlight<string, Answer>()
  readonly #requests = new WaitGroup()

  constructor(service: Service) {
    this.#service = service
  }

  of(product: string, { signal }: CallOptions = {}): Promise<Answer> {
    return this.#flights.do(
      product,
      (call) => this.#requests.go(() => this.#service.get(`/prices/${product}`, { signal: call.signal })),
      { signal },
    )
  }

  /** Callers who give up leave at once, and the request that nobody wants any more stops a moment later. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#requests.wait()
  }
}

/** Every visitor asks for the price of a product; many for the same. The answers are in the order of the visitors. */
export async function serveVisitors({
  service,
  signal,
  wishes,
}: Common & { readonly wishes: readonly string[] }): Promise<Answer[]> {
  await using prices = new Prices(service)
  return await all(
    wishes.map((product) => (task) => prices.of(product, task)),
    { signal, limit: 50, name: 'visitors' },
  )
}

if (import.meta.main) {
  const products = ['pen', 'lamp', 'chair', 'desk', 'shelf']
  const wishes = Array.from({ length: 50 }, (_, visitor) => products[visitor % products.length] ?? '')
  await compare('Single flight', {
    mock: { latency: 15 },
    sequential: async ({ service, signal }) => {
      await using prices = new Prices(service)
      for (const product of wishes) await prices.of(product, { signal })
    },
    concurrent: (common) => serveVisitors({ ...common, wishes }),
    tell: (answers, seen) => `${answers.length} visitors served with ${seen.calls} requests`,
  })
}
