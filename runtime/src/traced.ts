/**
 * What the primitives call so that a recording shows what they do. While nothing is recorded, each function is one
 * branch, and primitives hold nothing for a recording: what one needs to know of them is kept here, by the object it
 * belongs to, or in a scope that they keep themselves. `untraced.ts` stands in for this file in browsers.
 *
 * Wherever an owner is asked for, that is what a scope belongs to, or the scope itself.
 */
import { heardBy } from './audience.ts'
import type { Cause, ScopeKind } from './trace/format.ts'
import { type Caller, type CurrentTask, type Probe, tracing } from './trace/probe.ts'
import { TracedCompany } from './tracedCompany.ts'
import { counterOf, scopeOf, scopes, TracedScope } from './tracedScope.ts'

/** A task, for as long as it is queued or runs. */
export interface TracedTask extends CurrentTask {
  readonly scope: TracedScope
  slot: number
  /** The task in which it was created. */
  readonly parent: number
  /** It goes on as if nothing had happened, but has failed. */
  failure: { readonly error: unknown } | undefined
  /** Those that the same signal tells to stop. */
  readonly company: TracedCompany | undefined
  /** Its neighbours there. */
  before: TracedTask | undefined
  after: TracedTask | undefined
}

/** Where the cancellation under way comes from: what listens to a signal runs before its `abort` is over. */
interface Origin {
  /** 0 for one that has no scope, as long as it reaches nothing that has. */
  scope: number
  readonly cause: Cause
  readonly reason: unknown
  readonly from: Caller | undefined
}

export { endWith, shareTask } from './sharedTask.ts'
export type { TracedScope } from './tracedScope.ts'
export { beginWait, endWait, enterLine, leaveLine, traceLine } from './tracedWaits.ts'

/** Lets bundlers leave out what only recordings need. */
export const TRACES: boolean = true

/** Which task threw an error last. */
const failures = new WeakMap<object, number>()
let origin: Origin | undefined

/**
 * Opens a scope of what is made once and used for long.
 *
 * @param owner what the scope belongs to, and is named by in later calls.
 * @param from the function that user code called.
 * @param signal what cancels its tasks.
 * @param places whether each task is given to it at a place of its own.
 */
export function openScope(
  owner: object,
  kind: ScopeKind,
  name: string | undefined,
  limit: number,
  from: Caller,
  signal?: AbortSignal,
  places = true,
): void {
  const scope = openOwnScope(owner, kind, name, limit, from, signal, places)
  if (scope !== undefined) scopes.set(owner, scope)
}

/** As `openScope`, for an owner that keeps the scope itself, and for calls, which have none. */
export function openOwnScope(
  owner: object | undefined,
  kind: ScopeKind,
  name: string | undefined,
  limit: number,
  from: Caller,
  signal?: AbortSignal,
  places = true,
): TracedScope | undefined {
  const { probe } = tracing
  if (probe === undefined) return undefined
  const place = probe.placeOf(from)
  const counter = places ? counterOf(place ?? kind) : undefined
  const scope = new TracedScope(probe.openScopeAt(kind, name, limit, place), owner, counter)
  if (signal !== undefined) companyOf(signal, scope)
  return scope
}

/**
 * Where user code called a function of ours: for scopes that open only later.
 *
 * @param from the function, or the name of the owner's method.
 */
export function placeOf(from: Caller | string, owner: object = {}): string | undefined {
  return tracing.probe?.placeOf(typeof from === 'string' ? (Reflect.get(owner, from) as Caller) : from)
}

/** As `openScope`, at a place that was looked up before. */
export function openScopeAt(
  owner: object,
  kind: ScopeKind,
  name: string | undefined,
  limit: number,
  place: string | undefined,
  signal?: AbortSignal,
): void {
  const { probe } = tracing
  if (probe === undefined) return
  const scope = new TracedScope(probe.openScopeAt(kind, name, limit, place), owner, undefined)
  scopes.set(owner, scope)
  if (signal !== undefined) companyOf(signal, scope)
}

/** A scope is part of another one. Both are named by what they belong to. */
export function placeWithin(owner: object, outer: object): void {
  const { probe } = tracing
  if (probe === undefined) return
  const scope = scopeOf(owner)
  const around = scopeOf(outer)
  if (scope !== undefined && around !== undefined) probe.placeWithin(scope.number, around.number)
}

