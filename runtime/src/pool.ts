import { cancellation } from './abortable.ts'
import { asyncDispose } from './disposal.ts'
import {
  expectBoolean,
  expectFunction,
  expectName,
  expectOptions,
  expectPositiveInteger,
  expectSignal,
  signalOf,
  unexpected,
} from './expect.ts'
import { LinkedSignal } from './linkedSignal.ts'
import { availableParallelism } from './parallelism.ts'
import { Places } from './places.ts'
import type { RateLimiter } from './rateLimiter.ts'
import { Run, RunIterator } from './run.ts'
import { SharedLinks, type SharedLink } from './sharedLinks.ts'
import { ArrayFeed, expectSource, type Cursor, type Feed, type Source } from './source.ts'
import { WATCHES } from '#stall'
import {
  closeScope,
  endTask,
  failCurrent,
  failTask,
  inTask,
  nextTask,
  openScope,
  queueTask,
  startTask,
  traceLevel,
  traceLine,
  tracePause,
  TRACES,
  type TracedTask,
} from '#traced'
import type { ItemFunction, Outcome, Task, TaskFunction, WaitOptions } from './task.ts'
import { WaitQueue } from './waitQueue.ts'

export interface PoolOptions {
  /**
   * How many tasks may run at once, over all calls on the pool. Default: `os.availableParallelism()`, the number
   * of cores that the process may use, which suits work on the CPU: for I/O say what the other side bears.
   */
  readonly concurrency?: number | undefined
  /** Cancels the pool: tasks are told, what waits rejects with the signal's reason. Default: none. */
  readonly signal?: AbortSignal | undefined
  /** Shown in error messages. Default: none. */
  readonly name?: string | undefined
  /** Each task also waits for one token of this limiter before it starts. Default: none. */
  readonly rate?: Pick<RateLimiter, 'wait'> | undefined
}

export interface StreamOptions extends WaitOptions {
  /** Gives results in the order of the input rather than as they come. Default: true. */
  readonly ordered?: boolean | undefined
}

/** A task of `run`. */
interface Submitted {
  readonly fn: TaskFunction<unknown>
  readonly index: number
  /** Follows the caller's signal, when there is one. */
  readonly shared: SharedLink | undefined
  /** Only there while it is recorded. */
  traced?: TracedTask
}

/** An array for the results of a source; filled from any side, it had better be of its size at once. */
function placesFor<R>(source: unknown): R[] {
  return new Array<R>(Array.isArray(source) ? source.length : 0)
}

/** Runs tasks, so many at a time. Made by `pool`. */
export class Pool {
  /** How many tasks may run at once. */
  readonly concurrency: number
  readonly #label: string
  readonly #rate: Pick<RateLimiter, 'wait'> | undefined
  readonly #link: LinkedSignal
  readonly #shared: SharedLinks
  /** Workers of map-style calls, which bring nothing, and tasks of `run`. */
  readonly #places: Places<Submitted | undefined>
  /** Signals that abort with the pool or not at all. */
  readonly #steady = new WeakSet<AbortSignal>()
  readonly #idle = new WaitQueue()
  readonly #feeds = new Set<Feed<unknown>>()
  #runs = 0
  #unfinished = 0
  #closed = false

