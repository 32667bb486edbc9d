import { cancellation } from '../abortable.ts'
import { asyncDispose } from '../disposal.ts'
import {
  expectFunction,
  expectMilliseconds,
  expectName,
  expectOptions,
  expectPositiveInteger,
  expectSignal,
  unexpected,
} from '../expect.ts'
import { Gate } from './gate.ts'
import { LinkedSignal } from '../linkedSignal.ts'
import { availableParallelism } from '../parallelism.ts'
import { expectSource, feedOf } from '../source.ts'
import { blame, closeScope, failScope, openScope, queueTask, TRACES, traceSignal } from '#traced'
import type { WaitOptions } from '../task.ts'
import { WaitQueue } from '../waitQueue.ts'
import { addressOf } from './address.ts'
import { ThreadJob, type Ending } from './job.ts'
import { traceEnd, valueOf } from './outcome.ts'
import { Scheduler } from './scheduler.ts'
import { expectLimits } from './limits.ts'
import { programOf } from './text.ts'
import { Thread } from './thread.ts'
import type {
  AnyModule,
  FunctionNames,
  InputOf,
  OutputOf,
  Threads,
  ThreadsMapOptions,
  ThreadsOptions,
  ThreadsRunOptions,
} from './types.ts'

/** Numbers of jobs wrap here, so that a claim fits into 32 bits. */
const NUMBERS = 2 ** 29

/** How many items of a map-style call are in line for each thread. */
const AHEAD = 512

type MapOptions = ThreadsMapOptions<AnyModule, string>

interface Call {
  readonly name: string
  readonly call: number
  readonly limit: number | undefined
}

class ThreadPool<M> implements Threads<M> {
  readonly size: number
  readonly #label: string
  readonly #link: LinkedSignal
  readonly #scheduler: Scheduler
  readonly #jobs = new Set<ThreadJob>()
  readonly #idle = new WaitQueue()
  #numbers = 0
  #calls = 0
  #runs = 0
  #unfinished = 0
  #closed = false
  #failure: { readonly error: unknown } | undefined

