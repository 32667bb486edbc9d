import { describe, expect, it } from 'vitest'
import { all, group } from '@forkline/runtime'
import { CAUSES } from '../../../runtime/src/trace/format.ts'
import { deferred, settle } from '../deferred.ts'
import { recorded } from './recorded.ts'

describe('a group, recorded', () => {
  it('is a scope with its tasks, their limit and their queue', async () => {
    const found = await recorded(async () => {
      const tasks = group({ limit: 2, name: 'downloads' })
      for (let index = 0; index < 6; index++) void tasks.go(() => settle())
      await tasks.wait()
    })
    const scope = found.only('group')
    expect(scope).toMatchObject({ name: 'downloads', limit: 2, outcome: 'ok', parent: -1, peak: 2 })
    expect(scope.location).toContain('group.test.ts')
    expect(scope.endings).toEqual(Array(6).fill('ok'))
    const { tasks } = found.trace
    expect(scope.tasks.map((row) => (tasks.queued[row] ?? 0) > 0)).toEqual([false, false, true, true, true, true])
    expect(new Set(scope.tasks.map((row) => tasks.slot[row]))).toEqual(new Set([0, 1]))
    expect(scope.tasks.every((row) => found.trace.strings.at(tasks.location.at(row)).includes('group.test.ts'))).toBe(
      true,
    )
    expect(found.waits('group')).toMatchObject([{ scope: scope.row, ended: true }])
  })

  it('knows the task in which it was opened, across awaits', async () => {
    const found = await recorded(() =>
      group.run(
        async (outer) => {
          await outer.go(async () => {
            await settle()
            await group.run((inner) => inner.go(() => settle()), { name: 'inner' })
          })
        },
        { name: 'outer' },
      ),
    )
    const [outer, inner] = found.scopes
    expect([outer?.name, inner?.name]).toEqual(['outer', 'inner'])
    expect(inner?.parent).toBe(outer?.tasks[0])
  })

  it('tells who failed, what that cancelled, and whom it reached', async () => {
    const found = await recorded(async () => {
      const tasks = group({ limit: 3 })
      const block = deferred()
      void tasks.go(
        ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              reject(signal.reason as Error)
            })
          }),
      )
      void tasks.go(() => block.promise)
      void tasks.go(async () => {
        await settle()
        throw new RangeError('too far')
      })
      void tasks.go(() => 'never started')
      const ended = tasks.wait().catch((error: unknown) => error)
      await settle()
      await settle()
      block.resolve()
      expect(await ended).toBeInstanceOf(RangeError)
    })
    const scope = found.only('group')
    expect(scope).toMatchObject({ outcome: 'failed', error: 'RangeError: too far' })
    expect(scope.endings).toEqual(['cancelled', 'ok', 'failed', 'cancelled'])
    expect(found.cancels()).toEqual([
      { scope: scope.row, cause: CAUSES.failed, by: scope.tasks[2], reason: 'RangeError: too far' },
    ])
    expect(found.reaches()).toEqual([0, 1].map((index) => ({ task: scope.tasks[index], scope: scope.row })))
    // It was dropped from the queue.
    expect(found.trace.starts.length).toBe(3)
  })

  it('tells of a cancellation that comes from further out, and where it came from', async () => {
    const found = await recorded(async () => {
      const outer = group({ name: 'outer' })
      void outer.go(({ signal }) =>
        group.run((inner) => inner.go(() => settle().then(settle)), { signal, name: 'inner' }),
      )
      await settle()
      outer.cancel(new Error('enough'))
      await outer.wait().catch(() => undefined)
    })
    const [outer, inner] = found.scopes
    expect(outer?.outcome).toBe('cancelled')
    expect(inner?.outcome).toBe('cancelled')
    expect(found.cancels()).toEqual([
      { scope: outer?.row, cause: CAUSES.called, by: -1, reason: 'Error: enough' },
      { scope: inner?.row, cause: CAUSES.parent, by: -1, reason: 'Error: enough' },
    ])
    expect(found.reaches()).toEqual([
      { task: outer?.tasks[0], scope: outer?.row },
      { task: inner?.tasks[0], scope: outer?.row },
    ])
  })

  it('collects failures', async () => {
    const found = await recorded(async () => {
      const tasks = group({ onError: 'collect' })
      for (const fails of [true, false, true]) {
        void tasks.go(() => {
          if (fails) throw new Error('no')
        })
      }
      await tasks.wait().catch(() => undefined)
    })
    const scope = found.only('group')
    expect(scope.outcome).toBe('failed')
    expect(scope.endings).toEqual(['failed', 'ok', 'failed'])
    expect(found.cancels()).toEqual([])
  })

  it('that is disposed of early is cancelled', async () => {
    const found = await recorded(async () => {
      const tasks = group()
      void tasks.go(
        ({ signal }) =>
          new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => {
              resolve()
            })
          }),
      )
      await tasks[Symbol.asyncDispose]()
    })
    expect(found.only('group').outcome).toBe('cancelled')
    expect(found.cancels()).toMatchObject([{ cause: CAUSES.disposed }])
  })

  it('that nobody waits for is left open, and its task leaked', async () => {
    const found = await recorded(() => {
      void group().go(() => new Promise(() => undefined))
    })
    expect(found.only('group')).toMatchObject({ outcome: 'open', endings: ['leaked'] })
  })

  it('looks up the places of the first 32 tasks, and then of one in 64', async () => {
    const found = await recorded(() =>
      group.run((tasks) => {
        for (let index = 0; index < 200; index++) void tasks.go(() => index)
      }),
    )
    const { tasks } = found.trace
    const placed = found.only('group').tasks.flatMap((row, index) => (tasks.location.at(row) === 0 ? [] : [index]))
    expect(placed).toEqual([...Array.from({ length: 32 }, (_, index) => index), 64, 128, 192])
  })
})

describe('all, recorded', () => {
  it('is a group at the place of its call', async () => {
    function caller(): Promise<unknown> {
      return all([() => 1, () => settle()])
    }
    const found = await recorded(caller)
    const scope = found.only('group')
    expect(scope.location).toMatch(/^caller@/)
    expect(scope.endings).toEqual(['ok', 'ok'])
  })
})
