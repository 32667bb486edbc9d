import { cancellation, markHandled } from './abortable.ts'
import { LinkedSignal } from './linkedSignal.ts'
import { Relay, type Outlet, type Upstream } from './pipelineRelay.ts'
import { feedOf, PromptIterator, type Feed, type Source } from './source.ts'

/** Starts a stage in a run: its workers take from the stage before and hand on to what is returned. */
export type Stage = (run: Run, upstream: Upstream<unknown>) => Outlet<unknown>

/** One passage of a source through the stages of a pipeline, from the first item asked for until all has stopped. */
export class Run {
  /** Where the results come out. */
  readonly outlet: Outlet<unknown>
  readonly #feed: Feed<unknown>
  readonly #link: LinkedSignal
  readonly #relays: { stop(): void }[] = []
  readonly #workers: Promise<void>[] = []
  #failure: { readonly error: unknown } | undefined

  /** @param signals end the run, as the first failure does. */
  constructor(source: Source<unknown>, stages: readonly Stage[], signals: readonly (AbortSignal | undefined)[]) {
    this.#link = new LinkedSignal(signals, reason => {
      this.#failure ??= { error: reason }
      for (const relay of this.#relays) relay.stop()
    })
    this.#feed = feedOf(source, this.signal)
    this.#link.follow()
    let outlet: Outlet<unknown> = this.#feed
    // Started together, so that the stack traces of their errors lead to whoever started them.
    if (!this.stopped) for (const stage of stages) outlet = stage(this, outlet)
    this.outlet = outlet
  }

  get signal(): AbortSignal {
    return this.#link.signal
  }

  get stopped(): boolean {
    return this.signal.aborted
  }

  /** The first failure stops the run; later ones follow from it. */
  fail(error: unknown): void {
    this.#failure ??= { error }
    this.#link.abort(error)
  }

  /** A buffer that the run empties when it stops. */
  relay<T>(places: number, ordered: boolean): Relay<T> {
    const relay = new Relay<T>(places, ordered)
    this.#relays.push(relay)
    return relay
  }

  /** @param worker must not reject. */
  add(worker: Promise<void>): void {
    this.#workers.push(worker)
  }

  /** Waits until all stages have stopped and the source is closed; then throws what went wrong first. */
  async end(): Promise<void> {
    await Promise.all(this.#workers)
    try {
      await this.#feed.close()
    } catch (error) {
      this.#failure ??= { error }
    }
    this.#link.release()
    if (this.#failure !== undefined) throw this.#failure.error
  }
}

/** Results as they are asked for. The run starts with the first `next`, and ends with the last result or `return`. */
export class RunIterator<T> extends PromptIterator<T> implements AsyncIterableIterator<T, undefined, undefined> {
  readonly #start: () => Run
  #run: Run | undefined
  #ended: Promise<void> | undefined
  #left = false

  constructor(start: () => Run) {
    super()
    this.#start = start
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
    const run = this.#run ??= this.#begin()
    try {
      const pulled = run.stopped ? undefined : await run.outlet.pull(signal)
      if (pulled !== undefined && !run.stopped) return { done: false, value: pulled.item as T }
    } catch (error) {
      if (signal?.aborted === true) throw error
      run.fail(error)
    }
    try {
      await this.#end(run)
    } catch (error) {
      if (!this.#isLeft()) throw error
    }
    return { done: true, value: undefined }
  }

  override async return(): Promise<IteratorReturnResult<undefined>> {
    this.#left = true
    const run = this.#run
    if (run !== undefined) {
      if (this.#ended === undefined) run.fail(cancellation('The loop over the results of the pipeline was left'))
      await this.#end(run).catch(() => undefined)
    }
    return { done: true, value: undefined }
  }

  #begin(): Run {
    const run = this.#start()
    // One that stops between two calls of `next` closes its source without waiting for the second.
    run.signal.addEventListener('abort', () => { markHandled(this.#end(run)) }, { once: true })
    return run
  }

  #end(run: Run): Promise<void> {
    return this.#ended ??= run.end()
  }

  /** Asked again, since it may have changed during a wait. */
  #isLeft(): boolean {
    return this.#left
  }
}
