import { Rows } from '../model/rows.ts'
import { Untimed } from './untimed.ts'

/** The numbers that one thread of a recording gives out, and what they stand for in the trace. */
export class ThreadNumbers {
  /** The thread's place in the trace. */
  readonly thread: number
  /** The thread that started it, if that is known. */
  parent: ThreadNumbers | undefined
  readonly tasks = new Rows()
  readonly scopes = new Rows()
  readonly waits = new Rows()
  readonly untimed = new Untimed()
  readonly #strings = new Rows()

  constructor(thread: number) {
    this.thread = thread
  }

  /** The trace's number of a string; 0 when it was dropped. */
  text(number: number): number {
    return number === 0 ? 0 : Math.max(0, this.#strings.of(number) - 1)
  }

  setText(number: number, text: number): void {
    this.#strings.set(number, text)
  }
}
