import timers from 'node:timers'
import { callerOf, NODE } from '../trace/location.ts'
import type { Recorder } from '../trace/recorder.ts'
import { alike, replace } from './alike.ts'
import { endTask } from './endTask.ts'
import { isPlainPromise } from './plain.ts'
import { observe, settling } from './settled.ts'
import { Slots } from '../slots.ts'

type Callback = (this: unknown, ...args: unknown[]) => unknown
type SetInterval = (callback: Callback, ms?: unknown, ...args: unknown[]) => unknown

/**
 * Records what intervals do: a scope for each, and a task for each time that it fires, until the promise that its
 * callback gives is settled, if it gives one. So it shows when runs overlap. A `setTimeout` is not recorded: there are
 * too many, and each is a wait within a task that is recorded.
 */
export function recordIntervals(recorder: Recorder): void {
  const start = (target: SetInterval, self: unknown, args: Parameters<SetInterval>): unknown => {
    const [callback, ms, ...rest] = args
    if (typeof callback !== 'function') return Reflect.apply(target, self, args)
    const location = callerOf(start)
    if (location === NODE) return Reflect.apply(target, self, args)
    const name = `setInterval ${typeof ms === 'number' ? String(ms) : '1'} ms`
    const scope = recorder.openScopeAt('timer', name, 0, location)
    const slots = new Slots()
    const recorded: Callback = function (...given) {
      return settling(() => fire(recorder, scope, slots, () => Reflect.apply(callback, this, given)))
    }
    return Reflect.apply(target, self, [recorded, ms, ...rest])
  }
  const recorded = alike(globalThis.setInterval as SetInterval, start)
  replace(globalThis, 'setInterval', recorded)
  replace(timers, 'setInterval', recorded)
}

function fire(recorder: Recorder, scope: number, slots: Slots, callback: () => unknown): unknown {
  const slot = slots.take()
  const task = recorder.beginTask(scope, slot)
  const end = (outcome: 'ok' | 'failed', error?: unknown): void => {
    slots.give(slot)
    endTask(recorder, task, outcome, error)
  }
  try {
    const result = recorder.within(task, callback)
    if (isPlainPromise(result)) observe(result, end)
    else end('ok')
    return result
  } catch (error) {
    end('failed', error)
    throw error
  }
}
