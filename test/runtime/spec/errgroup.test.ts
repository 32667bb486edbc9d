import { describe, expect, it } from 'vitest'
import { group, withCancel } from '@forkline/runtime'
import { deferred, settle, state } from '../deferred.ts'
import { untilAborted } from '../listeners.ts'

/** Behaviour that the tests of golang.org/x/sync/errgroup pin down; docs/runtime-parity.md says which carries over. */
describe('errgroup', () => {
  const first = new Error('first')
  const second = new Error('second')

  it.each([
    { ends: [], outcome: undefined },
    { ends: [undefined], outcome: undefined },
    { ends: [first], outcome: first },
    { ends: [first, undefined], outcome: first },
    { ends: [first, undefined, second], outcome: first },
    { ends: [undefined, second, first], outcome: second },
  ])('TestZeroGroup: `wait` rejects with the first failure and no other ($ends)', async ({ ends, outcome }) => {
    const tasks = group()
    for (const error of ends) void tasks.go(() => (error === undefined ? 'fine' : Promise.reject(error)))
    const caught: unknown = await tasks.wait().then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(caught).toBe(outcome)
  })

  it('TestWithContext: a failure ends the signal of the tasks before `wait` returns', async () => {
    const tasks = group()
    const { signal } = tasks
    void tasks.go(() => Promise.reject(first))
    void tasks.go(() => untilAborted(signal))
    await expect(tasks.wait()).rejects.toBe(first)
    expect(signal.aborted).toBe(true)
  })

  it('TestTryGo: takes tasks up to the limit, refuses the next, and takes one again when one has ended', async () => {
    const tasks = group<number>({ limit: 42 })
    const gate = deferred<number>()
    let started = 0
    const task = () => {
      started++
      return gate.promise
    }
    const taken = Array.from({ length: 42 }, () => tasks.tryGo(task))
    expect(taken.every((promise) => promise !== undefined)).toBe(true)
    expect(tasks.tryGo(task)).toBeUndefined()
    gate.resolve(7)
    await Promise.all(taken.filter((promise) => promise !== undefined))
    expect(tasks.tryGo(task)).toBeDefined()
    expect(await tasks.wait()).toEqual(Array.from({ length: 43 }, () => 7))
    expect(started).toBe(43)
  })

  it('TestTryGo: a task that was refused is not run later either', async () => {
    const tasks = group({ limit: 1 })
    const gate = deferred()
    let refused = 0
    void tasks.go(() => gate.promise)
    for (let i = 0; i < 1024; i++) expect(tasks.tryGo(() => refused++)).toBeUndefined()
    gate.resolve()
    await tasks.wait()
    expect(refused).toBe(0)
  })

  it('TestGoLimit: of a thousand tasks no more run at once than the limit says', async () => {
    const tasks = group({ limit: 10 })
    let active = 0
    let peak = 0
    for (let i = 0; i <= 1024; i++) {
      void tasks.go(async () => {
        peak = Math.max(peak, ++active)
        await settle()
        active--
      })
    }
    expect(await tasks.wait()).toHaveLength(1025)
    expect(peak).toBe(10)
  })

  it('TestCancelCause: the reason of the signal is the failure itself, for siblings and for who reads it', async () => {
    const tasks = group()
    const { signal } = tasks
    let told: unknown
    void tasks.tryGo(async (task) => {
      told = await untilAborted(task.signal).catch((reason: unknown) => reason)
    })
    void tasks.tryGo(() => Promise.reject(first))
    await expect(tasks.wait()).rejects.toBe(first)
    expect(signal.reason).toBe(first)
    expect(told).toBe(first)
  })

  it('TestCancelCause: without a failure the signal stays as it is, unlike that of errgroup', async () => {
    const tasks = group()
    const { signal } = tasks
    void tasks.go(() => 'fine')
    await tasks.wait()
    expect(signal.aborted).toBe(false)
  })

  it('ExampleGroup_justErrors: a wait on several pieces of work ends when all have, with none failed', async () => {
    const tasks = group()
    const gates = [deferred(), deferred(), deferred()]
    for (const gate of gates) void tasks.go(() => gate.promise)
    const waiting = tasks.wait()
    gates[0]?.resolve()
    gates[2]?.resolve()
    expect(await state(waiting)).toBe('pending')
    gates[1]?.resolve()
    await expect(waiting).resolves.toHaveLength(3)
  })

  it('ExampleGroup_parallel: results keep the order in which the work was given, not that of its ends', async () => {
    const tasks = group<string>()
    const web = deferred<string>()
    const image = deferred<string>()
    void tasks.go(() => web.promise)
    void tasks.go(() => image.promise)
    void tasks.go(() => 'video')
    image.resolve('image')
    await settle()
    web.resolve('web')
    expect(await tasks.wait()).toEqual(['web', 'image', 'video'])
  })

  it('ExampleGroup_pipeline: cancelling the context given to the group ends it, with the reason of that context', async () => {
    const scope = withCancel()
    const tasks = group({ signal: scope.signal })
    void tasks.go(({ signal }) => untilAborted(signal))
    const waiting = tasks.wait()
    scope.cancel(second)
    await expect(waiting).rejects.toBe(second)
  })
})