  /** @internal Use `pool`. */
  constructor(options: PoolOptions = {}) {
    expectOptions(options)
    const { concurrency = availableParallelism(), signal, name, rate } = options
    expectPositiveInteger('concurrency', concurrency)
    expectSignal('signal', signal)
    expectName(name)
    if (rate !== undefined && typeof (rate as Partial<RateLimiter> | null)?.wait !== 'function') {
      throw unexpected('rate', 'a RateLimiter', rate)
    }
    this.concurrency = concurrency
    this.#label = name === undefined ? 'The pool' : `The pool "${name}"`
    this.#rate = rate
    this.#link = new LinkedSignal([signal], (reason) => {
      this.#places.line.rejectAll(reason)
    })
    this.#places = new Places(
      concurrency,
      WATCHES
        ? {
            label: this.#label,
            holding: [this.#turn, this.#hold],
            abortable: (own) => own !== undefined && !this.#steady.has(own),
          }
        : undefined,
      (task) => {
        if (task === undefined) return
        const { signal } = task.shared?.link ?? this.#link
        failTask(task.traced, signal.reason, signal)
        this.#end(task)
      },
    )
    this.#shared = new SharedLinks(this.#link.signal)
    openScope(this, 'pool', name, concurrency, pool, TRACES ? this.#link.signal : undefined)
    traceLine(this.#idle, 'group', this)
    if (WATCHES) this.#steady.add(this.#link.signal)
  }

  /** Tasks that hold one of the pool's places now, those that wait for the `rate` included. */
  get active(): number {
    return this.#places.taken
  }

  /** Tasks that wait for a place, as far as known: an iterable that is no array does not tell what is left. */
  get pending(): number {
    let pending = this.#places.line.size
    for (const feed of this.#feeds) pending += feed.remaining
    return pending
  }

  /**
   * Applies `fn` to each item, and keeps the order of the input. Items are taken only as workers become free.
   *
   * @param fn gets the item and a task with `signal` and `index`.
   * @returns the results in the order of the input.
   * @throws the first failure, of `fn`, the source or the signal: it aborts the signal of the other tasks of this
   * call, no more items are taken, and the error comes out after all have stopped. TypeError at the call when an
   * argument is not what it should be; Error when the pool is closed.
   */
  map<T, R>(source: Source<T>, fn: ItemFunction<T, R>, options?: WaitOptions): Promise<Awaited<R>[]> {
    this.#expectCall(source, fn, options)
    return this.#each(source, fn, options?.signal, placesFor(source))
  }

  /** As `map`, for work that has no result. */
  forEach<T>(source: Source<T>, fn: ItemFunction<T, unknown>, options?: WaitOptions): Promise<void> {
    this.#expectCall(source, fn, options)
    return this.#each(source, fn, options?.signal, undefined)
  }

  /**
   * As `map`, but the failure of one item leaves the others alone.
   *
   * @returns how each item ended, in the order of the input, as `Promise.allSettled` does.
   * @throws when the source fails or the signal aborts.
   */
  mapSettled<T, R>(source: Source<T>, fn: ItemFunction<T, R>, options?: WaitOptions): Promise<Outcome<R>[]> {
    this.#expectCall(source, fn, options)
    const attempt = async (item: T, task: Task): Promise<Outcome<R>> => {
      try {
        return { status: 'fulfilled', value: await fn(item, task) }
      } catch (reason) {
        failCurrent(reason)
        return { status: 'rejected', reason }
      }
    }
    return this.#each(source, attempt, options?.signal, placesFor(source))
  }

  /**
   * Results as they are asked for. At most `concurrency` items are being worked on or waiting to be taken, so a
   * slow consumer slows the source down. Work starts with the first `next`, and stops when the loop is left:
   * running tasks are aborted and awaited.
   *
   * @throws from `next`: the first failure, after all tasks of this call have stopped.
   */
  stream<T, R>(source: Source<T>, fn: ItemFunction<T, R>, options: StreamOptions = {}): AsyncGenerator<Awaited<R>> {
    this.#expectCall(source, fn, options)
    const { ordered = true } = options
    expectBoolean('ordered', ordered)
    return this.#stream(source, fn, options.signal, ordered)
  }

  /**
   * Runs one task as soon as there is room, in the order of the calls. Its failure is its own: others go on.
   *
   * @throws what `fn` throws; the signal's reason when it aborts before the task has started. A task that runs is
   * not interrupted: it is expected to obey its signal. TypeError or Error at the call, as for `map`.
   */
  run<R>(fn: TaskFunction<R>, options?: WaitOptions): Promise<Awaited<R>> {
    expectFunction('fn', fn)
    const signal = signalOf(options)
    this.#expectOpen()
    return this.#submit(fn, signal) as Promise<Awaited<R>>
  }

  /** Starts no more tasks until `resume`. Those that run go on. */
  pause(): void {
    this.#places.paused = true
    tracePause(this, true)
  }

  resume(): void {
    if (TRACES && this.#places.paused) tracePause(this, false)
    this.#places.resume()
  }

  /**
   * Waits until every call made so far or meanwhile has ended, well or badly; on a paused pool that takes a
   * `resume`. A stream counts from its first `next` until its loop is left.
   */
  drain(options?: WaitOptions): Promise<void> {
    const signal = signalOf(options)
    return this.#idle.waitWhile(this.#unfinished > 0, signal)
  }

  /** Takes no more calls, resumes, and waits until what was called has ended. May be called again. */
  close(options?: WaitOptions): Promise<void> {
    signalOf(options)
    this.#closed = true
    this.resume()
    if (TRACES && this.#unfinished === 0) closeScope(this)
    return this.drain(options)
  }

  /** Takes no more calls, aborts what still runs or waits, and waits until it has stopped. */
  [asyncDispose](): Promise<void> {
    if (this.#unfinished > 0) this.#link.abort(cancellation(`${this.#label} was disposed of`), 'disposed')
    return this.close()
  }

  #expectCall(source: unknown, fn: unknown, options: WaitOptions | undefined): void {
    expectSource('source', source)
    expectFunction('fn', fn)
    signalOf(options)
    this.#expectOpen()
  }

  #expectOpen(): void {
    if (this.#closed) throw new Error(`${this.#label} is closed: it takes no more calls`)
  }

  async #each<T, R extends unknown[] | undefined>(
    source: Source<T>,
    fn: ItemFunction<T, unknown>,
    signal: AbortSignal | undefined,
    results: R,
  ): Promise<R> {
    const run = this.#runOf(source, signal)
    const plain = run.feed instanceof ArrayFeed && this.#rate === undefined
    const cursor: Cursor<T> | undefined = plain ? (run.feed as ArrayFeed<T>).cursor : undefined
    if (cursor === undefined) {
      run.work(async (item, task) => {
        const result = await this.#place(fn, item as T, task)
        if (results !== undefined) results[task.index] = result
        return undefined
      }, this.concurrency)
    } else {
      run.start(() => this.#workThrough(run, fn, cursor, results), this.concurrency)
    }
    await run.end()
    // An array may have become shorter meanwhile.
    if (results !== undefined && run.feed instanceof ArrayFeed) results.length = run.feed.cursor.next
    return results
  }

  async *#stream<T, R>(
    source: Source<T>,
    fn: ItemFunction<T, R>,
    signal: AbortSignal | undefined,
    ordered: boolean,
  ): AsyncGenerator<Awaited<R>> {
    yield* new RunIterator<Awaited<R>>(() => {
      this.#expectOpen()
      const run = this.#runOf(source, signal)
      run.work(
        async (item, task) => ({ value: await this.#place(fn, item as T, task) }),
        this.concurrency,
        run.relay(this.concurrency, ordered),
      )
      return run
    })
  }

  /** Counts as under way until it has ended. */
  #runOf<T>(source: Source<T>, signal: AbortSignal | undefined): Run<T> {
    this.#link.follow()
    const run = new Run(source, [this.#link.signal, signal], () => {
      this.#finish(run.feed)
    })
    if (WATCHES && (signal === undefined || this.#steady.has(signal))) this.#steady.add(run.signal)
    this.#feeds.add(run.feed)
    this.#unfinished++
    if (TRACES) traceLevel(this, this.#places.taken, this.pending)
    return run
  }

  #finish(feed?: Feed<unknown>): void {
    if (feed !== undefined) this.#feeds.delete(feed)
    if (--this.#unfinished > 0) return
    this.#link.release()
    this.#idle.resolveAll()
    if (TRACES && this.#closed) closeScope(this)
  }

  /** For the usual case, in which there is nothing to wait for but a place. */
  async #workThrough<T>(
    run: Run<T>,
    fn: ItemFunction<T, unknown>,
    cursor: Cursor<T>,
    results: unknown[] | undefined,
  ): Promise<void> {
    while (cursor.next < cursor.items.length) {
      const index = cursor.next++
      if (!this.#places.take()) await this.#places.wait(run.signal, undefined)
      if (run.stopped) this.#places.free()
      else {
        const traced = TRACES ? startTask(this, run.signal) : undefined
        const turn = () => this.#turn(fn, run.signal, cursor, results, index, traced)
        await (TRACES && traced !== undefined ? inTask(traced, turn) : turn())
      }
    }
  }

  /** Does one item after the other in a place, until there is somebody else to have it. A stopped run has none left. */
  readonly #turn = async <T>(
    fn: ItemFunction<T, unknown>,
    signal: AbortSignal,
    cursor: Cursor<T>,
    results: unknown[] | undefined,
    first: number,
    traced: TracedTask | undefined,
  ): Promise<void> => {
    let index = first
    try {
      for (;;) {
        const result = await fn(cursor.items[index] as T, { signal, index })
        if (results !== undefined) results[index] = result
        if (this.#places.paused || this.#places.line.size > 0 || cursor.next >= cursor.items.length) break
        if (TRACES && traced !== undefined) nextTask(traced)
        index = cursor.next++
      }
      endTask(traced)
    } catch (error) {
      failTask(traced, error, signal)
      throw error
    } finally {
      this.#places.free()
    }
  }

  /** Waits for a place, and does one item in it. */
  #place<T, R>(fn: ItemFunction<T, R>, item: T, task: Task): Promise<Awaited<R>> {
    const work: TaskFunction<R> = (own) => fn(item, own)
    if (this.#places.take()) return this.#hold(work, task)
    return this.#places.wait(task.signal, undefined).then(() => this.#hold(work, task))
  }

  readonly #hold = async <R>(fn: TaskFunction<R>, task: Task, submitted?: Submitted): Promise<Awaited<R>> => {
    const { signal } = task
    let traced = submitted?.traced
    try {
      if (TRACES) traced = startTask(this, signal, 'run', traced)
      const rate = this.#rate
      if (rate !== undefined) {
        const wait = () => rate.wait(1, { signal })
        await (TRACES && traced !== undefined ? inTask(traced, wait) : wait())
      }
      signal.throwIfAborted()
      const value = await (TRACES && traced !== undefined ? inTask(traced, () => fn(task)) : fn(task))
      endTask(traced)
      return value
    } catch (error) {
      failTask(traced, error, signal)
      throw error
    } finally {
      this.#places.free()
      if (submitted !== undefined) this.#end(submitted)
    }
  }

  /**
   * A task that has to wait is no more than a record in the line; what `wait` gives is derived from, not awaited,
   * so that nothing of the task exists before its turn. The task then runs in the caller's asynchronous context,
   * and stack traces lead to the caller.
   */
  #submit(fn: TaskFunction<unknown>, own: AbortSignal | undefined): Promise<unknown> {
    this.#link.follow()
    const shared = own === undefined ? undefined : this.#shared.take(own)
    const link = shared?.link ?? this.#link
    if (WATCHES && shared !== undefined && this.#steady.has(shared.source)) this.#steady.add(shared.link.signal)
    const task: Submitted = { fn, shared, index: this.#runs++ }
    this.#unfinished++
    if (link.aborted) {
      this.#end(task)
      return Promise.reject(link.signal.reason as Error)
    }
    if (this.#places.take()) return this.#start(task)
    const traced = TRACES ? queueTask(this, link.signal, 'run') : undefined
    if (TRACES && traced !== undefined) task.traced = traced
    // The pool's own signal clears the line by itself: waiters need not each look out for it.
    return this.#places.wait(shared?.link.signal, task).then(this.#start as (task: unknown) => Promise<unknown>)
  }

  readonly #start = (submitted: Submitted): Promise<unknown> => {
    const { fn, shared, index } = submitted
    return this.#hold(fn, { signal: (shared?.link ?? this.#link).signal, index }, submitted)
  }

  #end({ shared }: Submitted): void {
    if (shared !== undefined) this.#shared.release(shared)
    this.#finish()
  }
}

/**
 * Makes a pool: work on any number of items, so many at a time. One pool may serve several calls, which share
 * its places fairly.
 *
 * The ideas come from worker pools and from fork-join. A task that waits for another task of the same pool
 * can end in a dead-lock, as with every limiter. Once all places are held by such tasks, Node gives them an error that
 * says where; use a second pool for the inner work.
 *
 * ```ts
 * const workers = pool({ concurrency: 8 })
 * const pages = await workers.map(urls, (url, { signal }) => download(url, { signal }))
 * ```
 *
 * @throws TypeError when an option is not what it should be.
 */
export function pool(options?: PoolOptions): Pool {
  return new Pool(options)
}
