import {
  expectBoolean,
  expectFunction,
  expectMilliseconds,
  expectName,
  expectNonNegativeInteger,
  expectOptions,
  expectPositiveInteger,
  signalOf,
} from './expect.ts'
import { trunkOf } from './pipelineBranches.ts'
import { batchStage, workerStage, type Stage } from './pipelineStages.ts'
import { Run, RunIterator, type Work } from './run.ts'
import { expectSource, type Source } from './source.ts'
import type { ItemFunction, Task, WaitOptions } from './task.ts'
import { openScopeAt, placeOf, TRACES } from '#traced'

export interface StageOptions {
  /** How many items the stage works on at once. Default: 1. */
  readonly concurrency?: number | undefined
  /** How many results may wait for the next stage while all workers are at work. Default: as `concurrency`. */
  readonly buffer?: number | undefined
  /** Hands results on in the order of the input rather than as they come. Default: true. */
  readonly ordered?: boolean | undefined
  /** Failures of the stage become a `StageError` with this name, and the error as its `cause`. Default: none. */
  readonly name?: string | undefined
}

export interface BatchOptions {
  /** Milliseconds from its first item after which a batch goes on though it is not full. Default: no such limit. */
  readonly maxWait?: number | undefined
}

/** Whether an item goes on. */
type Filter<T> = (item: T, task: Task) => boolean | PromiseLike<boolean>

/** A source and the stages that its items pass. Made by `pipeline`; each method makes a new one. */
export class Pipeline<T> implements AsyncIterable<T> {
  readonly #source: Source<unknown>
  readonly #stages: readonly Stage[]
  readonly #signals: readonly (AbortSignal | undefined)[]
  /** Where it was made; undefined while nothing is recorded. */
  readonly #place: string | undefined

  /** @internal Use `pipeline`. */
  constructor(
    source: Source<unknown>,
    signals: readonly (AbortSignal | undefined)[],
    stages: readonly Stage[] = [],
    place?: string,
  ) {
    this.#source = source
    this.#signals = signals
    this.#stages = stages
    this.#place = place
  }

  /**
   * Applies `fn` to each item.
   *
   * @param fn gets the item and a task with `signal`, which aborts when the pipeline stops, and `index`.
   * @throws TypeError at the call when an argument is not what it should be; so do the other methods.
   */
  map<R>(fn: ItemFunction<T, R>, options: StageOptions = {}): Pipeline<Awaited<R>> {
    expectFunction('fn', fn)
    return this.#work(async (item, task) => ({ value: await fn(item as T, task) }), options, 'map')
  }

