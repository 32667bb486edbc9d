import { describe, expect, it } from 'vitest'
import { pool, RateLimiter } from '@forkline/runtime'
import { CAUSES } from '../../../runtime/src/trace/format.ts'
import { deferred, settle } from '../deferred.ts'
import { recorded } from './recorded.ts'

describe('a pool, recorded', () => {
  it('is a scope with a task for each item, in slots', async () => {
    let running = 0
    let most = 0
    const found = await recorded(async () => {
      const workers = pool({ concurrency: 3, name: 'uploads' })
      await workers.map(
        Array.from({ length: 20 }, (_, index) => index),
        async () => {
          most = Math.max(most, ++running)
          await settle()
          running--
        },
      )
      await workers.close()
      await workers.close()
    })
    const scope = found.only('pool')
    expect(scope).toMatchObject({ name: 'uploads', limit: 3, outcome: 'ok', peak: most })
    expect(scope.location).toContain('pool.test.ts')
    expect(scope.endings).toEqual(Array(20).fill('ok'))
    expect(new Set(scope.tasks.map((row) => found.trace.tasks.slot[row]))).toEqual(new Set([0, 1, 2]))
    expect(found.levels(scope)).toEqual([[0, 20]])
  })

  it.each(['array', 'iterable', 'async iterable'])('has the tasks of every sort of source: %s', async (sort) => {
    const items = [1, 2, 3, 4, 5]
    const found = await recorded(async () => {
      const source =
        sort === 'array'
          ? items
          : sort === 'iterable'
            ? new Set(items)
            : (async function* () {
                for (const item of items) {
                  await settle()
                  yield item
                }
              })()
      await pool({ concurrency: 2 }).forEach(source, () => settle())
    })
    expect(found.only('pool')).toMatchObject({ outcome: 'open', endings: Array(5).fill('ok'), peak: 2 })
  })

  it('knows the task in which each item runs, and the one from which it was called', async () => {
    const found = await recorded(async () => {
      const outer = pool({ concurrency: 2, name: 'outer' })
      await outer.map([1, 2, 3, 4], async () => {
        await settle()
        await pool({ concurrency: 1, name: 'inner' }).map([1, 2, 3], () => settle())
      })
    })
    const [outer, ...inner] = found.scopes
    expect(inner.map(({ parent }) => parent).sort()).toEqual([...(outer?.tasks ?? [])].sort())
    for (const { tasks, parent } of inner) {
      expect(tasks.map((row) => (found.trace.tasks.parent[row] ?? 0) - 1)).toEqual([parent, parent, parent])
    }
  })

  it('tells of the failure of one call, and whom it reached; others on the pool go on', async () => {
    const found = await recorded(async () => {
      const workers = pool({ concurrency: 3 })
      const block = deferred()
      const other = workers.run(() => block.promise)
      await workers
        .map([0, 1, 2, 3], async (index) => {
          await settle()
          if (index === 1) throw new RangeError('too far')
        })
        .catch(() => undefined)
      block.resolve()
      await other
    })
    const scope = found.only('pool')
    const failed = scope.endings.indexOf('failed')
    expect(scope.endings.filter((ending) => ending !== 'ok')).toEqual(['failed'])
    expect(found.cancels()).toEqual([
      { scope: scope.row, cause: CAUSES.failed, by: scope.tasks[failed], reason: 'RangeError: too far' },
    ])
    // Not the task of the other call.
    expect(found.reaches().map(({ task }) => task)).not.toContain(scope.tasks[0])
  })

  it('shows what failed though the others go on', async () => {
    const found = await recorded(() =>
      pool({ concurrency: 2 }).mapSettled([0, 1, 2, 3, 4, 5], async (index) => {
        await settle()
        if (index % 3 === 1) throw new Error(String(index))
      }),
    )
    const scope = found.only('pool')
    expect(scope.endings.toSorted()).toEqual(['failed', 'failed', 'ok', 'ok', 'ok', 'ok'])
    expect(found.cancels()).toEqual([])
  })

  it('has queued tasks, and drops those that are told to stop before their turn', async () => {
    const found = await recorded(async () => {
      const workers = pool({ concurrency: 1 })
      const block = deferred()
      const controller = new AbortController()
      const runs = [
        workers.run(() => block.promise),
        workers.run(() => 'waits'),
        workers.run(() => 'never', { signal: controller.signal }),
      ]
      controller.abort(new Error('not any more'))
      block.resolve()
      await Promise.allSettled(runs)
    })
    const scope = found.only('pool')
    expect(scope.endings).toEqual(['ok', 'ok', 'cancelled'])
    expect(found.trace.starts.length).toBe(2)
    expect(scope.tasks.map((row) => (found.trace.tasks.queued[row] ?? 0) > 0)).toEqual([false, true, true])
    expect(found.trace.strings.at(found.trace.tasks.location.at(scope.tasks[0] ?? 0))).toContain('pool.test.ts')
  })

  it('has the tasks of a stream, cancelled when its loop is left', async () => {
    const found = await recorded(async () => {
      const workers = pool({ concurrency: 2 })
      for await (const result of workers.stream([1, 2, 3, 4, 5, 6], async (item, { signal }) => {
        if (item > 1)
          await new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => {
              resolve()
            })
          })
        return item
      }))
        if (result === 1) break
    })
    const scope = found.only('pool')
    expect(scope.endings).toEqual(['ok', 'ok', 'ok'])
    expect(found.cancels()).toMatchObject([{ scope: scope.row, cause: CAUSES.left }])
    expect(found.reaches().map(({ task }) => task)).toEqual([scope.tasks[1], scope.tasks[2]])
  })

  it('tells when it was paused, and what waited for the rate', async () => {
    const found = await recorded(async () => {
      const workers = pool({ concurrency: 2, rate: new RateLimiter({ limit: 1, interval: 30 }) })
      workers.pause()
      const done = workers.map([1, 2, 3], () => settle())
      await settle()
      workers.resume()
      await done
    })
    const scope = found.only('pool')
    const { pauses } = found.trace
    expect(
      Array.from({ length: pauses.length }, (_, row) => [(pauses.scope[row] ?? 0) - 1, pauses.paused[row]]),
    ).toEqual([
      [scope.row, 1],
      [scope.row, 0],
    ])
    const waits = found.waits('rate').filter(({ ms }) => ms > 1)
    expect(waits.length).toBeGreaterThan(0)
    expect(waits.every(({ task, ended }) => ended && scope.tasks.includes(task))).toBe(true)
  })

  it('that is disposed of cancels what runs', async () => {
    const found = await recorded(async () => {
      const workers = pool({ concurrency: 1 })
      const running = workers.run(
        ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              reject(signal.reason as Error)
            })
          }),
      )
      const queued = workers.run(() => 'never')
      await Promise.all([workers[Symbol.asyncDispose](), running.catch(() => 1), queued.catch(() => 2)])
    })
    const scope = found.only('pool')
    expect(scope).toMatchObject({ outcome: 'cancelled', endings: ['cancelled', 'cancelled'] })
    expect(found.cancels()).toMatchObject([{ scope: scope.row, cause: CAUSES.disposed }])
    expect(found.reaches()).toEqual([{ task: scope.tasks[0], scope: scope.row }])
  })
})
