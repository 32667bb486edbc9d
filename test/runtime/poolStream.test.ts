import { describe, expect, it } from 'vitest'
import { pool } from '@forkline/runtime'
import { asynchronously } from './asynchronously.ts'
import { deferred, settle, state } from './deferred.ts'
import { untilAborted } from './listeners.ts'
import { stepwise } from './stepwise.ts'

const boom = new Error('boom')

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
      for await (const item of pool({ concurrency: 7 }).stream(source, (value) => value)) seen.push(item)
      expect(seen).toEqual(items)
    }
  })

  it('starts with the first `next`, and holds back while the consumer is busy', async () => {
    let taken = 0
    const source = (function* endless() {
      for (;;) yield taken++
    })()
    const results = pool({ concurrency: 2 }).stream(source, (item) => item)
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
      await untilAborted(signal).catch(() => {
        aborted = true
      })
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
    expect(signals.map((signal) => signal.aborted)).toEqual([false])
  })
})
