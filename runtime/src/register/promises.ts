import { promiseHooks } from 'node:v8'
import { makerOf, NODE } from '../trace/location.ts'
import type { Recorder } from '../trace/recorder.ts'
import { atExit } from './atExit.ts'

/** Of so many promises it is known at a time whether anybody waits for them; more are not looked at. */
const MOST = 1 << 17

/** So many that nobody waited for are named, at most. */
const NAMED = 10_000

/**
 * Records every promise of the program as a task, from when it is made to when it is settled, and those that nobody
 * ever waited for. Node's own, of which there are more, are left out, and what is derived from them.
 * Their ends are known to the turn, but whether they were fulfilled or rejected only for the latter: see `unhandled`.
 */
export function recordPromises(recorder: Recorder): void {
  const tasks = new WeakMap<Promise<unknown>, number>()
  const unawaited = new Set<number>()
  const scope = recorder.openScopeAt('promises', 'promises', 0, undefined)
  const init = (promise: Promise<unknown>, parent: Promise<unknown> | undefined): void => {
    if (parent !== undefined) {
      // Made by `await` or `then`: somebody waits for its parent.
      const awaited = tasks.get(parent)
      if (awaited === undefined) return
      unawaited.delete(awaited)
      tasks.set(promise, recorder.beginTask(scope, 0))
      return
    }
    const location = makerOf(init)
    if (location === undefined || location === NODE) return
    const task = recorder.beginTask(scope, 0)
    recorder.placeTask(task, location)
    tasks.set(promise, task)
    if (unawaited.size < MOST) unawaited.add(task)
  }
  const settled = (promise: Promise<unknown>): void => {
    const task = tasks.get(promise)
    if (task !== undefined) recorder.endTask(task, 'ok')
  }
  promiseHooks.createHook({ init, settled })
  atExit.add(() => {
    let named = 0
    for (const task of unawaited) {
      if (named++ === NAMED) return
      recorder.unawaited(task)
    }
  })
}
