import { cancellation, markHandled } from './abortable.ts'
import { asyncDispose } from './disposal.ts'
import { expectFunction, expectName, expectOptions, expectPositiveInteger, expectSignal, unexpected } from './expect.ts'
import { LinkedSignal } from './linkedSignal.ts'
import { Places } from './places.ts'
import { WATCHES } from '#stall'
import {
  aside,
  beginWait,
  closeScope,
  endTask,
  endWait,
  failScope,
  failTask,
  inTask,
  openOwnScope,
  queueTask,
  startTask,
  TRACES,
  type TracedScope,
  type TracedTask,
} from '#traced'
import type { TaskFunction } from './task.ts'
import type { Cause } from './trace/format.ts'
import type { Caller } from './trace/probe.ts'

export interface GroupOptions {
  /** How many tasks may run at once; the others are queued in the order of `go`. Default: no limit. */
  readonly limit?: number | undefined
  /** Cancels the group: its own signal aborts with the same reason. Default: none. */
  readonly signal?: AbortSignal | undefined
  /** Shown in error messages. Default: none. */
  readonly name?: string | undefined
  /**
   * What the failure of a task does. `cancel`: it aborts the signal of the others, and `wait` rejects with it.
   * `collect`: the others go on, and `wait` rejects with an `AggregateError` of all failures in the order of
   * `go`. Default: `cancel`.
   */
  readonly onError?: 'cancel' | 'collect' | undefined
}

/** Tasks that belong together: they start together, fail together, and none outlives `wait`. Made by `group`. */
export class Group<T = unknown> implements AsyncDisposable {
  readonly #label: string
  readonly #collects: boolean
  readonly #link: LinkedSignal
  readonly #places: Places
  /** Undefined while it is not recorded. */
  readonly #scope: TracedScope | undefined
  /** In the order of `go`; a place is empty only while its task is being started. */
  #tasks: (Promise<T> | undefined)[] = []
  #failure: { readonly error: unknown } | undefined
  #joining: Promise<T[]> | undefined
  #closed = false
  /** Whether someone outside the tasks holds the signal, which then has to follow the caller's at all times. */
  #observed = false