export function closeScope(owner: object | undefined): void {
  const { probe } = tracing
  if (probe === undefined || owner === undefined) return
  const scope = scopeOf(owner)
  if (scope === undefined || scope.ended) return
  scope.ended = true
  probe.endScope(scope.number, scope.cause === 'disposed' ? 'cancelled' : 'ok')
}

/** It counts as cancelled when it was, other than by a failure of its own, or when the signal that it obeys aborted. */
export function failScope(owner: object | undefined, error: unknown, signal?: AbortSignal): void {
  const { probe } = tracing
  if (probe === undefined || owner === undefined) return
  const scope = scopeOf(owner)
  if (scope === undefined || scope.ended) return
  scope.ended = true
  const { cause = signal?.aborted === true ? 'parent' : 'failed' } = scope
  probe.endScope(scope.number, cause === 'failed' ? 'failed' : 'cancelled', error)
}

/**
 * A task that has to wait for its start.
 *
 * @param from the method of the owner that user code called.
 */
export function queueTask(
  owner: object | undefined,
  signal: AbortSignal | undefined,
  from: string,
): TracedTask | undefined {
  const { probe } = tracing
  return probe === undefined || owner === undefined ? undefined : newTask(probe, owner, signal, from, true)
}

/** A task starts: one that was queued, or a new one. */
export function startTask(
  owner: object | undefined,
  signal: AbortSignal | undefined,
  from?: string,
  queued?: TracedTask,
): TracedTask | undefined {
  const { probe } = tracing
  if (probe === undefined || owner === undefined) return undefined
  if (queued === undefined) return newTask(probe, owner, signal, from, false)
  queued.slot = queued.scope.slots.take()
  queued.company?.add(queued)
  probe.startTask(queued.task, queued.slot)
  return queued
}

function newTask(
  probe: Probe,
  owner: object,
  signal: AbortSignal | undefined,
  from: string | undefined,
  waits: boolean,
): TracedTask | undefined {
  const scope = scopeOf(owner)
  if (scope === undefined) return undefined
  const slot = waits ? -1 : scope.slots.take()
  const parent = probe.current?.task ?? 0
  const number = waits ? probe.createTask(scope.number, parent) : probe.beginTask(scope.number, slot, parent)
  const company = signal === undefined ? undefined : companyOf(signal, scope)
  const task: TracedTask = {
    task: number,
    scope,
    slot,
    parent,
    failure: undefined,
    company,
    before: undefined,
    after: undefined,
  }
  if (!waits) company?.add(task)
  const { owner: called } = scope
  if (from !== undefined && called !== undefined && scope.placeNext())
    probe.locateTask(number, Reflect.get(called, from) as Caller)
  return task
}

function companyOf(signal: AbortSignal, scope: TracedScope): TracedCompany {
  return (heardBy(signal).company ??= new TracedCompany(scope))
}

/** A task that was told to stop has stopped, or was never started. */
export function stopTask(task: TracedTask | undefined, reason: unknown): void {
  if (task === undefined) return
  leave(task)
  tracing.probe?.endTask(task.task, 'cancelled', reason)
}

/** Runs `body` as part of a task. */
export function inTask<R>(task: TracedTask, body: () => R): R {
  return tracing.probe === undefined ? body() : tracing.probe.as(task, body)
}

/** For what the library does by way of the platform and the user has nothing to do with: joining promises, aborting. */
export function aside<R>(body: () => R): R {
  tracing.aside = true
  try {
    return body()
  } finally {
    tracing.aside = false
  }
}

/** A task ended well, and the next one starts in its place. */
export function nextTask(task: TracedTask): void {
  const { probe } = tracing
  if (probe === undefined) return
  const { scope, slot, failure } = task
  if (failure === undefined) {
    task.task = probe.nextTask(task.task, scope.number, slot)
    return
  }
  task.failure = undefined
  probe.failTask(task.task, failure.error)
  task.task = probe.beginTask(scope.number, slot, task.parent)
}

/** The task that runs now has failed, though it goes on to say so in what it gives. */
export function failCurrent(error: unknown): void {
  const task = tracing.probe?.current as TracedTask | undefined
  if (task !== undefined) task.failure = { error }
}

