import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import { pool, Semaphore } from '@forkline/runtime'
import { deferred, settle } from './deferred.ts'
import { listeners } from './listeners.ts'

const boom = new Error('boom')

describe('tasks that wait for a place in a pool', () => {
  it('run in the asynchronous context of their caller, not of the task that made room', async () => {
    const request = new AsyncLocalStorage<string>()
    const workers = pool({ concurrency: 1 })
    const seen = ['a', 'b', 'c'].map((id) =>
      request.run(id, () =>
        workers.run(async () => {
          const before = request.getStore()
          await settle()
          return [before, request.getStore()]
        }),
      ),
    )
    expect(await Promise.all(seen)).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
    ])
  })

  it('keep the lines of their callers in stack traces', async () => {
    const workers = pool({ concurrency: 1 })
    const failsLater = async () => {
      await settle()
      throw new Error('deep')
    }
    async function callerOne() {
      await workers.run(failsLater)
    }
    async function callerTwo() {
      await workers.run(failsLater)
    }
    async function callerThree() {
      await workers.run(failsLater)
    }
    for (const [index, outcome] of (await Promise.allSettled([callerOne(), callerTwo(), callerThree()])).entries()) {
      const { stack } = (outcome as { readonly reason: Error }).reason
      expect(stack).toContain('failsLater')
      expect(stack).toContain(['callerOne', 'callerTwo', 'callerThree'][index])
    }
  })

  it('share one listener on a signal that they share', async () => {
    const workers = pool({ concurrency: 1 })
    const gate = deferred()
    const blocking = workers.run(() => gate.promise)
    const controller = new AbortController()
    const { signal } = controller
    const tasks = Array.from({ length: 1000 }, () => workers.run(() => 1, { signal }))
    expect(listeners(signal)).toBe(1)
    expect(workers.pending).toBe(1000)
    controller.abort(boom)
    expect(workers.pending).toBe(0)
    for (const outcome of await Promise.allSettled(tasks)) expect(outcome).toEqual({ status: 'rejected', reason: boom })
    expect(listeners(signal)).toBe(0)
    gate.resolve()
    await blocking
    await workers.drain()
    await expect(workers.run(() => 1, { signal })).rejects.toBe(boom)
    await workers.drain()
  })

  it('that throw at once do not pile up on the stack', async () => {
    const workers = pool({ concurrency: 1 })
    const gate = deferred()
    const blocking = workers.run(() => gate.promise)
    const tasks = Array.from({ length: 20_000 }, () =>
      workers.run(() => {
        throw boom
      }),
    )
    gate.resolve()
    await blocking
    const outcomes = await Promise.allSettled(tasks)
    expect(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason === boom)).toBe(true)
  })

  it('are left out when their signal aborts as their turn comes', async () => {
    const workers = pool({ concurrency: 1 })
    const controller = new AbortController()
    const first = workers.run(() => {
      controller.abort(boom)
      return 1
    })
    let calls = 0
    const second = workers.run(() => {
      calls++
    }, controller)
    const third = workers.run(() => 3)
    await expect(second).rejects.toBe(boom)
    const ended = [await first, await third]
    expect([ended, calls]).toEqual([[1, 3], 0])
    expect([workers.active, workers.pending]).toEqual([0, 0])
  })
})

describe('requests in line for a semaphore', () => {
  it('that share a signal all leave before anybody is served', async () => {
    const semaphore = new Semaphore(2)
    const release = await semaphore.acquire()
    const controller = new AbortController()
    const { signal } = controller
    const large = semaphore.acquire(2, { signal })
    const small = semaphore.acquire(1, { signal })
    const patient = semaphore.acquire(1)
    expect(listeners(signal)).toBe(1)
    controller.abort(boom)
    await expect(large).rejects.toBe(boom)
    await expect(small).rejects.toBe(boom)
    expect(listeners(signal)).toBe(0)
    const other = await patient
    expect(semaphore.available).toBe(0)
    other()
    release()
    expect([semaphore.available, semaphore.waiting]).toEqual([2, 0])
  })
})
