import { peek } from '../trace/look.ts'
import type { Recorder } from '../trace/recorder.ts'
import { alike } from './alike.ts'
import { endTask } from './endTask.ts'
import { limitOf } from './plain.ts'
import { settling, whenSettled } from './settled.ts'
import { Slots } from '../slots.ts'

type Mapper = (this: unknown, ...args: unknown[]) => unknown
type PMap = (items: unknown, mapper: Mapper, options?: unknown, ...rest: unknown[]) => unknown

/** Records a function of p-map: a scope for each call, and a task for each call of the mapper. */
export function recordedPMap(recorder: Recorder, pMap: PMap): PMap {
  const map = (target: PMap, self: unknown, args: Parameters<PMap>): unknown => {
    const [items, mapper, ...rest] = args
    if (typeof mapper !== 'function') return Reflect.apply(target, self, args)
    const scope = recorder.openScope('limiter', 'p-map', limitOf(peek(rest[0], 'concurrency')), map)
    const slots = new Slots()
    const recorded: Mapper = function (...given) {
      return settling(() => run(recorder, scope, slots, () => Reflect.apply(mapper, this, given)))
    }
    return Reflect.apply(target, self, [items, recorded, ...rest])
  }
  return alike(pMap, map)
}

function run(recorder: Recorder, scope: number, slots: Slots, work: () => unknown): unknown {
  const slot = slots.take()
  const task = recorder.beginTask(scope, slot)
  const end = (outcome: 'ok' | 'failed', error?: unknown): void => {
    slots.give(slot)
    endTask(recorder, task, outcome, error)
  }
  let result: unknown
  try {
    result = recorder.within(task, work)
  } catch (error) {
    end('failed', error)
    throw error
  }
  return whenSettled(result, end)
}