  constructor(work: URL | string | object, options: ThreadsOptions) {
    expectOptions(options)
    const { size = availableParallelism(), signal, name, resourceLimits } = options
    expectPositiveInteger('size', size)
    expectSignal('signal', signal)
    expectName(name)
    if (resourceLimits !== undefined) expectLimits(resourceLimits)
    const url = typeof work === 'function' ? undefined : addressOf(work)
    const program = programOf(typeof work === 'function' ? work : undefined)
    this.size = size
    this.#label = name === undefined ? 'The threads' : `The threads "${name}"`
    this.#scheduler = new Scheduler(
      size,
      this.#label,
      (owner, slot, traced) => new Thread(owner, slot, { program, url, name, resourceLimits, traced }),
      (error) => {
        this.#break(error)
      },
    )
    this.#link = new LinkedSignal([signal], (reason) => {
      this.#stopAll(reason)
    })
    openScope(this, 'threads', name, size, threads, TRACES ? this.#link.signal : undefined)
    openScope(this.#scheduler, 'worker', name, 0, threads, undefined, false)
  }

  get active(): number {
    return this.#scheduler.active
  }

  get pending(): number {
    return this.#jobs.size - this.active
  }

  run<K extends FunctionNames<M>>(input: InputOf<M, K>, options: ThreadsRunOptions<K> = {}): Promise<OutputOf<M, K>> {
    const call = this.#expectCall(options)
    const { transfer = [], signal } = options
    if (!Array.isArray(transfer)) throw unexpected('transfer', 'an array', transfer)
    return this.#run(input, call, transfer, signal) as Promise<OutputOf<M, K>>
  }

  map<K extends FunctionNames<M>>(
    source: Iterable<InputOf<M, K>> | AsyncIterable<InputOf<M, K>>,
    options: ThreadsMapOptions<M, K> = {},
  ): Promise<OutputOf<M, K>[]> {
    expectSource('source', source)
    const call = this.#expectCall(options)
    if (options.transfer !== undefined) expectFunction('transfer', options.transfer)
    return this.#map(source, call, options as unknown as MapOptions) as Promise<OutputOf<M, K>[]>
  }

  drain(options: WaitOptions = {}): Promise<void> {
    expectOptions(options)
    expectSignal('signal', options.signal)
    if (this.#unfinished > 0) return this.#idle.wait(options.signal)
    return options.signal?.aborted === true ? Promise.reject(options.signal.reason as Error) : Promise.resolve()
  }

  async close(options: WaitOptions = {}): Promise<void> {
    this.#closed = true
    await this.drain(options)
    await this.#scheduler.stop()
    closeScope(this.#scheduler)
    closeScope(this)
  }

  async [asyncDispose](): Promise<void> {
    this.#closed = true
    if (this.#unfinished > 0) this.#link.abort(cancellation(`${this.#label} were disposed of`), 'disposed')
    await this.close()
  }

  #expectCall(options: Pick<ThreadsRunOptions<string>, 'export' | 'signal' | 'timeout'>): Call {
    expectOptions(options)
    expectSignal('signal', options.signal)
    const { export: name = 'default', timeout } = options
    if (typeof name !== 'string') throw unexpected('export', 'the name of an export', name)
    if (timeout !== undefined) expectMilliseconds('timeout', timeout)
    if (this.#closed) throw new Error(`${this.#label} are closed: they take no more calls`)
    // Jobs that nothing but the end of all can stop may be counted as one call.
    const call = options.signal === undefined && timeout === undefined ? 0 : ++this.#calls
    return { name, call, limit: timeout }
  }

  async #run(
    input: unknown,
    call: Call,
    transfer: readonly unknown[],
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    this.#begin()
    try {
      this.#link.signal.throwIfAborted()
      signal?.throwIfAborted()
      const index = this.#runs++
      const ending = await new Promise<Ending>((settle) => {
        const stop = () => {
          this.#stop(job, signal?.reason)
        }
        const job = this.#submit('run', input, call, index, transfer, (how) => {
          signal?.removeEventListener('abort', stop)
          settle(how)
        })
        signal?.addEventListener('abort', stop, { once: true })
      })
      return 'value' in ending ? ending.value : valueOf(ending, new Error())
    } finally {
      this.#finish()
    }
  }

  async #map(
    source: Iterable<unknown> | AsyncIterable<unknown>,
    options: Call,
    { signal, transfer }: MapOptions,
  ): Promise<unknown[]> {
    this.#begin()
    const call = { ...options, call: ++this.#calls }
    const results: unknown[] = []
    const jobs = new Set<ThreadJob>()
    const done = new WaitQueue()
    let failure: { readonly error: unknown } | { readonly ending: Ending } | undefined
    const link = new LinkedSignal([this.#link.signal, signal], (error) => {
      failure ??= { error }
      for (const job of jobs) this.#stop(job, error)
    })
    if (TRACES) traceSignal(this, link.signal)
    const gate = new Gate(this.size * AHEAD, link.signal)
    const feed = feedOf(source, link.signal)
    try {
      link.follow()
      while (!link.signal.aborted) {
        const room = gate.enter()
        if (room !== undefined) await room
        const taken = feed.pull()
        const pulled = taken instanceof Promise ? await taken : taken
        if (pulled === undefined) break
        const { index, item } = pulled
        const list: unknown = transfer?.(item) ?? []
        if (!Array.isArray(list)) throw unexpected('transfer(item)', 'an array', list)
        const job = this.#submit('map', item, call, index, list, (ending) => {
          jobs.delete(job)
          gate.open()
          if ('value' in ending) {
            results[index] = ending.value
          } else {
            failure ??= { ending }
            const reason = cancellation('Another item of the call failed')
            if (TRACES) blame(reason, job.traced)
            link.abort(reason, 'failed')
          }
          if (jobs.size === 0) done.resolveAll()
        })
        jobs.add(job)
      }
    } catch (error) {
      failure ??= { error }
      link.abort(error)
    }
    try {
      // eslint-disable-next-line forkline/forward-abort-signal -- what was stopped is waited for
      if (jobs.size > 0) await done.wait()
      link.release()
      await feed.close()
      if (failure !== undefined) valueOf('ending' in failure ? failure.ending : failure, new Error())
      return results
    } finally {
      this.#finish()
    }
  }

  /** @param from the method that user code called. */
  #submit(
    from: string,
    input: unknown,
    { name, call, limit }: Call,
    index: number,
    transfer: readonly unknown[],
    settle: (ending: Ending) => void,
  ): ThreadJob {
    this.#numbers = (this.#numbers + 1) % NUMBERS
    const job: ThreadJob = new ThreadJob({
      number: this.#numbers,
      call,
      name,
      index,
      input,
      limit,
      transfer: transfer as ThreadJob['transfer'],
      settle: (ending) => {
        this.#jobs.delete(job)
        if (TRACES && job.traced !== undefined) traceEnd(job, ending)
        settle(ending)
      },
    })
    if (TRACES) job.traced = queueTask(this, undefined, from)
    this.#jobs.add(job)
    if (this.#failure === undefined) this.#scheduler.add(job)
    // Settled later, as always, since callers are not ready for it before they have the job.
    else
      queueMicrotask(() => {
        job.settle(this.#failure ?? { error: undefined })
      })
    return job
  }

  #stop(job: ThreadJob, error: unknown): void {
    if (job.settled) return
    if (job.thread === undefined) job.settle({ error })
    else job.thread.kill(job, error)
  }

  #stopAll(error: unknown): void {
    for (const job of this.#jobs) this.#stop(job, error)
  }

  #break(error: unknown): void {
    this.#failure ??= { error }
    failScope(this, error)
    for (const job of this.#jobs) job.settle({ error })
    void this.#scheduler.stop()
  }

  #begin(): void {
    if (this.#unfinished++ === 0) this.#scheduler.keepAlive(true)
    this.#link.follow()
  }

  #finish(): void {
    if (--this.#unfinished > 0) return
    this.#scheduler.keepAlive(false)
    this.#link.release()
    this.#idle.resolveAll()
  }
}

