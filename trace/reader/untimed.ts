import { RECORDS } from '@forkline/runtime/trace-format'
import type { Trace } from '../model/trace.ts'
import type { ThreadNumbers } from './threadNumbers.ts'

/** The flag of a record of which only is known that it happened between `time` and the thread's next timed record. */
const UNTIMED = 1 << 8

/**
 * Tasks are left untimed only while several of them take less than so long, in ms: when more passes until the next look
 * at the clock, the last of them took it.
 */
const BURST = 0.002

/** The moments of a thread that were not timed since its last record that was. */
export class Untimed {
  /** Rows of the tasks that ended and of those that started in each, in turns; -1 for none. */
  readonly #rows: number[] = []
  #since = 0

  /** To be told of each record before it is put into the tables. */
  before(trace: Trace, head: number, time: number): void {
    if (this.#rows.length > 0 && !isUntimed(head)) this.#spread(trace, time)
  }

  /** To be told of each record once it is in the tables. */
  after(numbers: ThreadNumbers, head: number, id: number, time: number, ended: number): void {
    if (!isUntimed(head)) return
    if (this.#rows.length === 0) this.#since = time
    this.#rows.push(numbers.tasks.of(ended) - 1, numbers.tasks.of(id) - 1)
  }

  /** Lays the moments evenly between the looks at the clock. */
  #spread({ tasks }: Trace, time: number): void {
    const rows = this.#rows
    const step = Math.min(BURST, time - this.#since) / (rows.length / 2 + 1)
    for (let index = 0; step > 0 && index < rows.length; index += 2) {
      const moment = this.#since + step * (index / 2 + 1)
      const ended = rows[index] ?? -1
      const started = rows[index + 1] ?? -1
      if (tasks.end[ended] === this.#since) tasks.end[ended] = moment
      if (tasks.start[started] === this.#since) tasks.start[started] = moment
    }
    rows.length = 0
  }
}

function isUntimed(head: number): boolean {
  return (head & 0xff) === RECORDS.taskNext && (head & UNTIMED) !== 0
}
