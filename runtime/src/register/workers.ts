import { subscribe } from 'node:diagnostics_channel'
import { errorMonitor, EventEmitter } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { peek } from '../trace/look.ts'
import { tracing } from '../trace/probe.ts'
import type { Recorder } from '../trace/recorder.ts'
import { saidBy } from '../trace/thrown.ts'
import { atExit, endsByItself } from './atExit.ts'
import { Slots } from '../slots.ts'

const once = Reflect.get(EventEmitter.prototype, 'once') as (
  this: EventEmitter,
  name: string | symbol,
  listener: (value: unknown) => void,
) => unknown

/**
 * Threads that still run when the program ends by itself do not hold it up: it has said so with `unref`, and means them to
 * end with it. Where it calls `process.exit`, nobody knows.
 */
function endWithProcess(recorder: Recorder, running: ReadonlySet<number>): void {
  const end = (): void => {
    if (running.size === 0 || !endsByItself(end)) return
    for (const task of running) recorder.endTask(task, 'cancelled', 'the program ended')
  }
  atExit.add(end)
}

/** Records the threads that this one starts, each as a task from its start to its exit. */
export function recordWorkers(recorder: Recorder): void {
  let scope: number | undefined
  const slots = new Slots()
  const running = new Set<number>()
  endWithProcess(recorder, running)
  // A thread is told who it is before it is there: when it is announced it may be at work already.
  let next = recorder.reserveTask()
  tracing.offer?.(next)
  subscribe('worker_threads', (message) => {
    if (tracing.ownThread === true) return
    const { worker } = message as { readonly worker: Worker }
    // Node's own, in which it runs loaders: none of the program's business.
    if (peek(peek(worker, 'constructor'), 'name') === 'InternalWorker') return
    const id = worker.threadId
    scope ??= recorder.openScopeAt('worker', 'worker threads', 0, undefined)
    const slot = slots.take()
    const task = recorder.beginTask(scope, slot, undefined, next)
    next = recorder.reserveTask()
    tracing.offer?.(next)
    recorder.describeTask(task, `worker ${String(id)}`, undefined)
    running.add(task)
    let failure: unknown
    // A monitor is told of an error, and leaves it to those whose it is.
    Reflect.apply(once, worker, [
      errorMonitor,
      (error: unknown) => {
        failure = saidBy(error)
      },
    ])
    Reflect.apply(once, worker, [
      'exit',
      (exitCode: unknown) => {
        slots.give(slot)
        tracing.threadEnded?.(id, Number(exitCode))
        // Whoever ends a thread from outside gets 1 for its exit code too.
        running.delete(task)
        const outcome =
          failure !== undefined ? 'failed' : exitCode === 0 ? 'ok' : exitCode === 1 ? 'cancelled' : 'failed'
        recorder.endTask(task, outcome, failure ?? (outcome === 'failed' ? `exit code ${String(exitCode)}` : undefined))
      },
    ])
  })
}