export function threads<F extends (...args: never) => unknown>(
  work: F,
  options?: ThreadsOptions,
): Threads<{ readonly default: F }>
export function threads<M = AnyModule>(work: URL | string, options?: ThreadsOptions): Threads<M>
/**
 * Runs work that keeps a processor busy on worker threads. Node only.
 *
 * Each thread has a deque of its own, and one that runs dry takes work from the longest: from the queue, or back
 * from a busy worker that was sent it and has not started it. Short jobs travel several to a message. Threads are
 * started as they are needed, and do not keep the process alive while they have nothing to do. A worker that crashes
 * is replaced, and fails only the task that it was running.
 *
 * The ideas come from the work stealing of Cilk, Java's fork-join pool and Go's scheduler.
 *
 * ```ts
 * const hashes = threads((text: string) => slowHash(text), { size: 4 })   // self-contained, or:
 * const images = threads<typeof import('./images.ts')>(new URL('./images.ts', import.meta.url))
 * const small = await images.map(files, { export: 'shrink' })
 * await images.close()
 * ```
 *
 * @param work a function that uses nothing from around it, which is sent to the workers as text; or the URL of a
 * module, whose default export is called unless a call names another. It gets the input, and an object with `index`
 * and `transfer(value, list)`, which gives `value` back and moves what is in `list` instead of copying it.
 * @throws TypeError when an argument is not what it should be.
 */
export function threads(work: URL | string | ((...args: never) => unknown), options: ThreadsOptions = {}): unknown {
  return new ThreadPool(work, options)
}
