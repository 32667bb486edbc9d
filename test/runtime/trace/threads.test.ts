import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { threads, type Threads } from '@forkline/runtime'
import { asyncDispose } from '../../../runtime/src/disposal.ts'
import { CAUSES } from '../../../runtime/src/trace/format.ts'
import { Recorder } from '../../../runtime/src/trace/recorder.ts'
import { gate } from '../gate.ts'
import { recorded } from './recorded.ts'

/** What fixtures/work.mjs exports. */
interface Work {
  default(input: number): number
  hold(input: { readonly gate: SharedArrayBuffer }): number
  fail(input: { readonly kind: string }): Promise<() => void>
  crash(input: { readonly code?: number }): Promise<never>
}

const URL_OF_WORK = new URL('../fixtures/work.mjs', import.meta.url)

async function within(size: number, body: (workers: Threads<Work>) => unknown, signal?: AbortSignal): Promise<void> {
  const workers = threads<Work>(URL_OF_WORK, { size, signal, name: 'work' })
  try {
    await body(workers)
  } finally {
    await workers[asyncDispose]()
  }
}

describe('threads, recorded', () => {
  it('each task: created where it was called, started in the slot of its worker, ended', async () => {
    async function caller(workers: Threads<Work>): Promise<void> {
      await Promise.all([workers.run(1), workers.map([2, 3])])
    }
    const found = await recorded(() => within(2, caller))
    const scope = found.only('threads')
    expect(scope).toMatchObject({ name: 'work', limit: 2, outcome: 'ok', endings: ['ok', 'ok', 'ok'] })
    expect(scope.location).toMatch(/^within@/)
    const { tasks } = found.trace
    for (const row of scope.tasks) {
      expect(tasks.slot[row]).toBeLessThan(2)
      expect(tasks.queued[row]).toBeGreaterThan(0)
      expect(tasks.end[row]).toBeGreaterThanOrEqual(tasks.start[row] ?? NaN)
    }
    const [first = -1, second = -1] = scope.tasks
    expect(found.location(first)).toMatch(/^caller@/)
    expect(found.location(second)).toMatch(/^caller@/)
  })

  it('the workers, as tasks for as long as they live', async () => {
    const found = await recorded(() => within(2, (workers) => workers.map([1, 2, 3, 4])))
    const scope = found.only('worker')
    expect(scope).toMatchObject({ name: 'work', outcome: 'ok', endings: ['ok', 'ok'] })
    expect(scope.tasks.map((row) => found.name(row))).toEqual([
      expect.stringMatching(/^worker \d+$/),
      expect.stringMatching(/^worker \d+$/),
    ])
    for (const row of found.only('threads').tasks) {
      const worker = scope.tasks.find((each) => found.trace.tasks.slot[each] === found.trace.tasks.slot[row]) ?? -1
      expect(found.trace.tasks.start[row]).toBeGreaterThanOrEqual(found.trace.tasks.start[worker] ?? NaN)
      expect(found.trace.tasks.end[row]).toBeLessThanOrEqual(found.trace.tasks.end[worker] ?? NaN)
    }
  })

  it('which worker took a task from which other', async () => {
    const found = await recorded(() =>
      within(2, async (workers) => {
        const [one, two] = [gate(), gate()]
        const held = [one, two].map(({ memory }) => workers.run({ gate: memory }, { export: 'hold' }))
        await Promise.all([one.entered(1), two.entered(1)])
        const behind = [1, 2, 3, 4].map((input) => workers.run(input))
        one.open()
        await Promise.all(behind)
        two.open()
        await Promise.all(held)
      }),
    )
    const { tasks, steals } = found.trace
    const [first = -1, second = -1, ...behind] = found.only('threads').tasks
    expect(behind.map((row) => tasks.slot[row])).toEqual(behind.map(() => tasks.slot[first]))
    // Which of the two that block got which worker is chance; what came behind them is not.
    const stolen = Array.from({ length: steals.length }, (_, row) => row).filter((row) =>
      behind.includes((steals.task[row] ?? 0) - 1),
    )
    expect(stolen.length).toBeGreaterThan(0)
    for (const row of stolen)
      expect([steals.from[row], steals.to[row]]).toEqual([tasks.slot[second], tasks.slot[first]])
  })

  it('failures, with what was thrown', async () => {
    const found = await recorded(() =>
      within(1, async (workers) => {
        await workers.run({ kind: 'type' }, { export: 'fail' }).catch(() => undefined)
        await workers.run((() => 1) as never).catch(() => undefined)
      }),
    )
    const scope = found.only('threads')
    expect(scope.endings).toEqual(['failed', 'failed'])
    expect(scope.tasks.map((row) => found.error(row))).toEqual([
      'TypeError: a type',
      expect.stringContaining('DataCloneError: The input cannot be copied to a worker'),
    ])
  })

  it('a cancellation: the task that it ended, its worker, and the one that was never started', async () => {
    const controller = new AbortController()
    const found = await recorded(() =>
      within(
        1,
        async (workers) => {
          const { memory, entered } = gate()
          const calls = [workers.run({ gate: memory }, { export: 'hold' }), workers.run(1)]
          await entered(1)
          controller.abort(new Error('enough'))
          await Promise.allSettled(calls)
        },
        controller.signal,
      ),
    )
    const scope = found.only('threads')
    const [running = -1, waiting = -1] = scope.tasks
    expect(scope.endings).toEqual(['cancelled', 'cancelled'])
    expect(scope.tasks.map((row) => found.error(row))).toEqual(['Error: enough', 'Error: enough'])
    expect(found.cancels()).toMatchObject([{ scope: scope.row, cause: CAUSES.parent, reason: 'Error: enough' }])
    expect(found.reaches()).toEqual([{ task: running, scope: scope.row }])
    const { tasks } = found.trace
    expect((tasks.end[running] ?? 0) - (tasks.start[running] ?? 0)).toBeGreaterThan(0)
    expect(tasks.end[waiting]).toBe(tasks.start[waiting])
    expect(found.only('worker').endings).toEqual(['cancelled'])
  })

  it('the item that failed cancels the others of its call of map', async () => {
    const { memory, entered } = gate()
    const found = await recorded(() =>
      within(2, async (workers) => {
        const mapped = workers.map(
          (async function* inputs() {
            yield { gate: memory }
            await entered(1)
            yield null as never
          })(),
          { export: 'hold' },
        )
        await mapped.catch(() => undefined)
      }),
    )
    const scope = found.only('threads')
    expect(scope.endings).toEqual(['cancelled', 'failed'])
    expect(found.cancels()).toMatchObject([{ scope: scope.row, cause: CAUSES.failed, by: scope.tasks[1] }])
    expect(found.reaches()).toEqual([{ task: scope.tasks[0], scope: scope.row }])
  })

  it('a worker that crashes, what it was at, and the one that takes its place', async () => {
    const found = await recorded(() =>
      within(1, async (workers) => {
        await Promise.allSettled([workers.run({ code: 7 }, { export: 'crash' }), workers.run(2)])
      }),
    )
    expect(found.only('threads').endings).toEqual(['failed', 'ok'])
    const scope = found.only('worker')
    expect(scope.endings).toEqual(['failed', 'ok'])
    expect(found.error(scope.tasks[0] ?? -1)).toBe('Error: The worker exited with code 7')
    expect(found.trace.tasks.start[scope.tasks[1] ?? -1]).toBeGreaterThanOrEqual(
      found.trace.tasks.end[scope.tasks[0] ?? -1] ?? NaN,
    )
  })

  it('a task that still runs when the recording ends', async () => {
    const { memory, entered, open } = gate()
    const opened: Threads<Work>[] = []
    const started = vi.spyOn(Recorder.prototype, 'startTask')
    onTestFinished(() => {
      started.mockRestore()
    })
    const found = await recorded(async () => {
      const workers = threads<Work>(URL_OF_WORK, { size: 1 })
      opened.push(workers)
      void workers.run({ gate: memory }, { export: 'hold' })
      await entered(1)
      await vi.waitUntil(() => started.mock.calls.length > 0, { timeout: 20_000 })
    })
    const { tasks } = found.trace
    const [task = -1] = found.only('threads').tasks
    expect([tasks.state[task], tasks.slot[task]]).toEqual([1, 0])
    open()
    await Promise.all(opened.map((workers) => workers.close()))
  })
})
