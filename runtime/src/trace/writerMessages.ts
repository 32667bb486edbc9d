import type { LiveOptions } from './liveServer.ts'
import type { OpenFile } from './recordingFile.ts'
import type { ThreadRing } from './threadRings.ts'

export interface WriterData {
  /** With its header in it: the threads of a process share open files. */
  readonly file: OpenFile
  readonly main: ThreadRing
  /** Of `ThreadRings`, for the other threads. */
  readonly threads: SharedArrayBuffer
  /** When the clock of the recording is 0, in ms since the Unix epoch. */
  readonly origin: number
  /** Where to say what went wrong, for whoever started the program. */
  readonly problemFile: string | undefined
  readonly live: LiveOptions | undefined
}

/** What the writer tells the thread that started it: that it cannot write, and why. */
export interface WriterProblem {
  readonly problem: string
}
