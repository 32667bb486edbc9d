import type { Trace } from '../model/trace.ts'

/** The tasks of each scope, as rows, in the order of their creation. */
export class ScopeTasks {
  readonly #rows: Uint32Array
  readonly #offsets: Uint32Array

  constructor({ tasks, scopes }: Trace) {
    // Counting sort: slot 0 holds the tasks that are in no scope.
    this.#offsets = new Uint32Array(scopes.length + 2)
    for (let row = 0; row < tasks.length; row++) this.#add((tasks.scope[row] ?? 0) + 1, 1)
    for (let place = 1; place < this.#offsets.length; place++) this.#add(place, this.#offsets[place - 1] ?? 0)
    this.#rows = new Uint32Array(tasks.length)
    const next = this.#offsets.slice()
    for (let row = 0; row < tasks.length; row++) {
      const scope = tasks.scope[row] ?? 0
      const at = next[scope] ?? 0
      this.#rows[at] = row
      next[scope] = at + 1
    }
  }

  /** The rows of a scope's tasks; of those that are in no scope for -1. */
  of(scope: number): Uint32Array {
    return this.#rows.subarray(this.#offsets[scope + 1], this.#offsets[scope + 2])
  }

  #add(place: number, count: number): void {
    this.#offsets[place] = (this.#offsets[place] ?? 0) + count
  }
}
