import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import { pool } from '@forkline/runtime'
import { deferred, settle, state } from '../deferred.ts'

/** Behaviour that the tests of p-limit pin down; docs/runtime-parity.md says which carries over. */
describe('p-limit', () => {
  const boom = new Error('boom')

  it.each([1, 4])(
    'concurrency: %i is reached, never passed, and results are those of their calls',
    async (concurrency) => {
      const workers = pool({ concurrency })
      let active = 0
      let peak = 0
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          workers.run(async () => {
            peak = Math.max(peak, ++active)
            for (let turn = 0; turn < i % 3; turn++) await settle()
            active--
            return i
          }),
        ),
      )
      expect(results).toEqual(Array.from({ length: 40 }, (_, i) => i))
      expect(peak).toBe(concurrency)
    },
  )

  it('propagates async execution context properly: a task runs in the context of its call', async () => {
    const storage = new AsyncLocalStorage<number>()
    const workers = pool({ concurrency: 2 })
    const seen = await Promise.all(
      Array.from({ length: 10 }, (_, id) =>
        storage.run(id, () =>
          workers.run(async () => {
            await settle()
            return storage.getStore()
          }),
        ),
      ),
    )
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('non-promise returning function', async () => {
    expect(await pool({ concurrency: 1 }).run(() => 'plain')).toBe('plain')
  })

  it('continues after sync throw: the others run', async () => {
    const workers = pool({ concurrency: 1 })
    const ran: number[] = []
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((n) =>
        workers.run(() => {
          ran.push(n)
          if (n === 1) throw boom
        }),
      ),
    )
    expect(ran).toEqual([1, 2, 3])
    expect(outcomes[0]).toEqual({ status: 'rejected', reason: boom })
  })

  it('does not ignore errors: each goes to its own caller', async () => {
    const workers = pool({ concurrency: 2 })
    const failing = workers.run(() => Promise.reject(boom))
    const fine = workers.run(() => 1)
    await expect(failing).rejects.toBe(boom)
    expect(await fine).toBe(1)
  })

  it('runs all tasks asynchronously enough: a task never runs twice, and the call itself returns a promise', async () => {
    const workers = pool({ concurrency: 1 })
    let value = 1
    const first = workers.run(() => value)
    const second = workers.run(() => value)
    expect([first, second].every((promise) => promise instanceof Promise)).toBe(true)
    value = 2
    expect(await second).toBe(2)
    await first
  })

  it('activeCount and pendingCount properties: `active` and `pending` at each moment', async () => {
    const workers = pool({ concurrency: 5 })
    expect([workers.active, workers.pending]).toEqual([0, 0])
    const gate = deferred()
    const runs = Array.from({ length: 8 }, () => workers.run(() => gate.promise))
    await settle()
    expect([workers.active, workers.pending]).toEqual([5, 3])
    gate.resolve()
    await Promise.all(runs)
    expect([workers.active, workers.pending]).toEqual([0, 0])
  })

  it('clearQueue: an abort rejects what is queued, with its reason, and leaves no promise pending', async () => {
    const controller = new AbortController()
    const workers = pool({ concurrency: 1, signal: controller.signal })
    const gate = deferred()
    const running = workers.run(() => gate.promise)
    const queued = [1, 2, 3].map(() => workers.run(() => 'never'))
    await settle()
    controller.abort(boom)
    for (const promise of queued) await expect(promise).rejects.toBe(boom)
    expect(workers.pending).toBe(0)
    expect(await state(running)).toBe('pending')
    gate.resolve()
    await running
  })

  it('map: results in order, with the index, whatever the order of the ends', async () => {
    const results = await pool({ concurrency: 3 }).map([4, 3, 2, 1], async (turns, { index }) => {
      for (let turn = 0; turn < turns; turn++) await settle()
      return [turns, index]
    })
    expect(results).toEqual([
      [4, 0],
      [3, 1],
      [2, 2],
      [1, 3],
    ])
  })

  it('map accepts an iterable: a set, an iterator of an array', async () => {
    const workers = pool({ concurrency: 2 })
    expect(await workers.map(new Set([1, 2]), (n) => n * 2)).toEqual([2, 4])
    expect(await workers.map([1, 2].values(), (n) => n * 2)).toEqual([2, 4])
  })

  it.each([0, -1, 1.2, Number.NaN, '1', null, true])('throws on invalid concurrency argument: %o', (concurrency) => {
    expect(() => pool({ concurrency: concurrency as never })).toThrow(
      /^Expected `concurrency` to be a positive integer, got /,
    )
  })
})
