import type { Caller } from './probe.ts'

/** So much time may be spent at once, in ms, … */
const MOST = 8
/** … and so much of the time that goes by. */
const SHARE = 0.003
/** One look takes no longer than this, in ms: what is more, the machine has spent on something else. */
const LONGEST = 0.05

/** The first calls that are alike are looked at in any case, … */
const FIRST = 4
/** … of so many different functions, … */
const MOST_FUNCTIONS = 256
/** … and so many sorts of calls of each. */
const SORTS = 32

/**
 * How much time may be spent on looking up places: to walk a stack takes some µs, and a program may open a hundred
 * thousand scopes in a second.
 *
 * The idea is that of a token bucket. What spends it all, a call in a hot loop, is not to hide another one that is
 * seldom made: so the first calls of each sort do not ask for what is left.
 */
export class PlaceBudget {
  readonly #now: () => number
  readonly #looked = new WeakMap<Caller, Uint8Array>()
  #functions = 0
  #left = MOST
  #filled: number

  /** @param now the time, in ms. */
  constructor(now: () => number) {
    this.#now = now
    this.#filled = now()
  }

  /**
   * Looks up a place; gives undefined when there is no time for it.
   *
   * @param of the function that was called, and `size`, of its arguments: calls of the same size are alike.
   */
  look(place: () => string | undefined, of: Caller, size = 0): string | undefined {
    if (this.#left <= 0 && !this.#fill() && !this.#isNew(of, size)) return undefined
    const start = this.#now()
    const found = place()
    this.#left -= Math.min(LONGEST, this.#now() - start)
    return found
  }

  #isNew(of: Caller, size: number): boolean {
    let looked = this.#looked.get(of)
    if (looked === undefined) {
      if (this.#functions >= MOST_FUNCTIONS) return false
      this.#functions++
      looked = new Uint8Array(SORTS)
      this.#looked.set(of, looked)
    }
    const sort = Math.min(size, SORTS - 1)
    const times = looked[sort] ?? FIRST
    if (times >= FIRST) return false
    looked[sort] = times + 1
    return true
  }

  #fill(): boolean {
    const now = this.#now()
    this.#left = Math.min(MOST, this.#left + (now - this.#filled) * SHARE)
    this.#filled = now
    return this.#left > 0
  }
}
