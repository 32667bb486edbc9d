import fc from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { group } from '@forkline/runtime'
import { asyncDispose } from '../../../runtime/src/disposal.ts'
import { moment, smallLimit, works } from './arbitraries.ts'
import { Cancelled, Failure, tries, useVirtualClock, World, type Settled } from './world.ts'

describe('group, whatever its tasks do', () => {
  useVirtualClock()

  it('keeps its limit and its order, outlives its tasks, and ends as the first thing that went wrong says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          works,
          limit: fc.option(smallLimit, { nil: undefined }),
          abortAt: moment,
          cancelAt: moment,
          onError: fc.constantFrom('cancel', 'collect'),
        }),
        async (program) => {
          const world = new World()
          const signal = world.signal(program.abortAt)
          const { limit, onError } = program
          const tasks = group<number>({ limit, onError, signal })
          const promises = program.works.map((work, id) =>
            world.expectEnd(
              'task',
              tasks.go((task) => world.work(id, work, task.signal)),
            ),
          )
          let over = false
          if (program.cancelAt !== undefined) {
            world.at(program.cancelAt, () => {
              if (over) return
              world.log.push({ event: 'abort', id: -1 })
              tasks.cancel(new Cancelled('cancelled by the test'))
            })
          }
          let left = -1
          const end = world.expectEnd(
            'wait',
            tasks.wait().finally(() => {
              over = true
              left = world.active
            }),
          )
          await world.finish()
          expect(left, 'tasks that outlived the group').toBe(0)
          expect(world.peak).toBeLessThanOrEqual(limit ?? Infinity)

          const started = world.ids('start')
          expect(started, 'each once, in order').toEqual(started.map((_, index) => index))
          checkEnd(world, onError, await end, program.works.length)
          for (const [id, settled] of (await Promise.all(promises)).entries()) {
            if (world.ids('end').includes(id)) expect(settled).toEqual({ value: id })
            else expect(settled).toHaveProperty('error')
          }
        },
      ),
      tries(2),
    )
  })

  it('disposal cancels, and leaves nothing running', async () => {
    await fc.assert(
      fc.asyncProperty(works, smallLimit, moment, async (list, limit, disposeAt) => {
        const world = new World()
        const tasks = group({ limit })
        for (const [id, work] of list.entries()) void tasks.go((task) => world.work(id, work, task.signal))
        let left = -1
        world.at(disposeAt ?? 0, () => {
          void world.expectEnd(
            'disposal',
            tasks[asyncDispose]().then(() => {
              left = world.active
            }),
          )
        })
        await world.finish()
        expect(left).toBe(0)
        expect(world.peak).toBeLessThanOrEqual(limit)
      }),
      tries(),
    )
  })

  /** The model: read off the log what the group has to say. */
  function checkEnd(world: World, onError: 'cancel' | 'collect', end: Settled, size: number): void {
    const lastEnd = world.log.findLastIndex(({ event }) => event !== 'abort')
    const aborted = world.log.findIndex(({ event }) => event === 'abort')
    const failed = world.log.findIndex(({ event }) => event === 'fail')
    // An abort that comes when all tasks have ended comes too late.
    const wasAborted = (aborted !== -1 && aborted < lastEnd) || (aborted !== -1 && world.ids('start').length < size)
    if (onError === 'cancel' && failed !== -1 && (!wasAborted || failed < aborted)) {
      expect((end as { error: Failure }).error).toBeInstanceOf(Failure)
      expect((end as { error: Failure }).error.id).toBe(world.log[failed]?.id)
      const after = world.log.slice(failed).filter(({ event }) => event === 'start')
      expect(after, 'started after the failure').toEqual([])
    } else if (wasAborted) {
      expect((end as { error: unknown }).error).toBeInstanceOf(Cancelled)
    } else if (failed !== -1) {
      const errors = (end as { error: AggregateError }).error.errors as Failure[]
      expect(errors.map(({ id }) => id)).toEqual(world.ids('fail').sort((a, b) => a - b))
    } else {
      expect(end).toEqual({ value: Array.from({ length: size }, (_, id) => id) })
    }
  }
})
