import { Probe } from '#stall'

interface Waiter<T, L> {
  readonly load: L
  resolve: (value: T | Probe<T> | Promise<never>) => void
  readonly signal: AbortSignal | undefined
  previous: Waiter<T, L> | undefined
  next: Waiter<T, L> | undefined
}

/** A waiter that was given a probe. */
export interface Probed<T, L> {
  readonly waiter: Waiter<T, L>
  readonly probe: Probe<T>
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
  #companions: Map<AbortSignal, Companions<T, L>> | undefined
  #first: Waiter<T, L> | undefined
  #last: Waiter<T, L> | undefined
  #size = 0
  #left = 0

  /** @param onLeave runs for each waiter that is rejected, after it has left the line. */
  constructor(onLeave?: (load: L) => void) {
    this.#onLeave = onLeave
  }

  get size(): number {
    return this.#size
  }

  /** How many have left the line, one way or another. */
  get left(): number {
    return this.#left
  }

  /** What the first in line brought; undefined when nobody waits. */
  get firstLoad(): L | undefined {
    return this.#first?.load
  }

  /** Joins the end of the line. */
  wait(this: WaitQueue<T>, signal?: AbortSignal): Promise<T>
  wait(signal: AbortSignal | undefined, load: L): Promise<T>
  wait(signal?: AbortSignal, load?: L): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    return new Promise<T>(resolve => {
      const serve = resolve as Waiter<T, L>['resolve']
      const waiter: Waiter<T, L> = { load: load as L, resolve: serve, signal, previous: this.#last, next: undefined }
      if (this.#last === undefined) this.#first = waiter
      else this.#last.next = waiter
      this.#last = waiter
      this.#size++
      if (signal !== undefined) this.#companionsOf(signal).add(waiter)
    })
  }

  /** Serves the first in line. Returns whether there was one. */
  resolveFirst(value: T): boolean {
    const waiter = this.#first
    if (waiter === undefined) return false
    this.#remove(waiter)
    waiter.resolve(value)
    return true
  }

  resolveAll(value: T): void {
    while (this.resolveFirst(value)) continue
  }

  rejectAll(reason: unknown): void {
    const waiters: Waiter<T, L>[] = []
    for (let waiter = this.#first; waiter !== undefined; waiter = waiter.next) waiters.push(waiter)
    this.#reject(waiters, reason as Error)
  }

  /** Gives a probe to so many, the last first. Only for lines whose waiters know what to do with one. */
  probe(most: number): Probed<T, L>[] {
    const probed: Probed<T, L>[] = []
    for (let waiter = this.#last; waiter !== undefined && probed.length < most; waiter = waiter.previous) {
      const { resolve } = waiter
      const current = waiter
      // In place before the probe is passed on, since the waiter may be served in between.
      const probe = new Probe<T>(new Promise(next => { current.resolve = next }))
      resolve(probe)
      probed.push({ waiter, probe })
    }
    return probed
  }

  /** Rejects one, if it is still in line. */
  refuse(waiter: Waiter<T, L>, reason: Error): void {
    if (waiter === this.#first || waiter.previous !== undefined) this.#reject([waiter], reason)
  }

  #companionsOf(signal: AbortSignal): Set<Waiter<T, L>> {
    this.#companions ??= new Map()
    let companions = this.#companions.get(signal)
    if (companions === undefined) {
      const waiters = new Set<Waiter<T, L>>()
      companions = { waiters, leave: () => { this.#reject([...waiters], signal.reason as Error) } }
      signal.addEventListener('abort', companions.leave, { once: true })
      this.#companions.set(signal, companions)
    }
    return companions.waiters
  }

  /** All leave before any is told, so that the place of one is not given to another that leaves as well. */
  #reject(waiters: readonly Waiter<T, L>[], reason: Error): void {
    for (const waiter of waiters) this.#remove(waiter)
    for (const waiter of waiters) {
      // Spares each waiter a function of its own to reject with, which it would keep as long as it waits.
      waiter.resolve(Promise.reject(reason))
      this.#onLeave?.(waiter.load)
    }
  }

  #remove(waiter: Waiter<T, L>): void {
    const { previous, next, signal } = waiter
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    this.#size--
    this.#left++
    waiter.previous = waiter.next = undefined
    if (signal === undefined) return
    const companions = this.#companions?.get(signal)
    if (companions?.waiters.delete(waiter) !== true || companions.waiters.size > 0) return
    this.#companions?.delete(signal)
    signal.removeEventListener('abort', companions.leave)
  }
}
