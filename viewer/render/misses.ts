/** When what a cache keeps was asked for. */
export interface AsOf {
  /** Which age of the cache it was. */
  readonly age: number
  /** How far the recording went, in ms. */
  readonly until: number
}

export interface MissesOptions<Request, Answer> {
  /** Asks the worker for all at once. */
  readonly fetch: (requests: readonly Request[]) => Promise<Answer>
  /** Takes what was asked for, under the keys of the requests, in their order. */
  readonly keep: (keys: readonly string[], answer: Answer, asOf: AsOf) => void
  /** Called after each answer, and after each failure: what is missed still has to be asked for again. */
  readonly arrived: () => void
  /** How many are asked for at once; all by default. */
  readonly most?: number
}

/** What a cache was asked for and does not have, or no longer has as it is: fetched together, once a frame. */
export class Misses<Request, Answer> {
  readonly #options: MissesOptions<Request, Answer>
  readonly #missing = new Map<string, Request>()
  #fetching = false
  #until = 0
  #age = 0
  #generation = 0

  constructor(options: MissesOptions<Request, Answer>) {
    this.#options = options
  }

  /** Whether everything that was asked for is there. */
  get settled(): boolean {
    return !this.#fetching && this.#missing.size === 0
  }

  /** How far the recording goes by now, in ms. */
  grow(until: number): void {
    this.#until = until
  }

  /** All that is kept is out of date. */
  outdate(): void {
    this.#age++
  }

  /** Nothing is missed any more, and an answer that is under way is not wanted. */
  clear(): void {
    this.#generation++
    this.#missing.clear()
  }

  /**
   * Whether what was kept then still tells all.
   *
   * @param end where the stretch ends that it tells of, in ms: what the recording got after that changes nothing.
   */
  isCurrent({ age, until }: AsOf, end: number): boolean {
    return age === this.#age && (until >= this.#until || until >= end)
  }

  add(key: string, request: Request): void {
    this.#missing.set(key, request)
  }

  /** Fetches what was added since the last time, unless an answer is still under way. */
  fetch(): void {
    if (this.#fetching || this.#missing.size === 0) return
    this.#fetching = true
    const { fetch, keep, arrived, most } = this.#options
    const keys = [...this.#missing.keys()].slice(0, most)
    const requests = [...this.#missing.values()].slice(0, most)
    const asOf = { age: this.#age, until: this.#until }
    const generation = this.#generation
    // Those that are left out are missed again by the next frame, if they are still in sight.
    this.#missing.clear()
    fetch(requests)
      .then(
        (answer) => {
          if (generation === this.#generation) keep(keys, answer, asOf)
        },
        () => undefined,
      )
      .finally(() => {
        this.#fetching = false
        arrived()
      })
  }
}
