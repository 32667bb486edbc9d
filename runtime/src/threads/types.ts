import type { WaitOptions } from '../task.ts'

/** How much memory a worker may use, in MB, as for Node's `Worker`; written out for projects without Node's types. */
export interface ThreadLimits {
  /** The heap of objects that live on. */
  readonly maxOldGenerationSizeMb?: number
  /** The heap of new objects. */
  readonly maxYoungGenerationSizeMb?: number
  /** Code that was compiled. */
  readonly codeRangeSizeMb?: number
  /** Default: 4. */
  readonly stackSizeMb?: number
}

export interface ThreadsOptions {
  /** How many threads there may be. Default: `os.availableParallelism()`. */
  readonly size?: number | undefined
  /** Stops all work: what runs is killed, what waits is dropped, and both reject with the reason. Default: none. */
  readonly signal?: AbortSignal | undefined
  /** Shown in error messages and debuggers. Default: none. */
  readonly name?: string | undefined
  /**
   * How much memory each worker may use. One that needs more is ended and replaced, and the task that it was running
   * fails. Default: Node's, which are those of the process.
   */
  readonly resourceLimits?: ThreadLimits | undefined
}

/** What the function is told besides its input. */
export interface ThreadCall {
  /** Position of the call, from 0: of the item in the input of `map`, in the order of the calls for `run`. */
  readonly index: number
  /** Gives `value` back, so that it can be returned, and lets the buffers and ports in `list` be moved, not copied. */
  transfer<V>(value: V, list: readonly object[]): V
}

export interface ThreadsRunOptions<K> extends WaitOptions {
  /** Which export of the module to call. Default: `default`. */
  readonly export?: K | undefined
  /** Milliseconds that the call may run, not counting the wait for a thread. Default: no limit. */
  readonly timeout?: number | undefined
  /** Buffers and ports of the input that are moved to the worker, and can no longer be used here. Default: none. */
  readonly transfer?: readonly object[] | undefined
}

export interface ThreadsMapOptions<M, K> extends WaitOptions {
  /** Which export of the module to call. Default: `default`. */
  readonly export?: K | undefined
  /** Milliseconds that each call may run. Default: no limit. */
  readonly timeout?: number | undefined
  /** What of an item is moved rather than copied. Default: nothing. */
  readonly transfer?: ((item: InputOf<M, K>) => readonly object[]) | undefined
}

type AnyFunction = (...args: never) => unknown

/** A module of which nothing is known. */
export type AnyModule = Readonly<Record<string, (input: unknown) => unknown>>

/** The exports of a module that can be called. */
export type FunctionNames<M> = { [K in keyof M]: M[K] extends AnyFunction ? K : never }[keyof M] & string

export type InputOf<M, K> = K extends keyof M ? (M[K] extends AnyFunction ? Parameters<M[K]>[0] : never) : never

export type OutputOf<M, K> = K extends keyof M ? (M[K] extends AnyFunction ? Awaited<ReturnType<M[K]>> : never) : never

/** `default` when there is such an export. */
type DefaultName<M> = 'default' & FunctionNames<M>

/** Threads that run a function, or the functions of a module. Made by `threads`. */
export interface Threads<M = AnyModule> extends AsyncDisposable {
  /** How many threads there may be. */
  readonly size: number
  /** Threads that have work now. */
  readonly active: number
  /** Tasks in line, those that were sent to a busy worker included. */
  readonly pending: number
  /**
   * Calls the function on the next thread that is free. The input is copied when it is sent, by structured clone:
   * leave it alone until then.
   *
   * @returns a copy of what the function returned.
   * @throws what the function throws: an error keeps its name, properties and cause, and its stack leads from the
   * worker to here. The signal's reason when it aborts, a `TimeoutError` when the time is up: a call in line is
   * dropped, a worker that is in the middle of it is ended first and replaced, and no other call is affected. Error
   * with the exit code when the worker exits. DataCloneError for what cannot be copied. TypeError or Error at the
   * call when an argument is not what it should be, or after `close`.
   */
  run<K extends FunctionNames<M> = DefaultName<M>>(
    input: InputOf<M, K>,
    options?: ThreadsRunOptions<K>,
  ): Promise<OutputOf<M, K>>
  /**
   * Calls the function with each item. Items are taken as there is room, 512 a thread.
   *
   * @returns the results in the order of the input.
   * @throws the first failure, after the other calls were dropped or ended; otherwise as `run`.
   */
  map<K extends FunctionNames<M> = DefaultName<M>>(
    source: Iterable<InputOf<M, K>> | AsyncIterable<InputOf<M, K>>,
    options?: ThreadsMapOptions<M, K>,
  ): Promise<OutputOf<M, K>[]>
  /** Waits until every call made so far or meanwhile has ended, well or badly. */
  drain(options?: WaitOptions): Promise<void>
  /** Takes no more calls, waits until what was called has ended, and ends the threads. May be called again. */
  close(options?: WaitOptions): Promise<void>
}
