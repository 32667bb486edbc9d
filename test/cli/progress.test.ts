import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Progress } from '../../cli/progress.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** What a run writes that asks for progress after each of these times, in milliseconds from its start. */
function shown(isTTY: boolean, ...times: readonly number[]): string {
  const stream = Object.assign(new PassThrough(), { isTTY })
  const progress = new Progress(stream)
  const start = Date.now()
  for (const [done, time] of times.entries()) {
    vi.setSystemTime(start + time)
    progress.update(done, times.length)
  }
  progress.clear()
  return String(stream.read() ?? '')
}

it('is shown after a second, and taken away at the end', () => {
  expect(shown(true, 0, 900, 1100)).toBe('\r\u001B[KLinting 2 of 3 files…\r\u001B[K')
})

it('is not shown for a short run', () => {
  expect(shown(true, 0, 500, 999)).toBe('')
})

it('is not shown where nobody watches', () => {
  expect(shown(false, 0, 2000, 4000)).toBe('')
})

it('is not written for each of many files', () => {
  const updates = shown(true, 1000, 1001, 1002, 1100).match(/Linting \d of 4 files…/gu)
  expect(updates).toEqual(['Linting 0 of 4 files…', 'Linting 3 of 4 files…'])
})
