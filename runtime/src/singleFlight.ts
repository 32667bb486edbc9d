import { abortable, cancellation } from './abortable.ts'
import { asyncDispose } from './disposal.ts'
import { expectFunction, signalOf } from './expect.ts'
import { LinkedSignal } from './linkedSignal.ts'
import type { WaitOptions } from './task.ts'
import { beginWait, endTask, endWait, failTask, inTask, openScope, startTask, TRACES } from '#traced'

interface Flight<V> {
  readonly promise: Promise<V>
  readonly link: LinkedSignal
  waiters: number
}

/**
 * Shares calls: while one for a key is under way, others for the same key wait for its outcome instead of doing
 * the work again. Nothing is kept once it has ended. Keys are compared as in a Map. The work belongs to none of
 * those who wait: when the last of them gives up, its signal aborts, and disposing of the SingleFlight waits for its
 * end.
 *
 * The idea comes from Go's x/sync/singleflight.
 */
export class SingleFlight<K = string, V = unknown> implements AsyncDisposable {
  readonly #flights = new Map<K, Flight<V>>()
  /** Those too that are forgotten, or that nobody waits for any more. */
  readonly #running = new Set<Flight<V>>()

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
    key: K,
    fn: (call: { readonly signal: AbortSignal }) => R | PromiseLike<R>,
    options?: WaitOptions,
  ): Promise<R> {
    expectFunction('fn', fn)
    const signal = signalOf(options)
    return this.#do(key, fn, signal) as Promise<R>
  }

  /** Lets the next call for `key` start anew. Those that wait keep waiting for theirs. */
  forget(key: K): void {
    this.#flights.delete(key)
  }

  /** Aborts all calls under way and waits until they have stopped. Never rejects: those who wait hear of failures. */
  async [asyncDispose](): Promise<void> {
    const running = [...this.#running]
    for (const { link } of running) link.abort(cancellation('The SingleFlight was disposed of'), 'disposed')
    this.#flights.clear()
    await Promise.allSettled(running.map(({ promise }) => promise))
  }

  async #do(
    key: K,
    fn: (call: { readonly signal: AbortSignal }) => V | PromiseLike<V>,
    signal: AbortSignal | undefined,
  ): Promise<V> {
    signal?.throwIfAborted()
    const flight = this.#flights.get(key) ?? this.#start(key, fn)
    flight.waiters++
    const wait = TRACES ? beginWait('flight', this) : undefined
    try {
      return await abortable(flight.promise, signal)
    } finally {
      endWait(wait)
      flight.waiters--
      if (flight.waiters === 0 && this.#running.has(flight)) {
        this.#remove(key, flight)
        flight.link.abort(cancellation('Nobody waits for this call any more'), 'left')
      }
    }
  }

  #start(key: K, fn: (call: { readonly signal: AbortSignal }) => V | PromiseLike<V>): Flight<V> {
    const link = new LinkedSignal([])
    const call = async (): Promise<V> => {
      // Entered in the map before the work starts, in case that asks for the same key.
      await Promise.resolve()
      const { signal } = link
      const traced = TRACES ? startTask(this, signal) : undefined
      try {
        const value = await (TRACES && traced !== undefined ? inTask(traced, () => fn({ signal })) : fn({ signal }))
        endTask(traced)
        return value
      } catch (error) {
        failTask(traced, error, signal)
        throw error
      } finally {
        this.#running.delete(flight)
        this.#remove(key, flight)
      }
    }
    const flight: Flight<V> = { promise: call(), link, waiters: 0 }
    this.#flights.set(key, flight)
    this.#running.add(flight)
    return flight
  }

  #remove(key: K, flight: Flight<V>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }
}
