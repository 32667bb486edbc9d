import { describe, expect, it } from 'vitest'
import {
  Channel,
  group,
  Mutex,
  pipeline,
  race,
  retry,
  Semaphore,
  SingleFlight,
  sleep,
  timeout,
  WaitGroup,
  withCancel,
} from '@forkline/runtime'
import { CAUSES } from '../../../runtime/src/trace/format.ts'
import { settle } from '../deferred.ts'
import { recorded } from './recorded.ts'

describe('what waits, recorded', () => {
  it('a semaphore: who waits for permits, and how many are held', async () => {
    const found = await recorded(async () => {
      const permits = new Semaphore(2)
      await group.run((tasks) => {
        for (let index = 0; index < 4; index++) void tasks.go(() => permits.use(() => settle()))
      })
    })
    const scope = found.only('semaphore')
    expect(scope.limit).toBe(2)
    expect(found.waits('permit')).toMatchObject([
      { scope: scope.row, ended: true },
      { scope: scope.row, ended: true },
    ])
    expect(found.waits('permit').map(({ task }) => task)).toEqual(found.only('group').tasks.slice(2))
    const levels = found.levels(scope)
    expect(Math.max(...levels.map(([held]) => held))).toBe(2)
    expect(Math.max(...levels.map(([, waiting]) => waiting))).toBe(2)
    expect(levels.at(-1)).toEqual([0, 0])
  })

  it('a mutex, at the place where it was made', async () => {
    function maker(): Mutex {
      return new Mutex()
    }
    const found = await recorded(async () => {
      const lock = maker()
      await Promise.all([lock.runExclusive(() => settle()), lock.runExclusive(() => settle())])
    })
    expect(found.only('mutex').location).toMatch(/^maker@/)
    expect(found.waits('lock')).toMatchObject([{ ended: true }])
  })

  it('a channel: sends and receives that wait, what it holds, and its end', async () => {
    const found = await recorded(async () => {
      const channel = new Channel<number>(1)
      const sent = [channel.send(1), channel.send(2)]
      await channel.receive()
      await channel.receive()
      const received = channel.receive()
      channel.close()
      await Promise.all([...sent, received])
    })
    const scope = found.only('channel')
    expect(scope.outcome).toBe('ok')
    expect(found.waits('send')).toMatchObject([{ scope: scope.row, ended: true }])
    expect(found.waits('receive')).toMatchObject([{ scope: scope.row, ended: true }])
    expect(found.levels(scope)).toContainEqual([1, 1])
  })

  it('a wait group, sleep, and calls that are shared', async () => {
    const found = await recorded(async () => {
      const work = new WaitGroup()
      void work.go(() => sleep(1))
      await work.wait()
      const flights = new SingleFlight<string, number>()
      await Promise.all([1, 2, 3].map(() => flights.do('key', () => settle().then(() => 7))))
    })
    expect(found.only('waitGroup').endings).toEqual(['ok'])
    expect(found.waits('group')).toMatchObject([{ scope: found.only('waitGroup').row, ended: true }])
    expect(found.waits('sleep')).toMatchObject([{ task: found.only('waitGroup').tasks[0], ended: true }])
    expect(found.only('singleFlight').endings).toEqual(['ok'])
    expect(found.waits('flight').length).toBe(3)
  })
})

describe('calls, recorded', () => {
  it('a retry: each attempt, and the pauses', async () => {
    const found = await recorded(() =>
      retry(
        ({ attempt }) => {
          if (attempt < 3) throw new Error('not yet')
        },
        { delay: 1 },
      ),
    )
    const scope = found.only('retry')
    expect(scope).toMatchObject({ outcome: 'ok', endings: ['failed', 'failed', 'ok'] })
    expect(found.waits('retry')).toMatchObject([
      { scope: scope.row, ended: true },
      { scope: scope.row, ended: true },
    ])
  })

  it('a timeout that is up', async () => {
    const found = await recorded(() => timeout(1, ({ signal }) => sleep(10_000, { signal })).catch(() => undefined))
    const scope = found.only('timeout')
    expect(scope).toMatchObject({ outcome: 'cancelled', endings: ['cancelled'] })
    expect(found.cancels()).toMatchObject([{ scope: scope.row, cause: CAUSES.timedOut }])
    expect(found.reaches()).toEqual([{ task: scope.tasks[0], scope: scope.row }])
  })

  it('a race: the winner, and the losers that it stopped', async () => {
    const found = await recorded(() =>
      race([
        () => settle(),
        ...[1, 2].map(
          () =>
            ({ signal }: { readonly signal: AbortSignal }) =>
              sleep(10_000, { signal }),
        ),
      ]),
    )
    const scope = found.only('group')
    expect(scope).toMatchObject({ name: 'race', outcome: 'ok', endings: ['ok', 'cancelled', 'cancelled'] })
    expect(found.cancels()).toMatchObject([{ scope: scope.row, cause: CAUSES.called }])
    expect(found.reaches().map(({ task }) => task)).toEqual(scope.tasks.slice(1))
  })

  it('a pipeline: a scope for each stage, at its place, and how it failed', async () => {
    const found = await recorded(() =>
      pipeline([1, 2, 3, 4])
        .map(
          async (item) => {
            await settle()
            return item
          },
          { concurrency: 2, name: 'load' },
        )
        .tap(() => settle())
        .collect(),
    )
    const [load, tap] = found.scopes.filter(({ kind }) => kind === 'stage')
    expect(load).toMatchObject({ name: 'load', limit: 2, outcome: 'ok', endings: Array(4).fill('ok'), peak: 2 })
    expect(tap).toMatchObject({ name: '2. tap', limit: 1, outcome: 'ok', endings: Array(4).fill('ok') })
    expect(load?.location).toContain('primitives.test.ts')
    expect(load?.location).not.toBe(tap?.location)
    const whole = found.only('pipeline')
    expect(whole.outcome).toBe('ok')
    expect([load, tap].map((stage) => found.trace.scopes.within.at(stage?.row ?? -1) - 1)).toEqual([
      whole.row,
      whole.row,
    ])
  })

  it('a derived scope that cancels something: who, why, whom', async () => {
    const found = await recorded(async () => {
      const scope = withCancel()
      const idle = withCancel()
      const running = group.run((tasks) => tasks.go(({ signal }) => sleep(10_000, { signal })), {
        signal: scope.signal,
      })
      function canceller(): void {
        scope.cancel(new Error('enough'))
        idle.cancel()
      }
      await settle()
      canceller()
      await running.catch(() => undefined)
    })
    const context = found.only('context')
    expect(context.location).toMatch(/^canceller@/)
    expect(found.cancels()).toMatchObject([
      { scope: context.row, cause: CAUSES.called, reason: 'Error: enough' },
      { scope: found.only('group').row, cause: CAUSES.parent },
    ])
    expect(found.reaches()).toEqual([{ task: found.only('group').tasks[0], scope: context.row }])
  })
})
