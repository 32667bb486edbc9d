import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { pipeline, StageError, type Pipeline } from '@forkline/runtime'
import { deferred, settle, state } from './deferred.ts'
import { listeners, untilAborted } from './listeners.ts'
import { counter, stepwise } from './pipelineSupport.ts'

const boom = new Error('boom')

describe('pipeline: stages', () => {
  it.each<[string, () => Iterable<number> | AsyncIterable<number>]>([
    ['an array', () => [1, 2, 3, 4]],
    ['a set', () => new Set([1, 2, 3, 4])],
    [
      'a generator',
      () =>
        (function* numbers() {
          yield* [1, 2, 3, 4]
        })(),
    ],
    [
      'an async generator',
      () =>
        (async function* numbers() {
          for (const n of [1, 2, 3, 4]) {
            await settle()
            yield n
          }
        })(),
    ],
    ['another pipeline', () => pipeline([1, 2, 3, 4]).filter(() => true)],
  ])('takes %s through map, filter, tap and batch', async (_, source) => {
    const tapped: number[] = []
    const results = pipeline(source())
      .map((item) => Promise.resolve(item * 10), { concurrency: 2 })
      .filter((item) => item !== 20)
      .tap((item) => {
        tapped.push(item)
      })
      .batch(2)
    expect(await results.collect()).toEqual([[10, 30], [40]])
    expect(tapped).toEqual([10, 30, 40])
  })

  it('gives the same to a loop as to collect', async () => {
    const results: number[] = []
    for await (const item of pipeline([1, 2, 3]).map((item) => item + 1)) results.push(item)
    expect(results).toEqual([2, 3, 4])
    const plain: number[] = []
    for await (const item of pipeline([1, 2, 3])) plain.push(item)
    expect(plain).toEqual(await pipeline([1, 2, 3]).collect())
  })

  it('does nothing for no items', async () => {
    expect(
      await pipeline([])
        .map(() => {
          throw boom
        })
        .filter(() => true)
        .batch(3)
        .collect(),
    ).toEqual([])
  })

  it('runs anew, with the source anew, each time that it is iterated', async () => {
    const doubled = pipeline([1, 2]).map((item) => item * 2)
    expect([await doubled.collect(), await doubled.collect()]).toEqual([
      [2, 4],
      [2, 4],
    ])
  })

  it('is not changed by further stages', async () => {
    const start = pipeline([1, 2])
    start.map(() => {
      throw boom
    })
    expect(await start.collect()).toEqual([1, 2])
  })

  it('keeps the order of the input, whatever the order of completion', async () => {
    const { gates, fn } = stepwise()
    const results = pipeline(['a', 'b', 'c']).map(fn, { concurrency: 3 }).collect()
    await settle()
    for (const gate of gates.reverse()) {
      gate.resolve()
      await settle()
    }
    expect(await results).toEqual(['a', 'b', 'c'])
  })

  it('gives results as they come when they need no order', async () => {
    const { gates, fn } = stepwise()
    const results = pipeline(['a', 'b', 'c']).map(fn, { concurrency: 3, ordered: false }).collect()
    await settle()
    for (const gate of gates.reverse()) {
      gate.resolve()
      await settle()
    }
    expect(await results).toEqual(['c', 'b', 'a'])
  })

  it('keeps the order over several stages, also where items are left out', async () => {
    const items = Array.from({ length: 200 }, (_, index) => index)
    const shuffled = async (item: number) => {
      for (let turns = (item * 7) % 5; turns > 0; turns--) await Promise.resolve()
      return item
    }
    const results = await pipeline(items)
      .map(shuffled, { concurrency: 7 })
      .filter(async (item) => (await shuffled(item)) % 3 === 0, { concurrency: 4, buffer: 1 })
      .map(shuffled, { concurrency: 3, buffer: 0 })
      .collect()
    expect(results).toEqual(items.filter((item) => item % 3 === 0))
  })

  it('tells each call its index in the stage, and a signal that success leaves alone', async () => {
    const indices: number[] = []
    const signals = new Set<AbortSignal>()
    await pipeline('abcd')
      .filter((letter) => letter !== 'b')
      .tap((_, { index, signal }) => {
        indices.push(index)
        signals.add(signal)
      })
      .collect()
    expect(indices).toEqual([0, 1, 2])
    expect([...signals].map((signal) => signal.aborted)).toEqual([false])
  })
})

