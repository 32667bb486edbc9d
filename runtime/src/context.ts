import { cancellation } from './abortable.ts'
import { dispose } from './disposal.ts'
import { expectMilliseconds, expectSignal, unexpected } from './expect.ts'
import { LinkedSignal } from './linkedSignal.ts'

/** Part of the work, with a signal of its own that follows its parent's. Declare it with `using`, or cancel it. */
export interface Scope extends Disposable {
  /** Aborts by `cancel`, with the parent, or when the time is up. */
  readonly signal: AbortSignal
  /** When the scope aborts by itself, in milliseconds since 1970; undefined when it does not. */
  readonly deadline: number | undefined
  /**
   * Aborts the scope and all that derive from it, and lets go of the parent. Does nothing when repeated.
   *
   * @param reason Default: an `AbortError`.
   */
  cancel(reason?: unknown): void
  /** The value of the nearest scope, from this one outwards, that was given one for `key`. */
  value<V>(key: ContextKey<V>): V | undefined
}

/** Names a value of scopes, and its type. Two keys are never the same. */
export interface ContextKey<V> {
  readonly name: string
  /** Holds the type; there is no such property. */
  readonly type?: V
}

/** Where a scope derives from: another scope, or any signal. */
export type Parent = Scope | AbortSignal

/**
 * Makes a key for values of scopes.
 *
 * @param name for people; keys of one name are still two.
 * @throws TypeError when the name is no string.
 */
export function contextKey<V>(name: string): ContextKey<V> {
  if (typeof name !== 'string') throw unexpected('name', 'a string', name)
  return { name }
}

/**
 * A scope that can be cancelled without its parent. As with those below, the idea comes from Go's context.
 *
 * @param parent when it aborts, so does the scope, with its reason; at once if it has already. Default: none.
 * @throws TypeError when the parent is neither scope nor signal; so do those below.
 */
export function withCancel(parent?: Parent): Scope {
  return new DerivedScope(parent)
}

/**
 * A scope that aborts with a `TimeoutError` after a time, unless it is cancelled before. Its timer does not keep
 * a Node process alive.
 *
 * @param ms milliseconds, from 0 to 2147483647.
 * @throws TypeError when an argument is not what it should be.
 */
export function withTimeout(ms: number, parent?: Parent): Scope {
  expectMilliseconds('ms', ms)
  return new DerivedScope(parent, ms, `Timed out after ${ms} ms`)
}

/**
 * A scope that aborts with a `TimeoutError` at a date; at once when it has passed.
 *
 * @param date a Date, or milliseconds since 1970; at most 24.8 days ahead, which is what timers hold.
 * @throws TypeError when an argument is not what it should be.
 */
export function withDeadline(date: Date | number, parent?: Parent): Scope {
  const deadline = Number(date)
  if (!(date instanceof Date || typeof date === 'number') || Number.isNaN(deadline)) {
    throw unexpected('date', 'a valid Date or milliseconds since 1970', date)
  }
  const delay = Math.max(0, deadline - Date.now())
  expectMilliseconds('date - now', delay)
  return new DerivedScope(parent, delay, `The deadline ${new Date(deadline).toISOString()} has passed`, deadline)
}

/**
 * A scope that carries a value for all that derive from it: ids of requests and the like, not parameters.
 *
 * @param key made by `contextKey`; hides a value that a scope further out has for it.
 * @throws TypeError when an argument is not what it should be.
 */
export function withValue<V>(key: ContextKey<V>, value: V, parent?: Parent): Scope {
  if (typeof (key as Partial<ContextKey<V>> | null | undefined)?.name !== 'string') {
    throw unexpected('key', 'a key made by `contextKey`', key)
  }
  return new DerivedScope(parent, undefined, '', Infinity, key, value)
}

class DerivedScope implements Scope {
  readonly deadline: number | undefined
  readonly #parent: Scope | undefined
  readonly #link: LinkedSignal
  readonly #key: ContextKey<unknown> | undefined
  readonly #value: unknown
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param delay milliseconds until the scope aborts by itself; undefined when it does not. */
  constructor(
    parent: Parent | undefined,
    delay?: number,
    message = '',
    deadline = Date.now() + (delay ?? Infinity),
    key?: ContextKey<unknown>,
    value?: unknown,
  ) {
    const scope = (parent as Partial<Scope> | null | undefined)?.signal === undefined ? undefined : (parent as Scope)
    const signal = scope === undefined ? (parent as AbortSignal | undefined) : scope.signal
    expectSignal('parent', signal)
    this.#parent = scope
    this.#key = key
    this.#value = value
    const earliest = Math.min(scope?.deadline ?? Infinity, deadline)
    this.deadline = earliest === Infinity ? undefined : earliest
    this.#link = new LinkedSignal([signal], () => {
      clearTimeout(this.#timer)
    })
    this.#link.follow()
    if (delay === undefined || this.signal.aborted) return
    const expire = () => {
      this.#link.expire(message)
    }
    if (delay === 0) {
      expire()
      return
    }
    this.#timer = setTimeout(expire, delay)
    // Browsers give a number.
    if (typeof this.#timer === 'object') this.#timer.unref()
  }

  get signal(): AbortSignal {
    return this.#link.signal
  }

  cancel(reason?: unknown): void {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- only its place in the stack is asked for
    this.#link.abort(reason ?? cancellation('The scope was cancelled'), 'called', this.cancel)
  }

  [dispose](): void {
    this.cancel()
  }

  value<V>(key: ContextKey<V>): V | undefined {
    // Not by calls within calls, which would overflow the stack where thousands of scopes are nested.
    if (this.#key === key) return this.#value as V
    let scope = this.#parent
    while (scope instanceof DerivedScope && scope.#key !== key) scope = scope.#parent
    return scope instanceof DerivedScope ? (scope.#value as V) : scope?.value(key)
  }
}
