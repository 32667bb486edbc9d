/** What a recording is told of threads, besides what `traced.ts` knows of all primitives. */
import type { TracedTask } from '../traced.ts'
import { tracing } from '../trace/probe.ts'

/** A task that was queued runs on another thread, in the place `slot`. `at`: since when, in ms since the Unix epoch. */
export function startElsewhere(task: TracedTask, slot: number, at: number): void {
  tracing.probe?.startTask(task.task, slot, at)
}

/** @param at when it ended, in ms since the Unix epoch. */
export function endElsewhere(task: TracedTask, at: number): void {
  tracing.probe?.endTask(task.task, 'ok', undefined, at)
}

/** One worker takes a queued task from another's queue, or, when it was `sent` there, from the other itself. */
export function stealTask(task: TracedTask, from: number, to: number, sent: boolean): void {
  tracing.probe?.stealTask(task.task, from, to, sent)
}

export function nameTask(task: TracedTask | undefined, name: string): void {
  if (task !== undefined) tracing.probe?.describeTask(task.task, name, undefined)
}

/** Runs `body`, in which a thread is started: it is `task`, and recorded here. */
export function startThread<R>(task: TracedTask | undefined, body: () => R): R {
  if (task === undefined) return body()
  const before = tracing.offer?.(task.task)
  tracing.ownThread = true
  try {
    return body()
  } finally {
    tracing.ownThread = false
    if (before !== undefined) tracing.offer?.(before)
  }
}

export function endThread(id: number, exitCode: number): void {
  tracing.threadEnded?.(id, exitCode)
}

/** What a thread has to load to join the recording, if it does not by itself. */
export function joinAddress(): string | undefined {
  return tracing.probe === undefined ? undefined : tracing.join
}
