/** So much time may be spent at once, in ms, … */
const MOST = 20
/** … and so much of the time that goes by. */
const SHARE = 0.01
/** One look takes no longer than this, in ms: what is more, the machine has spent on something else. */
const LONGEST = 0.05

/**
 * How much time may be spent on looking up places: to walk a stack takes some µs, and a program may open a hundred
 * thousand scopes in a second.
 *
 * The idea is that of a token bucket.
 */
export class PlaceBudget {
  readonly #now: () => number
  #left = MOST
  #filled: number

  /** @param now the time, in ms. */
  constructor(now: () => number) {
    this.#now = now
    this.#filled = now()
  }

  /** Looks up a place; gives undefined when there is no time for it. */
  look(place: () => string | undefined): string | undefined {
    if (this.#left <= 0 && !this.#fill()) return undefined
    const start = this.#now()
    const found = place()
    this.#left -= Math.min(LONGEST, this.#now() - start)
    return found
  }

  #fill(): boolean {
    const now = this.#now()
    this.#left = Math.min(MOST, this.#left + (now - this.#filled) * SHARE)
    this.#filled = now
    return this.#left > 0
  }
}
