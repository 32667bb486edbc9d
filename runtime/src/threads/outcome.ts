import { failTask, stopTask } from '#traced'
import type { Ending, ThreadJob } from './job.ts'
import { led, revive } from './thrown.ts'
import { endElsewhere } from './tracing.ts'

/**
 * What a job gave.
 *
 * @param here made by the function that waits, for the stack of an error.
 * @throws what became of a job that gave nothing.
 */
export function valueOf(ending: Ending, here: Error): unknown {
  if ('value' in ending) return ending.value
  throw errorOf(ending, here)
}

/** Tells a recording how a job ended, and when. */
export function traceEnd({ traced, endedAt, stopped }: ThreadJob, ending: Ending): void {
  if (traced === undefined) return
  if (stopped !== undefined || 'error' in ending)
    stopTask(traced, errorOf(stopped ?? (ending as { readonly error: unknown })))
  else if ('value' in ending) endElsewhere(traced, endedAt ?? performance.timeOrigin + performance.now())
  else failTask(traced, errorOf(ending))
}

function errorOf(ending: Exclude<Ending, { readonly value: unknown }>, here?: Error): unknown {
  if ('error' in ending) return ending.error
  if ('thrown' in ending) return revive(ending.thrown, here)
  if ('uncloneable' in ending) return uncloneable(ending.uncloneable, here)
  return new Error(ending.crash, ending.cause === undefined ? {} : { cause: ending.cause })
}

/** Anything may be thrown by a getter of the input, which is that error then. */
function uncloneable(error: unknown, here: Error | undefined): unknown {
  if (!(error instanceof DOMException)) return error
  const told = new DOMException(`The input cannot be copied to a worker: ${error.message}`, error.name)
  Object.defineProperty(told, 'stack', {
    value: led(`${error.name}: ${told.message}`, here),
    configurable: true,
    writable: true,
  })
  return told
}
