import { ask, getterOf, inherits, peek } from '../trace/look.ts'
import type { Recorder } from '../trace/recorder.ts'
import { alike, replace } from './alike.ts'
import { limitOf } from './plain.ts'
import { Runs } from './runs.ts'

type Work = (...args: unknown[]) => unknown
type Add = (work: Work, options?: unknown, ...rest: unknown[]) => unknown

/** Records p-queue: a scope for each queue that is used, and a task for each function that is added. */
export function recordPQueue(recorder: Recorder, queueClass: unknown): void {
  const prototype = typeof queueClass === 'function' ? (queueClass.prototype as unknown) : undefined
  if (typeof prototype !== 'object' || prototype === null) return
  const concurrency = getterOf(prototype, 'concurrency')
  const runsOf = new WeakMap<object, Runs>()
  const add = (target: Add, self: unknown, args: Parameters<Add>): unknown => {
    const [work, options, ...rest] = args
    if (typeof work !== 'function' || !inherits(self, prototype)) return Reflect.apply(target, self, args)
    let runs = runsOf.get(self)
    if (runs === undefined) {
      const limit = limitOf(ask(prototype, concurrency, self))
      runs = new Runs(recorder, recorder.openScope('queue', 'p-queue', limit, add))
      runsOf.set(self, runs)
    }
    return Reflect.apply(target, self, [runs.submit(work, add, peek(options, 'signal')), options, ...rest])
  }
  wrap(prototype, 'add', add)
  wrap(prototype, 'clear', (target: () => unknown, self, args) => {
    runsOf.get(self as object)?.clear()
    return Reflect.apply(target, self, args)
  })
}

function wrap<F extends (...args: never[]) => unknown>(
  prototype: object,
  name: string,
  apply: (target: F, self: unknown, args: Parameters<F>) => unknown,
): void {
  const method = peek(prototype, name)
  if (typeof method === 'function') replace(prototype, name, alike(method as F, apply))
}
