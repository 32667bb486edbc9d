/** For recordings: a task that gave a promise, and those who get the same one before it is settled. */
import { beginWait, endTask, endWait, failTask, observe, type TracedTask } from './traced.ts'

/** The waits of those who share what a task will give. */
const sharers = new WeakMap<TracedTask, number[]>()

/** As `endTask` or `failTask`, but of a task that gave a promise only when that is settled. */
export function endWith(task: TracedTask, value: unknown): void {
  if (!(value instanceof Promise)) {
    endTask(task)
    return
  }
  const waits: number[] = []
  sharers.set(task, waits)
  observe(value, (outcome) => {
    if (outcome === 'ok') endTask(task)
    else failTask(task, undefined)
    for (const wait of waits) endWait(wait, outcome)
    sharers.delete(task)
  })
}

/** Somebody else gets what a task will give. */
export function shareTask(task: TracedTask, owner: object | undefined): void {
  const waits = sharers.get(task)
  const wait = waits === undefined ? undefined : beginWait('flight', owner)
  if (wait !== undefined) waits?.push(wait)
}
