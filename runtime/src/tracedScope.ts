/** The scopes of the primitives, by what they belong to, and the places that their tasks are given. */
import type { Cause } from './trace/format.ts'

/** Of the tasks that a scope is given one by one, the places of so many first ones are looked up, … */
const FIRST_PLACES = 32
/** … and then that of one in so many: it takes as long as many tasks do. */
const PLACE_EVERY = 64

interface Counter {
  count: number
}

/** What a recording needs to know of a scope. */
export class TracedScope {
  readonly number: number
  /** Why it was cancelled. */
  cause: Cause | undefined
  ended = false
  /** What it has in the tables above, when nothing can happen to it once it has ended. */
  passing: { readonly owner: object, readonly signal: AbortSignal | undefined } | undefined
  /** Why it was cancelled last. */
  reason: unknown
  readonly #placed: Counter | undefined
  readonly #free: number[] = []
  #slots = 0

  /** @param placed counts the tasks that have places of their own; undefined when they have none. */
  constructor(number: number, placed: Counter | undefined) {
    this.number = number
    this.#placed = placed
  }

  takeSlot(): number {
    return this.#free.pop() ?? this.#slots++
  }

  freeSlot(slot: number): void {
    this.#free.push(slot)
  }

  /** Whether the place of the next task is to be looked up. */
  placeNext(): boolean {
    if (this.#placed === undefined) return false
    const placed = this.#placed.count++
    return placed < FIRST_PLACES || placed % PLACE_EVERY === 0
  }
}

export const scopes = new WeakMap<object, TracedScope>()

/** How many tasks the scopes of each place were given: one that opens anew for each request is looked at as one. */
const counters = new Map<string, Counter>()
const MOST_COUNTERS = 4096

/** Counts the tasks of all scopes of a place. */
export function counterOf(place: string): Counter {
  let counter = counters.get(place)
  if (counter === undefined) {
    if (counters.size >= MOST_COUNTERS) counters.clear()
    counter = { count: 0 }
    counters.set(place, counter)
  }
  return counter
}