describe('pipeline: back-pressure', () => {
  it('asks the source for nothing before the first result is asked for', async () => {
    const { seen, source } = counter()
    const results = pipeline(source)
      .map((item) => item)
      [Symbol.asyncIterator]()
    await settle()
    expect(seen.asked).toBe(0)
    expect(await results.next()).toEqual({ value: 0, done: false })
    await results.return?.()
    expect(seen.closed).toBe(true)
  })

  it('takes no more than the stages have places for when the consumer stands still', async () => {
    const { seen, source } = counter()
    const results = pipeline(source)
      .map((item) => item, { concurrency: 3, buffer: 2 })
      .map((item) => item, { concurrency: 2, buffer: 0 })
      [Symbol.asyncIterator]()
    await results.next()
    for (let turns = 0; turns < 20; turns++) await settle()
    // One was taken by the consumer, the stages have places for 3 + 2 and for 2.
    expect(seen.asked).toBe(1 + 5 + 2)
    await results.next()
    await settle()
    expect(seen.asked).toBe(1 + 5 + 2 + 1)
    await results.return?.()
  })

  it('each stage has its own number of workers', async () => {
    const first = stepwise()
    const second = stepwise()
    const results = pipeline(Array.from({ length: 12 }, (_, index) => index))
      .map(first.fn, { concurrency: 5 })
      .map(second.fn, { concurrency: 3 })
      .collect()
    await settle()
    expect([first.gates.length, second.gates.length]).toEqual([5, 0])
    for (const gate of first.gates.slice()) gate.resolve()
    await settle()
    expect([first.gates.length, second.gates.length]).toEqual([10, 3])
    while (second.gates.length < 12) {
      for (const gate of [...first.gates, ...second.gates]) gate.resolve()
      await settle()
    }
    for (const gate of second.gates) gate.resolve()
    expect(await results).toHaveLength(12)
  })
})

