import { describe, expect, it } from 'vitest'
import { Mutex, Semaphore } from '@forkline/runtime'
import { dispose } from '../../runtime/src/disposal.ts'
import { deferred, settle, state } from './deferred.ts'
import { listeners } from './listeners.ts'

const boom = new Error('boom')

describe('Semaphore', () => {
  it('gives permits until there are none, then makes wait', async () => {
    const semaphore = new Semaphore(2)
    const release = await semaphore.acquire(2)
    expect(semaphore.available).toBe(0)
    const next = semaphore.acquire()
    expect(await state(next)).toBe('pending')
    expect(semaphore.waiting).toBe(1)
    release()
    await next
    expect(semaphore.available).toBe(1)
  })

  it('is strictly first come, first served: a large request is not passed by small ones', async () => {
    const semaphore = new Semaphore(3)
    const one = await semaphore.acquire(1)
    const large = semaphore.acquire(3)
    const small = semaphore.acquire(1)
    expect(semaphore.tryAcquire()).toBeUndefined()
    expect([await state(large), await state(small)]).toEqual(['pending', 'pending'])
    one()
    const largeRelease = await large
    expect(await state(small)).toBe('pending')
    largeRelease()
    await small
  })

  it('abort takes a request out of the line and lets those behind it through', async () => {
    const semaphore = new Semaphore(2)
    await semaphore.acquire(1)
    const controller = new AbortController()
    const large = semaphore.acquire(2, { signal: controller.signal })
    const small = semaphore.acquire(1)
    expect(await state(small)).toBe('pending')
    controller.abort(boom)
    await expect(large).rejects.toBe(boom)
    await small
    expect(semaphore.available).toBe(0)
    expect(listeners(controller.signal)).toBe(0)
  })

  it('an aborted signal gets nothing, even when permits are free', async () => {
    const semaphore = new Semaphore(1)
    await expect(semaphore.acquire(1, { signal: AbortSignal.abort(boom) })).rejects.toBe(boom)
    expect(semaphore.available).toBe(1)
  })

  it('leaves no listener after success', async () => {
    const semaphore = new Semaphore(1)
    const { signal } = new AbortController()
    const release = await semaphore.acquire(1, { signal })
    const next = semaphore.acquire(1, { signal })
    expect(listeners(signal)).toBe(1)
    release()
    await next
    expect(listeners(signal)).toBe(0)
  })

  it('`use` gives back however the work ends, one after the other', async () => {
    const semaphore = new Semaphore(1)
    await expect(
      semaphore.use(() => {
        throw boom
      }),
    ).rejects.toBe(boom)
    const gate = deferred<string>()
    const first = semaphore.use(() => gate.promise)
    const second = semaphore.use(() => 'second', { n: 1 })
    expect(await state(second)).toBe('pending')
    gate.resolve('first')
    expect(await Promise.all([first, second])).toEqual(['first', 'second'])
    expect(semaphore.available).toBe(1)
  })

  it('a permit is disposable', async () => {
    const semaphore = new Semaphore(1)
    const permit = await semaphore.acquire()
    permit[dispose]()
    expect(semaphore.available).toBe(1)
  })

  it('keeps the lines of the caller in stack traces', async () => {
    async function callerOfUse() {
      await new Semaphore(1).use(async () => {
        await settle()
        throw new Error('deep')
      })
    }
    const error = (await callerOfUse().catch((thrown: unknown) => thrown)) as Error
    expect(error.stack).toMatch(/at (async )?callerOfUse /)
  })

  it('misuse is an error at the call', async () => {
    for (const permits of [0, -1, Number.NaN, 1.5, '2']) {
      expect(() => new Semaphore(permits as never)).toThrow(TypeError)
    }
    const semaphore = new Semaphore(2)
    const message = new RangeError('3 permits were asked for, but the semaphore has 2 in all')
    expect(() => semaphore.acquire(3)).toThrow(message)
    expect(() => semaphore.tryAcquire(3)).toThrow(message)
    expect(() => semaphore.use(() => 1, { n: 3 })).toThrow(message)
    expect(() => semaphore.acquire(0)).toThrow(new TypeError('Expected `n` to be a positive integer, got 0'))
    const release = await semaphore.acquire()
    release()
    expect(release).toThrow('This permit was released before')
    expect(semaphore.available).toBe(2)
  })
})

describe('Mutex', () => {
  it('lets one in at a time, in order', async () => {
    const mutex = new Mutex()
    let balance = 0
    const deposit = () =>
      mutex.runExclusive(async () => {
        const read = balance
        await settle()
        balance = read + 1
        return balance
      })
    expect(await Promise.all([deposit(), deposit(), deposit()])).toEqual([1, 2, 3])
    expect(mutex.locked).toBe(false)
  })

  it('lock waits, tryLock does not, the lock ends with its signal', async () => {
    const mutex = new Mutex()
    const unlock = await mutex.lock()
    expect([mutex.locked, mutex.tryLock()]).toEqual([true, undefined])
    const controller = new AbortController()
    const waiting = mutex.lock({ signal: controller.signal })
    const exclusive = mutex.runExclusive(() => 1, { signal: controller.signal })
    controller.abort(boom)
    await expect(waiting).rejects.toBe(boom)
    await expect(exclusive).rejects.toBe(boom)
    unlock()
    expect(unlock).toThrow('released before')
    mutex.tryLock()?.()
    expect(mutex.locked).toBe(false)
  })
})
