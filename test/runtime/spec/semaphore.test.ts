import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { group, Semaphore, withTimeout, type Permit } from '@forkline/runtime'
import { settle, state } from '../deferred.ts'

/** Behaviour that the tests of golang.org/x/sync/semaphore pin down; docs/runtime-parity.md says which carries over. */
describe('x/sync/semaphore', () => {
  it('TestWeighted: under a hail of requests of all sizes, never more is held than there is, and all come back', async () => {
    const semaphore = new Semaphore(5)
    let held = 0
    let peak = 0
    await group.run((tasks) => {
      for (let worker = 0; worker < 8; worker++) {
        void tasks.go(async () => {
          for (let round = 0; round < 50; round++) {
            const n = 1 + ((worker + round) % 5)
            const release = await semaphore.acquire(n)
            held += n
            peak = Math.max(peak, held)
            if (round % 3 === 0) await Promise.resolve()
            held -= n
            release()
          }
        })
      }
    })
    expect(peak).toBe(5)
    expect([semaphore.available, semaphore.waiting]).toEqual([5, 0])
  })

  it('TestWeightedPanic: giving back what is not held is an error, and gives nothing', () => {
    const semaphore = new Semaphore(1)
    const release = semaphore.tryAcquire() as Permit
    release()
    expect(() => {
      release()
    }).toThrow('This permit was released before')
    expect(semaphore.available).toBe(1)
  })

  it('TestWeightedTryAcquire: succeeds while there are permits, and again when they were given back', async () => {
    const semaphore = new Semaphore(2)
    const held = [await semaphore.acquire(1)]
    const attempt = () => {
      const release = semaphore.tryAcquire(1)
      if (release !== undefined) held.push(release)
      return release !== undefined
    }
    const tries = [attempt(), attempt()]
    for (const release of held.splice(0)) release()
    tries.push(attempt())
    held.push(await semaphore.acquire(1))
    tries.push(attempt())
    expect(tries).toEqual([true, false, true, false])
  })

  describe('with a clock', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    })
    afterEach(() => {
      vi.useRealTimers()
    })

    it('TestWeightedAcquire: a wait with a time limit ends with it when nothing is given back', async () => {
      const semaphore = new Semaphore(2)
      const held = [await semaphore.acquire(1)]
      const attempt = async () => {
        const scope = withTimeout(10)
        const acquired = semaphore.acquire(1, { signal: scope.signal }).then(
          (release) => held.push(release) > 0,
          () => false,
        )
        await settle()
        await vi.advanceTimersByTimeAsync(10)
        scope.cancel()
        return await acquired
      }
      const tries = [await attempt(), await attempt()]
      for (const release of held.splice(0)) release()
      tries.push(await attempt())
      held.push(await semaphore.acquire(1))
      tries.push(await attempt())
      expect(tries).toEqual([true, false, true, false])
    })
  })

  it('TestWeightedDoesntBlockIfTooBig: a request above all permits is refused at the call, and blocks nobody', async () => {
    const semaphore = new Semaphore(2)
    expect(() => semaphore.acquire(3)).toThrow(RangeError)
    let served = 0
    await Promise.all(
      Array.from({ length: 6 }, () =>
        semaphore.use(async () => {
          await settle()
          served++
        }),
      ),
    )
    expect(served).toBe(6)
  })

  it('TestLargeAcquireDoesntStarve: a request for all is served in its turn, though small ones never cease', async () => {
    const semaphore = new Semaphore(4)
    let running = true
    const small = async () => {
      while (running) await semaphore.use(() => settle())
    }
    const workers = Array.from({ length: 4 }, small)
    await settle()
    const releaseAll = await semaphore.acquire(4)
    running = false
    releaseAll()
    await Promise.all(workers)
    expect(semaphore.available).toBe(4)
  })

  it('TestAllocCancelDoesntStarve: when a large request gives up, those behind it that fit are served', async () => {
    const semaphore = new Semaphore(10)
    const release = await semaphore.acquire(1)
    const controller = new AbortController()
    const large = semaphore.acquire(10, { signal: controller.signal })
    expect(semaphore.tryAcquire(1)).toBeUndefined()
    const small = semaphore.acquire(1)
    expect(await state(small)).toBe('pending')
    controller.abort(new Error('gave up'))
    await expect(large).rejects.toThrow('gave up')
    const releaseSmall = await small
    releaseSmall()
    release()
    expect(semaphore.available).toBe(10)
  })

  it('TestWeightedAcquireCanceled: cancelled before it was served, it gets nothing, even if room comes at once', async () => {
    const semaphore = new Semaphore(2)
    const release = await semaphore.acquire(1)
    const controller = new AbortController()
    const waiting = semaphore.acquire(2, { signal: controller.signal })
    const reason = new Error('cancelled')
    controller.abort(reason)
    release()
    await expect(waiting).rejects.toBe(reason)
    expect(semaphore.tryAcquire(2)).toBeDefined()
    await expect(new Semaphore(2).acquire(1, { signal: controller.signal })).rejects.toBe(reason)
  })
})
