import type { Trace } from '@forkline/trace'

/** The waits of each task, as rows of the trace, in the order in which they began. */
export class TaskWaits {
  readonly #rows: Uint32Array
  readonly #offsets: Uint32Array

  constructor({ tasks, waits }: Trace) {
    // Counting sort: slot 0 holds the waits that were in no task.
    this.#offsets = new Uint32Array(tasks.length + 2)
    for (let row = 0; row < waits.length; row++) this.#add((waits.task[row] ?? 0) + 1, 1)
    for (let place = 1; place < this.#offsets.length; place++) this.#add(place, this.#offsets[place - 1] ?? 0)
    this.#rows = new Uint32Array(waits.length)
    const next = this.#offsets.slice()
    for (let row = 0; row < waits.length; row++) {
      const task = waits.task[row] ?? 0
      const at = next[task] ?? 0
      this.#rows[at] = row
      next[task] = at + 1
    }
  }

  of(task: number): Uint32Array {
    return this.#rows.subarray(this.#offsets[task + 1], this.#offsets[task + 2])
  }

  #add(place: number, count: number): void {
    this.#offsets[place] = (this.#offsets[place] ?? 0) + count
  }
}
