import { describe, expect, expectTypeOf, it } from 'vitest'
import { merge, pipeline, type Pipeline } from '@forkline/runtime'
import { deferred, settle } from './deferred.ts'
import { listeners, untilAborted } from './listeners.ts'
import { counter, stepwise } from './pipelineSupport.ts'

const boom = new Error('boom')

describe('pipeline.fanOut', () => {
  it('gives each item to one branch, and merge brings all together', async () => {
    const items = Array.from({ length: 100 }, (_, index) => index)
    const [even, odd] = pipeline(items).fanOut(2)
    const results: string[] = []
    for await (const item of merge(
      even.map((n) => `a${String(n)}`),
      odd.map((n) => `b${String(n)}`),
    ))
      results.push(item)
    expect(results.map((item) => Number(item.slice(1))).sort((a, b) => a - b)).toEqual(items)
    expect(new Set(results.map((item) => item[0]))).toEqual(new Set(['a', 'b']))
  })

  it('a branch that is busy gets nothing while others ask', async () => {
    const { gates, fn } = stepwise()
    const [slow, fast] = pipeline([1, 2, 3, 4, 5, 6]).fanOut(2)
    const slowly = slow.map(fn, { buffer: 0 }).collect()
    const quickly = fast.map((item) => item).collect()
    await settle()
    expect(gates).toHaveLength(1)
    expect(await quickly).toHaveLength(5)
    gates[0]?.resolve()
    expect(await slowly).toEqual([1])
  })

  it('what fails before it fails every branch', async () => {
    const branches = pipeline([1, 2])
      .map(() => {
        throw boom
      })
      .fanOut(3)
    const outcomes = await Promise.allSettled(branches.map((branch) => branch.collect()))
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason === boom)).toEqual([
      true,
      true,
      true,
    ])
  })

  it('what fails before it aborts tasks of the branches that are under way, and is awaited by each', async () => {
    const gate = deferred()
    const seen: string[] = []
    const branches = pipeline([1, 2, 3, 4])
      .map(
        async (item, { signal }) => {
          if (item < 3) return item
          await gate.promise
          if (item === 3) throw boom
          await untilAborted(signal).catch(() => undefined)
          await settle()
          seen.push('stopped')
          return item
        },
        { concurrency: 4 },
      )
      .fanOut(2)
      .map((branch) =>
        branch.map(async (item, task) => {
          await untilAborted(task.signal).catch((error: unknown) => {
            seen.push(`${String(item)}: ${String(error === boom)}`)
          })
        }),
      )
    const ended = Promise.all(
      branches.map((branch) =>
        branch.collect().catch((error: unknown) => {
          seen.push('ended')
          return error
        }),
      ),
    )
    await settle()
    gate.resolve()
    expect(await ended).toEqual([boom, boom])
    expect(seen).toEqual(['1: true', '2: true', 'stopped', 'ended', 'ended'])
  })

  it('goes on without a branch that is left, loses no item by it, and stops when all are left', async () => {
    const { seen, source } = counter()
    const [left, right] = pipeline(source).fanOut(2)
    const one = left[Symbol.asyncIterator]()
    const two = right[Symbol.asyncIterator]()
    const got = [(await one.next()).value, (await two.next()).value]
    await one.return?.()
    for (let turn = 0; turn < 3; turn++) got.push((await two.next()).value)
    expect(got).toEqual([0, 1, 2, 3, 4])
    expect(seen.closed).toBe(false)
    await two.return?.()
    expect(seen.closed).toBe(true)
  })

  it('a branch that is left while it waits leaves the next item to the others', async () => {
    const gate = deferred()
    async function* late() {
      await gate.promise
      yield 'late'
    }
    const [left, right] = pipeline(late()).fanOut(2)
    const one = left[Symbol.asyncIterator]()
    const waiting = one.next()
    const others = right.collect()
    await settle()
    await one.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    gate.resolve()
    expect(await others).toEqual(['late'])
  })

  it('says so when a branch comes too late to get anything', async () => {
    const [first, second] = pipeline([1, 2, 3]).fanOut(2)
    for await (const item of first) if (item === 1) break
    await expect(second.collect()).rejects.toThrow('All branches of this fan-out that were begun have been left')
    const [all, none] = pipeline([1, 2, 3]).fanOut(2)
    expect([await all.collect(), await none.collect()]).toEqual([[1, 2, 3], []])
  })

  it('knows how many branches there are', () => {
    expectTypeOf(pipeline([1]).fanOut(2)).toEqualTypeOf<[Pipeline<number>, Pipeline<number>]>()
    expectTypeOf(pipeline([1]).fanOut(Number('2'))).toEqualTypeOf<Pipeline<number>[]>()
  })

  it('the signal ends the tasks of the branches too, while nobody takes from them', async () => {
    const controller = new AbortController()
    const { signal } = controller
    let working = 0
    const branches = pipeline([1, 2, 3], { signal })
      .fanOut(2)
      .map((branch) =>
        branch.map(async (_, task) => {
          working++
          try {
            await untilAborted(task.signal)
          } finally {
            working--
          }
        }),
      )
    const ended = Promise.all(branches.map((branch) => branch.collect().catch((error: unknown) => error)))
    await settle()
    expect(working).toBe(2)
    controller.abort(boom)
    expect(await ended).toEqual([boom, boom])
    expect(working).toBe(0)
    expect(listeners(signal)).toBe(0)
  })
})
