import { expectOptions, expectPositiveInteger, isWithin, LONGEST_DELAY, signalOf, unexpected } from './expect.ts'
import { pause } from './sleep.ts'
import { beginWait, endWait, openScope, TRACES } from '#traced'
import type { WaitOptions } from './task.ts'

/** Share of a token that adding up parts of tokens may be off by: too little to make anybody wait for it. */
const ROUNDING = 1e-9

/** In ms. Adding up may be off by as much, for which a timer need not wait another millisecond. */
const NANOSECOND = 1e-6

export interface RateLimiterOptions {
  /** How many events are allowed in each interval. */
  readonly limit: number
  /** Length of the interval in milliseconds. */
  readonly interval: number
  /** How many events may happen at once after a pause. Default: `limit`. */
  readonly burst?: number | undefined
}

/** Events that were promised for a time. */
export interface Reservation {
  /** Milliseconds from now until the events may happen; 0 when they may happen at once. */
  readonly delay: number
  /** Gives back what later reservations do not stand on already. Does nothing once the time has come. */
  cancel(): void
}

/**
 * Limits how often something happens: a token bucket that holds `burst` tokens and gains `limit` of them, evenly
 * spread, in each interval. With a burst of 1 it is a leaky bucket. Those who wait are served in order.
 *
 * The idea comes from Go's x/time/rate.
 *
 * ```ts
 * const limiter = new RateLimiter({ limit: 50, interval: 60_000, burst: 5 })
 * await limiter.wait(1, { signal })
 * ```
 */
export class RateLimiter {
  readonly #perMillisecond: number
  readonly #burst: number
  /** As of `#updated`; negative when later time is promised already. */
  #tokens: number
  #updated = performance.now()
  /** When the latest promised event happens. */
  #latest = 0

  /** @throws TypeError when an option is not what it should be. */
  constructor(options: RateLimiterOptions) {
    expectOptions(options)
    const { limit, interval, burst = limit } = options
    expectPositiveInteger('limit', limit)
    if (!isWithin(Number.MIN_VALUE, interval, Number.MAX_VALUE)) {
      throw unexpected('interval', 'a positive, finite number', interval)
    }
    expectPositiveInteger('burst', burst)
    this.#perMillisecond = limit / interval
    this.#burst = burst
    this.#tokens = burst
    openScope(this, 'rateLimiter', undefined, 0, RateLimiter)
  }

  /**
   * Waits until `n` events may happen.
   *
   * @param n Default: 1.
   * @throws RangeError at the call when `n` is above the burst, because it would wait for ever; the signal's
   * reason when it aborts, and the tokens are given back.
   */
  wait(n = 1, options?: WaitOptions): Promise<void> {
    this.#expectAmount(n)
    const signal = signalOf(options)
    return this.#wait(n, signal)
  }

  /**
   * Takes `n` tokens if they are there now, and nobody was promised them.
   *
   * @param n Default: 1.
   * @returns whether it did.
   * @throws RangeError when `n` is above the burst.
   */
  tryTake(n = 1): boolean {
    this.#expectAmount(n)
    this.#refill()
    if (this.#tokens < n - ROUNDING) return false
    this.#tokens -= n
    this.#latest = this.#updated
    return true
  }

  /**
   * Takes `n` tokens, from the future if need be, and says how long to hold back.
   *
   * @throws RangeError when `n` is above the burst.
   */
  reserve(n = 1): Reservation {
    this.#expectAmount(n)
    this.#refill()
    this.#tokens -= n
    const delay = this.#tokens >= -ROUNDING ? 0 : -this.#tokens / this.#perMillisecond
    const due = this.#updated + delay
    this.#latest = due
    let held = delay > 0
    return {
      delay,
      cancel: () => {
        if (!held || performance.now() >= due) return
        held = false
        const promisedSince = (this.#latest - due) * this.#perMillisecond
        this.#refill()
        this.#tokens = Math.min(this.#burst, this.#tokens + Math.max(0, n - promisedSince))
        // What was promised last is so no more: the one before it has nothing standing on it now.
        if (this.#latest === due) this.#latest = Math.max(this.#updated, due - n / this.#perMillisecond)
      },
    }
  }

  async #wait(n: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const reservation = this.reserve(n)
    const due = this.#updated + reservation.delay - NANOSECOND
    const wait = TRACES && reservation.delay > 0 ? beginWait('rate', this) : undefined
    try {
      // Timers may fire a little early, and hold no more than 24 days.
      for (let left = due - this.#updated; left > 0; left = due - performance.now()) {
        await pause(Math.min(Math.ceil(left), LONGEST_DELAY), signal)
      }
      endWait(wait)
    } catch (reason) {
      reservation.cancel()
      endWait(wait, 'cancelled')
      throw reason
    }
  }

  #refill(): void {
    const now = performance.now()
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#updated) * this.#perMillisecond)
    this.#updated = now
  }

  #expectAmount(n: number): void {
    expectPositiveInteger('n', n)
    if (n > this.#burst) {
      throw new RangeError(`${n} events exceed the burst of ${this.#burst}: they could never happen`)
    }
  }
}
