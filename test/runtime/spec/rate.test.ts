import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RateLimiter, type Reservation } from '@forkline/runtime'

const D = 100

/** Ten events a second, so that a token comes every `D` milliseconds. */
function limiterOf(burst: number): RateLimiter {
  return new RateLimiter({ limit: 10, interval: 1000, burst })
}

/** Behaviour that the tests of golang.org/x/time/rate pin down; docs/runtime-parity.md says which carries over. */
describe('x/time/rate', () => {
  let start = 0

  beforeEach(() => {
    vi.useFakeTimers()
    start = performance.now()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Goes on to a tick. */
  const at = (tick: number) => vi.advanceTimersByTime(start + tick * D - performance.now())

  /** Takes from the limiter at each tick, and tells whether it could. */
  function takes(limiter: RateLimiter, requests: readonly (readonly [tick: number, n: number])[]): boolean[] {
    return requests.map(([tick, n]) => {
      at(tick)
      return limiter.tryTake(n)
    })
  }

  /** Reserves now, and tells the tick at which the events may happen. */
  function reserve(limiter: RateLimiter, n: number): { readonly due: number; readonly held: Reservation } {
    const held = limiter.reserve(n)
    return { due: Math.round(((performance.now() - start + held.delay) / D) * 1000) / 1000, held }
  }

  it('TestLimiterBurst1: one at a time, and none before its token has come', () => {
    const limiter = limiterOf(1)
    expect(
      takes(limiter, [
        [0, 1],
        [0, 1],
        [0, 1],
        [1, 1],
        [1, 1],
        [1, 1],
        [2, 1],
        [2, 1],
      ]),
    ).toEqual([true, false, false, true, false, false, true, false])
    expect(() => limiter.tryTake(2)).toThrow(RangeError)
  })

  it('TestLimiterBurst3: a burst at once, then as tokens come, never more than the burst together', () => {
    expect(
      takes(limiterOf(3), [
        [0, 2],
        [0, 2],
        [0, 1],
        [0, 1],
        [1, 3],
        [2, 1],
        [3, 1],
        [4, 1],
        [4, 1],
        [4, 1],
        [4, 1],
        [7, 3],
        [7, 1],
      ]),
    ).toEqual([true, false, true, false, false, true, true, true, true, false, false, true, false])
  })

  it('TestLimiter_noTruncationErrors: rates that no number of digits can hold lose no token', () => {
    const limiter = new RateLimiter({ limit: 7, interval: 1000, burst: 1 })
    expect(limiter.tryTake()).toBe(true)
    for (let i = 0; i < 100; i++) vi.advanceTimersByTime(10)
    expect(limiter.tryTake()).toBe(true)
    const held = Array.from({ length: 70 }, () => limiter.reserve().delay)
    expect(held.at(-1)).toBeCloseTo(10_000, 6)
  })

  it('TestSimultaneousRequests: many at once are given just the burst', () => {
    const limiter = new RateLimiter({ limit: 1, interval: 86_400_000, burst: 5 })
    expect(Array.from({ length: 100 }, () => limiter.tryTake()).filter(Boolean)).toHaveLength(5)
  })

  it('TestLongRunningQPS: over a long time the rate is what was asked for, neither more nor less', () => {
    const limiter = new RateLimiter({ limit: 100, interval: 1000, burst: 100 })
    let done = 0
    for (let i = 0; i < 5000; i++) {
      vi.advanceTimersByTime(2)
      if (limiter.tryTake()) done++
    }
    expect(Math.abs(done - (100 + 100 * 10))).toBeLessThanOrEqual(1)
  })

  it('TestSimpleReserve: each reservation stands behind those before it', () => {
    const limiter = limiterOf(2)
    expect([2, 2].map((n) => reserve(limiter, n).due)).toEqual([0, 2])
    at(3)
    expect([2, 2].map((n) => reserve(limiter, n).due)).toEqual([4, 6])
    at(8)
    expect(reserve(limiter, 2).due).toBe(8)
  })

  it('TestMix: what cannot be had at once leaves no debt, what is reserved does', () => {
    const limiter = limiterOf(2)
    expect(() => limiter.reserve(3)).toThrow(RangeError)
    expect(reserve(limiter, 2).due).toBe(0)
    at(1)
    expect(limiter.tryTake(2)).toBe(false)
    expect(reserve(limiter, 2).due).toBe(2)
    expect(limiter.tryTake(1)).toBe(false)
    at(3)
    expect(limiter.tryTake(1)).toBe(true)
  })

  it('TestCancelInvalid: a request above the burst reserves nothing', () => {
    const limiter = limiterOf(2)
    expect(reserve(limiter, 2).due).toBe(0)
    expect(() => limiter.reserve(3)).toThrow(RangeError)
    expect(reserve(limiter, 2).due).toBe(2)
  })

  it('TestCancelLast: the last reservation, given back, gives all its tokens', () => {
    const limiter = limiterOf(2)
    reserve(limiter, 2)
    const { held } = reserve(limiter, 2)
    at(1)
    held.cancel()
    expect(reserve(limiter, 2).due).toBe(2)
  })

  it('TestCancelTooLate: once its time has come, it gives nothing back', () => {
    const limiter = limiterOf(2)
    reserve(limiter, 2)
    const { held } = reserve(limiter, 2)
    at(3)
    held.cancel()
    expect(reserve(limiter, 2).due).toBe(4)
  })

  it('TestCancel0Tokens: it gives nothing back when a later reservation stands on all of it', () => {
    const limiter = limiterOf(2)
    reserve(limiter, 2)
    const { held } = reserve(limiter, 1)
    expect(reserve(limiter, 1).due).toBe(2)
    held.cancel()
    expect(reserve(limiter, 1).due).toBe(3)
  })

  it('TestCancel1Token: it gives back what no later reservation stands on', () => {
    const limiter = limiterOf(2)
    reserve(limiter, 2)
    const { held } = reserve(limiter, 2)
    expect(reserve(limiter, 1).due).toBe(3)
    at(1)
    held.cancel()
    at(2)
    expect(reserve(limiter, 2).due).toBe(4)
  })

  it('TestCancelMulti: a later one given back first counts no more for the earlier one', () => {
    const limiter = limiterOf(4)
    reserve(limiter, 4)
    const a = reserve(limiter, 3)
    expect([a.due, reserve(limiter, 1).due]).toEqual([3, 4])
    const c = reserve(limiter, 1)
    expect(c.due).toBe(5)
    at(1)
    c.held.cancel()
    a.held.cancel()
    expect(reserve(limiter, 3).due).toBe(5)
  })

  it('TestReserveMax: a wait that would outlast its time limit takes no token', async () => {
    const limiter = limiterOf(2)
    reserve(limiter, 2)
    const controller = new AbortController()
    setTimeout(() => {
      controller.abort(new Error('late'))
    }, D / 2)
    const waiting = expect(limiter.wait(1, { signal: controller.signal })).rejects.toThrow('late')
    await vi.advanceTimersByTimeAsync(D / 2)
    await waiting
    expect(reserve(limiter, 1).due).toBe(1)
  })

  it('TestWaitSimple: an aborted signal and too large a request are errors, else it waits as long as it must', async () => {
    const limiter = limiterOf(3)
    const reason = new Error('aborted before')
    await expect(limiter.wait(1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(() => limiter.wait(4)).toThrow(RangeError)
    await limiter.wait(2)
    const later = limiter.wait(3)
    await vi.runAllTimersAsync()
    await later
    expect(performance.now() - start).toBe(2 * D)
  })

  it('TestWaitCancel: a wait that is aborted gives its tokens back', async () => {
    const limiter = limiterOf(3)
    const controller = new AbortController()
    await limiter.wait(2)
    const waiting = expect(limiter.wait(3, { signal: controller.signal })).rejects.toThrow('cancelled')
    await vi.advanceTimersByTimeAsync(D)
    controller.abort(new Error('cancelled'))
    await waiting
    expect(reserve(limiter, 2).due).toBe(1)
  })

  it('TestWaitTimeout: a deadline ends the wait with its reason', async () => {
    const limiter = limiterOf(3)
    const controller = new AbortController()
    const reason = new DOMException('Timed out', 'TimeoutError')
    await limiter.wait(2, { signal: controller.signal })
    const waiting = expect(limiter.wait(3, { signal: controller.signal })).rejects.toBe(reason)
    await vi.advanceTimersByTimeAsync(D)
    controller.abort(reason)
    await waiting
    expect(vi.getTimerCount()).toBe(0)
  })

  it('TestTinyLimit: a rate of nearly nothing gives the burst and no more', () => {
    const limiter = new RateLimiter({ limit: 1, interval: 1e13, burst: 1 })
    expect([limiter.tryTake(), limiter.tryTake()]).toEqual([true, false])
    vi.advanceTimersByTime(1000)
    expect(limiter.tryTake()).toBe(false)
  })

  it('TestLimit: what one takes early, nobody has later', () => {
    const limiter = limiterOf(1)
    expect(reserve(limiter, 1).due).toBe(0)
    expect([1, 1, 1].map((n) => reserve(limiter, n).due)).toEqual([1, 2, 3])
    at(2)
    expect(limiter.tryTake()).toBe(false)
    at(4)
    expect(limiter.tryTake()).toBe(true)
  })
})