describe('pipeline: failures and leaving', () => {
  it('the first error aborts all stages, and comes out after they have stopped and the source is closed', async () => {
    const { seen, source } = counter()
    const cleanUp = deferred()
    const signals: AbortSignal[] = []
    const failed = pipeline(source)
      .map(
        async (item, { signal }) => {
          if (item < 2) return item
          signals.push(signal)
          await untilAborted(signal).catch(() => undefined)
          await cleanUp.promise
          return item
        },
        { concurrency: 4 },
      )
      .map(async (item) => {
        await settle()
        if (item === 1) throw boom
        return item
      })
      .collect()
    while (signals.length < 4) await settle()
    await settle()
    expect(await state(failed)).toBe('pending')
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true, true, true])
    expect(seen.closed).toBe(false)
    cleanUp.resolve()
    await expect(failed).rejects.toBe(boom)
    expect(seen.closed).toBe(true)
  })

  it('a failure ends a loop in the same way, between two calls of next too', async () => {
    const { seen, source } = counter()
    const results = pipeline(source)
      .map((item) => {
        if (item === 1) throw boom
        return item
      })
      [Symbol.asyncIterator]()
    expect((await results.next()).value).toBe(0)
    await settle()
    expect(seen.closed).toBe(true)
    await expect(results.next()).rejects.toBe(boom)
  })

  it('hands on the failure of the source, whichever kind it is', async () => {
    async function* bad() {
      await Promise.resolve()
      yield 1
      throw boom
    }
    await expect(
      pipeline(bad())
        .map((item) => item, { name: 'innocent' })
        .collect(),
    ).rejects.toBe(boom)
    await expect(pipeline(bad()).batch(5).collect()).rejects.toBe(boom)
    await expect(pipeline(bad()).collect()).rejects.toBe(boom)
    await expect(
      pipeline(
        (function* worse(): Generator<number> {
          throw boom
        })(),
      )
        .tap(() => 1)
        .collect(),
    ).rejects.toBe(boom)
  })

  it('names a stage that has a name', async () => {
    const failed = pipeline([1])
      .map((item) => item)
      .tap(
        () => {
          throw boom
        },
        { name: 'store' },
      )
      .collect()
    const error = await failed.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(StageError)
    expect(error).toMatchObject({ stage: 'store', index: 1, cause: boom, message: 'Stage "store" failed: boom' })
  })

  it('a failure of the signal is the reason, not what the stages throw because of it', async () => {
    const controller = new AbortController()
    const reason = new Error('closing time')
    const stopped = pipeline([1, 2], { signal: controller.signal })
      .map(
        async (_, { signal }) =>
          await untilAborted(signal).catch(() => {
            throw boom
          }),
        { name: 'slow' },
      )
      .collect()
    await settle()
    controller.abort(reason)
    await expect(stopped).rejects.toBe(reason)
    expect(listeners(controller.signal)).toBe(0)
  })

  it('leaving a loop aborts and awaits the stages, and closes the source', async () => {
    const { seen, source } = counter()
    const cleanUp = deferred()
    let stopped = 0
    const loop = async () => {
      const slow = pipeline(source).map(
        async (item, { signal }) => {
          if (item === 0) return item
          await untilAborted(signal).catch(() => undefined)
          await cleanUp.promise
          stopped++
          return item
        },
        { concurrency: 3, ordered: false },
      )
      for await (const item of slow) {
        expect(item).toBe(0)
        await settle()
        break
      }
    }
    const left = loop()
    expect(await state(left)).toBe('pending')
    expect(seen.closed).toBe(false)
    cleanUp.resolve()
    await left
    expect([stopped, seen.closed]).toEqual([3, true])
  })

  it('return ends a next that is under way', async () => {
    const results = pipeline([1])
      .map((_, { signal }) => untilAborted(signal))
      [Symbol.asyncIterator]()
    const next = results.next()
    await settle()
    expect(await results.return?.()).toEqual({ done: true, value: undefined })
    expect(await next).toEqual({ done: true, value: undefined })
    expect(await results.next()).toEqual({ done: true, value: undefined })
  })

  it('does not wait for a source that never answers', async () => {
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) }
    const controller = new AbortController()
    const stopped = pipeline(silent).batch(2).collect({ signal: controller.signal })
    await settle()
    controller.abort(boom)
    await expect(stopped).rejects.toBe(boom)
    expect(listeners(controller.signal)).toBe(0)
  })

  it('takes nothing once the signal has aborted', async () => {
    const { seen, source } = counter()
    const signal = AbortSignal.abort(boom)
    const stages = pipeline(source, { signal }).map((item) => item)
    await expect(stages.collect()).rejects.toBe(boom)
    await expect(stages[Symbol.asyncIterator]().next()).rejects.toBe(boom)
    expect(seen.asked).toBe(0)
  })

  it('stops the pipeline that is its source, and waits for it', async () => {
    const { seen, source } = counter()
    const inner = pipeline(source).map(async (item, { signal }) => (item < 2 ? item : await untilAborted(signal)))
    const outer = pipeline(inner).tap((item) => {
      if (item === 1) throw boom
    })
    await expect(outer.collect()).rejects.toBe(boom)
    expect(seen.closed).toBe(true)
  })

  it('leaves no listener on a signal that outlives it', async () => {
    const { signal } = new AbortController()
    const stages = pipeline([1, 2, 3], { signal })
      .map((item) => item, { concurrency: 2 })
      .batch(2, { maxWait: 5 })
    await stages.collect({ signal })
    for await (const batch of stages) if (batch.length === 2) break
    for await (const batch of stages) expect(batch.length).toBeGreaterThan(0)
    expect(listeners(signal)).toBe(0)
  })
})

