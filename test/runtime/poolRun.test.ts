import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { pool } from '@forkline/runtime'
import { asyncDispose } from '../../runtime/src/disposal.ts'
import { deferred, settle, state } from './deferred.ts'
import { listeners, untilAborted } from './listeners.ts'
import { stepwise } from './stepwise.ts'

const boom = new Error('boom')

describe('pool.run', () => {
  it('runs in the order of the calls, each failure its own', async () => {
    const workers = pool({ concurrency: 1 })
    const order: number[] = []
    const runs = [1, 2, 3].map((item) =>
      workers.run(({ index }) => {
        order.push(index)
        if (item === 2) throw boom
        return item
      }),
    )
    expect(await Promise.allSettled(runs)).toEqual([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: boom },
      { status: 'fulfilled', value: 3 },
    ])
    expect(order).toEqual([0, 1, 2])
  })

  it('abort of one leaves the others', async () => {
    const workers = pool({ concurrency: 1 })
    const gate = deferred<string>()
    const first = workers.run(() => gate.promise)
    const controller = new AbortController()
    const second = workers.run(() => 'second', { signal: controller.signal })
    const third = workers.run(() => 'third')
    controller.abort(boom)
    await expect(second).rejects.toBe(boom)
    gate.resolve('first')
    expect(await Promise.all([first, third])).toEqual(['first', 'third'])
  })
})

describe('pool: rate', () => {
  it('is waited for by each task, and its wait ends with the signal', async () => {
    const controller = new AbortController()
    let tokens = 1
    const waits: (AbortSignal | undefined)[] = []
    const rate = {
      wait: (_?: number, options?: { readonly signal?: AbortSignal | undefined }) => {
        waits.push(options?.signal)
        if (tokens-- > 0 || options?.signal === undefined) return Promise.resolve()
        return untilAborted(options.signal)
      },
    }
    const done: number[] = []
    const all = pool({ concurrency: 1, rate, signal: controller.signal }).map([1, 2, 3], (item) => done.push(item))
    await settle()
    expect(done).toEqual([1])
    expect(waits).toHaveLength(2)
    controller.abort(boom)
    await expect(all).rejects.toBe(boom)
    expect(done).toEqual([1])
  })
})

describe('pool: pause, resume, drain, close', () => {
  it('pause starts nothing more, resume goes on in order', async () => {
    const workers = pool({ concurrency: 2 })
    const { gates, fn } = stepwise()
    const all = workers.map([1, 2, 3, 4], fn)
    workers.pause()
    for (const gate of gates) gate.resolve('')
    await settle()
    expect([gates.length, workers.active, workers.pending]).toEqual([2, 0, 2])
    const late = workers.run(() => 'late')
    expect(await state(late)).toBe('pending')
    workers.resume()
    await settle()
    expect(gates).toHaveLength(4)
    for (const gate of gates) gate.resolve('')
    await all
    expect(await late).toBe('late')
  })

  it('drain waits for what runs and what is queued, whichever way it ends', async () => {
    const workers = pool({ concurrency: 1 })
    await workers.drain()
    const gate = deferred()
    const first = workers.run(() => gate.promise)
    const second = workers.map([1], () => {
      throw boom
    })
    second.catch(() => undefined)
    const drained = workers.drain()
    expect(await state(drained)).toBe('pending')
    gate.resolve()
    await drained
    expect([workers.active, workers.pending]).toEqual([0, 0])
    await first
    await expect(second).rejects.toBe(boom)
  })

  it('the wait for drain ends with its signal', async () => {
    const workers = pool()
    const gate = deferred()
    const running = workers.run(() => gate.promise)
    const controller = new AbortController()
    const drained = workers.drain({ signal: controller.signal })
    controller.abort(boom)
    await expect(drained).rejects.toBe(boom)
    expect(listeners(controller.signal)).toBe(0)
    gate.resolve()
    await running
  })

  it('close finishes what was called, resumes, and refuses more', async () => {
    const workers = pool({ concurrency: 1, name: 'uploads' })
    workers.pause()
    const run = workers.run(() => 'done')
    await workers.close()
    expect(await run).toBe('done')
    const message = 'The pool "uploads" is closed: it takes no more calls'
    expect(() => workers.run(() => 1)).toThrow(message)
    expect(() => workers.map([], () => 1)).toThrow(message)
    expect(() => workers.stream([], () => 1)).toThrow(message)
  })

  it('disposal aborts and awaits', async () => {
    const workers = pool({ concurrency: 1, name: 'uploads' })
    const running = workers.run(({ signal }) => untilAborted(signal))
    const queued = workers.run(() => 1)
    const ended = Promise.allSettled([running, queued])
    await workers[asyncDispose]()
    for (const outcome of await ended) {
      expect(outcome).toMatchObject({ reason: { name: 'AbortError', message: 'The pool "uploads" was disposed of' } })
    }
  })

  it('active and pending say what is going on', async () => {
    const workers = pool({ concurrency: 2 })
    const { gates, fn } = stepwise()
    const all = workers.map(Array.from({ length: 5 }), fn)
    const run = workers.run(() => 1)
    await settle()
    expect([workers.active, workers.pending]).toEqual([2, 4])
    while (gates.length < 5 || workers.active > 0) {
      for (const gate of gates) gate.resolve('')
      await settle()
    }
    await Promise.all([all, run])
    expect([workers.active, workers.pending]).toEqual([0, 0])
  })
})

describe('pool: defaults and misuse', () => {
  it('concurrency defaults to the cores that the process may use', () => {
    expect(pool().concurrency).toBe(availableParallelism())
  })

  it.each([
    [{ concurrency: 0 }, 'Expected `concurrency` to be a positive integer, got 0'],
    [{ concurrency: Infinity }, 'Expected `concurrency` to be a positive integer, got Infinity'],
    [{ concurrency: '4' }, 'Expected `concurrency` to be a positive integer, got "4" (string)'],
    [{ rate: 5 }, 'Expected `rate` to be a RateLimiter, got 5'],
    [{ signal: 'x' }, 'Expected `signal` to be an AbortSignal, got "x" (string)'],
  ])('pool(%o) is a TypeError', (options, message) => {
    expect(() => pool(options as never)).toThrow(new TypeError(message))
  })

  it('calls check their arguments at the call', () => {
    const workers = pool()
    expect(() => workers.map(7 as never, () => 1)).toThrow(
      new TypeError('Expected `source` to be an iterable or an async iterable, got 7'),
    )
    expect(() => workers.map([], [] as never)).toThrow(
      new TypeError('Expected `fn` to be a function, got an empty array'),
    )
    expect(() => workers.run(undefined as never)).toThrow(
      new TypeError('Expected `fn` to be a function, got undefined'),
    )
    expect(() => workers.stream([], () => 1, { ordered: 1 as never })).toThrow(
      new TypeError('Expected `ordered` to be a boolean, got 1'),
    )
  })
})