  /** Keeps the items for which `fn` gives `true`. */
  filter<S extends T>(fn: (item: T, task: Task) => item is S, options?: StageOptions): Pipeline<S>
  filter(fn: Filter<T>, options?: StageOptions): Pipeline<T>
  filter(fn: Filter<T>, options: StageOptions = {}): Pipeline<T> {
    expectFunction('fn', fn)
    return this.#work(
      async (item, task) => ((await fn(item as T, task)) ? { value: item } : undefined),
      options,
      'filter',
    )
  }

  /** Calls `fn` with each item, waits for what it returns, and hands the item on. */
  tap(fn: ItemFunction<T, unknown>, options: StageOptions = {}): Pipeline<T> {
    expectFunction('fn', fn)
    return this.#work(
      async (item, task) => {
        await fn(item as T, task)
        return { value: item }
      },
      options,
      'tap',
    )
  }

  /** Gathers items in arrays of `size`, the last of which may be shorter. */
  batch(size: number, options: BatchOptions = {}): Pipeline<T[]> {
    expectPositiveInteger('size', size)
    expectOptions(options)
    const { maxWait } = options
    if (maxWait !== undefined) expectMilliseconds('maxWait', maxWait)
    return this.#then(batchStage(size, maxWait))
  }

  /**
   * Fans out: gives `count` pipelines, and each item to one of them, whichever asks first. `merge` brings them
   * together again. The stages so far run once for all branches; their failure is the failure of every branch, and
   * aborts the tasks of all at once. They stop when every branch that was begun has been left.
   *
   * ```ts
   * const [first, second] = pipeline(jobs).fanOut(2)
   * for await (const done of merge(first.map(onOneHost), second.map(onAnother))) report(done)
   * ```
   */
  fanOut<const N extends number>(count: N): Branches<T, N> {
    expectPositiveInteger('count', count)
    // Gives the branches a line to wait in, which a source is not.
    const handOn = this.#work<T>((item) => Promise.resolve({ value: item }), { buffer: 0 }, 'fanOut')
    const { source, signal } = trunkOf(() => handOn.#run())
    return Array.from({ length: count }, () => new Pipeline<T>(source, [...this.#signals, signal])) as Branches<T, N>
  }

  /**
   * Runs the pipeline, and gathers what comes out of it.
   *
   * @param options `signal`: ends the run, as that of `pipeline` does.
   * @throws the first failure of the source, a stage or a signal. It aborts the signal of all tasks, and comes out
   * after they have stopped and the source is closed.
   */
  collect(options?: WaitOptions): Promise<T[]> {
    const signal = signalOf(options)
    return this.#collect(signal)
  }

  /**
   * Runs the pipeline, as results are asked for: nothing is taken from the source before the first `next`. A failure
   * comes out as from `collect`. Leaving the loop aborts all tasks, waits until they have stopped, and closes the
   * source.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined, undefined> {
    return new RunIterator<T>(() => this.#run())
  }

  async #collect(signal: AbortSignal | undefined): Promise<T[]> {
    const results: T[] = []
    const run = this.#run(signal)
    run.work((item) => {
      results.push(item as T)
      return Promise.resolve(undefined)
    }, 1)
    await run.end()
    return results
  }

  #run(signal?: AbortSignal): Run {
    const run = new Run(this.#source, [...this.#signals, signal])
    openScopeAt(run, 'pipeline', undefined, 0, this.#place, TRACES ? run.signal : undefined)
    for (const stage of this.#stages) stage(run)
    return run
  }

  /** @param from the method that was called, for recordings. */
  #work<R>(fn: Work<unknown>, options: StageOptions, from: string): Pipeline<R> {
    expectOptions(options)
    const { concurrency = 1, buffer = concurrency, ordered = true, name } = options
    expectPositiveInteger('concurrency', concurrency)
    expectNonNegativeInteger('buffer', buffer)
    expectBoolean('ordered', ordered)
    expectName(name)
    const place = TRACES ? placeOf(from, this) : undefined
    const position = this.#stages.length
    return this.#then(workerStage(fn, { concurrency, buffer, ordered, name, method: from, position, place }))
  }

  #then<R>(stage: Stage): Pipeline<R> {
    return new Pipeline<R>(this.#source, this.#signals, [...this.#stages, stage], this.#place)
  }
}

/** As many pipelines as were asked for: a tuple, when the number is known. */
export type Branches<T, N extends number, Done extends readonly unknown[] = []> = number extends N
  ? Pipeline<T>[]
  : Done['length'] extends N
    ? { [K in keyof Done]: Pipeline<T> }
    : Done['length'] extends 16
      ? Pipeline<T>[]
      : Branches<T, N, [...Done, unknown]>

/**
 * Lets items pass through stages that work at the same time, each on so many of them. Every stage has a bounded
 * buffer behind it, so that a slow stage, or a slow consumer, slows down all before it, and the source is asked for
 * no more than there is room for.
 *
 * The idea comes from the pipelines of Go, in which stages are goroutines joined by channels.
 *
 * ```ts
 * const pages = pipeline(urls)
 *   .map((url, { signal }) => download(url, { signal }), { concurrency: 5 })
 *   .map(page => parse(page), { concurrency: 3 })
 * for await (const batch of pages.batch(100, { maxWait: 1000 })) await save(batch)
 * ```
 *
 * @param source a collection, a generator, a stream.
 * @param options `signal`: ends every run of the pipeline. Default: none.
 * @throws TypeError when an argument is not what it should be.
 */
export function pipeline<T>(source: Source<T>, options?: WaitOptions): Pipeline<T> {
  expectSource('source', source)
  const signal = signalOf(options)
  return new Pipeline<T>(source, [signal], [], TRACES ? placeOf(pipeline) : undefined)
}
