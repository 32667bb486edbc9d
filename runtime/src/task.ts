/** What a task is told about itself. */
export interface Task {
  /** Aborts when the work is no longer wanted: pass it on to whatever the task waits for. */
  readonly signal: AbortSignal
  /** Position of the task, from 0: in the order of `go` for a group, in the order of the input for a pool. */
  readonly index: number
}

/** The work itself. A synchronous throw counts as a rejection. */
export type TaskFunction<R> = (task: Task) => R | PromiseLike<R>

/** Options of everything that waits. */
export interface WaitOptions {
  /** Ends the wait: it rejects with the signal's reason. Default: none. */
  readonly signal?: AbortSignal | undefined
}

/** What a map-style call does with an item. A synchronous throw counts as a rejection. */
export type ItemFunction<T, R> = (item: T, task: Task) => R | PromiseLike<R>

/** How a task ended, as `Promise.allSettled` tells it. */
export type Outcome<R> = PromiseSettledResult<Awaited<R>>
