import { cancellation, markHandled } from './abortable.ts'
import { LinkedSignal } from './linkedSignal.ts'
import { Relay, type Upstream } from './relay.ts'
import { ArrayFeed, feedOf, promptIterators, type Feed, type Source } from './source.ts'
import type { Task } from './task.ts'
import type { Cause } from './trace/format.ts'
import { leadToAwaiter } from '#stack'
import { aside, closeScope, endTask, failScope, failTask, inTask, startTask, TRACES } from '#traced'

/** What workers do with an item; gives its result, or undefined when there is none to hand on. */
export type Work<T> = (item: T, task: Task) => Promise<{ readonly value: unknown } | undefined>

/** One passage of a source through one or more stages, from the first item asked for until all has stopped. */
export class Run<T = unknown> {
  readonly feed: Feed<T>
  /** Where items come out: of the source, or of the latest stage. */
  outlet: Upstream<unknown>
  readonly #link: LinkedSignal
  readonly #onEnd: (() => void) | undefined
  readonly #relays: Relay<unknown>[] = []
  readonly #workers: Promise<void>[] = []
  #failure: { readonly error: unknown } | undefined
  #ended: Promise<void> | undefined

  /**
   * @param signals end the run, as the first failure does.
   * @param onEnd runs when all has stopped.
   */
  constructor(source: Source<T>, signals: readonly (AbortSignal | undefined)[], onEnd?: () => void) {
    this.#onEnd = onEnd
    this.#link = new LinkedSignal(signals, (reason) => {
      this.#failure ??= { error: reason }
      if (this.feed instanceof ArrayFeed) this.feed.empty()
      for (const relay of this.#relays) relay.stop()
    })
    this.outlet = this.feed = feedOf(source, this.signal)
    this.#link.follow()
  }

  get signal(): AbortSignal {
    return this.#link.signal
  }

  get stopped(): boolean {
    return this.#link.aborted
  }

  /** The first failure stops the run; later ones follow from it. */
  fail(error: unknown, cause: Cause = 'failed'): void {
    this.#failure ??= { error }
    this.#link.abort(error, cause)
  }

  /** Puts a buffer behind the stage that comes next. */
  relay<R>(places: number, ordered: boolean): Relay<R> {
    const relay = new Relay<R>(places, ordered)
    this.#relays.push(relay as Relay<unknown>)
    return relay
  }

  /**
   * Starts as many workers as can be of use, together, so that the stack traces of their errors lead to whoever
   * started them. Their failures are the run's.
   *
   * @param worker ends when there is nothing left to do.
   * @param relay is ended with the last of them, and where items come out from now on.
   */
  start(worker: () => Promise<void>, most: number, relay?: Relay<unknown>): void {
    const upstream = this.outlet
    let working = 1
    const end = () => {
      working--
      if (working > 0) return
      relay?.end()
      if (TRACES) this.#close(relay)
    }
    const work = async () => {
      try {
        await worker()
      } catch (error) {
        this.fail(error)
      } finally {
        end()
      }
    }
    while (working <= most && upstream.more && !this.stopped) {
      working++
      this.#workers.push(work())
    }
    end()
    if (relay !== undefined) this.outlet = relay
  }

  /** A stage: workers that take items one after the other. */
  work(fn: Work<unknown>, concurrency: number, relay?: Relay<unknown>): void {
    const upstream = this.outlet
    const { signal } = this
    this.start(
      async () => {
        while (!signal.aborted) {
          const room = relay?.enter()
          if (room !== undefined) await room
          const taken = upstream.pull()
          const pulled = taken instanceof Promise ? await taken : taken
          if (pulled === undefined || this.stopped) return
          const { index, item } = pulled
          const task = { signal, index }
          const traced = TRACES ? startTask(relay, signal) : undefined
          let result
          try {
            result = await (TRACES && traced !== undefined ? inTask(traced, () => fn(item, task)) : fn(item, task))
            endTask(traced)
          } catch (error) {
            failTask(traced, error, signal)
            throw error
          }
          relay?.put(index, result)
        }
      },
      concurrency,
      relay,
    )
  }

  #close(owner: object | undefined): void {
    if (this.#failure === undefined) closeScope(owner)
    else failScope(owner, this.#failure.error)
  }

  /** Waits until all stages have stopped and the source is closed; then throws what went wrong first. */
  end(): Promise<void> {
    return (this.#ended ??= this.#end())
  }

  async #end(): Promise<void> {
    await (TRACES ? aside(() => Promise.all(this.#workers)) : Promise.all(this.#workers))
    try {
      await this.feed.close()
    } catch (error) {
      this.#failure ??= { error }
    }
    this.#link.release()
    this.#onEnd?.()
    if (TRACES) this.#close(this)
    if (this.#failure !== undefined) throw this.#failure.error
  }
}

/** Results as they are asked for. The run starts with the first `next`, and ends with the last result or `return`. */
export class RunIterator<T> implements AsyncIterableIterator<T, undefined, undefined> {
  readonly #start: () => Run
  #run: Run | undefined
  #left = false

  constructor(start: () => Run) {
    this.#start = start
    promptIterators.add(this)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.pull()
  }

  /** As `next`; the signal takes this one call out of the line. */
  async pull(signal?: AbortSignal): Promise<IteratorResult<T, undefined>> {
    if (this.#left) return { done: true, value: undefined }
    const run = (this.#run ??= this.#begin())
    try {
      const pulled = run.stopped ? undefined : await run.outlet.pull(signal)
      if (pulled !== undefined && !run.stopped) return { done: false, value: pulled.item as T }
    } catch (error) {
      if (signal?.aborted === true) throw error
      run.fail(error)
    }
    try {
      await run.end()
    } catch (error) {
      if (!this.#isLeft()) {
        // eslint-disable-next-line @typescript-eslint/unbound-method -- only its place in the stack is asked for
        leadToAwaiter(error, this.pull)
        throw error
      }
    }
    return { done: true, value: undefined }
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#left = true
    this.#run?.fail(cancellation('The loop over the results was left'), 'left')
    await this.#run?.end().catch(() => undefined)
    return { done: true, value: undefined }
  }

  #begin(): Run {
    const run = this.#start()
    // One that stops between two calls of `next` closes its source without waiting for the second.
    run.signal.addEventListener(
      'abort',
      () => {
        markHandled(run.end())
      },
      { once: true },
    )
    return run
  }

  /** Asked again, since it may have changed during a wait. */
  #isLeft(): boolean {
    return this.#left
  }
}
