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
  return new Promise<void>((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error)
      return
    }
    const leave = () => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave)
      resolve()
    }, ms)
    signal?.addEventListener('abort', leave, { once: true })
  })
}
