import type { Worker } from 'node:worker_threads'
import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countAllPrimes } from '../../../examples/patterns/work-stealing.ts'

/** Takes for ever, in human terms. */
const ENDLESS = 1e12

describe('work stealing', () => {
  let started: number
  let ended: number

  const onWorker = (worker: Worker) => {
    started++
    worker.once('exit', () => {
      ended++
    })
  }

  beforeEach(() => {
    started = 0
    ended = 0
    process.on('worker', onWorker)
  })

  afterEach(() => {
    process.off('worker', onWorker)
    expect(started).toBeGreaterThan(0)
    expect(ended).toBe(started)
  })

  it('success: results are in order, however uneven the work', async () => {
    const limits = [10, 200_000, 20, 30, 100, 2, 0]
    expect(await countAllPrimes({ limits, size: 2 })).toEqual([4, 17_984, 8, 10, 25, 0, 0])
    expect(started).toBe(2)
  })

  it('success: one large piece does not hold up the small ones', async () => {
    const limits = [400_000, ...Array.from({ length: 200 }, () => 100)]
    const counts = await countAllPrimes({ limits, size: 2 })
    expect(counts).toEqual([33_860, ...Array.from({ length: 200 }, () => 25)])
  })

  it('failure: ends the other threads, and keeps its name', async () => {
    await expect(countAllPrimes({ limits: [ENDLESS, 10, -1], size: 2 })).rejects.toMatchObject({
      name: 'RangeError',
      message: 'There is no number of primes below -1',
    })
  })

  it('timeout: ends a count that takes too long', async () => {
    await expect(countAllPrimes({ limits: [10, ENDLESS], size: 2, timeout: 50 })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  })

  it('abort: ends threads in the middle of their work', async () => {
    const controller = new AbortController()
    const reason = new Error('The user has left')
    process.once('worker', (worker: Worker) => {
      worker.once('online', () => {
        controller.abort(reason)
      })
    })
    const { signal } = controller
    await expect(countAllPrimes({ limits: [ENDLESS, ENDLESS], size: 2, signal })).rejects.toBe(reason)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
