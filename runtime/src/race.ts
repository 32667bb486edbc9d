import { cancellation } from './abortable.ts'
import { expectFunction, signalOf, unexpected } from './expect.ts'
import { LinkedSignal } from './linkedSignal.ts'
import { aside, closeScope, endTask, failScope, failTask, inTask, openOwnScope, startTask, TRACES } from '#traced'
import type { TaskFunction, WaitOptions } from './task.ts'

/** Checks a list of tasks. */
export function expectTasks(value: unknown): readonly TaskFunction<unknown>[] {
  if (typeof (value as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator] !== 'function') {
    throw unexpected('tasks', 'an iterable of functions', value)
  }
  const tasks = [...(value as Iterable<TaskFunction<unknown>>)]
  tasks.forEach((fn, index) => {
    expectFunction(`tasks[${index}]`, fn)
  })
  return tasks
}

/**
 * Starts all tasks and ends as the first one does, in success or failure. The signals of the others abort, and
 * the outcome comes out after they have stopped. The winner's own signal is left alone.
 *
 * The idea comes from Go's select over results, with the losers stopped as a nursery of Trio stops them.
 *
 * @param options `signal`: aborts all tasks; the outcome is then its reason. Default: none.
 * @returns what the winner returned.
 * @throws what the winner threw; the signal's reason when it aborts first. TypeError at the call when there are
 * no tasks, or one is no function.
 */
export function race<R>(tasks: Iterable<TaskFunction<R>>, options?: WaitOptions): Promise<Awaited<R>> {
  const runners = expectTasks(tasks) as readonly TaskFunction<R>[]
  if (runners.length === 0) throw unexpected('tasks', 'at least one function', tasks)
  const signal = signalOf(options)
  return run(runners, signal)
}

async function run<R>(tasks: readonly TaskFunction<R>[], outer: AbortSignal | undefined): Promise<Awaited<R>> {
  let outcome: { readonly value: Awaited<R> } | { readonly error: unknown } | undefined
  const call = TRACES ? openOwnScope(undefined, 'group', 'race', 0, race) : undefined
  const links = tasks.map(
    () =>
      new LinkedSignal([outer], (reason) => {
        outcome ??= { error: reason }
      }),
  )
  for (const link of links) link.follow()
  const win = (winner: LinkedSignal, result: typeof outcome) => {
    if (outcome !== undefined) return
    outcome = result
    const reason = cancellation('Another task of the race ended first')
    const cause = TRACES ? (result !== undefined && 'error' in result ? 'failed' : 'called') : undefined
    for (const link of links) if (link !== winner) link.abort(reason, cause)
  }
  const start = async (fn: TaskFunction<R>, index: number) => {
    const link = links[index]
    if (link === undefined || outcome !== undefined) return
    const { signal } = link
    const traced = TRACES ? startTask(call, signal) : undefined
    const task = { signal, index }
    try {
      const value = await (TRACES && traced !== undefined ? inTask(traced, () => fn(task)) : fn(task))
      endTask(traced)
      win(link, { value })
    } catch (error) {
      failTask(traced, error, signal)
      win(link, { error })
    } finally {
      link.release()
    }
  }
  const started = tasks.map(start)
  await (TRACES ? aside(() => Promise.all(started)) : Promise.all(started))
  for (const link of links) link.release()
  if (outcome === undefined || 'error' in outcome) {
    failScope(call, outcome?.error, outer)
    throw outcome?.error
  }
  closeScope(call)
  return outcome.value
}
