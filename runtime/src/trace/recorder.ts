import { AsyncLocalStorage, AsyncResource, executionAsyncId } from 'node:async_hooks'
import { performance } from 'node:perf_hooks'
import { observe, stateOf } from '../register/settled.ts'
import {
  CAUSES,
  type Cause,
  type Outcome,
  OUTCOMES,
  RECORDS,
  type ScopeKind,
  SCOPES,
  type WaitKind,
  WAITS,
} from './format.ts'
import { callerOf, locationOf } from './location.ts'
import { PlaceBudget } from './placeBudget.ts'
import type { Caller, CurrentTask, Probe } from './probe.ts'
import type { Moment, Ring } from './ring.ts'
import { Texts } from './texts.ts'
import { isAbortError, saidBy } from './thrown.ts'

/** Tasks that follow one another within so many ms come quickly; … */
const QUICK_MS = 0.002
/** … so many of them are a burst, … */
const LONG_BURST = 64
/** … in which so many are not timed after each one that is. */
const SKIPPED = 11

/**
 * From Node 24 on, `run` copies the context that it leaves behind once more when it comes back to it: a resource, which
 * only goes back, takes half the time.
 */
const RESOURCES_ARE_CHEAPER = Number.parseInt(process.versions.node) >= 24

/** The flag of a record whose time was not looked up. */
const UNTIMED = 1 << 8

/*
 * As they are before the program begins: tests put clocks of their own in their place, which stand still or need to be
 * wound.
 */
const clock = performance.now.bind(performance)
const nextTick = process.nextTick.bind(process)

/*
 * Given out to all recordings that a thread makes, one after the other, so that what is left of an earlier one is
 * never taken for something of a later one.
 */
let scopes = 0
let tasks = 0
let waits = 0

/** Records what one thread does into its ring. */
export class Recorder implements Probe {
  readonly #ring: Ring
  readonly #texts: Texts
  readonly #current = new AsyncLocalStorage<CurrentTask>()
  /** What is added to this thread's clock to give the recording's, in ms. */
  readonly #shift: number
  readonly #places = new PlaceBudget(clock)

  /** When the clock was last looked at. */
  readonly #last: Moment = new Float64Array(1)
  /** A moment that the recorder was told, or has worked out. */
  readonly #told: Moment = new Float64Array(1)
  /** How many tasks have followed one another quickly. */
  #quick = 0
  #skips = 0
  #inBurst = false

  constructor(ring: Ring, origin: number) {
    this.#ring = ring
    this.#texts = new Texts(ring)
    this.#shift = performance.timeOrigin - origin
  }

  get current(): CurrentTask | undefined {
    return this.#current.getStore()
  }

  openScope(kind: ScopeKind, name: string | undefined, limit: number, from: Caller): number {
    return this.openScopeAt(
      kind,
      name,
      limit,
      this.#places.look(() => locationOf(from), from, limit),
    )
  }

  placeOf(from: Caller): string | undefined {
    return this.#places.look(() => locationOf(from), from)
  }

  /** As `placeOf`, but `NODE` when it was a part of Node that called `from`. @param size of what it was given. */
  callerOf(from: Caller, size: number): string | undefined {
    return this.#places.look(() => callerOf(from), from, size)
  }

  /** As `openScope`, with the location already known. */
  openScopeAt(kind: ScopeKind, name: string | undefined, limit: number, location: string | undefined): number {
    const scope = ++scopes
    const time = this.#now()
    const at = this.#texts.number(location)
    this.#ring.put(RECORDS.scopeOpen | (SCOPES[kind] << 16), scope, time, this.#task(), at)
    if (name !== undefined || limit > 0) {
      const most = limit > 0xffffffff ? 0 : limit
      this.#ring.put(RECORDS.scopeInfo, scope, time, this.#texts.number(name), most)
    }
    return scope
  }

