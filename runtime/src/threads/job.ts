import type { Transferable } from 'node:worker_threads'
import type { TracedTask } from '../traced.ts'
import type { Thrown } from './messages.ts'
import type { Thread } from './thread.ts'

/** How a job ended: as the worker says, or for a reason of this side. */
export type Ending =
  | { readonly value: unknown }
  | { readonly thrown: Thrown }
  /** It was told to stop, or never could be started. */
  | { readonly error: unknown }
  /** Becomes an error where the caller waits, whose stack leads there. */
  | { readonly crash: string; readonly cause: unknown }
  /** Its input cannot be copied: what the platform said. */
  | { readonly uncloneable: unknown }

/** One call of the function: where it is, and who is to be told how it ended. */
export class ThreadJob {
  readonly number: number
  readonly call: number
  readonly name: string
  readonly index: number
  readonly transfer: readonly Transferable[]
  /** Milliseconds that it may run; undefined for any time. */
  readonly limit: number | undefined
  /** Copied when it is sent. */
  input: unknown
  /** Where it was sent, and its place there. */
  thread: Thread | undefined
  place = -1
  timer: ReturnType<typeof setTimeout> | undefined
  /** Why it is being stopped. */
  stopped: { readonly error: unknown } | undefined
  /** How many workers it was sent to that ended by themselves before they started it. */
  bereft = 0
  /** Only there while it is recorded. */
  traced: TracedTask | undefined
  /** Whether the recording knows that it has started. */
  shown = false
  /** When it ended, in ms since the Unix epoch, if its worker got to say so. */
  endedAt: number | undefined
  #settle: ((ending: Ending) => void) | undefined

  constructor(options: {
    readonly number: number
    readonly call: number
    readonly name: string
    readonly index: number
    readonly input: unknown
    readonly transfer: readonly Transferable[]
    readonly limit: number | undefined
    readonly settle: (ending: Ending) => void
  }) {
    this.number = options.number
    this.call = options.call
    this.name = options.name
    this.index = options.index
    this.input = options.input
    this.transfer = options.transfer
    this.limit = options.limit
    this.#settle = options.settle
  }

  get settled(): boolean {
    return this.#settle === undefined
  }

  settle(ending: Ending): void {
    clearTimeout(this.timer)
    const settle = this.#settle
    this.#settle = undefined
    this.thread = undefined
    this.input = undefined
    settle?.(ending)
  }
}
