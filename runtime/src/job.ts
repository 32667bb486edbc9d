import type { Task } from './task.ts'
import { LinkedSignal } from './linkedSignal.ts'
import type { Outlet } from './outlet.ts'
import { ArrayFeed, feedOf, type Feed, type Source } from './source.ts'
import { WaitQueue } from './waitQueue.ts'

/** An array for the results of a source; filled from any side, it had better be of its size at once. */
export function placesFor<R>(source: unknown): R[] {
  return new Array<R>(Array.isArray(source) ? source.length : 0)
}

/** How a task ended, as `Promise.allSettled` tells it. */
export type Outcome<R> = PromiseSettledResult<Awaited<R>>

/** What a map-style call does with an item. A synchronous throw counts as a rejection. */
export type ItemFunction<T, R> = (item: T, task: Task) => R | PromiseLike<R>

/** Where the results of a job go; nowhere when there is neither. */
export interface JobOutput<R> {
  /** Gets them by their index. */
  readonly results?: R[]
  /** Gets them as they come, and lets only so many items be taken ahead of its consumer. */
  readonly outlet?: Outlet<R>
  readonly ahead?: number
}

/** One map-style call on a pool: where its items come from, what is done with them, and how it ends. */
export class Job<T, R> {
  readonly fn: ItemFunction<T, R>
  readonly feed: Feed<T>
  readonly results: R[] | undefined
  /** Lets so many items be taken before the consumer has to ask for more; undefined when nothing holds back. */
  readonly gate: Gate | undefined
  readonly #outlet: Outlet<R> | undefined
  readonly #link: LinkedSignal
  #failure: { readonly error: unknown } | undefined

  constructor(options: {
    readonly source: Source<T>
    readonly fn: ItemFunction<T, R>
    readonly output: JobOutput<R>
    readonly signal: AbortSignal | undefined
    /** Stops the job as well. */
    readonly parent: LinkedSignal
  }) {
    const { source, fn, output: { results, outlet, ahead }, signal, parent } = options
    this.fn = fn
    this.results = results
    this.#outlet = outlet
    this.#link = new LinkedSignal([signal], reason => {
      this.#failure ??= { error: reason }
      if (this.feed instanceof ArrayFeed) this.feed.empty()
    }, parent)
    this.gate = ahead === undefined ? undefined : new Gate(ahead, this.signal)
    this.feed = feedOf(source, this.signal)
    this.#link.follow()
  }

  get signal(): AbortSignal {
    return this.#link.signal
  }

  get stopped(): boolean {
    return this.#link.aborted
  }

  keep(index: number, value: R): void {
    if (this.results !== undefined) this.results[index] = value
    this.#outlet?.put(index, value)
  }

  /** The first failure stops the job; later ones follow from it. */
  fail(error: unknown): void {
    this.#failure ??= { error }
    this.#link.abort(error)
  }

  /** To be called when all workers have ended. Throws what went wrong first. */
  async end(): Promise<void> {
    this.#link.release()
    try {
      await this.feed.close()
    } catch (error) {
      this.#failure ??= { error }
    }
    if (this.#failure !== undefined) throw this.#failure.error
    // An array may have become shorter meanwhile.
    if (this.results !== undefined && this.feed instanceof ArrayFeed) this.results.length = this.feed.cursor.next
  }
}

/** Back-pressure: passes are given out up to a number, and again as earlier ones are used up. */
export class Gate {
  readonly #signal: AbortSignal
  readonly #waiting = new WaitQueue()
  #passes: number

  constructor(passes: number, signal: AbortSignal) {
    this.#passes = passes
    this.#signal = signal
  }

  /** Undefined when the way is free. */
  enter(): Promise<void> | undefined {
    if (this.#passes === 0) return this.#waiting.wait(this.#signal)
    this.#passes--
    return undefined
  }

  open(): void {
    if (!this.#waiting.resolveFirst()) this.#passes++
  }
}
