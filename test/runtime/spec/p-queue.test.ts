import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { pool, RateLimiter, sleep, timeout } from '@forkline/runtime'
import { deferred, settle, state } from '../deferred.ts'
import { listeners, untilAborted } from '../listeners.ts'

/** Behaviour that the tests of p-queue pin down; docs/runtime-parity.md says which carries over. */
describe('p-queue', () => {
  const boom = new Error('boom')

  it('.add(): gives what the task gives, and runs it without being asked again', async () => {
    const queue = pool({ concurrency: 1 })
    const result = queue.run(() => settle().then(() => 'unicorn'))
    expect([queue.active, queue.pending]).toEqual([1, 0])
    expect(await result).toBe('unicorn')
  })

  it.each([1, 5])('.add() - concurrency: %i is reached and never passed', async (concurrency) => {
    const queue = pool({ concurrency })
    let active = 0
    let peak = 0
    await Promise.all(
      Array.from({ length: 50 }, () =>
        queue.run(async () => {
          peak = Math.max(peak, ++active)
          await settle()
          active--
        }),
      ),
    )
    expect(peak).toBe(concurrency)
  })

  it('.add() - limited concurrency: what does not run yet is counted as pending', async () => {
    const queue = pool({ concurrency: 2 })
    const gate = deferred()
    const tasks = [1, 2, 3].map(() => queue.run(() => gate.promise))
    expect([queue.active, queue.pending]).toEqual([2, 1])
    gate.resolve()
    await Promise.all(tasks)
    expect([queue.active, queue.pending]).toEqual([0, 0])
  })

  it('.add() sync/async mixed tasks: in the order of the calls', async () => {
    const queue = pool({ concurrency: 1 })
    const order: number[] = []
    await Promise.all([
      queue.run(() => order.push(1)),
      queue.run(async () => {
        await settle()
        order.push(2)
      }),
      queue.run(() => order.push(3)),
    ])
    expect(order).toEqual([1, 2, 3])
  })

  it('.add() - handle task throwing error, handle task promise failure: each rejects its own call only', async () => {
    const queue = pool({ concurrency: 1 })
    const outcomes = await Promise.allSettled([
      queue.run(() => 'sync 1'),
      queue.run(() => {
        throw boom
      }),
      queue.run(() => Promise.reject(boom)),
      queue.run(() => 'sync 2'),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  })

  it('.addAll(): many at once is `map`, results in order', async () => {
    const tasks = [() => 1, () => Promise.resolve(2), () => 3]
    expect(await pool({ concurrency: 2 }).map(tasks, (task) => task())).toEqual([1, 2, 3])
  })

  it('.onIdle(): `drain` ends when nothing runs and nothing is queued, at once when so already', async () => {
    const queue = pool({ concurrency: 2 })
    await queue.drain()
    const gates = [deferred(), deferred(), deferred()]
    for (const gate of gates) void queue.run(() => gate.promise)
    const waits = [queue.drain(), queue.drain()]
    gates[0]?.resolve()
    gates[1]?.resolve()
    expect(await state(Promise.race(waits))).toBe('pending')
    gates[2]?.resolve()
    await Promise.all(waits)
    expect([queue.active, queue.pending]).toEqual([0, 0])
  })

  it('.onPendingZero() - resolves even if tasks throw errors; adding tasks while waiting prolongs it', async () => {
    const queue = pool({ concurrency: 1 })
    const [first, second] = [deferred(), deferred()]
    const failing = expect(queue.run(() => first.promise)).rejects.toBe(boom)
    const drained = queue.drain()
    const added = queue.run(() => second.promise)
    first.reject(boom)
    await failing
    expect(await state(drained)).toBe('pending')
    second.resolve()
    await Promise.all([drained, added])
  })

  it('.clear(): an abort of the pool rejects all that is queued; nothing of it runs, nothing stays pending', async () => {
    const controller = new AbortController()
    const queue = pool({ concurrency: 2, signal: controller.signal })
    const gate = deferred()
    const running = [1, 2].map(() => queue.run(() => gate.promise))
    let ran = 0
    const queued = [1, 2, 3, 4].map(() => queue.run(() => ran++))
    controller.abort(boom)
    for (const promise of queued) await expect(promise).rejects.toBe(boom)
    expect([queue.active, queue.pending, ran]).toEqual([2, 0, 0])
    gate.resolve()
    await Promise.all(running)
    await queue.drain()
  })

  it('enforce number in options.concurrency, options.intervalCap, options.interval: else a TypeError', () => {
    for (const wrong of [0, -1, Number.NaN, undefined]) {
      if (wrong !== undefined) expect(() => pool({ concurrency: wrong })).toThrow(TypeError)
      expect(() => new RateLimiter({ limit: wrong as never, interval: 100 })).toThrow(TypeError)
      expect(() => new RateLimiter({ limit: 1, interval: wrong as never })).toThrow(TypeError)
    }
    expect(() => new RateLimiter({ limit: Infinity, interval: 100 })).toThrow(TypeError)
    expect(() => new RateLimiter({ limit: 1, interval: Infinity })).toThrow(TypeError)
  })

  it('autoStart: false, .pause(), .start() - not paused: what is paused starts nothing; resume twice is as once', async () => {
    const queue = pool({ concurrency: 2 })
    queue.pause()
    const tasks = [1, 2, 3, 4].map((n) => queue.run(() => settle().then(() => n)))
    await settle()
    expect([queue.active, queue.pending]).toEqual([0, 4])
    queue.resume()
    queue.resume()
    expect([queue.active, queue.pending]).toEqual([2, 2])
    expect(await Promise.all(tasks)).toEqual([1, 2, 3, 4])
  })

  describe('abort', () => {
    it('should skip an aborted job: it never runs, and its place goes to the next', async () => {
      const queue = pool({ concurrency: 1 })
      const gate = deferred()
      const controller = new AbortController()
      const ran: string[] = []
      const first = queue.run(() => gate.promise)
      const aborted = queue.run(() => ran.push('aborted'), { signal: controller.signal })
      const next = queue.run(() => ran.push('next'))
      controller.abort(boom)
      await expect(aborted).rejects.toBe(boom)
      gate.resolve()
      await Promise.all([first, next])
      expect(ran).toEqual(['next'])
    })

    it('should reject immediately when signal is already aborted and task is queued', async () => {
      const queue = pool({ concurrency: 1 })
      const gate = deferred()
      const running = queue.run(() => gate.promise)
      await expect(queue.run(() => 1, { signal: AbortSignal.abort(boom) })).rejects.toBe(boom)
      gate.resolve()
      await running
    })

    it('abort works on a paused queue without unpausing', async () => {
      const queue = pool({ concurrency: 1 })
      queue.pause()
      const controller = new AbortController()
      const aborted = queue.run(() => 1, { signal: controller.signal })
      const stays = queue.run(() => 2)
      controller.abort(boom)
      await expect(aborted).rejects.toBe(boom)
      expect([await state(stays), queue.pending]).toEqual(['pending', 1])
      queue.resume()
      expect(await stays).toBe(2)
    })

    it('aborting multiple queued tasks with same AbortController: all of them, nobody else', async () => {
      const queue = pool({ concurrency: 1 })
      const controller = new AbortController()
      const gate = deferred()
      const running = queue.run(() => gate.promise)
      const aborted = [1, 2, 3].map((n) => queue.run(() => n, { signal: controller.signal }))
      const stays = queue.run(() => 'stays')
      controller.abort(boom)
      for (const promise of aborted) await expect(promise).rejects.toBe(boom)
      gate.resolve()
      expect(await Promise.all([running, stays])).toEqual([undefined, 'stays'])
    })

    it('should pass AbortSignal instance to job: it aborts with the signal of the call', async () => {
      const controller = new AbortController()
      const running = pool({ concurrency: 1 }).run(({ signal }) => untilAborted(signal), { signal: controller.signal })
      controller.abort(boom)
      await expect(running).rejects.toBe(boom)
    })

    it('abort listener is removed when job is completed, and after an abort', async () => {
      const queue = pool({ concurrency: 1 })
      const controller = new AbortController()
      await Promise.all([1, 2, 3].map((n) => queue.run(() => n, { signal: controller.signal })))
      expect(listeners(controller.signal)).toBe(0)
      const gate = deferred()
      const running = queue.run(() => gate.promise)
      const queued = expect(queue.run(() => 1, { signal: controller.signal })).rejects.toBe(boom)
      controller.abort(boom)
      await queued
      expect(listeners(controller.signal)).toBe(0)
      gate.resolve()
      await running
    })

    it('should not cause stack overflow with many aborted tasks', async () => {
      const queue = pool({ concurrency: 1 })
      const controller = new AbortController()
      const gate = deferred()
      const running = queue.run(() => gate.promise)
      const many = Array.from({ length: 5000 }, () =>
        queue.run(() => 1, { signal: controller.signal }).catch(() => 'gone'),
      )
      controller.abort(boom)
      expect(new Set(await Promise.all(many))).toEqual(new Set(['gone']))
      gate.resolve()
      await running
    })
  })

  describe('time', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    })
    afterEach(() => {
      vi.useRealTimers()
    })

    it('.add() - timeout behavior: a task that takes too long is told, and its place becomes free', async () => {
      const queue = pool({ concurrency: 1 })
      const late = expect(queue.run(() => timeout(100, ({ signal }) => sleep(500, { signal })))).rejects.toMatchObject({
        name: 'TimeoutError',
      })
      const next = queue.run(() => 'next')
      await vi.advanceTimersByTimeAsync(100)
      await late
      expect(await next).toBe('next')
    })

    it('.add() - throttled: starts are spread by the rate, whatever the concurrency', async () => {
      const queue = pool({ concurrency: 10, rate: new RateLimiter({ limit: 2, interval: 100, burst: 1 }) })
      const start = performance.now()
      const starts: number[] = []
      const all = queue.forEach([1, 2, 3, 4, 5], () => {
        starts.push(performance.now() - start)
      })
      await vi.runAllTimersAsync()
      await all
      expect(starts).toEqual([0, 50, 100, 150, 200])
    })

    it('.add() - throttled 10, concurrency 5: both hold at once', async () => {
      const queue = pool({ concurrency: 5, rate: new RateLimiter({ limit: 10, interval: 1000 }) })
      let active = 0
      let peak = 0
      const starts: number[] = []
      const all = queue.forEach(
        Array.from({ length: 20 }, (_, i) => i),
        async () => {
          starts.push(performance.now())
          peak = Math.max(peak, ++active)
          await sleep(300)
          active--
        },
      )
      await vi.runAllTimersAsync()
      await all
      expect(peak).toBe(5)
      for (const from of starts) {
        expect(starts.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(20)
      }
    })

    it('strict mode prevents boundary bursts: with a burst of 1, no window of any place has more than the limit', async () => {
      const limiter = new RateLimiter({ limit: 5, interval: 1000, burst: 1 })
      const times: number[] = []
      const waits = Array.from({ length: 20 }, async () => {
        await limiter.wait()
        times.push(performance.now())
      })
      await vi.runAllTimersAsync()
      await Promise.all(waits)
      for (const from of times) {
        expect(times.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(5)
      }
    })

    it('aborted jobs do not use interval cap: tokens of those that gave up go to others', async () => {
      const limiter = new RateLimiter({ limit: 1, interval: 1000, burst: 1 })
      const queue = pool({ concurrency: 5, rate: limiter })
      const start = performance.now()
      await queue.run(() => 1)
      const controller = new AbortController()
      const aborted = queue.run(() => 2, { signal: controller.signal })
      await settle()
      controller.abort(boom)
      await expect(aborted).rejects.toBe(boom)
      const next = queue.run(() => performance.now() - start)
      await vi.runAllTimersAsync()
      expect(await next).toBe(1000)
    })

    it('process exits cleanly after interval tasks complete: no timer is left', async () => {
      const queue = pool({ concurrency: 2, rate: new RateLimiter({ limit: 2, interval: 100 }) })
      const all = queue.forEach([1, 2, 3], () => undefined)
      await vi.runAllTimersAsync()
      await all
      expect(vi.getTimerCount()).toBe(0)
    })

    it('consumed interval is remembered between idle states: an idle moment earns no extra', async () => {
      const limiter = new RateLimiter({ limit: 2, interval: 1000 })
      const queue = pool({ concurrency: 2, rate: limiter })
      const start = performance.now()
      await queue.forEach([1, 2], () => undefined)
      await vi.advanceTimersByTimeAsync(100)
      const next = queue.run(() => performance.now() - start)
      await vi.runAllTimersAsync()
      expect(await next).toBe(500)
    })

    it('pause should work when throttled: what waits in a paused pool takes no tokens', async () => {
      const limiter = new RateLimiter({ limit: 1, interval: 1000 })
      const queue = pool({ concurrency: 1, rate: limiter })
      queue.pause()
      const task = queue.run(() => 'done')
      await vi.advanceTimersByTimeAsync(5000)
      expect(limiter.tryTake()).toBe(true)
      queue.resume()
      await vi.runAllTimersAsync()
      expect(await task).toBe('done')
    })
  })
})
