import { describe, expect, it } from 'vitest'
import { asyncDispose } from '../../runtime/src/disposal.ts'
import { settle, state } from './deferred.ts'
import { gate } from './gate.ts'
import { listeners } from './listeners.ts'
import { start } from './work.ts'

const boom = new Error('boom')

describe('threads: stopping', () => {
  it('an abort ends a task in line without starting it', async () => {
    const workers = start({ size: 1 })
    const { memory, entered, open } = gate()
    const held = workers.run({ gate: memory }, { export: 'hold' })
    await entered(1)
    const controller = new AbortController()
    const dropped = Array.from({ length: 5 }, () =>
      workers.run(
        { gate: memory },
        {
          export: 'hold',
          signal: controller.signal,
        },
      ),
    )
    const kept = workers.run(1)
    await settle()
    expect(listeners(controller.signal)).toBe(5)
    const ended = Promise.allSettled(dropped)
    controller.abort(boom)
    for (const end of await ended) expect(end).toEqual({ status: 'rejected', reason: boom })
    expect(listeners(controller.signal)).toBe(0)
    open()
    expect(await kept).toBe(2)
    await held
    expect(new Int32Array(memory)[1]).toBe(1)
    await expect(workers.run(1, { signal: controller.signal })).rejects.toBe(boom)
  })

  it('an abort ends a running task and its worker; its queue and other workers go on', async () => {
    const workers = start({ size: 2 })
    const stuck = gate()
    const fine = gate()
    const controller = new AbortController()
    const killed = workers.run({ gate: stuck.memory }, { export: 'hold', signal: controller.signal })
    const other = workers.run({ gate: fine.memory }, { export: 'hold' })
    await Promise.all([stuck.entered(1), fine.entered(1)])
    const behind = Promise.all(Array.from({ length: 10 }, (_, index) => workers.run(index)))
    await settle()
    controller.abort(boom)
    await expect(killed).rejects.toBe(boom)
    expect(await behind).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
    expect(await state(other)).toBe('pending')
    fine.open()
    expect(await other).toBeGreaterThan(0)
  })

  it('an abort of map drops what waits and ends what runs', async () => {
    const workers = start({ size: 2 })
    const { memory, entered } = gate()
    const controller = new AbortController()
    const items = Array.from({ length: 10 }, () => ({ gate: memory }))
    const mapped = workers.map(items, { export: 'hold', signal: controller.signal })
    await entered(2)
    controller.abort(boom)
    await expect(mapped).rejects.toBe(boom)
    expect(listeners(controller.signal)).toBe(0)
    expect(new Int32Array(memory)[1]).toBe(2)
    expect(await workers.run(1)).toBe(2)
  })

  it('a time limit counts from the start of the task, and ends that one only', async () => {
    const workers = start({ size: 1 })
    const { memory } = gate()
    const calls = await Promise.allSettled([
      workers.run({ gate: memory }, { export: 'hold', timeout: 20 }),
      workers.run(1),
      workers.run(2, { timeout: 60_000 }),
    ])
    expect(calls).toMatchObject([
      { reason: { name: 'TimeoutError', message: 'Timed out after 20 ms' } },
      { value: 2 },
      { value: 4 },
    ])
  })

  it("the threads' own signal stops everything", async () => {
    const controller = new AbortController()
    const workers = start({ size: 1, signal: controller.signal })
    const { memory, entered } = gate()
    const calls = [workers.run({ gate: memory }, { export: 'hold' }), workers.run(1), workers.map([1, 2])]
    await entered(1)
    const ended = Promise.allSettled([...calls, workers.run(2)])
    controller.abort(boom)
    for (const end of await ended) expect(end).toEqual({ status: 'rejected', reason: boom })
    await expect(workers.run(1)).rejects.toBe(boom)
    expect(listeners(controller.signal)).toBe(0)
  })

  it('drain and close wait for what was called; close takes no more', async () => {
    const workers = start({ size: 1, name: 'images' })
    await workers.drain()
    const { memory, entered, open } = gate()
    const held = workers.run({ gate: memory }, { export: 'hold' })
    const behind = workers.run(1)
    await entered(1)
    const controller = new AbortController()
    const impatient = workers.drain({ signal: controller.signal })
    controller.abort(boom)
    await expect(impatient).rejects.toBe(boom)
    const drained = workers.drain()
    const closed = workers.close()
    expect([await state(drained), await state(closed)]).toEqual(['pending', 'pending'])
    expect(() => workers.run(1)).toThrow('The threads "images" are closed: they take no more calls')
    expect(() => workers.map([])).toThrow('are closed')
    open()
    await Promise.all([drained, closed])
    expect([await behind, (await held) > 0]).toEqual([2, true])
    await workers.close()
  })

  it('disposal ends what runs and what waits', async () => {
    const workers = start({ size: 1 })
    const { memory, entered } = gate()
    const calls = Promise.allSettled([workers.run({ gate: memory }, { export: 'hold' }), workers.run(1)])
    await entered(1)
    await workers[asyncDispose]()
    for (const call of await calls) {
      expect(call).toMatchObject({ reason: { name: 'AbortError', message: 'The threads were disposed of' } })
    }
  })
})