describe('pipeline: batches in time', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Gives what the test sends. */
  function outlet<T>() {
    const waiting = [deferred<T | undefined>()]
    async function* values() {
      for (let turn = 0; ; turn++) {
        const value = await waiting[turn]?.promise
        if (value === undefined) return
        yield value
      }
    }
    const send = async (value: T | undefined) => {
      waiting.push(deferred())
      waiting.at(-2)?.resolve(value)
      await settle()
    }
    return { values: values(), send }
  }

  it('a batch goes on when it is full, or when its first item has waited long enough', async () => {
    const { values, send } = outlet<string>()
    const batches: string[][] = []
    const done = pipeline(values)
      .batch(3, { maxWait: 100 })
      .tap((batch) => {
        batches.push(batch)
      })
      .collect()
    for (const letter of 'abc') await send(letter)
    expect(batches).toEqual([['a', 'b', 'c']])
    await send('d')
    await vi.advanceTimersByTimeAsync(60)
    await send('e')
    await vi.advanceTimersByTimeAsync(39)
    expect(batches).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    await settle()
    expect(batches.at(-1)).toEqual(['d', 'e'])
    await send('f')
    await send(undefined)
    expect(await done).toEqual([['a', 'b', 'c'], ['d', 'e'], ['f']])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no timer behind when it is aborted', async () => {
    const { values, send } = outlet<string>()
    const controller = new AbortController()
    const stopped = pipeline(values, { signal: controller.signal }).batch(3, { maxWait: 100 }).collect()
    await send('a')
    expect(vi.getTimerCount()).toBe(1)
    controller.abort(boom)
    await expect(stopped).rejects.toBe(boom)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('pipeline: types and misuse', () => {
  it('types follow the values', () => {
    const stages = pipeline(['1', 2])
    expectTypeOf(stages.map((item) => Promise.resolve(Number(item)))).toEqualTypeOf<Pipeline<number>>()
    expectTypeOf(stages.filter((item) => typeof item === 'string')).toEqualTypeOf<Pipeline<string>>()
    expectTypeOf(stages.filter((item) => Promise.resolve(item === 2))).toEqualTypeOf<Pipeline<string | number>>()
    expectTypeOf(stages.tap(() => 1).batch(2)).toEqualTypeOf<Pipeline<(string | number)[]>>()
    expectTypeOf(stages.collect()).toEqualTypeOf<Promise<(string | number)[]>>()
  })

  it.each<[string, () => unknown, string]>([
    ['the source', () => pipeline(7 as never), 'Expected `source` to be an iterable or an async iterable, got 7'],
    ['fn', () => pipeline([]).map(1 as never), 'Expected `fn` to be a function, got 1'],
    [
      'concurrency',
      () => pipeline([]).map(() => 1, { concurrency: 0 }),
      'Expected `concurrency` to be a positive integer, got 0',
    ],
    [
      'buffer',
      () => pipeline([]).tap(() => 1, { buffer: -1 }),
      'Expected `buffer` to be a non-negative integer, got -1',
    ],
    [
      'ordered',
      () => pipeline([]).filter(() => true, { ordered: 1 as never }),
      'Expected `ordered` to be a boolean, got 1',
    ],
    ['name', () => pipeline([]).tap(() => 1, { name: 1 as never }), 'Expected `name` to be a string, got 1'],
    ['size', () => pipeline([]).batch(0), 'Expected `size` to be a positive integer, got 0'],
    [
      'maxWait',
      () => pipeline([]).batch(1, { maxWait: -1 }),
      'Expected `maxWait` to be a number of milliseconds from 0 to 2147483647, got -1',
    ],
    ['count', () => pipeline([]).fanOut(0), 'Expected `count` to be a positive integer, got 0'],
    ['signal', () => pipeline([]).collect({ signal: 1 as never }), 'Expected `signal` to be an AbortSignal, got 1'],
  ])('a wrong %s is a TypeError at the call', (_, call, message) => {
    expect(call).toThrow(new TypeError(message))
  })
})
