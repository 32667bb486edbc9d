import { describe, expect, it } from 'vitest'
import { chain, merge, StageError } from '@forkline/runtime'
import { settle, state } from './deferred.ts'

const boom = new Error('boom')

describe('merge', () => {
  it('gives every item of every source once, each source in its order', async () => {
    async function* slowly() {
      for (const item of ['a', 'b', 'c']) {
        await settle()
        yield item
      }
    }
    const seen: string[] = []
    for await (const item of merge(slowly(), ['1', '2', '3'], new Set<string>())) seen.push(item)
    expect(seen.filter((item) => item >= 'a')).toEqual(['a', 'b', 'c'])
    expect(seen.filter((item) => item < 'a')).toEqual(['1', '2', '3'])
    expect(seen).toHaveLength(6)
  })

  it('ends at once without sources', async () => {
    expect(await merge().next()).toEqual({ done: true, value: undefined })
  })

  it('takes no more than it has given room for, and closes the sources when the loop is left', async () => {
    let taken = 0
    const endless = (function* count() {
      for (;;) yield taken++
    })()
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) }
    const merged = merge<number>(endless, silent)
    expect((await merged.next()).value).toBe(0)
    await settle()
    expect(taken).toBe(2)
    await merged.return()
    expect(endless.next().done).toBe(true)
  })

  it('rejects with the first failure, after the other sources were closed', async () => {
    const endless = (function* count() {
      for (;;) yield 1
    })()
    async function* bad() {
      await Promise.resolve()
      yield 2
      throw boom
    }
    const drain = async () => {
      for await (const item of merge(endless, bad())) expect(item).toBeLessThan(3)
    }
    await expect(drain()).rejects.toBe(boom)
    expect(endless.next().done).toBe(true)
  })

  it('wants iterables', () => {
    expect(() => merge([1], 7 as never)).toThrow(
      new TypeError('Expected `sources[1]` to be an iterable or an async iterable, got 7'),
    )
  })
})

describe('chain', () => {
  const parse = (text: string) => Promise.resolve(Number(text))
  const double = (value: number) => value * 2

  it('hands each result to the next stage', async () => {
    const run = chain([parse, double, String])
    expect([await run('4'), await run('5')]).toEqual(['8', '10'])
  })

  it('names the stage that failed, and keeps the cause', async () => {
    function validate(): number {
      throw boom
    }
    const failure = (await chain([parse, validate, double])('1').catch((error: unknown) => error)) as StageError
    expect(failure).toBeInstanceOf(StageError)
    expect(failure).toMatchObject({
      name: 'StageError',
      message: 'Stage "validate" failed: boom',
      stage: 'validate',
      index: 1,
      cause: boom,
    })
    await expect(
      chain([
        parse,
        () => {
          throw boom
        },
      ])('1'),
    ).rejects.toMatchObject({ stage: '#2' })
  })

  it('starts no further stage once the signal has aborted', async () => {
    const controller = new AbortController()
    let reached = false
    const run = chain([
      (_: string, { signal }) => {
        controller.abort(boom)
        return signal.aborted
      },
      () => {
        reached = true
      },
    ])
    await expect(run('x', { signal: controller.signal })).rejects.toBe(boom)
    expect(reached).toBe(false)
    expect(await state(run('x', { signal: controller.signal }))).toBe('rejected')
  })

  it('wants functions', () => {
    expect(() => chain([] as never)).toThrow(TypeError)
    expect(() => chain([parse, 1 as never])).toThrow(new TypeError('Expected `stages[1]` to be a function, got 1'))
  })
})
