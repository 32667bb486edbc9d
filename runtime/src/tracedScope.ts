/** The scopes of the primitives, by what they belong to, and the places that their tasks are given. */
import { Slots } from './slots.ts'
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
  /** Whose methods user code calls; undefined for a call. */
  readonly owner: object | undefined
  /** Why it was cancelled. */
  cause: Cause | undefined
  ended = false
  /** Why it was cancelled last. */
  reason: unknown
  readonly slots = new Slots()
  readonly #placed: Counter | undefined

  /** @param placed counts the tasks that have places of their own; undefined when they have none. */
  constructor(number: number, owner: object | undefined, placed: Counter | undefined) {
    this.number = number
    this.owner = owner
    this.#placed = placed
  }

  /** Whether the place of the next task is to be looked up. */
  placeNext(): boolean {
    return this.#placed !== undefined && isPlaced(this.#placed.count++)
  }
}

/** Whether the place of a task is to be looked up that so many came before. */
export function isPlaced(before: number): boolean {
  return before < FIRST_PLACES || before % PLACE_EVERY === 0
}

/**
 * The scopes of what is made once and used for long. A weak table keeps what has gone until all of the heap is looked
 * through, and takes long to fill: what comes and goes with each request keeps its scope itself.
 */
export const scopes = new WeakMap<object, TracedScope>()

/** @param owner what the scope belongs to, or the scope itself. */
export function scopeOf(owner: object): TracedScope | undefined {
  return owner instanceof TracedScope ? owner : scopes.get(owner)
}

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
