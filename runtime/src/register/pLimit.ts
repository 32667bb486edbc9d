import { peek } from '../trace/look.ts'
import type { Recorder } from '../trace/recorder.ts'
import { alike } from './alike.ts'
import { lengthOf, limitOf } from './plain.ts'
import { Runs } from './runs.ts'

type Limit = (work: (...args: unknown[]) => unknown, ...args: unknown[]) => unknown
type PLimit = (options: unknown) => Limit

/** Records p-limit: a scope for each limiter, and a task for each function that is handed to it. */
export function recordedPLimit(recorder: Recorder, pLimit: PLimit): PLimit {
  const create = (target: PLimit, self: unknown, args: Parameters<PLimit>): Limit => {
    const limiter = Reflect.apply(target, self, args)
    const [options] = args
    const limit = limitOf(typeof options === 'number' ? options : peek(options, 'concurrency'))
    const scope = recorder.openScope('limiter', 'p-limit', limit, create)
    return recordedLimit(limiter, new Runs(recorder, scope))
  }
  return alike(pLimit, create)
}

function recordedLimit(limiter: Limit, runs: Runs): Limit {
  // An arrow function, as the limiter is one: it has no `prototype`.
  const recorded: Limit = (work, ...args) =>
    limiter(typeof work === 'function' ? runs.submit(work, recorded) : work, ...args)
  const descriptors = Object.getOwnPropertyDescriptors(limiter) as Record<string, PropertyDescriptor>
  const { clearQueue, map } = descriptors
  if (typeof clearQueue?.value === 'function') {
    clearQueue.value = recordedClear(limiter, clearQueue.value as () => unknown, runs)
  }
  if (typeof map?.value === 'function') map.value = recordedMap(map.value as LimitMap, runs)
  return Object.defineProperties(recorded, descriptors)
}

function recordedClear(limiter: Limit, clear: () => unknown, runs: Runs): () => unknown {
  return alike(clear, (target, self, args) => {
    // Some are out of the queue already, and start in a moment.
    runs.clear(Number(Reflect.get(limiter, 'pendingCount')) || 0)
    return Reflect.apply(target, self, args)
  })
}

type LimitMap = (items: unknown, work: (...args: unknown[]) => unknown, ...args: unknown[]) => unknown

function recordedMap(original: LimitMap, runs: Runs): LimitMap {
  const map = (target: LimitMap, self: unknown, [items, work, ...rest]: Parameters<LimitMap>): unknown => {
    const recorded = typeof work === 'function' ? runs.submitEach(work, lengthOf(items), map) : work
    return Reflect.apply(target, self, [items, recorded, ...rest])
  }
  return alike(original, map)
}
