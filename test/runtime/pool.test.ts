import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { pool, type Pool, type Task } from '@forkline/runtime'
import { asyncDispose } from '../../runtime/src/disposal.ts'
import { deferred, settle, state, type Deferred } from './deferred.ts'
import { listeners, untilAborted } from './listeners.ts'

const boom = new Error('boom')

/** A function whose calls the test ends one by one. */
function stepwise(): { gates: Deferred<string>[], fn: (item: unknown, task: Task) => Promise<string> } {
  const gates: Deferred<string>[] = []
  const fn = () => {
    const gate = deferred<string>()
    gates.push(gate)
    return gate.promise
  }
  return { gates, fn }
}

async function* asynchronously<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await settle()
    yield item
  }
}

describe('pool.map', () => {
  it.each<[string, Iterable<number> | AsyncIterable<number>]>([
    ['an array', [1, 2, 3]],
    ['a set', new Set([1, 2, 3])],
    ['an async generator', asynchronously([1, 2, 3])],
  ])('keeps the order of %s, whatever the order of completion', async (_, source) => {
    const gates = [deferred(), deferred(), deferred()]
    const all = pool({ concurrency: 3 }).map(source, async (item, { index }) => {
      await gates[index]?.promise
      return item * 10
    })
    for (const gate of gates.reverse()) {
      await settle()
      gate.resolve()
    }
    expect(await all).toEqual([10, 20, 30])
  })

  it('takes synchronous functions, and nothing at all', async () => {
    expect(await pool().map([1, 2], item => item + 1)).toEqual([2, 3])
    expect(await pool().map([], () => 1)).toEqual([])
    expect(await pool().map(asynchronously([]), () => 1)).toEqual([])
  })

  it('runs no more tasks at once than told, over all calls on the pool', async () => {
    const workers = pool({ concurrency: 3 })
    let running = 0
    let peak = 0
    const work = async () => {
      peak = Math.max(peak, ++running)
      await settle()
      running--
    }
    await Promise.all([
      workers.map(Array.from({ length: 20 }), work),
      workers.forEach(new Set([1, 2, 3, 4, 5]), work),
      workers.run(work),
      workers.mapSettled(asynchronously([1, 2, 3]), work),
    ])
    expect(peak).toBe(3)
    expect(workers.active).toBe(0)
  })

  it('is lazy: takes an item only when a worker is free for it', async () => {
    let taken = 0
    function* endless() {
      for (;;) yield taken++
    }
    const { gates, fn } = stepwise()
    const all = pool({ concurrency: 2 }).map(endless(), fn)
    await settle()
    expect(taken).toBe(2)
    gates[0]?.resolve('')
    await settle()
    expect(taken).toBe(3)
    for (const gate of gates) gate.reject(boom)
    await expect(all).rejects.toBe(boom)
  })

  it('shares the places fairly between two calls', async () => {
    const workers = pool({ concurrency: 1 })
    const order: string[] = []
    await Promise.all(['a', 'b'].map(call => workers.forEach([1, 2, 3], item => { order.push(`${call}${String(item)}`) })))
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3'])
  })

  describe('first failure', () => {
    it('aborts the siblings, takes no more items, and comes out after all have stopped', async () => {
      const cleanUp = deferred()
      const started: number[] = []
      let reason: unknown
      const all = pool({ concurrency: 2 }).map([0, 1, 2, 3], async (item, { signal }) => {
        started.push(item)
        if (item === 1) throw boom
        await untilAborted(signal).catch((error: unknown) => { reason = error })
        await cleanUp.promise
      })
      expect(await state(all)).toBe('pending')
      expect(reason).toBe(boom)
      cleanUp.resolve()
      await expect(all).rejects.toBe(boom)
      expect(started).toEqual([0, 1])
    })

    it('leaves other calls on the pool alone', async () => {
      const workers = pool({ concurrency: 1 })
      const bad = workers.map([1], () => { throw boom })
      const good = workers.map([1, 2], (item, { signal }) => [item, signal.aborted])
      await expect(bad).rejects.toBe(boom)
      expect(await good).toEqual([[1, false], [2, false]])
    })

    it('may come from the source, synchronous or not', async () => {
      function* bad() {
        yield 1
        throw boom
      }
      async function* worse() {
        yield* bad()
        await settle()
      }
      await expect(pool().map(bad(), item => item)).rejects.toBe(boom)
      await expect(pool().map(worse(), item => item)).rejects.toBe(boom)
    })

    it('closes the source, also one that never yields again', async () => {
      let closed = 0
      async function* source(silent: boolean) {
        try {
          yield 1
          await (silent ? new Promise(() => undefined) : settle())
          for (;;) yield 2
        } finally {
          closed++
        }
      }
      const fail = async () => {
        await settle()
        throw boom
      }
      await expect(pool({ concurrency: 1 }).map(source(false), fail)).rejects.toBe(boom)
      expect(closed).toBe(1)
      await expect(pool({ concurrency: 2 }).map(source(true), fail)).rejects.toBe(boom)
    })
  })

  describe('cancellation', () => {
    it('by the signal of the pool or of the call rejects with its reason after all have stopped', async () => {
      for (const where of ['pool', 'call']) {
        const controller = new AbortController()
        const options = { signal: controller.signal }
        const cleanUp = deferred()
        const all = pool({ concurrency: 1, ...(where === 'pool' ? options : {}) }).map([1, 2, 3], async (_, { signal }) => {
          await untilAborted(signal).catch(() => undefined)
          await cleanUp.promise
        }, where === 'call' ? options : {})
        await settle()
        controller.abort(boom)
        expect(await state(all)).toBe('pending')
        cleanUp.resolve()
        await expect(all).rejects.toBe(boom)
        expect(listeners(controller.signal)).toBe(0)
      }
    })

    it('before the call starts nothing', async () => {
      const signal = AbortSignal.abort(boom)
      let calls = 0
      const count = () => { calls++ }
      await expect(pool({ signal }).map([1], count)).rejects.toBe(boom)
      await expect(pool().map([1], count, { signal })).rejects.toBe(boom)
      await expect(pool({ signal }).run(count)).rejects.toBe(boom)
      await expect(pool().drain({ signal })).rejects.toBe(boom)
      expect(calls).toBe(0)
    })

    it('ends the wait for a source and for a place', async () => {
      const controller = new AbortController()
      const workers = pool({ concurrency: 1 })
      const gate = deferred()
      const blocking = workers.run(() => gate.promise)
      const { signal } = controller
      const silent = workers.map({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) },
        () => 1, { signal })
      const waiting = workers.map([1, 2], () => 1, { signal })
      const queued = workers.run(() => 1, { signal })
      await settle()
      controller.abort(boom)
      for (const call of [silent, waiting, queued]) await expect(call).rejects.toBe(boom)
      expect(listeners(signal)).toBe(0)
      expect(workers.pending).toBe(0)
      gate.resolve()
      await blocking
    })

    it("leaves no listener on the caller's signal after success", async () => {
      const { signal } = new AbortController()
      const workers = pool({ signal, concurrency: 2 })
      await workers.map([1, 2, 3], item => item, { signal })
      await workers.run(() => 1, { signal })
      await expect(workers.run(() => { throw boom })).rejects.toBe(boom)
      for await (const item of workers.stream([1, 2], value => value, { signal })) expect(item).toBeGreaterThan(0)
      expect(listeners(signal)).toBe(0)
    })
  })

  it('keeps the lines of the caller in stack traces', async () => {
    async function failsLater() {
      await settle()
      throw new Error('deep')
    }
    const calls: Record<string, (workers: Pool) => Promise<unknown>> = {
      callerOfMap: async function callerOfMap(workers) {
        await workers.map([1, 2], () => failsLater())
      },
      callerOfForEach: async function callerOfForEach(workers) {
        await workers.forEach(asynchronously([1, 2]), () => failsLater())
      },
      callerOfRun: async function callerOfRun(workers) {
        await workers.run(() => failsLater())
      },
    }
    for (const [name, call] of Object.entries(calls)) {
      const error = await call(pool({ concurrency: 2 })).catch((thrown: unknown) => thrown) as Error
      expect(error.stack).toContain('failsLater')
      expect(error.stack).toMatch(new RegExp(`at (async )?(Object\\.)?${name} `))
    }
  })
})

