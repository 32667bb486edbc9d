import { abortable, markHandled } from './abortable.ts'
import { unexpected } from './expect.ts'
import { WaitQueue } from './waitQueue.ts'

/** What map-style calls take: a collection, a generator, a stream. */
export type Source<T> = Iterable<T> | AsyncIterable<T>

export function expectSource(name: string, value: unknown): void {
  const source = value as Partial<Iterable<unknown> & AsyncIterable<unknown>> | null | undefined
  if (typeof source?.[Symbol.iterator] === 'function' || typeof source?.[Symbol.asyncIterator] === 'function') return
  throw unexpected(name, 'an iterable or an async iterable', value)
}

/** Iterators of ours, whose `return` also ends a `next` that is under way, and can therefore be awaited. */
export const promptIterators = new WeakSet<object>()

/** An item, and its place in the source. */
export interface Pulled<T> {
  readonly index: number
  readonly item: T
}

/** Items that several workers take one by one, each only when a worker is ready for it. */
export interface Feed<T> {
  /** Whether there may be more. */
  readonly more: boolean
  /** Items known to be left; 0 when the source does not tell. */
  readonly remaining: number
  /** The next item, or undefined at the end. */
  pull(): Pulled<T> | undefined | Promise<Pulled<T> | undefined>
  /** Tells a source that has items left that nobody will ask for them. */
  close(): Promise<void>
}

/** @param signal ends the wait for an asynchronous source. */
export function feedOf<T>(source: Source<T>, signal: AbortSignal): Feed<T> {
  if (Array.isArray(source)) return new ArrayFeed<T>(source)
  if (isAsync(source)) return new AsyncFeed(source, signal)
  return new IterableFeed(source)
}

/** Strings are iterable too, and know no `in`. */
function isAsync<T>(source: Source<T>): source is AsyncIterable<T> {
  return typeof (source as Partial<AsyncIterable<T>>)[Symbol.asyncIterator] === 'function'
}

/** Where in an array the next item is. */
export interface Cursor<T> {
  items: readonly T[]
  next: number
}

/** Open to those who take many items and want nothing made for each. */
export class ArrayFeed<T> implements Feed<T> {
  /**
   * A literal: engines forget the shape of a class without instances, and with it the code that they optimised
   * for it, which every call would then pay for again.
   */
  readonly cursor: Cursor<T>

  constructor(items: readonly T[]) {
    this.cursor = { items, next: 0 }
  }

  get more(): boolean {
    return this.cursor.next < this.cursor.items.length
  }

  get remaining(): number {
    return Math.max(0, this.cursor.items.length - this.cursor.next)
  }

  pull(): Pulled<T> | undefined {
    if (!this.more) return undefined
    const index = this.cursor.next++
    return { index, item: this.cursor.items[index] as T }
  }

  /** Leaves nothing to take. */
  empty(): void {
    this.cursor.items = []
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

class IterableFeed<T> implements Feed<T> {
  readonly #iterator: Iterator<T>
  #next = 0
  readonly remaining = 0
  more = true

  constructor(source: Iterable<T>) {
    this.#iterator = source[Symbol.iterator]()
  }

  pull(): Pulled<T> | undefined {
    if (!this.more) return undefined
    // An iterator that throws has ended.
    this.more = false
    const result = this.#iterator.next()
    if (result.done === true) return undefined
    this.more = true
    return { index: this.#next++, item: result.value }
  }

  close(): Promise<void> {
    if (this.more) {
      this.more = false
      this.#iterator.return?.()
    }
    return Promise.resolve()
  }
}

class AsyncFeed<T> implements Feed<T> {
  readonly #iterator: AsyncIterator<T>
  readonly #signal: AbortSignal
  /** Asks for one item at a time: not every iterator bears more, and the order would be anyone's guess. */
  readonly #turns = new WaitQueue()
  #pulling = false
  #unanswered = false
  #next = 0
  readonly remaining = 0
  more = true

  constructor(source: AsyncIterable<T>, signal: AbortSignal) {
    this.#iterator = source[Symbol.asyncIterator]()
    this.#signal = signal
  }

  async pull(): Promise<Pulled<T> | undefined> {
    if (this.#pulling) await this.#turns.wait(this.#signal)
    this.#pulling = true
    try {
      if (!this.more) return undefined
      this.#unanswered = true
      try {
        const result = await abortable(this.#iterator.next(), this.#signal)
        this.#unanswered = false
        if (result.done !== true) return { index: this.#next++, item: result.value }
        this.more = false
        return undefined
      } catch (error) {
        // An iterator that rejects has ended; one that was only left waiting is told by `close`.
        if (!this.#signal.aborted) this.more = false
        throw error
      }
    } finally {
      this.#pulling = this.#turns.resolveFirst()
    }
  }

  async close(): Promise<void> {
    if (!this.more) return
    this.more = false
    const closed = this.#iterator.return?.()
    // A generator that is in the middle of an item answers only when it has it, which may be never.
    if (this.#unanswered && !promptIterators.has(this.#iterator)) markHandled(closed)
    else await closed
  }
}
