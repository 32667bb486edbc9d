import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  all,
  Channel,
  merge,
  once,
  pipeline,
  pool,
  retry,
  Semaphore,
  SingleFlight,
  sleep,
  timeout,
} from '@forkline/runtime'
import { deferred, settle, state } from '../deferred.ts'
import { listeners, untilAborted } from '../listeners.ts'

/** Behaviour that the tests of @std/async pin down; docs/runtime-parity.md says which carries over. */
describe('@std/async', () => {
  const boom = new Error('boom')

  describe('abortable', () => {
    it('abortable.AsyncIterable() closes the source iterator when the consumer stops early', async () => {
      let closed = false
      async function* source() {
        try {
          for (let i = 0; ; i++) {
            await settle()
            yield i
          }
        } finally {
          closed = true
        }
      }
      for await (const item of pipeline(source())) if (item === 2) break
      expect(closed).toBe(true)
    })

    it('abortable.AsyncIterable() handles aborted signal: the reason comes out of the loop', async () => {
      const controller = new AbortController()
      const collected = pipeline(untilNever(), { signal: controller.signal }).collect()
      await settle()
      controller.abort(boom)
      await expect(collected).rejects.toBe(boom)
      await expect(pipeline([1], { signal: controller.signal }).collect()).rejects.toBe(boom)
    })

    async function* untilNever() {
      yield 1
      await new Promise(() => undefined)
    }
  })

  it('allKeyed() rejects on first rejection, else gives all', async () => {
    expect(await all([() => 1, () => Promise.resolve('two')])).toEqual([1, 'two'])
    expect(await all([])).toEqual([])
    await expect(all([() => 1, () => Promise.reject(boom)])).rejects.toBe(boom)
  })

  describe('Channel', () => {
    it('Channel() defaults to unbuffered, and throws for invalid capacity', () => {
      expect(new Channel().capacity).toBe(0)
      for (const capacity of [-1, 1.5, Number.NaN, Infinity]) expect(() => new Channel(capacity)).toThrow(TypeError)
    })

    it('Channel ring buffer wraps around correctly: FIFO over many rounds', async () => {
      const channel = new Channel<number>(3)
      let received = 0
      for (let i = 0; i < 30; i++) {
        await channel.send(i)
        if (i >= 2) expect((await channel.receive()).value).toBe(received++)
      }
    })

    it('Channel.receive() unblocks senders, Channel.send() receivers, in FIFO order', async () => {
      const channel = new Channel<number>()
      const order: string[] = []
      const senders = [1, 2].map((n) => channel.send(n).then(() => order.push(`sent ${n}`)))
      for (const n of [1, 2]) expect((await channel.receive()).value).toBe(n)
      await Promise.all(senders)
      const receivers = [1, 2].map((n) =>
        channel.receive().then(({ value }) => order.push(`${n} got ${String(value)}`)),
      )
      await channel.send(7)
      await channel.send(8)
      await Promise.all(receivers)
      expect(order).toEqual(['sent 1', 'sent 2', '1 got 7', '2 got 8'])
    })

    it('Channel.close() is idempotent, rejects pending senders, ends pending receivers, lets the buffer be drained', async () => {
      const channel = new Channel<number>(1)
      await channel.send(1)
      const senders = [2, 3].map((n) => channel.send(n))
      channel.close()
      channel.close()
      for (const sender of senders) await expect(sender).rejects.toThrow('closed')
      expect([(await channel.receive()).value, (await channel.receive()).done]).toEqual([1, true])
    })

    it('Channel.send(), .receive() reject when signal is aborted, before or while waiting, and leave the line', async () => {
      const channel = new Channel<string>()
      const controller = new AbortController()
      const { signal } = controller
      const gaveUp = [channel.send('a', { signal }), channel.send('b', { signal })]
      const stays = channel.send('stays')
      controller.abort(boom)
      for (const promise of gaveUp) await expect(promise).rejects.toBe(boom)
      await expect(channel.send('c', { signal })).rejects.toBe(boom)
      await expect(channel.receive({ signal })).rejects.toBe(boom)
      expect((await channel.receive()).value).toBe('stays')
      await stays
    })

    it('Channel.receive() ignores signal on immediate delivery: and keeps no listener', async () => {
      const channel = new Channel<number>(1)
      const { signal } = new AbortController()
      await channel.send(1, { signal })
      await channel.receive({ signal })
      expect(listeners(signal)).toBe(0)
    })

    it('Channel async iteration works with concurrent producer', async () => {
      const channel = new Channel<number>()
      const producer = (async () => {
        for (const n of [1, 2, 3]) await channel.send(n)
        channel.close()
      })()
      const seen: number[] = []
      for await (const n of channel) seen.push(n)
      await producer
      expect(seen).toEqual([1, 2, 3])
    })
  })

  describe('with a clock', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    })
    afterEach(() => {
      vi.useRealTimers()
    })

    it('deadline() returns fulfilled promise in time, throws DOMException when late, hands on rejections', async () => {
      expect(await timeout(1000, () => 'in time')).toBe('in time')
      await expect(timeout(1000, () => Promise.reject(boom))).rejects.toBe(boom)
      const late = expect(timeout(100, ({ signal }) => untilAborted(signal))).rejects.toBeInstanceOf(DOMException)
      await vi.advanceTimersByTimeAsync(100)
      await late
      expect(vi.getTimerCount()).toBe(0)
    })

    it('deadline() handles aborted signal after delay, and already aborted signal', async () => {
      const controller = new AbortController()
      const { signal } = controller
      const limited = expect(timeout(1000, (task) => untilAborted(task.signal), { signal })).rejects.toBe(boom)
      controller.abort(boom)
      await limited
      await expect(timeout(1000, () => 'never', { signal })).rejects.toBe(boom)
      expect(vi.getTimerCount()).toBe(0)
    })

    it('delay() resolves after its time, with 0 too; abort rejects with the reason and clears the timer', async () => {
      const slept = sleep(200)
      await vi.advanceTimersByTimeAsync(200)
      await slept
      const none = sleep(0)
      await vi.advanceTimersByTimeAsync(0)
      await none
      const controller = new AbortController()
      const aborted = expect(sleep(200, { signal: controller.signal })).rejects.toBe(boom)
      controller.abort(boom)
      await aborted
      await expect(sleep(1, { signal: controller.signal })).rejects.toBe(boom)
      expect(vi.getTimerCount()).toBe(0)
    })

    it("delay() doesn't resolve early with `ms` argument > 0x7fffffff: it is a TypeError instead", () => {
      expect(() => sleep(0x7fffffff + 1)).toThrow(TypeError)
    })

    it('retry() returns immediately on first success, retries till then, and waits between calls', async () => {
      let calls = 0
      expect(await retry(() => ++calls)).toBe(1)
      const retried = retry(() => (++calls < 4 ? Promise.reject(boom) : calls), { attempts: 5 })
      await vi.runAllTimersAsync()
      expect(await retried).toBe(4)
      expect(vi.getTimerCount()).toBe(0)
    })

    it('retry() respects custom maxAttempts, caps backoff at maxTimeout, and gives the last error', async () => {
      const start = performance.now()
      const at: number[] = []
      const retried = expect(
        retry(
          () => {
            at.push(performance.now() - start)
            throw boom
          },
          { attempts: 5, delay: 100, factor: 10, maxDelay: 500, jitter: 0 },
        ),
      ).rejects.toBe(boom)
      await vi.runAllTimersAsync()
      await retried
      expect(at).toEqual([0, 100, 600, 1100, 1600])
    })

    it('retry() only retries errors that are retriable', async () => {
      let calls = 0
      await expect(
        retry(
          () => {
            calls++
            throw new TypeError('mistake')
          },
          { when: (error) => !(error instanceof TypeError) },
        ),
      ).rejects.toThrow('mistake')
      expect(calls).toBe(1)
    })

    it('retry() aborts during delay when signal is aborted, and at once if it is already', async () => {
      const controller = new AbortController()
      let calls = 0
      const options = { signal: controller.signal, delay: 1000 }
      const fail = () => {
        calls++
        throw new Error('again')
      }
      const retried = expect(retry(fail, options)).rejects.toBe(boom)
      await vi.advanceTimersByTimeAsync(10)
      controller.abort(boom)
      await retried
      await expect(retry(fail, options)).rejects.toBe(boom)
      expect([calls, vi.getTimerCount()]).toEqual([1, 0])
    })
  })

  it('Lazy.get() deduplicates concurrent callers, and propagates rejection to all', async () => {
    let calls = 0
    const load = once(async () => {
      calls++
      await settle()
      throw boom
    })
    const outcomes = await Promise.allSettled([load(), load()])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(calls).toBe(1)
  })

  it('Lazy.get() retries after rejection; its signal does not affect other callers: by SingleFlight', async () => {
    const flights = new SingleFlight<string, number>()
    await expect(flights.do('key', () => Promise.reject(boom))).rejects.toBe(boom)
    const gate = deferred<number>()
    const controller = new AbortController()
    const leaves = flights.do('key', () => gate.promise, { signal: controller.signal })
    const stays = flights.do('key', () => Promise.resolve(0))
    await settle()
    controller.abort(boom)
    await expect(leaves).rejects.toBe(boom)
    gate.resolve(5)
    expect(await stays).toBe(5)
  })

  it('MuxAsyncIterator() gives all of all, works with no iterables, and throws when a source throws', async () => {
    async function* count(to: number) {
      for (let i = 0; i < to; i++) {
        await settle()
        yield i
      }
    }
    async function* fail(): AsyncGenerator<number> {
      await settle()
      throw boom
    }
    const collect = async (source: AsyncIterable<number>) => {
      const seen: number[] = []
      for await (const n of source) seen.push(n)
      return seen.sort((a, b) => a - b)
    }
    expect(await collect(merge(count(3), count(2)))).toEqual([0, 0, 1, 1, 2])
    expect(await collect(merge())).toEqual([])
    await expect(collect(merge(count(3), fail()))).rejects.toBe(boom)
  })

  describe('pooledMap', () => {
    const collect = async <T>(source: AsyncIterable<T>) => {
      const seen: T[] = []
      for await (const item of source) seen.push(item)
      return seen
    }

    it('pooledMap() returns ordered items, throws for invalid poolLimit', async () => {
      expect(() => pool({ concurrency: 0 })).toThrow(TypeError)
      expect(
        await collect(
          pool({ concurrency: 2 }).stream([3, 2, 1], async (n) => {
            for (let turn = 0; turn < n; turn++) await settle()
            return n
          }),
        ),
      ).toEqual([3, 2, 1])
    })

    it('pooledMap() closes the source iterator on abort, also while it waits on a stalled source', async () => {
      const controller = new AbortController()
      let returned = false
      const source: AsyncIterable<number> = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => undefined),
          return: () => {
            returned = true
            return new Promise(() => undefined)
          },
        }),
      }
      const collected = collect(pool({ concurrency: 2 }).stream(source, (n) => n, { signal: controller.signal }))
      await settle()
      controller.abort(boom)
      await expect(collected).rejects.toBe(boom)
      expect([returned, listeners(controller.signal)]).toEqual([true, 0])
    })

    it('pooledMap() ignores abort after completion, and does not retain abort listener on a long-lived signal', async () => {
      const controller = new AbortController()
      for (let i = 0; i < 20; i++) await collect(pool().stream([1], (n) => n, { signal: controller.signal }))
      expect(listeners(controller.signal)).toBe(0)
      const done = await collect(pool().stream([1, 2], (n) => n, { signal: controller.signal }))
      controller.abort(boom)
      expect(done).toEqual([1, 2])
    })

    it('pooledMapSettled() yields rejected results without stopping; a source error is not wrapped', async () => {
      expect(
        (await pool({ concurrency: 2 }).mapSettled([1, 2, 3], (n) => (n === 2 ? Promise.reject(boom) : n))).map(
          ({ status }) => status,
        ),
      ).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      function* source() {
        yield 1
        throw boom
      }
      await expect(pool({ concurrency: 2 }).mapSettled(source(), (n) => n)).rejects.toBe(boom)
    })

    it('pooledMapSettled() rejects with abort reason when signal aborts, and starts nothing new after it', async () => {
      const controller = new AbortController()
      let started = 0
      await expect(
        pool({ concurrency: 1 }).mapSettled(
          [1, 2, 3, 4],
          (n) => {
            started++
            if (n === 2) controller.abort(boom)
            return n
          },
          { signal: controller.signal },
        ),
      ).rejects.toBe(boom)
      expect(started).toBe(2)
    })
  })

  it('Semaphore: throws for what is no positive number of permits, serves waiters in order, is disposable', async () => {
    for (const permits of [0, -1, 1.5]) expect(() => new Semaphore(permits)).toThrow(TypeError)
    const semaphore = new Semaphore(1)
    const release = await semaphore.acquire()
    const order: number[] = []
    const waits = [1, 2, 3].map((n) => semaphore.use(() => order.push(n)))
    expect(await state(Promise.race(waits))).toBe('pending')
    release()
    await Promise.all(waits)
    expect(order).toEqual([1, 2, 3])
  })

  it('tee() handles branches that are consumed at different speeds: fanOut gives each item to one of them', async () => {
    const [left, right] = pipeline([1, 2, 3, 4, 5, 6]).fanOut(2)
    const seen: number[] = []
    for await (const n of merge(left, right)) seen.push(n)
    expect(seen.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6])
  })
})
