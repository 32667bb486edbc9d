import type { Trace } from '../model/trace.ts'
import { RowGroups } from './rowGroups.ts'

/** The tasks of each scope, as rows, in the order of their creation. */
export class ScopeTasks {
  readonly #groups: RowGroups

  constructor({ tasks, scopes }: Trace) {
    // Group 0 holds the tasks that are in no scope.
    this.#groups = new RowGroups(tasks.length, scopes.length + 1, (row) => tasks.scope[row] ?? 0)
  }

  /** The rows of a scope's tasks; of those that are in no scope for -1. */
  of(scope: number): Uint32Array {
    return this.#groups.of(scope + 1)
  }
}
