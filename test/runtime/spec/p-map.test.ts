import { describe, expect, it } from 'vitest'
import { pool } from '@forkline/runtime'
import { deferred, settle } from '../deferred.ts'
import { listeners, untilAborted } from '../listeners.ts'

/** Behaviour that the tests of p-map pin down; docs/runtime-parity.md says which carries over. */
describe('p-map', () => {
  const boom = new Error('boom')
  const numbers = [10, 20, 30, 40, 50, 60]

  async function* later<T>(items: readonly T[]): AsyncGenerator<T> {
    for (const item of items) {
      await settle()
      yield item
    }
  }

  describe.each([
    { kind: 'iterable', source: <T>(items: readonly T[]): Iterable<T> | AsyncIterable<T> => items },
    { kind: 'asyncIterator', source: later },
  ])('from an $kind', ({ source }) => {
    it('main: maps items to results in the order of the items', async () => {
      expect(await pool({ concurrency: 100 }).map(source(numbers), (n) => Promise.resolve(n / 10))).toEqual([
        1, 2, 3, 4, 5, 6,
      ])
    })

    it.each([1, 4])('concurrency: %i is never passed', async (concurrency) => {
      let active = 0
      let peak = 0
      await pool({ concurrency }).map(source(Array.from({ length: 30 }, (_, i) => i)), async (i) => {
        peak = Math.max(peak, ++active)
        for (let turn = 0; turn < 3 + (i % 4); turn++) await settle()
        active--
      })
      expect(peak).toBe(concurrency)
    })

    it('handles empty iterable', async () => {
      expect(await pool().map(source([]), () => Promise.reject(boom))).toEqual([])
    })

    it('async with concurrency: 2, out of order: results keep their places', async () => {
      const gates = numbers.map(() => deferred<number>())
      const mapping = pool({ concurrency: 2 }).map(source(numbers), (n, { index }) => gates[index]?.promise)
      for (const i of [1, 0, 3, 2, 5, 4]) {
        gates[i]?.resolve(i)
        await settle()
      }
      expect(await mapping).toEqual([0, 1, 2, 3, 4, 5])
    })

    it('immediately rejects when stopOnError is true: and starts nothing after it', async () => {
      const started: number[] = []
      await expect(
        pool({ concurrency: 1 }).map(source([1, 2, 3]), (n) => {
          started.push(n)
          return n === 2 ? Promise.reject(boom) : n
        }),
      ).rejects.toBe(boom)
      expect(started).toEqual([1, 2])
    })

    it('aggregate errors when stopOnError is false: mapSettled goes on and tells each', async () => {
      const outcomes = await pool({ concurrency: 2 }).mapSettled(source([1, 2, 3]), (n) => {
        if (n === 2) throw boom
        return n
      })
      expect(outcomes).toEqual([
        { status: 'fulfilled', value: 1 },
        { status: 'rejected', reason: boom },
        { status: 'fulfilled', value: 3 },
      ])
    })
  })

  it('enforce number in options.concurrency: what is no positive integer is a TypeError', () => {
    for (const concurrency of [0, 1.5, Number.NaN, '1', -1]) {
      expect(() => pool({ concurrency: concurrency as never })).toThrow(TypeError)
    }
  })

  it('all mappers should run when concurrency is infinite, even after stop-on-error happened: those begun are awaited', async () => {
    const gate = deferred()
    let ended = 0
    const mapping = expect(
      pool({ concurrency: 3 }).map([1, 2, 3], async (n) => {
        if (n === 1) throw boom
        await gate.promise
        ended++
      }),
    ).rejects.toBe(boom)
    await settle()
    gate.resolve()
    await mapping
    expect(ended).toBe(2)
  })

  it.each([1, 2])('catches exception from source iterator: item %i', async (at) => {
    const taken: number[] = []
    function* source() {
      for (let i = 1; ; i++) {
        if (i === at) throw boom
        yield i
      }
    }
    await expect(
      pool({ concurrency: 1 }).map(source(), (n) => {
        taken.push(n)
      }),
    ).rejects.toBe(boom)
    expect(taken).toHaveLength(at - 1)
  })

  it('catches exception from source iterator - 2nd item after 1st item mapper throw: the first failure comes out', async () => {
    let asked = 0
    const source = {
      *[Symbol.iterator]() {
        asked++
        yield 1
        asked++
        throw new Error('source')
      },
    }
    await expect(pool({ concurrency: 1 }).map(source, () => Promise.reject(boom))).rejects.toBe(boom)
    expect(asked).toBe(1)
  })

  it('asyncIterator - get the correct exception after stop-on-error: and the source is told to close', async () => {
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
    await expect(pool({ concurrency: 2 }).map(source(), (i) => (i === 3 ? Promise.reject(boom) : i))).rejects.toBe(boom)
    await settle()
    expect(closed).toBe(true)
  })

  it('incorrect input type: what cannot be iterated is a TypeError at the call', () => {
    expect(() => pool().map(123456 as never, () => 1)).toThrow(
      new TypeError('Expected `source` to be an iterable or an async iterable, got 123456'),
    )
  })

  it.each([1, 100])('no unhandled rejected promises from mapper throws - concurrency %i', async (concurrency) => {
    // An unhandled rejection would fail the test run.
    await expect(pool({ concurrency }).map([1, 2, 3], (n) => Promise.reject(new Error(`Oops ${n}`)))).rejects.toThrow(
      'Oops 1',
    )
    await settle()
  })

  it('invalid mapper: is a TypeError at the call', () => {
    expect(() => pool().map([], 7 as never)).toThrow(new TypeError('Expected `fn` to be a function, got 7'))
  })

  it('abort by AbortController: rejects with the reason, after the mappers have stopped', async () => {
    const controller = new AbortController()
    let stopped = 0
    const mapping = expect(
      pool({ concurrency: 10 }).map(
        [1, 2, 3],
        (_, task) =>
          untilAborted(task.signal).finally(() => {
            stopped++
          }),
        { signal: controller.signal },
      ),
    ).rejects.toBe(boom)
    await settle()
    controller.abort(boom)
    await mapping
    expect([stopped, listeners(controller.signal)]).toEqual([3, 0])
  })

  it('already aborted signal: nothing is started', async () => {
    let started = 0
    await expect(pool().map([1, 2], () => started++, { signal: AbortSignal.abort(boom) })).rejects.toBe(boom)
    expect(started).toBe(0)
  })

  describe('pMapIterable', () => {
    const collect = async <T>(stream: AsyncIterable<T>) => {
      const all: T[] = []
      for await (const item of stream) all.push(item)
      return all
    }

    it('pMapIterable: gives results in order, with the index, also when they come out of order', async () => {
      const stream = pool({ concurrency: 3 }).stream([3, 2, 1], async (turns, { index }) => {
        for (let turn = 0; turn < turns; turn++) await settle()
        return [turns, index]
      })
      expect(await collect(stream)).toEqual([
        [3, 0],
        [2, 1],
        [1, 2],
      ])
    })

    it('pMapIterable - empty', async () => {
      expect(await collect(pool().stream([], (n) => n))).toEqual([])
    })

    it('pMapIterable - iterable that throws: the error comes out of the loop', async () => {
      function* source(): Generator<number> {
        throw boom
      }
      await expect(collect(pool().stream(source(), (n) => n))).rejects.toBe(boom)
    })

    it('pMapIterable - mapper that throws: the error comes out, and nothing more is started', async () => {
      const started: number[] = []
      await expect(
        collect(
          pool({ concurrency: 1 }).stream([1, 2, 3], (n) => {
            started.push(n)
            if (n === 2) throw boom
            return n
          }),
        ),
      ).rejects.toBe(boom)
      expect(started).toEqual([1, 2])
    })

    it.each([1, 2])('pMapIterable - concurrency: %i is never passed', async (concurrency) => {
      let active = 0
      let peak = 0
      await collect(
        pool({ concurrency }).stream(numbers, async () => {
          peak = Math.max(peak, ++active)
          await settle()
          active--
        }),
      )
      expect(peak).toBe(concurrency)
    })

    it('pMapIterable - backpressure: no more is begun than the consumer has taken, plus the concurrency', async () => {
      let started = 0
      let taken = 0
      for await (const n of pool({ concurrency: 2 }).stream(later(Array.from({ length: 20 }, (_, i) => i)), (i) => {
        started++
        return i
      })) {
        expect(n).toBe(taken++)
        for (let turn = 0; turn < 5; turn++) await settle()
        expect(started).toBeLessThanOrEqual(taken + 2)
      }
      expect(taken).toBe(20)
    })
  })
})
