import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Mutex, Semaphore, withTimeout } from '@forkline/runtime'
import { dispose } from '../../../runtime/src/disposal.ts'
import { deferred, settle, state } from '../deferred.ts'

/** Behaviour that the tests of async-mutex pin down; docs/runtime-parity.md says which carries over. */
describe('async-mutex', () => {
  const boom = new Error('boom')

  describe('Mutex', () => {
    it('ownership is exclusive: the second waits until the first has released', async () => {
      const mutex = new Mutex()
      const release = await mutex.lock()
      const second = mutex.lock()
      expect(await state(second)).toBe('pending')
      release()
      expect(await state(second)).toBe('fulfilled')
    })

    it('runExclusive passes result, immediate or promised', async () => {
      const mutex = new Mutex()
      expect(await mutex.runExclusive(() => 10)).toBe(10)
      expect(await mutex.runExclusive(() => Promise.resolve(11))).toBe(11)
    })

    it('runExclusive passes rejection and exception, and does not stay locked', async () => {
      const mutex = new Mutex()
      await expect(mutex.runExclusive(() => Promise.reject(boom))).rejects.toBe(boom)
      await expect(
        mutex.runExclusive(() => {
          throw boom
        }),
      ).rejects.toBe(boom)
      expect(mutex.locked).toBe(false)
    })

    it('runExclusive is exclusive: the second starts when the first has ended', async () => {
      const mutex = new Mutex()
      const gate = deferred()
      const order: string[] = []
      const first = mutex.runExclusive(async () => {
        await gate.promise
        order.push('first')
      })
      const second = mutex.runExclusive(() => {
        order.push('second')
      })
      await settle()
      expect(order).toEqual([])
      gate.resolve()
      await Promise.all([first, second])
      expect(order).toEqual(['first', 'second'])
    })

    it('isLocked reflects the mutex state: also between two who wait', async () => {
      const mutex = new Mutex()
      expect(mutex.locked).toBe(false)
      const release = await mutex.lock()
      const next = mutex.lock()
      expect(mutex.locked).toBe(true)
      release()
      expect(mutex.locked).toBe(true)
      const releaseNext = await next
      releaseNext()
      expect(mutex.locked).toBe(false)
    })

    it("multiple calls to release behave as expected: a second one is an error, and frees nobody else's lock", async () => {
      const mutex = new Mutex()
      const release = await mutex.lock()
      release()
      const other = await mutex.lock()
      expect(release).toThrow('This permit was released before')
      expect(mutex.locked).toBe(true)
      other()
    })

    it('cancel rejects all pending locks: with the reason of their signal, and no waiter locks it again', async () => {
      const mutex = new Mutex()
      const release = await mutex.lock()
      const controller = new AbortController()
      const waits = [1, 2].map(() => mutex.lock({ signal: controller.signal }))
      controller.abort(boom)
      for (const waiting of waits) await expect(waiting).rejects.toBe(boom)
      release()
      expect(mutex.locked).toBe(false)
    })

    it('acquire rejects with error if mutex is already locked: tryLock gives undefined, else it locks', async () => {
      const mutex = new Mutex()
      const release = mutex.tryLock()
      expect(release).toBeDefined()
      expect(mutex.tryLock()).toBeUndefined()
      release?.()
      const again = await mutex.lock()
      expect(mutex.locked).toBe(true)
      again()
    })
  })

  describe('Semaphore', () => {
    it('acquire does not block while the semaphore has not reached zero', async () => {
      const semaphore = new Semaphore(2)
      await Promise.all([semaphore.acquire(), semaphore.acquire()])
      expect(semaphore.available).toBe(0)
    })

    it('acquire with weight blocks until enough was given back', async () => {
      const semaphore = new Semaphore(2)
      const held = await semaphore.acquire(2)
      const waiting = semaphore.acquire(1)
      expect(await state(waiting)).toBe('pending')
      held()
      const release = await waiting
      expect(semaphore.available).toBe(1)
      release()
    })

    it('acquire allows heavy items to run eventually, though light ones keep coming', async () => {
      const semaphore = new Semaphore(2)
      let heavyDone = false
      const light = async () => {
        while (!heavyDone) await semaphore.use(() => settle())
      }
      const lights = [light(), light()]
      await semaphore.use(
        () => {
          heavyDone = true
        },
        { n: 2 },
      )
      await Promise.all(lights)
      expect(semaphore.available).toBe(2)
    })

    it('the releaser increments by the correct weight, once', async () => {
      const semaphore = new Semaphore(5)
      const release = await semaphore.acquire(3)
      expect(semaphore.available).toBe(2)
      release()
      expect(semaphore.available).toBe(5)
      expect(release).toThrow(Error)
      expect(semaphore.available).toBe(5)
    })

    it('runExclusive passes result, rejection and exception, and gives its weight back', async () => {
      const semaphore = new Semaphore(2)
      expect(await semaphore.use(() => semaphore.available, { n: 2 })).toBe(0)
      await expect(semaphore.use(() => Promise.reject(boom), { n: 2 })).rejects.toBe(boom)
      await expect(
        semaphore.use(() => {
          throw boom
        }),
      ).rejects.toBe(boom)
      expect(semaphore.available).toBe(2)
    })

    it('runExclusive is exclusive: as many at once as there are permits', async () => {
      const semaphore = new Semaphore(2)
      let inside = 0
      let peak = 0
      await Promise.all(
        Array.from({ length: 8 }, () =>
          semaphore.use(async () => {
            peak = Math.max(peak, ++inside)
            await settle()
            inside--
          }),
        ),
      )
      expect(peak).toBe(2)
    })

    it('a canceled waiter will not lock the semaphore again: also one of several that share a signal', async () => {
      const semaphore = new Semaphore(2)
      const release = await semaphore.acquire(2)
      const controller = new AbortController()
      const waits = [1, 2].map((n) => semaphore.acquire(n, { signal: controller.signal }))
      const stays = semaphore.acquire(2)
      controller.abort(boom)
      for (const waiting of waits) await expect(waiting).rejects.toBe(boom)
      release()
      const last = await stays
      last()
      expect(semaphore.available).toBe(2)
    })

    it('trying to acquire with a negative weight throws at the call', () => {
      const semaphore = new Semaphore(2)
      for (const n of [-1, 0]) {
        expect(() => semaphore.acquire(n)).toThrow(TypeError)
        expect(() => semaphore.tryAcquire(n)).toThrow(TypeError)
        expect(() => semaphore.use(() => 1, { n })).toThrow(TypeError)
      }
    })

    it('tryAcquire: gives a permit when there is one, undefined when not', async () => {
      const semaphore = new Semaphore(1)
      const permit = semaphore.tryAcquire()
      expect(semaphore.tryAcquire()).toBeUndefined()
      permit?.[dispose]()
      const again = await semaphore.acquire()
      again()
      expect(semaphore.available).toBe(1)
    })
  })

  describe('withTimeout', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    })
    afterEach(() => {
      vi.useRealTimers()
    })

    it('acquire clears timeout if lock is acquired: the scope, left, leaves no timer', async () => {
      const mutex = new Mutex()
      const scope = withTimeout(100)
      const release = await mutex.lock({ signal: scope.signal })
      scope.cancel()
      expect(vi.getTimerCount()).toBe(0)
      await vi.advanceTimersByTimeAsync(200)
      expect(mutex.locked).toBe(true)
      release()
    })

    it('acquire rejects with timeout error if timeout is exceeded, and the lock is free for others after', async () => {
      const mutex = new Mutex()
      const release = await mutex.lock()
      const { signal } = withTimeout(100)
      const late = expect(mutex.lock({ signal })).rejects.toMatchObject({ name: 'TimeoutError' })
      await vi.advanceTimersByTimeAsync(100)
      await late
      release()
      expect(mutex.locked).toBe(false)
    })

    it('runExclusive does not run the callback if timeout is exceeded', async () => {
      const semaphore = new Semaphore(1)
      const release = await semaphore.acquire()
      const { signal } = withTimeout(100)
      let ran = false
      const late = expect(
        semaphore.use(
          () => {
            ran = true
          },
          { signal },
        ),
      ).rejects.toMatchObject({ name: 'TimeoutError' })
      await vi.advanceTimersByTimeAsync(100)
      await late
      release()
      await settle()
      expect([ran, semaphore.available]).toEqual([false, 1])
    })
  })
})