export function endTask(task: TracedTask | undefined): void {
  if (task === undefined || tracing.probe === undefined) return
  leave(task)
  if (task.failure === undefined) tracing.probe.endTask(task.task, 'ok')
  else tracing.probe.failTask(task.task, task.failure.error)
}

/** @param signal what told it to stop, if anything has: then it was cancelled rather than failed. */
export function failTask(task: TracedTask | undefined, error: unknown, signal?: AbortSignal): void {
  if (task === undefined || tracing.probe === undefined) return
  leave(task)
  if (typeof error === 'object' && error !== null) failures.set(error, task.task)
  tracing.probe.failTask(task.task, error, signal)
}

/** Tells when a promise is settled, without being one who waits for it. */
export function observe(promise: Promise<unknown>, end: (outcome: 'ok' | 'failed') => void): void {
  tracing.probe?.observe(promise, end)
}

/** For what is told that a task failed, in other words: who it was stays known. */
export function blame(error: object, task: TracedTask | undefined): void {
  if (task !== undefined) failures.set(error, task.task)
}

function leave(task: TracedTask): void {
  task.company?.remove(task)
  if (task.slot >= 0) task.scope.slots.give(task.slot)
}

/** How full something is. */
export function traceLevel(owner: object | undefined, held: number, waiting: number): void {
  const { probe } = tracing
  if (probe === undefined || owner === undefined) return
  const scope = scopeOf(owner)
  if (scope !== undefined) probe.level(scope.number, held, waiting)
}

export function tracePause(owner: object, paused: boolean): void {
  const { probe } = tracing
  if (probe === undefined) return
  const scope = scopeOf(owner)
  if (scope !== undefined) probe.pause(scope.number, paused)
}

/**
 * A signal is about to abort: says who is cancelled, and which tasks that reaches. To be followed by `afterAbort`,
 * with what this gives, once all that listens to the signal has heard.
 *
 * @param from the function that user code called, for a signal that has no scope of its own.
 */
export function beforeAbort(signal: AbortSignal, cause: Cause, reason: unknown, from?: Caller): Origin | undefined {
  const outer = origin
  const { probe } = tracing
  if (probe === undefined) return outer
  tracing.aborting = signal
  const { company } = heardBy(signal)
  if (company === undefined) {
    origin ??= { scope: 0, cause, reason, from }
    return outer
  }
  const { scope } = company
  const { number } = scope
  const source = (origin ??= { scope: number, cause, reason, from })
  if (source.scope === 0) openOrigin(probe, source)
  // Several signals may abort one after the other for the same reason.
  const again = scope.cause !== undefined && scope.reason === reason
  scope.cause ??= outer === undefined ? cause : 'parent'
  scope.reason = reason
  if (again) return reachAll(probe, company, source, outer)
  if (outer === undefined)
    probe.cancel(number, cause, reason, cause === 'failed' ? failures.get(Object(reason) as object) : undefined)
  else if (source.scope !== number) probe.cancel(number, 'parent', reason)
  return reachAll(probe, company, source, outer)
}

function reachAll(
  probe: Probe,
  company: TracedCompany,
  { scope }: Origin,
  outer: Origin | undefined,
): Origin | undefined {
  for (const { task } of company) probe.reach(task, scope)
  return outer
}

/** A cancellation under way reaches a task that has no signal of its own to hear of it. */
export function reachTask(task: TracedTask | undefined): void {
  const { probe } = tracing
  if (probe === undefined || task === undefined || origin === undefined) return
  if (origin.scope === 0) openOrigin(probe, origin)
  probe.reach(task.task, origin.scope)
}

/** When `signal` aborts, that cancels the owner's scope. */
export function traceSignal(owner: object, signal: AbortSignal): void {
  const scope = tracing.probe === undefined ? undefined : scopeOf(owner)
  if (scope !== undefined) companyOf(signal, scope)
}

export function afterAbort(outer: Origin | undefined): void {
  origin = outer
}

/** A derived scope becomes part of the recording only when it cancels something in it. */
function openOrigin(probe: Probe, source: Origin): void {
  source.scope = probe.openScope('context', undefined, 0, source.from ?? openOrigin)
  probe.cancel(source.scope, source.cause, source.reason)
  probe.endScope(source.scope, 'ok')
}
