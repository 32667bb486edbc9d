import { describe, expect, it } from 'vitest'
import { WaitGroup } from '@forkline/runtime'
import { deferred, state } from './deferred.ts'
import { listeners } from './listeners.ts'

const boom = new Error('boom')

describe('WaitGroup', () => {
  it('wakes all who wait when the count reaches zero, and may be used again', async () => {
    const tasks = new WaitGroup()
    await tasks.wait()
    for (let round = 0; round < 2; round++) {
      tasks.add(2)
      const waits = Promise.all([tasks.wait(), tasks.wait()])
      tasks.done()
      expect(await state(waits)).toBe('pending')
      tasks.done()
      await waits
    }
  })

  it('`go` counts a function until it has ended, well or badly', async () => {
    const tasks = new WaitGroup()
    const gate = deferred<string>()
    const good = tasks.go(() => gate.promise)
    await expect(
      tasks.go(() => {
        throw boom
      }),
    ).rejects.toBe(boom)
    expect(tasks.count).toBe(1)
    gate.resolve('done')
    await tasks.wait()
    expect(await good).toBe('done')
  })

  it('the wait ends with its signal', async () => {
    const tasks = new WaitGroup()
    await expect(tasks.wait({ signal: AbortSignal.abort(boom) })).rejects.toBe(boom)
    tasks.add()
    const controller = new AbortController()
    const wait = tasks.wait({ signal: controller.signal })
    controller.abort(boom)
    await expect(wait).rejects.toBe(boom)
    expect(listeners(controller.signal)).toBe(0)
  })

  it('below zero is an error, and leaves the count', () => {
    const tasks = new WaitGroup()
    tasks.add()
    expect(() => {
      tasks.add(-2)
    }).toThrow(RangeError)
    tasks.done()
    expect(() => {
      tasks.done()
    }).toThrow('The count would fall to -1')
    expect(tasks.count).toBe(0)
    expect(() => {
      tasks.add(0.5)
    }).toThrow(new TypeError('Expected `n` to be an integer, got 0.5'))
  })
})