  /**
   * @internal Use `group`.
   * @param from which function was called, and `places` whether each task was given at a place of its own, for recordings.
   */
  constructor(options: GroupOptions = {}, from: Caller = group, places = true) {
    expectOptions(options)
    const { limit, signal, name, onError = 'cancel' } = options
    if (limit !== undefined && limit !== Infinity) expectPositiveInteger('limit', limit)
    expectSignal('signal', signal)
    expectName(name)
    if (!['cancel', 'collect'].includes(onError)) throw unexpected('onError', "'cancel' or 'collect'", onError)
    this.#label = name === undefined ? 'The group' : `The group "${name}"`
    this.#collects = onError === 'collect'
    this.#link = new LinkedSignal([signal], (reason) => {
      this.#failure ??= { error: reason }
      // Those in the queue find the signal aborted as they come up, and end without being started.
      this.#places.serveAll()
    })
    this.#places = new Places(
      limit ?? Infinity,
      WATCHES
        ? {
            label: this.#label,
            holding: [this.#start],
            abortable: () => false,
          }
        : undefined,
    )
    if (TRACES) this.#scope = openOwnScope(this, 'group', name, this.#places.size, from, this.#link.signal, places)
  }

  /** Aborts at the first failure (unless failures are collected), on `cancel`, and with the caller's signal. */
  get signal(): AbortSignal {
    if (!this.#closed) {
      this.#observed = true
      this.#link.follow()
    }
    return this.#link.signal
  }

  /**
   * Starts a task now, or queues it when the limit is reached. Never blocks.
   *
   * @param fn gets the task's `signal` and `index`. A task of a cancelled group is not started.
   * @returns the task's promise. Its rejection is handled: it may be ignored, since `wait` reports it.
   * @throws TypeError when `fn` is no function; Error when the group has been waited for or disposed of.
   */
  go<R extends T>(fn: TaskFunction<R>): Promise<R> {
    expectFunction('fn', fn)
    if (this.#closed) throw new Error(`${this.#label} has ended: \`go\` must come before \`wait\` has settled`)
    this.#link.follow()
    const index = this.#tasks.length
    this.#tasks.push(undefined)
    let promise: Promise<R>
    if (this.#places.take()) promise = this.#start(fn, index, undefined)
    else {
      const queued = TRACES ? queueTask(this.#scope, this.#link.signal, 'go') : undefined
      promise = this.#places.wait(undefined, undefined).then(
        () => this.#start(fn, index, queued),
        (error: unknown) => {
          failTask(queued, error)
          this.#fail(error, index)
          throw error
        },
      )
    }
    this.#tasks[index] = promise
    return promise
  }

  /** As `go`, but gives `undefined` instead of queueing the task when the limit is reached. */
  tryGo<R extends T>(fn: TaskFunction<R>): Promise<R> | undefined {
    expectFunction('fn', fn)
    return this.#places.taken < this.#places.size ? this.go(fn) : undefined
  }

  /**
   * Waits until every task has stopped, including those that tasks add meanwhile, and ends the group.
   *
   * @returns the values in the order of `go`.
   * @throws the first failure, after all have stopped; when collecting, an `AggregateError` of all failures in
   * the order of `go`; the reason of the cancellation when the group was cancelled, in both cases.
   */
  wait(): Promise<T[]> {
    if (!this.#closed) this.#link.follow()
    return (this.#joining ??= this.#join())
  }

  /**
   * Aborts the group's signal, drops what is queued, and makes `wait` reject with the reason. Tasks that run are
   * not interrupted: they are expected to obey their signal. Does nothing on a group that has failed or ended.
   *
   * @param reason Default: an `AbortError`.
   */
  cancel(reason?: unknown): void {
    if (!this.#closed) this.#cancel(reason, 'called')
  }

  #cancel(reason: unknown, cause: Cause): void {
    this.#link.abort(reason ?? cancellation(`${this.#label} was cancelled`), cause)
  }

  /** Cancels what still runs and waits until it has stopped. Failures are `wait`'s to report: this never rejects. */
  async [asyncDispose](): Promise<void> {
    if (this.#places.taken > 0) this.#cancel(undefined, 'disposed')
    await this.wait().catch(() => undefined)
  }

  /** @internal Use `group.run`. */
  static async run<R, T = unknown>(
    body: (group: Group<T>) => R | PromiseLike<R>,
    options?: GroupOptions,
  ): Promise<Awaited<R>> {
    const tasks = new Group<T>(options, group.run)
    tasks.#observed = true
    tasks.#link.follow()
    try {
      const value = await body(tasks)
      await tasks.wait()
      return value
    } catch (error) {
      if (tasks.#closed) throw error
      return await tasks.#leave(error)
    }
  }

  /** The body of `run` failed: it counts as a task like the others. */
  async #leave(error: unknown): Promise<never> {
    this.#fail(error)
    const failure = await this.wait().then(
      () => undefined,
      (reason: unknown) => ({ reason }),
    )
    if (failure === undefined) throw new AggregateError([error], `${this.#label}: the body failed`)
    if (!this.#collects || this.#failure !== undefined) throw failure.reason
    const errors: readonly unknown[] = (failure.reason as AggregateError).errors
    if (errors.includes(error)) throw failure.reason
    throw new AggregateError([error, ...errors], `${this.#label}: the body and ${count(errors.length)} failed`)
  }

  readonly #start = async <R extends T>(
    fn: TaskFunction<R>,
    index: number,
    queued: TracedTask | undefined,
  ): Promise<R> => {
    const { signal } = this.#link
    let traced = queued
    try {
      signal.throwIfAborted()
      if (TRACES) traced = startTask(this.#scope, signal, 'go', queued)
      const task = { signal, index }
      const value = await (TRACES && traced !== undefined ? inTask(traced, () => fn(task)) : fn(task))
      endTask(traced)
      return value
    } catch (error) {
      failTask(traced, error, signal)
      // A task that throws at once comes here before `go` has put its promise in place.
      if (this.#tasks[index] === undefined) await Promise.resolve()
      this.#fail(error, index)
      throw error
    } finally {
      this.#places.free()
      if (this.#places.taken === 0 && !this.#observed) this.#link.release()
    }
  }

  /** Without an index it is the body of `run` that failed, which counts as a task like the others. */
  #fail(error: unknown, index = -1): void {
    if (!this.#collects) {
      this.#failure ??= { error }
      this.#link.abort(error, 'failed')
    }
    // The promise gets a handler only now: an earlier one would cut the caller's lines from `error.stack`.
    markHandled(this.#tasks[index])
  }

  async #join(): Promise<T[]> {
    const values: T[] = []
    const errors: unknown[] = []
    let taken = 0
    // Where all have stopped there is nothing to wait for.
    const wait = TRACES && this.#places.taken > 0 ? beginWait('group', this.#scope) : undefined
    while (taken < this.#tasks.length) {
      // Called from inside a task that is only being started, whose promise is there in a moment.
      await Promise.resolve()
      const batch = this.#tasks.slice(taken) as Promise<T>[]
      taken += batch.length
      const outcomes = await (TRACES ? aside(() => Promise.allSettled(batch)) : Promise.allSettled(batch))
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') values.push(outcome.value)
        else errors.push(outcome.reason)
      }
    }
    this.#closed = true
    this.#link.release()
    this.#tasks = []
    endWait(wait)
    if (this.#failure !== undefined) {
      if (TRACES) failScope(this.#scope, this.#failure.error)
      throw this.#failure.error
    }
    if (errors.length > 0) {
      const error = new AggregateError(errors, `${this.#label}: ${errors.length} of ${count(taken)} failed`)
      if (TRACES) failScope(this.#scope, error)
      throw error
    }
    if (TRACES) closeScope(this.#scope)
    return values
  }
}

function count(tasks: number): string {
  return tasks === 1 ? '1 task' : `${tasks} tasks`
}

/**
 * Makes a group of tasks that start, fail and end together. Call `wait`, or declare it with `await using`, so
 * that no task outlives the code that started it; `group.run` sees to that by itself.
 *
 * The idea comes from Go's errgroup and errors.Join and from the nurseries of Trio. Unlike errgroup, the signal
 * does not abort when everything went well, so that a response that a task returned can still be read.
 *
 * ```ts
 * const tasks = group<string>({ limit: 8 })
 * for (const url of urls) void tasks.go(({ signal }) => download(url, { signal }))
 * const pages = await tasks.wait()
 * ```
 *
 * @throws TypeError when an option is not what it should be.
 */
export function group<T = unknown>(options?: GroupOptions): Group<T> {
  return new Group<T>(options)
}

/**
 * Runs `body` with a group and waits for every task that it started, however `body` ends.
 *
 * @returns what `body` returned, once all tasks have stopped.
 * @throws what `wait` throws. When `body` fails it counts as a task: by default it aborts the tasks' signal, and
 * the error comes out after they have stopped; when collecting, its error is the first of the `AggregateError`.
 */
group.run = <R, T = unknown>(
  body: (group: Group<T>) => R | PromiseLike<R>,
  options?: GroupOptions,
): Promise<Awaited<R>> => {
  expectFunction('body', body)
  return Group.run(body, options)
}
