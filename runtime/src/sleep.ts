import { abortable } from './abortable.ts'
import { expectMilliseconds, signalOf } from './expect.ts'
import type { WaitOptions } from './task.ts'
import type { WaitKind } from './trace/format.ts'
import { beginWait, endWait, TRACES } from '#traced'

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
  return pause(ms, signal, 'sleep')
}

/** @param kind what sort of wait it is, and for which `owner`; undefined when that is told otherwise. */
export async function pause(
  ms: number,
  signal: AbortSignal | undefined,
  kind?: WaitKind,
  owner?: object,
): Promise<void> {
  const wait = TRACES && kind !== undefined ? beginWait(kind, owner) : undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    await abortable(
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ms)
      }),
      signal,
    )
  } finally {
    clearTimeout(timer)
    endWait(wait)
  }
}
