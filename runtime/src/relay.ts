import type { Pulled } from './source.ts'
import { traceLine, TRACES } from '#traced'
import { WaitQueue } from './waitQueue.ts'

/** Where a stage takes its items from: the source, or the stage before. */
export interface Upstream<T> {
  /** Whether there may be more. */
  readonly more: boolean
  /**
   * The next item, or undefined at the end. May be called again before an earlier call has settled.
   *
   * @param signal takes this one call out of the line; a source, which has no line, does without.
   */
  pull(signal?: AbortSignal): Pulled<T> | undefined | Promise<Pulled<T> | undefined>
}

/**
 * The bounded buffer behind a stage. A worker needs a place in it before it takes an item, and the place is free
 * again when the next stage has taken the result: so a slow stage slows down all that come before it.
 */
export class Relay<T> implements Upstream<T> {
  readonly #ordered: boolean
  readonly #ready: T[] = []
  /** Results whose turn has not come; undefined for one that gives no result. */
  readonly #early = new Map<number, { readonly value: T } | undefined>()
  readonly #takers = new WaitQueue<Pulled<T> | undefined>()
  readonly #entrants = new WaitQueue()
  #places: number
  #next = 0
  #given = 0
  #ended = false

  constructor(places: number, ordered: boolean) {
    this.#places = places
    this.#ordered = ordered
    if (TRACES) {
      traceLine(this.#entrants, 'backpressure', this)
      traceLine(this.#takers, 'receive', this)
    }
  }

  get more(): boolean {
    return !this.#ended || this.#ready.length > 0
  }

  /** Takes a place; undefined when there is one already. */
  enter(): Promise<void> | undefined {
    if (this.#ended) return undefined
    if (this.#places === 0) return this.#entrants.wait()
    this.#places--
    return undefined
  }

  /** Fills a place, with the result of the item that had this index, or with none. */
  put(index: number, result: { readonly value: T } | undefined): void {
    if (this.#ended) return
    this.#early.set(this.#ordered ? index : this.#next, result)
    while (this.#early.has(this.#next)) {
      const due = this.#early.get(this.#next)
      this.#early.delete(this.#next++)
      this.#deliver(due)
    }
  }

  pull(signal?: AbortSignal): ReturnType<Upstream<T>['pull']> {
    if (this.#ready.length > 0) {
      const item = this.#ready.shift() as T
      this.#vacate()
      return { index: this.#given++, item }
    }
    return this.#ended ? undefined : this.#takers.wait(signal)
  }

  /** No more results will come; those that are there can still be taken. */
  end(): void {
    this.#ended = true
    this.#takers.resolveAll(undefined)
  }

  /** Nobody wants results any more: all that wait here go on, to find that the run has stopped. */
  stop(): void {
    this.#ready.length = 0
    this.#early.clear()
    this.end()
    this.#entrants.resolveAll()
  }

  #deliver(result: { readonly value: T } | undefined): void {
    if (result === undefined) {
      this.#vacate()
    } else if (this.#takers.size > 0) {
      this.#vacate()
      this.#takers.resolveFirst({ index: this.#given++, item: result.value })
    } else {
      this.#ready.push(result.value)
    }
  }

  #vacate(): void {
    if (!this.#entrants.resolveFirst()) this.#places++
  }
}
