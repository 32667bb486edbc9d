import { listen, unlisten } from './audience.ts'
import { enterLine, leaveLine, TRACES } from '#traced'

/** What settles the promise that was made last: one function for all promises takes less than a new one for each. */
let held: (value: never) => void
const hold = (resolve: typeof held) => {
  held = resolve
}

/** One who waits. */
export interface Waiter<T, L> {
  readonly load: L
  /** Settles the wait; with a promise that rejects, when there is nothing to wait for any more. */
  resolve: (value: T | Promise<T>) => void
  readonly signal: AbortSignal | undefined
  previous: Waiter<T, L> | undefined
  next: Waiter<T, L> | undefined
}

/** Those who wait with one and the same signal, and what listens to it for them. */
interface Companions<T, L> {
  readonly waiters: Set<Waiter<T, L>>
  readonly leave: () => void
}

/**
 * Callers waiting in line, first come, first served. One that gives up leaves from any place in constant time;
 * whoever hands something over settles the waiter that is first. Each waiter may bring a load, which whoever
 * serves the line can look at.
 */
export class WaitQueue<T = void, L = undefined> {
  readonly #onLeave: ((load: L) => void) | undefined
  /** One listener a signal: to add one, the platform walks through all that there are. */
  readonly #companions = new Map<AbortSignal, Companions<T, L>>()
  first: Waiter<T, L> | undefined
  last: Waiter<T, L> | undefined
  size = 0
  /** How many have left the line, one way or another. */
  left = 0

  /** @param onLeave runs for each waiter that is rejected, after it has left the line. */
  constructor(onLeave?: (load: L) => void) {
    this.#onLeave = onLeave
  }

  /** Joins the end of the line. */
  wait(this: WaitQueue<T>, signal?: AbortSignal): Promise<T>
  wait(signal: AbortSignal | undefined, load: L): Promise<T>
  wait(signal?: AbortSignal, load?: L): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    const promise = new Promise<T>(hold)
    this.join(held as Waiter<T, L>['resolve'], load as L, signal)
    return promise
  }

  /** As `wait`, but only if there is something to wait for. A signal that has aborted comes first. */
  waitWhile(this: WaitQueue, needed: boolean, signal: AbortSignal | undefined): Promise<void> {
    return needed || signal?.aborted === true ? this.wait(signal) : Promise.resolve()
  }

  /** As `wait`, for those who bring their own way to be told. */
  join(resolve: Waiter<T, L>['resolve'], load: L, signal?: AbortSignal): Waiter<T, L> {
    const waiter: Waiter<T, L> = { load, resolve, signal, previous: this.last, next: undefined }
    if (this.last === undefined) this.first = waiter
    else this.last.next = waiter
    this.last = waiter
    this.size++
    if (signal !== undefined) this.#companionsOf(signal).add(waiter)
    enterLine(this, waiter)
    return waiter
  }

  /** Takes one out of the line. Returns whether it was in it. */
  remove(waiter: Waiter<T, L>): boolean {
    const { previous, next, signal } = waiter
    if (previous === undefined && waiter !== this.first) return false
    if (previous === undefined) this.first = next
    else previous.next = next
    if (next === undefined) this.last = previous
    else next.previous = previous
    this.size--
    leaveLine(waiter)
    this.left++
    waiter.previous = waiter.next = undefined
    if (signal === undefined) return true
    const companions = this.#companions.get(signal)
    if (companions?.waiters.delete(waiter) === true && companions.waiters.size === 0) {
      this.#companions.delete(signal)
      unlisten(signal, companions.leave)
    }
    return true
  }

  /** Serves the first in line. Returns whether there was one. */
  resolveFirst(value: T): boolean {
    const { first } = this
    if (first === undefined) return false
    this.remove(first)
    first.resolve(value)
    return true
  }

  resolveAll(value: T): void {
    while (this.resolveFirst(value)) continue
  }

  rejectAll(reason: unknown): void {
    const waiters: Waiter<T, L>[] = []
    for (let waiter = this.first; waiter !== undefined; waiter = waiter.next) waiters.push(waiter)
    this.reject(waiters, reason as Error)
  }

  /** All leave before any is told, so that the place of one is not given to another that leaves as well. */
  reject(waiters: readonly Waiter<T, L>[], reason: Error): void {
    if (TRACES) for (const waiter of waiters) leaveLine(waiter, 'cancelled')
    for (const { load, resolve } of waiters.filter((waiter) => this.remove(waiter))) {
      // Spares each waiter a function of its own to reject with, which it would keep as long as it waits.
      resolve(Promise.reject(reason))
      this.#onLeave?.(load)
    }
  }

  #companionsOf(signal: AbortSignal): Set<Waiter<T, L>> {
    let companions = this.#companions.get(signal)
    if (companions === undefined) {
      const waiters = new Set<Waiter<T, L>>()
      companions = {
        waiters,
        leave: () => {
          this.reject([...waiters], signal.reason as Error)
        },
      }
      listen(signal, companions.leave)
      this.#companions.set(signal, companions)
    }
    return companions.waiters
  }
}
