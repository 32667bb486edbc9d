import { WaitQueue } from './waitQueue.ts'

/** Results on their way from workers that finish in any order to one consumer. */
export class Outlet<R> {
  readonly #ordered: boolean
  readonly #results = new Map<number, R>()
  readonly #arrivals = new WaitQueue()
  #next = 0
  #ended = false

  constructor(ordered: boolean) {
    this.#ordered = ordered
  }

  put(index: number, result: R): void {
    this.#results.set(index, result)
    this.#arrivals.resolveAll()
  }

  /** No more results will come. */
  end(): void {
    this.#ended = true
    this.#arrivals.resolveAll()
  }

  /** The next result, or undefined when all have been taken. */
  async take(): Promise<{ readonly value: R } | undefined> {
    for (;;) {
      const index = this.#ordered ? this.#next : this.#results.keys().next().value
      if (index !== undefined && this.#results.has(index)) {
        const value = this.#results.get(index) as R
        this.#results.delete(index)
        this.#next++
        return { value }
      }
      if (this.#ended) return undefined
      await this.#arrivals.wait()
    }
  }
}
