import { abortable } from './abortable.ts'
import { expectMilliseconds, signalOf } from './expect.ts'
import type { WaitOptions } from './task.ts'

/**
 * Waits for a time. The timer keeps a Node process alive.
 *
 * The idea comes from Go's time.After, and from what `select` does with it.
 *
 * @param ms milliseconds, from 0 to 2147483647 (24.8 days, the most that timers hold).
 * @throws the signal's reason as soon as it aborts; the timer is cleared. TypeError at the call when an argument is
 * not what it should be.
 */
export function sleep(ms: number, options?: WaitOptions): Promise<void> {
  expectMilliseconds('ms', ms)
  const signal = signalOf(options)
  return wait(ms, signal)
}

async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    await abortable(new Promise<void>(resolve => { timer = setTimeout(resolve, ms) }), signal)
  } finally {
    clearTimeout(timer)
  }
}
