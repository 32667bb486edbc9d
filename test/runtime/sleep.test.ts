import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sleep } from '@forkline/runtime'
import { listeners } from './listeners.ts'

const boom = new Error('boom')

describe('sleep', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('resolves after its time, and not before', async () => {
    let awake = false
    const { signal } = new AbortController()
    const slept = sleep(100, { signal }).then(() => {
      awake = true
    })
    await vi.advanceTimersByTimeAsync(99)
    expect(awake).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await slept
    expect(listeners(signal)).toBe(0)
  })

  it('ends with its signal, and clears the timer', async () => {
    const controller = new AbortController()
    const slept = sleep(100, { signal: controller.signal })
    controller.abort(boom)
    await expect(slept).rejects.toBe(boom)
    await expect(sleep(100, { signal: controller.signal })).rejects.toBe(boom)
    expect(vi.getTimerCount()).toBe(0)
    expect(listeners(controller.signal)).toBe(0)
  })

  it.each([-1, Number.NaN, 2 ** 31, '5'])('sleep(%o) is a TypeError at the call', (ms) => {
    expect(() => sleep(ms as never)).toThrow(TypeError)
  })
})
