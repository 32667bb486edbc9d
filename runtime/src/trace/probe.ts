import type { Cause, Outcome, ScopeKind, WaitKind } from './format.ts'

/** A function that user code calls. */
export type Caller = ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown)

/**
 * What the primitives tell a recorder. Scopes, tasks and waits are numbers that the recorder gives out; 0 is none.
 * No method throws, and none changes what the program does.
 */
export interface Probe {
  /** What runs now is part of this task, if of any. */
  readonly current: CurrentTask | undefined
  /**
   * A scope opens in the task that runs now.
   *
   * @param limit how many tasks may run in it at once; 0 when there is no limit.
   * @param from the function that user code called: the location is that of its caller.
   */
  openScope(kind: ScopeKind, name: string | undefined, limit: number, from: Caller): number
  /** As `openScope`, at a place that was looked up before. */
  openScopeAt(kind: ScopeKind, name: string | undefined, limit: number, location: string | undefined): number
  /** A scope is part of another one, as a stage is of its pipeline. */
  placeWithin(scope: number, outer: number): void
  /** Where user code called `from`; undefined too where very many places are asked for. */
  placeOf(from: Caller): string | undefined
  endScope(scope: number, outcome: Outcome, error?: unknown): void
  /** A task was created in a scope and waits to be started. */
  createTask(scope: number, parent?: number): number
  /** @param at when it started, in ms since the Unix epoch. Default: now. */
  startTask(task: number, slot: number, at?: number): void
  /** A task was created, and starts at once. */
  beginTask(scope: number, slot: number, parent?: number): number
  /** @param at when it ended, in ms since the Unix epoch. Default: now. */
  endTask(task: number, outcome: Outcome, error?: unknown, at?: number): void
  /** A task threw `error`: one that was told to stop by `signal`, and did, counts as cancelled. */
  failTask(task: number, error: unknown, signal?: AbortSignal): void
  /** A task that waits for one worker is taken by another. `sent`: from the worker itself, not from its queue. */
  stealTask(task: number, from: number, to: number, sent: boolean): void
  /** One task of a worker ended well and its next one begins: as `endTask` and `beginTask`, with one look at the clock. */
  nextTask(ended: number, scope: number, slot: number): number
  /** Where the task came from, and what it is called. Only some tasks of a scope need tell. */
  describeTask(task: number, name: string | undefined, from: Caller | undefined): void
  /** Where the task came from, looked up in any case. */
  locateTask(task: number, from: Caller): void
  /** Runs `body` with `task` as the one that is current, for all that comes of it. */
  within<R>(task: number, body: () => R): R
  /** As `within`, for what runs one task after the other: it says which by changing `current`. */
  as<R>(current: CurrentTask, body: () => R): R
  /** For what this thread does for a task of the thread that started it: as whose part it is to run, given to `as`. */
  adopt(task: number): CurrentTask
  /** Tells when a promise is settled, without being one who waits for it. */
  observe(promise: Promise<unknown>, end: (outcome: 'ok' | 'failed') => void): void
  beginWait(kind: WaitKind, scope: number): number
  endWait(wait: number, outcome: Outcome): void
  level(scope: number, held: number, waiting: number): void
  /** @param by the task that did it. Default: the one that runs now. */
  cancel(scope: number, cause: Cause, reason: unknown, by?: number): void
  /** The signal of a task aborted. */
  reach(task: number, scope: number): void
  pause(scope: number, paused: boolean): void
}

export interface CurrentTask {
  task: number
}

interface Tracing {
  /** Undefined as long as nothing is recorded: the one branch that an unrecorded program pays for. */
  probe: Probe | undefined
  /** Whether a thread is being started that whoever starts it records: others need not. */
  ownThread?: boolean
  /** The address of a module that has a thread join the recording, where threads do not join by themselves. */
  join?: string | undefined
  /** Says which task of this thread the next one is that is started here. Gives what it was before. */
  offer?: ((task: number) => number) | undefined
  /** Says that a thread that was started here has exited. */
  threadEnded?: ((id: number, exitCode: number) => void) | undefined
  /** Whether this library joins promises or aborts signals of its own: what they are is recorded already. */
  aside?: boolean
  /** The signal that this library is about to abort, and has recorded. */
  aborting?: AbortSignal | undefined
}

// Several copies of this library may be loaded, bundled ones too; they all ask the same place, by this name.
const KEY = Symbol.for('forkline.tracing.1')

/** Where the primitives find the recorder. */
export const tracing: Tracing = ((globalThis as { [KEY]?: Tracing | undefined })[KEY] ??= { probe: undefined })
