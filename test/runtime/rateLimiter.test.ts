import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { pool, RateLimiter } from '@forkline/runtime'
import { listeners } from './listeners.ts'

const boom = new Error('boom')

describe('RateLimiter', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('lets a burst through at once, then one token at a time', async () => {
    const limiter = new RateLimiter({ limit: 10, interval: 1000, burst: 2 })
    const start = performance.now()
    const times: number[] = []
    const waits = Array.from({ length: 5 }, () => limiter.wait().then(() => times.push(performance.now() - start)))
    await vi.runAllTimersAsync()
    await Promise.all(waits)
    expect(times).toEqual([0, 0, 100, 200, 300])
  })

  it('serves those who wait in order, large requests included', async () => {
    const limiter = new RateLimiter({ limit: 10, interval: 1000 })
    const order: string[] = []
    const waits = [
      ['large', 10],
      ['larger', 9],
      ['small', 1],
    ] as const
    const all = waits.map(([name, n]) => limiter.wait(n).then(() => order.push(name)))
    await vi.runAllTimersAsync()
    await Promise.all(all)
    expect(order).toEqual(['large', 'larger', 'small'])
  })

  it('gains no more than the burst in a pause', async () => {
    const limiter = new RateLimiter({ limit: 100, interval: 1000, burst: 3 })
    await vi.advanceTimersByTimeAsync(60_000)
    expect([1, 2, 3, 4].map(() => limiter.tryTake())).toEqual([true, true, true, false])
  })

  it('never allows more than burst + limit per interval, whenever they come', async () => {
    const limiter = new RateLimiter({ limit: 5, interval: 100, burst: 4 })
    const times: number[] = []
    const waits: Promise<unknown>[] = []
    for (let i = 0; i < 60; i++) {
      waits.push(
        limiter.wait(1 + (i % 3)).then(() => {
          for (let n = 0; n <= i % 3; n++) times.push(performance.now())
        }),
      )
      if (i % 7 === 0) await vi.advanceTimersByTimeAsync(i * 3)
    }
    await vi.runAllTimersAsync()
    await Promise.all(waits)
    expect(times).toHaveLength(120)
    for (const start of times) {
      expect(times.filter((time) => time >= start && time < start + 100).length).toBeLessThanOrEqual(4 + 5)
    }
  })

  it('tryTake takes all or nothing, and nothing that is promised', async () => {
    const limiter = new RateLimiter({ limit: 2, interval: 1000 })
    expect(limiter.tryTake(2)).toBe(true)
    expect(limiter.tryTake()).toBe(false)
    const waiting = limiter.wait()
    await vi.advanceTimersByTimeAsync(499)
    expect(limiter.tryTake()).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await waiting
    expect(limiter.tryTake()).toBe(false)
    await vi.advanceTimersByTimeAsync(500)
    expect(limiter.tryTake()).toBe(true)
  })

  it('reserve says how long to hold back, and can be given back', () => {
    const limiter = new RateLimiter({ limit: 10, interval: 1000, burst: 1 })
    expect(limiter.reserve().delay).toBe(0)
    const second = limiter.reserve()
    expect(second.delay).toBe(100)
    second.cancel()
    second.cancel()
    expect(limiter.reserve().delay).toBe(100)
  })

  it('gives back only what no later reservation stands on', () => {
    const limiter = new RateLimiter({ limit: 10, interval: 1000, burst: 1 })
    limiter.reserve()
    const second = limiter.reserve()
    expect(limiter.reserve().delay).toBe(200)
    second.cancel()
    expect(limiter.reserve().delay).toBe(300)
  })

  it('a reservation whose time has come cannot be given back', async () => {
    const limiter = new RateLimiter({ limit: 10, interval: 1000, burst: 1 })
    const now = limiter.reserve()
    now.cancel()
    expect(limiter.tryTake()).toBe(false)
    const later = limiter.reserve()
    await vi.advanceTimersByTimeAsync(100)
    later.cancel()
    expect(limiter.tryTake()).toBe(false)
  })

  it('abort ends the wait, gives the tokens back, and leaves no timer and no listener', async () => {
    const limiter = new RateLimiter({ limit: 1, interval: 1000 })
    await limiter.wait()
    const controller = new AbortController()
    const wait = limiter.wait(1, { signal: controller.signal })
    controller.abort(boom)
    await expect(wait).rejects.toBe(boom)
    expect(vi.getTimerCount()).toBe(0)
    expect(listeners(controller.signal)).toBe(0)
    expect(limiter.reserve().delay).toBe(1000)
    await expect(limiter.wait(1, { signal: controller.signal })).rejects.toBe(boom)
  })

  it('bounds a pool by concurrency and by rate together', async () => {
    const start = performance.now()
    const rate = new RateLimiter({ limit: 10, interval: 1000, burst: 1 })
    const times = pool({ concurrency: 5, rate }).map([1, 2, 3, 4], () => performance.now() - start)
    await vi.runAllTimersAsync()
    expect(await times).toEqual([0, 100, 200, 300])
  })

  it('a request above the burst is an error at the call', () => {
    const limiter = new RateLimiter({ limit: 5, interval: 1000, burst: 2 })
    const message = new RangeError('3 events exceed the burst of 2: they could never happen')
    expect(() => limiter.wait(3)).toThrow(message)
    expect(() => limiter.tryTake(3)).toThrow(message)
    expect(() => limiter.reserve(3)).toThrow(message)
  })

  it.each([
    [{ limit: 0, interval: 1 }, 'Expected `limit` to be a positive integer, got 0'],
    [{ limit: 1, interval: 0 }, 'Expected `interval` to be a positive, finite number, got 0'],
    [{ limit: 1, interval: Infinity }, 'Expected `interval` to be a positive, finite number, got Infinity'],
    [{ limit: 1, interval: 1, burst: 0 }, 'Expected `burst` to be a positive integer, got 0'],
    [undefined, 'Expected `options` to be an object, got undefined'],
  ])('new RateLimiter(%o) is a TypeError', (options, message) => {
    expect(() => new RateLimiter(options as never)).toThrow(new TypeError(message))
  })
})
