import { abortable, cancellation } from './abortable.ts'
import { expectFunction, signalOf } from './expect.ts'
import type { WaitOptions } from './task.ts'
import { afterAbort, beforeAbort, beginWait, endTask, endWait, failTask, inTask, openScope, startTask, TRACES } from '#traced'

interface Flight<V> {
  readonly promise: Promise<V>
  readonly controller: AbortController
  waiters: number
  ended: boolean
}

/**
 * Shares calls: while one for a key is under way, others for the same key wait for its outcome instead of doing
 * the work again. Nothing is kept once it has ended. Keys are compared as in a Map. The work belongs to none of
 * those who wait: when the last of them gives up, it is told so by its signal, but nobody is left to wait for its end.
 *
 * The idea comes from Go's x/sync/singleflight.
 */
export class SingleFlight<K = string, V = unknown> {
  readonly #flights = new Map<K, Flight<V>>()

  constructor() {
    openScope(this, 'singleFlight', undefined, 0, SingleFlight)
  }

  /**
   * Waits for the call under way for `key`, or makes one.
   *
   * @param fn is told by its `signal` when nobody waits for it any more; a later call for the key then starts anew.
   * @returns what the shared call returned; the very same value to all.
   * @throws what the shared call throws; the signal's reason when it aborts, which leaves the other waiters alone.
   */
  do<R extends V>(
    key: K, fn: (call: { readonly signal: AbortSignal }) => R | PromiseLike<R>, options?: WaitOptions,
  ): Promise<R> {
    expectFunction('fn', fn)
    const signal = signalOf(options)
    return this.#do(key, fn, signal) as Promise<R>
  }

  /** Lets the next call for `key` start anew. Those that wait keep waiting for theirs. */
  forget(key: K): void {
    this.#flights.delete(key)
  }

  async #do(key: K, fn: (call: { readonly signal: AbortSignal }) => V | PromiseLike<V>,
    signal: AbortSignal | undefined): Promise<V> {
    signal?.throwIfAborted()
    const flight = this.#flights.get(key) ?? this.#start(key, fn)
    flight.waiters++
    const wait = TRACES ? beginWait('flight', this) : undefined
    try {
      return await abortable(flight.promise, signal)
    } finally {
      endWait(wait)
      flight.waiters--
      if (flight.waiters === 0 && !flight.ended) {
        this.#remove(key, flight)
        const reason = cancellation('Nobody waits for this call any more')
        const outer = TRACES ? beforeAbort(flight.controller.signal, 'left', reason) : undefined
        flight.controller.abort(reason)
        if (TRACES) afterAbort(outer)
      }
    }
  }

  #start(key: K, fn: (call: { readonly signal: AbortSignal }) => V | PromiseLike<V>): Flight<V> {
    const controller = new AbortController()
    const call = async (): Promise<V> => {
      // Entered in the map before the work starts, in case that asks for the same key.
      await Promise.resolve()
      const { signal } = controller
      const traced = TRACES ? startTask(this, signal) : undefined
      try {
        const value = await (TRACES && traced !== undefined ? inTask(traced, () => fn({ signal })) : fn({ signal }))
        endTask(traced)
        return value
      } catch (error) {
        failTask(traced, error, signal)
        throw error
      } finally {
        flight.ended = true
        this.#remove(key, flight)
      }
    }
    const flight: Flight<V> = { promise: call(), controller, waiters: 0, ended: false }
    this.#flights.set(key, flight)
    return flight
  }

  #remove(key: K, flight: Flight<V>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }
}
