import { expectFunction, expectMilliseconds, signalOf } from './expect.ts'
import { LinkedSignal } from './linkedSignal.ts'
import {
  closeScope,
  endTask,
  failScope,
  failTask,
  inTask,
  openOwnScope,
  startTask,
  TRACES,
  type TracedTask,
} from '#traced'
import type { TaskFunction, WaitOptions } from './task.ts'

/**
 * Runs a task that has to end in time. When it does not, its signal aborts, and the error comes out after it has
 * stopped: a task that ignores its signal is waited for.
 *
 * The idea comes from Go's context.WithTimeout, and from Trio's fail_after.
 *
 * @param ms milliseconds, from 0 to 2147483647.
 * @returns what the task returned, if it was in time.
 * @throws a `TimeoutError` (a DOMException) when the time was up; the signal's reason when it aborted; what the
 * task throws. TypeError at the call when an argument is not what it should be.
 */
export function timeout<R>(ms: number, fn: TaskFunction<R>, options?: WaitOptions): Promise<Awaited<R>> {
  expectMilliseconds('ms', ms)
  expectFunction('fn', fn)
  const signal = signalOf(options)
  return withinTime(ms, fn, signal)
}

async function withinTime<R>(ms: number, fn: TaskFunction<R>, outer: AbortSignal | undefined): Promise<Awaited<R>> {
  const link = new LinkedSignal([outer])
  const { signal } = link
  const call = TRACES ? openOwnScope(undefined, 'timeout', undefined, 0, timeout, signal) : undefined
  link.follow()
  const timer = setTimeout(() => {
    link.expire(`Timed out after ${ms} ms`)
  }, ms)
  let traced: TracedTask | undefined
  try {
    signal.throwIfAborted()
    if (TRACES) traced = startTask(call, signal)
    const task = { signal, index: 0 }
    const value = await (TRACES && traced !== undefined ? inTask(traced, () => fn(task)) : fn(task))
    endTask(traced)
    traced = undefined
    signal.throwIfAborted()
    closeScope(call)
    return value
  } catch (error) {
    failTask(traced, error, signal)
    failScope(call, error)
    // What a task throws because it was told to stop matters less than why it was told.
    signal.throwIfAborted()
    throw error
  } finally {
    clearTimeout(timer)
    link.release()
  }
}
