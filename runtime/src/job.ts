import type { Task } from './task.ts'
import { feedOf, type Feed, type Source } from './source.ts'
import { LinkedSignal } from './linkedSignal.ts'
import { WaitQueue } from './waitQueue.ts'

/** How a task ended, as `Promise.allSettled` tells it. */
export type Outcome<R> = PromiseSettledResult<Awaited<R>>

export type ItemFunction<T, R> = (item: T, task: Task) => R | PromiseLike<R>

/** One map-style call on a pool: where its items come from, what is done with them, and how it ends. */
export class Job<T, R> {
  readonly fn: ItemFunction<T, R>
  readonly feed: Feed<T>
  readonly keep: (index: number, value: R) => void
  /** Lets so many items be taken before the consumer has to ask for more; undefined when nothing holds back. */
  readonly gate: Gate | undefined
  readonly #link: LinkedSignal
  #failure: { readonly error: unknown } | undefined

  constructor(options: {
    readonly source: Source<T>
    readonly fn: ItemFunction<T, R>
    readonly keep: (index: number, value: R) => void
    readonly signal: AbortSignal | undefined
    /** Stops the job as well. */
    readonly parent: LinkedSignal
    readonly ahead?: number
  }) {
    this.fn = options.fn
    this.keep = options.keep
    this.#link = new LinkedSignal([options.signal], reason => { this.#failure ??= { error: reason } }, options.parent)
    this.gate = options.ahead === undefined ? undefined : new Gate(options.ahead, this.signal)
    this.feed = feedOf(options.source, this.signal)
    this.#link.follow()
  }

  get signal(): AbortSignal {
    return this.#link.signal
  }

  get stopped(): boolean {
    return this.#link.aborted
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
