import { Group, type GroupOptions } from './group.ts'
import { expectTasks } from './race.ts'
import type { TaskFunction } from './task.ts'

/** What a list of tasks gives: a tuple for a tuple. */
export type Results<T extends readonly TaskFunction<unknown>[]> = {
  -readonly [K in keyof T]: Awaited<ReturnType<T[K]>>
}

/**
 * Starts all tasks and waits for them. As `Promise.all`, but the first failure aborts the signals of the others
 * and comes out after they have stopped. Takes the options of `group`, and shares its ideas.
 *
 * @returns the values in the order of the tasks.
 * @throws as `group` does. TypeError at the call when one of the tasks is no function.
 */
export function all<const T extends readonly TaskFunction<unknown>[]>(
  tasks: T,
  options?: GroupOptions,
): Promise<Results<T>>
export function all<R>(tasks: Iterable<TaskFunction<R>>, options?: GroupOptions): Promise<Awaited<R>[]>
export function all(tasks: Iterable<TaskFunction<unknown>>, options?: GroupOptions): Promise<unknown[]> {
  const started = expectTasks(tasks)
  const running = new Group(options, all, false)
  for (const fn of started) void running.go(fn)
  return running.wait()
}