  placeWithin(scope: number, outer: number): void {
    this.#ring.put(RECORDS.scopeWithin, scope, this.#last, outer, 0)
  }

  endScope(scope: number, outcome: Outcome, error?: unknown): void {
    this.#ring.put(RECORDS.scopeEnd | (OUTCOMES[outcome] << 16), scope, this.#now(), this.#errorText(error), 0)
  }

  createTask(scope: number, parent = this.#task()): number {
    const task = ++tasks
    this.#ring.put(RECORDS.taskCreated, task, this.#now(), scope, parent)
    return task
  }

  startTask(task: number, slot: number, at?: number): void {
    this.#ring.put(RECORDS.taskStart | ((slot & 0xffff) << 16), task, this.#time(at), 0, 0)
  }

  beginTask(scope: number, slot: number, parent = this.#task(), task = this.reserveTask()): number {
    this.#ring.put(RECORDS.taskStart | ((slot & 0xffff) << 16), task, this.#now(), scope, parent)
    return task
  }

  endTask(task: number, outcome: Outcome, error?: unknown, at?: number): void {
    this.#ring.put(RECORDS.taskEnd | (OUTCOMES[outcome] << 16), task, this.#time(at), this.#errorText(error), 0)
  }

  stealTask(task: number, from: number, to: number, sent: boolean): void {
    this.#ring.put(RECORDS.taskStolen | ((from & 0xffff) << 16), task, this.#now(), to, sent ? 1 : 0)
  }

  failTask(task: number, error: unknown, signal?: AbortSignal): void {
    const told = signal?.aborted === true && (error === signal.reason || isAbortError(error))
    this.endTask(task, told ? 'cancelled' : 'failed', error)
  }

  nextTask(ended: number, scope: number, slot: number): number {
    const task = ++tasks
    if (this.#skips > 0) {
      this.#skips--
      this.#ring.put(RECORDS.taskNext | UNTIMED | ((slot & 0xffff) << 16), task, this.#last, scope, ended)
    } else {
      this.#ring.put(RECORDS.taskNext | ((slot & 0xffff) << 16), task, this.#burstTime(), scope, ended)
    }
    return task
  }

  // What is told of a task is told as it begins: there is no need to look at the clock again.

  locateTask(task: number, from: Caller): void {
    this.#ring.put(RECORDS.taskInfo, task, this.#last, 0, this.#texts.number(this.placeOf(from)))
  }

  /** As `locateTask`, with the location already known. */
  placeTask(task: number, location: string): void {
    this.#ring.put(RECORDS.taskInfo, task, this.#last, 0, this.#texts.number(location))
  }

  describeTask(task: number, name: string | undefined, from: Caller | undefined): void {
    if (name === undefined && from === undefined) return
    const location = from === undefined ? 0 : this.#texts.number(this.placeOf(from))
    this.#ring.put(RECORDS.taskInfo, task, this.#last, this.#texts.number(name), location)
  }

  within<R>(task: number, body: () => R): R {
    return this.#current.run({ task }, body)
  }

  as<R>(current: CurrentTask, body: () => R): R {
    if (!RESOURCES_ARE_CHEAPER) return this.#current.run(current, body)
    return new AsyncResource('forkline', executionAsyncId()).runInAsyncScope(() => {
      this.#current.enterWith(current)
      return body()
    })
  }

  adopt(foreign: number): CurrentTask {
    let task = 0
    const put = (): number => {
      task = ++tasks
      this.#ring.put(RECORDS.taskAlias, task, this.#now(), foreign, 0)
      return task
    }
    // Most have nothing to do that is recorded, and need no number here.
    return {
      get task() {
        return task === 0 ? put() : task
      },
      set task(next) {
        task = next
      },
    }
  }

  observe(promise: Promise<unknown>, end: (outcome: 'ok' | 'failed') => void): void {
    const state = stateOf(promise)
    if (state === 'pending') observe(promise, end)
    else end(state === 'rejected' ? 'failed' : 'ok')
  }