describe('pool.forEach', () => {
  it('resolves to nothing', async () => {
    const seen: number[] = []
    await expect(pool().forEach([1, 2], item => seen.push(item))).resolves.toBeUndefined()
    expect(seen).toEqual([1, 2])
  })
})

describe('pool.mapSettled', () => {
  it('tells how each item ended, and lets the others go on', async () => {
    const outcomes = await pool({ concurrency: 1 }).mapSettled([1, 2, 3], (item, { signal }) => {
      if (item === 2) throw boom
      return [item, signal.aborted]
    })
    expect(outcomes).toEqual([
      { status: 'fulfilled', value: [1, false] },
      { status: 'rejected', reason: boom },
      { status: 'fulfilled', value: [3, false] },
    ])
  })

  it('still rejects when the signal aborts', async () => {
    const controller = new AbortController()
    const all = pool({ signal: controller.signal }).mapSettled([1], (_, { signal }) => untilAborted(signal))
    controller.abort(boom)
    await expect(all).rejects.toBe(boom)
  })
})

describe('pool.stream', () => {
  it('gives results in the order of the input', async () => {
    const { gates, fn } = stepwise()
    const results = pool({ concurrency: 2 }).stream(['a', 'b', 'c'], fn)
    const first = results.next()
    await settle()
    gates[1]?.resolve('b')
    expect(await state(first)).toBe('pending')
    gates[0]?.resolve('a')
    expect(await first).toEqual({ done: false, value: 'a' })
    expect(await results.next()).toEqual({ done: false, value: 'b' })
    gates[2]?.resolve('c')
    expect(await results.next()).toEqual({ done: false, value: 'c' })
    expect(await results.next()).toEqual({ done: true, value: undefined })
  })

  it('ordered: false gives them as they come', async () => {
    const { gates, fn } = stepwise()
    const results = pool({ concurrency: 2 }).stream(['a', 'b'], fn, { ordered: false })
    const first = results.next()
    await settle()
    gates[1]?.resolve('b')
    expect(await first).toEqual({ done: false, value: 'b' })
    gates[0]?.resolve('a')
    expect(await results.next()).toEqual({ done: false, value: 'a' })
    expect((await results.next()).done).toBe(true)
  })

  it('gives every result once, from any source', async () => {
    const items = Array.from({ length: 50 }, (_, index) => index)
    for (const source of [items, new Set(items), asynchronously(items)]) {
      const seen: number[] = []
      for await (const item of pool({ concurrency: 7 }).stream(source, value => value)) seen.push(item)
      expect(seen).toEqual(items)
    }
  })

  it('starts with the first `next`, and holds back while the consumer is busy', async () => {
    let taken = 0
    const source = (function* endless() {
      for (;;) yield taken++
    })()
    const results = pool({ concurrency: 2 }).stream(source, item => item)
    await settle()
    expect(taken).toBe(0)
    await results.next()
    await settle()
    // One is with the consumer, two wait to be taken.
    expect(taken).toBe(3)
    await results.next()
    await settle()
    expect(taken).toBe(4)
    await results.return(undefined)
    expect(source.next().done).toBe(true)
  })

  it('aborts and awaits what runs when the loop is left', async () => {
    const cleanUp = deferred()
    let aborted = false
    const workers = pool({ concurrency: 2 })
    const results = workers.stream([1, 2, 3], async (item, { signal }) => {
      if (item === 1) return item
      await untilAborted(signal).catch(() => { aborted = true })
      await cleanUp.promise
      return item
    })
    expect((await results.next()).value).toBe(1)
    const left = results.return(undefined)
    expect(await state(left)).toBe('pending')
    expect(aborted).toBe(true)
    cleanUp.resolve()
    await left
    await workers.drain()
  })

  it('throws the first failure after all have stopped', async () => {
    const cleanUp = deferred()
    const results = pool({ concurrency: 2 }).stream([1, 2], async (item, { signal }) => {
      if (item === 2) throw boom
      await untilAborted(signal).catch(() => undefined)
      await cleanUp.promise
    })
    const next = results.next()
    expect(await state(next)).toBe('pending')
    cleanUp.resolve()
    await expect(next).rejects.toBe(boom)
    expect((await results.next()).done).toBe(true)
  })

  it('does not abort the signals of its tasks after success', async () => {
    const signals: AbortSignal[] = []
    for await (const signal of pool().stream([1], (_, task) => task.signal)) signals.push(signal)
    expect(signals.map(signal => signal.aborted)).toEqual([false])
  })
})

describe('pool.run', () => {
  it('runs in the order of the calls, each failure its own', async () => {
    const workers = pool({ concurrency: 1 })
    const order: number[] = []
    const runs = [1, 2, 3].map(item => workers.run(({ index }) => {
      order.push(index)
      if (item === 2) throw boom
      return item
    }))
    expect(await Promise.allSettled(runs)).toEqual([
      { status: 'fulfilled', value: 1 }, { status: 'rejected', reason: boom }, { status: 'fulfilled', value: 3 },
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
    const all = pool({ concurrency: 1, rate, signal: controller.signal }).map([1, 2, 3], item => done.push(item))
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
    const second = workers.map([1], () => { throw boom })
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
    expect(() => workers.map(7 as never, () => 1))
      .toThrow(new TypeError('Expected `source` to be an iterable or an async iterable, got 7'))
    expect(() => workers.map([], [] as never)).toThrow(new TypeError('Expected `fn` to be a function, got an empty array'))
    expect(() => workers.run(undefined as never)).toThrow(new TypeError('Expected `fn` to be a function, got undefined'))
    expect(() => workers.stream([], () => 1, { ordered: 1 as never })).toThrow(new TypeError('Expected `ordered` to be a boolean, got 1'))
  })
})
