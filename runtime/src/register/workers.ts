import { subscribe } from 'node:diagnostics_channel'
import { errorMonitor, EventEmitter } from 'node:events'
import type { Worker } from 'node:worker_threads'
import type { Recorder } from '../trace/recorder.ts'
import { saidBy } from '../trace/thrown.ts'
import { Slots } from './slots.ts'

const once = Reflect.get(EventEmitter.prototype, 'once') as (
  this: EventEmitter, name: string | symbol, listener: (value: unknown) => void,
) => unknown

/** Records the threads that this one starts, each as a task from its start to its exit. */
export function recordWorkers(recorder: Recorder): void {
  let scope: number | undefined
  const slots = new Slots()
  subscribe('worker_threads', (message) => {
    const { worker } = message as { readonly worker: Worker }
    scope ??= recorder.openScopeAt('worker', 'worker threads', 0, undefined)
    const slot = slots.take()
    const task = recorder.beginTask(scope, slot)
    recorder.describeTask(task, `worker ${String(worker.threadId)}`, undefined)
    let failure: unknown
    // A monitor is told of an error, and leaves it to those whose it is.
    Reflect.apply(once, worker, [errorMonitor, (error: unknown) => { failure = saidBy(error) }])
    Reflect.apply(once, worker, ['exit', (exitCode: unknown) => {
      slots.give(slot)
      // Whoever ends a thread from outside gets 1 for its exit code too.
      const outcome = failure !== undefined ? 'failed' : exitCode === 0 ? 'ok' : exitCode === 1 ? 'cancelled' : 'failed'
      recorder.endTask(task, outcome, failure ?? (outcome === 'failed' ? `exit code ${String(exitCode)}` : undefined))
    }])
  })
}
