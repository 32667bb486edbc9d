import { describe, expect, it } from 'vitest'
import { Channel, group, Mutex, Semaphore, WaitGroup } from '@forkline/runtime'
import { settle, state } from '../deferred.ts'
import { listeners } from '../listeners.ts'

/** Behaviour that Trio's tests of locks and channels pin down; docs/runtime-parity.md says which carries over. */
describe('trio', () => {
  const one = new Error('one')

  describe('locks', () => {
    it('test_Event: many wait for one thing, and all are woken; later ones do not wait', async () => {
      const event = new WaitGroup()
      event.add()
      const waiting = [event.wait(), event.wait()]
      expect(await state(Promise.race(waiting))).toBe('pending')
      event.done()
      await Promise.all(waiting)
      await event.wait()
    })

    it('test_CapacityLimiter: counts what is held and who waits', async () => {
      const limiter = new Semaphore(2)
      const held = [await limiter.acquire(), await limiter.acquire()]
      const third = limiter.acquire()
      expect([limiter.permits, limiter.available, limiter.waiting]).toEqual([2, 0, 1])
      held[0]?.()
      const release = await third
      release()
      expect([limiter.available, limiter.waiting]).toEqual([1, 0])
    })

    it('test_CapacityLimiter_memleak_548: one that gave up leaves nothing behind', async () => {
      const limiter = new Semaphore(1)
      const release = await limiter.acquire()
      const controller = new AbortController()
      const waiting = expect(limiter.acquire(1, { signal: controller.signal })).rejects.toBe(one)
      controller.abort(one)
      await waiting
      expect([limiter.waiting, listeners(controller.signal)]).toEqual([0, 0])
      release()
    })

    it('test_Semaphore_bounded: no more can be given back than was taken', async () => {
      const semaphore = new Semaphore(1)
      const release = await semaphore.acquire()
      release()
      expect(release).toThrow(Error)
      expect(semaphore.available).toBe(1)
    })

    it('test_generic_lock_exclusion: inside the lock there is only ever one', async () => {
      const mutex = new Mutex()
      let inside = 0
      let peak = 0
      await Promise.all(
        Array.from({ length: 10 }, () =>
          mutex.runExclusive(async () => {
            peak = Math.max(peak, ++inside)
            await settle()
            inside--
          }),
        ),
      )
      expect(peak).toBe(1)
    })

    it('test_generic_lock_fifo_fairness: of three that loop, none gets ahead', async () => {
      const mutex = new Mutex()
      const order: number[] = []
      await Promise.all(
        [0, 1, 2].map(async (name) => {
          for (let round = 0; round < 5; round++) {
            await mutex.runExclusive(async () => {
              order.push(name)
              await settle()
            })
          }
        }),
      )
      expect(order).toEqual(Array.from({ length: 15 }, (_, i) => i % 3))
    })

    it('test_generic_lock_acquire_nowait_blocks_acquire: what was got without waiting makes others wait', async () => {
      const mutex = new Mutex()
      const release = mutex.tryLock()
      const waiting = mutex.lock()
      expect(await state(waiting)).toBe('pending')
      release?.()
      const second = await waiting
      expect(mutex.tryLock()).toBeUndefined()
      second()
    })

    it('test_lock_handover: the lock goes to the first in line, with no gap for others', async () => {
      const mutex = new Mutex()
      const release = await mutex.lock()
      const waiting = mutex.lock()
      release()
      expect([mutex.locked, mutex.tryLock()]).toEqual([true, undefined])
      const next = await waiting
      next()
      expect(mutex.locked).toBe(false)
    })

    it('test_parking_lot_cancel: one in the middle of the line leaves; the order of the others stays', async () => {
      const mutex = new Mutex()
      const release = await mutex.lock()
      const controller = new AbortController()
      const order: number[] = []
      const waits = [1, 2, 3].map((name) =>
        mutex.runExclusive(() => order.push(name), name === 2 ? { signal: controller.signal } : {}).catch(() => 0),
      )
      controller.abort(one)
      release()
      await Promise.all(waits)
      expect(order).toEqual([1, 3])
    })
  })

  describe('channels', () => {
    it('test_channel: takes and gives without waiting while it can', async () => {
      expect(() => new Channel(1.5)).toThrow(TypeError)
      expect(() => new Channel(-1)).toThrow(TypeError)
      const channel = new Channel<number>(3)
      for (const n of [1, 2, 3]) await channel.send(n)
      channel.close()
      const received: number[] = []
      for await (const n of channel) received.push(n)
      expect(received).toEqual([1, 2, 3])
    })

    it('test_channel_multiple_producers: the loop ends when the last has closed it', async () => {
      const channel = new Channel<number>()
      const producing = group
        .run((tasks) => {
          for (let p = 0; p < 10; p++)
            void tasks.go(async () => {
              await channel.send(p)
            })
        })
        .finally(() => {
          channel.close()
        })
      const received: number[] = []
      for await (const n of channel) received.push(n)
      await producing
      expect(received.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    })

    it('test_close_basics: closing refuses who sends and ends who receives', async () => {
      const channel = new Channel<number>()
      const sent = expect(channel.send(1)).rejects.toThrow('The channel is closed: nothing more can be sent')
      channel.close()
      await sent
      expect(() => channel.send(2)).toThrow('closed')
      expect((await channel.receive()).done).toBe(true)
    })

    it('test_statistics: tells how much it holds and may hold', async () => {
      const channel = new Channel<number>(2)
      await channel.send(1)
      expect([channel.size, channel.capacity, channel.closed]).toEqual([1, 2, false])
      channel.close()
      expect(channel.closed).toBe(true)
    })

    it('test_channel_fairness: one that loops does not get ahead of one that waits', async () => {
      const channel = new Channel<number>(1)
      await channel.send(1)
      await channel.receive()
      const waiting = channel.receive()
      const order: string[] = []
      const looping = group.run(async () => {
        await channel.send(2)
        await channel.receive().then(() => order.push('looping'))
      })
      void waiting.then(() => order.push('waiting'))
      await channel.send(3)
      await looping
      expect(order).toEqual(['waiting', 'looping'])
    })

    it('test_unbuffered: each waits for the other', async () => {
      const channel = new Channel<number>(0)
      const sent = channel.send(1)
      expect(await state(sent)).toBe('pending')
      expect(await channel.receive()).toEqual({ value: 1, done: false })
      await sent
    })

    it('test_553: a wait that gave up takes no value with it', async () => {
      const channel = new Channel<string>(1)
      const controller = new AbortController()
      const gaveUp = expect(channel.receive({ signal: controller.signal })).rejects.toBe(one)
      controller.abort(one)
      await gaveUp
      await channel.send('kept')
      expect((await channel.receive()).value).toBe('kept')
    })
  })
})
