/** The tasks that one signal tells to stop. */
import type { TracedTask } from './traced.ts'
import type { TracedScope } from './tracedScope.ts'

/** A list through the tasks themselves: each joins as it starts and leaves as it ends, for which a set is too slow. */
export class TracedCompany {
  /** Of which the signal is, or which gave it to the first of them. */
  readonly scope: TracedScope
  #first: TracedTask | undefined
  #last: TracedTask | undefined

  constructor(scope: TracedScope) {
    this.scope = scope
  }

  /** To be left with `remove`. */
  add(task: TracedTask): void {
    task.before = this.#last
    if (this.#last === undefined) this.#first = task
    else this.#last.after = task
    this.#last = task
  }

  /** Harmless when the task is not in it, as one that was never started. */
  remove(task: TracedTask): void {
    const { before, after } = task
    if (before === undefined && this.#first !== task) return
    if (before === undefined) this.#first = after
    else before.after = after
    if (after === undefined) this.#last = before
    else after.before = before
    task.before = task.after = undefined
  }

  /** In the order in which they started. */
  *[Symbol.iterator](): Generator<TracedTask> {
    for (let task = this.#first; task !== undefined; task = task.after) yield task
  }
}
