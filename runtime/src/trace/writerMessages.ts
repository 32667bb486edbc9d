import type { LiveOptions } from './liveServer.ts'
import type { RingMemory } from './ring.ts'

export interface WriterData {
  /** An open file, with its header in it: the threads of a process share them. */
  readonly file: number
  /** What a new thread of the process says its ring on: the name of a BroadcastChannel. */
  readonly channel: string
  readonly main: NewThread
  /** When the clock of the recording is 0, in ms since the Unix epoch. */
  readonly origin: number
  /** Where to say what went wrong, for whoever started the program. */
  readonly problemFile: string | undefined
  readonly live: LiveOptions | undefined
}

/** How a thread makes itself known. */
export interface NewThread {
  readonly id: number
  readonly memory: RingMemory
  readonly name: string
}

/** The writer may start later than a thread: then this asks the thread to say again that it is there. */
export const WHO_IS_THERE = 'who is there?'

/** What the writer tells the thread that started it: that it cannot write, and why. */
export interface WriterProblem {
  readonly problem: string
}
