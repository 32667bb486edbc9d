import { describe, expect, it } from 'vitest'
import { pool, type Pool } from '@forkline/runtime'
import { asynchronously } from './asynchronously.ts'
import { deferred, settle, state } from './deferred.ts'
import { listeners, untilAborted } from './listeners.ts'
import { stepwise } from './stepwise.ts'

const boom = new Error('boom')

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
    expect(await pool().map([1, 2], (item) => item + 1)).toEqual([2, 3])
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
    await Promise.all(
      ['a', 'b'].map((call) =>
        workers.forEach([1, 2, 3], (item) => {
          order.push(`${call}${String(item)}`)
        }),
      ),
    )
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
        await untilAborted(signal).catch((error: unknown) => {
          reason = error
        })
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
      const bad = workers.map([1], () => {
        throw boom
      })
      const good = workers.map([1, 2], (item, { signal }) => [item, signal.aborted])
      await expect(bad).rejects.toBe(boom)
      expect(await good).toEqual([
        [1, false],
        [2, false],
      ])
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
      await expect(pool().map(bad(), (item) => item)).rejects.toBe(boom)
      await expect(pool().map(worse(), (item) => item)).rejects.toBe(boom)
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
        const all = pool({ concurrency: 1, ...(where === 'pool' ? options : {}) }).map(
          [1, 2, 3],
          async (_, { signal }) => {
            await untilAborted(signal).catch(() => undefined)
            await cleanUp.promise
          },
          where === 'call' ? options : {},
        )
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
      const count = () => {
        calls++
      }
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
      const silent = workers.map(
        { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) },
        () => 1,
        { signal },
      )
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
      await workers.map([1, 2, 3], (item) => item, { signal })
      await workers.run(() => 1, { signal })
      await expect(
        workers.run(() => {
          throw boom
        }),
      ).rejects.toBe(boom)
      for await (const item of workers.stream([1, 2], (value) => value, { signal })) expect(item).toBeGreaterThan(0)
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
      const error = (await call(pool({ concurrency: 2 })).catch((thrown: unknown) => thrown)) as Error
      expect(error.stack).toContain('failsLater')
      expect(error.stack).toMatch(new RegExp(`at (async )?(Object\\.)?${name} `))
    }
  })
})

describe('pool.forEach', () => {
  it('resolves to nothing', async () => {
    const seen: number[] = []
    await expect(pool().forEach([1, 2], (item) => seen.push(item))).resolves.toBeUndefined()
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