  beginWait(kind: WaitKind, scope: number): number {
    const wait = ++waits
    this.#ring.put(RECORDS.waitBegin | (WAITS[kind] << 16), wait, this.#now(), this.#task(), scope)
    return wait
  }

  endWait(wait: number, outcome: Outcome): void {
    this.#ring.put(RECORDS.waitEnd | (OUTCOMES[outcome] << 16), wait, this.#now(), 0, 0)
  }

  level(scope: number, held: number, waiting: number): void {
    this.#ring.put(RECORDS.level, scope, this.#now(), held, waiting)
  }

  cancel(scope: number, cause: Cause, reason: unknown, by = this.#task()): void {
    this.#ring.put(RECORDS.cancel | (CAUSES[cause] << 16), scope, this.#now(), by, this.#errorText(reason))
  }

  reach(task: number, scope: number): void {
    this.#ring.put(RECORDS.cancelReach, task, this.#now(), scope, 0)
  }

  pause(scope: number, paused: boolean): void {
    this.#ring.put(RECORDS.pause | (paused ? 1 << 16 : 0), scope, this.#now(), 0, 0)
  }

  /** @param duration in ms. */
  stall(duration: number): void {
    this.#told[0] = Math.max(0, Number(this.#now()[0]) - duration)
    this.#ring.put(RECORDS.stall, 0, this.#told, Math.round(duration * 1000), 0)
  }

  /** Makes a task the current one for the rest of what runs now and all that comes of it. */
  enter(task: number): void {
    this.#current.enterWith({ task })
  }

  /** As `enter`, for a task of the thread that started this one. */
  enterAs(current: CurrentTask): void {
    this.#current.enterWith(current)
  }

  /** A number for a task that is yet to come, for `beginTask`. */
  reserveTask(): number {
    return ++tasks
  }

  /** Nobody ever waited for the promise that is this task. */
  unawaited(task: number): void {
    this.#ring.put(RECORDS.unawaited, task, this.#now(), 0, 0)
  }

  unhandled(error: unknown): void {
    this.#ring.put(RECORDS.unhandled, this.#task(), this.#now(), this.#errorText(error), 0)
  }

  alive(count: number, what: string): void {
    this.#ring.put(RECORDS.alive | (Math.min(count, 0xffff) << 16), 0, this.#now(), this.#texts.number(what), 0)
  }

  /** The task in which this runs; 0 when it is in none. */
  #task(): number {
    return this.#current.getStore()?.task ?? 0
  }

  #now(): Moment {
    this.#last[0] = clock() + this.#shift
    return this.#last
  }

  #time(at: number | undefined): Moment {
    if (at === undefined) return this.#now()
    this.#told[0] = Math.max(0, at - performance.timeOrigin + this.#shift)
    return this.#told
  }

  /**
   * The time, for tasks that follow one another. To look at the clock takes as long as the shortest tasks do: while
   * these come in one go, with nothing else in between, it is looked at for one in twelve of them.
   */
  #burstTime(): Moment {
    const before = Number(this.#last[0])
    const now = this.#now()
    // One that took longer, as when memory is cleaned up, ends no burst that has lasted.
    this.#quick = Number(now[0]) - before < QUICK_MS ? Math.min(this.#quick + 1, 2 * LONG_BURST) : this.#quick >> 1
    if (this.#quick < LONG_BURST) return now
    this.#skips = SKIPPED
    if (!this.#inBurst) {
      this.#inBurst = true
      // Ticks come as soon as no promise has anything to do, before anything else: then the burst is over.
      nextTick(this.#endBurst)
    }
    return now
  }

  readonly #endBurst = (): void => {
    this.#inBurst = false
    this.#skips = 0
    this.#quick = 0
  }

  #errorText(error: unknown): number {
    return error === undefined ? 0 : this.#texts.number(saidBy(error))
  }
}
