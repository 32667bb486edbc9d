import { getEnvironmentData, isMainThread, setEnvironmentData, threadId } from 'node:worker_threads'
import { tracing } from './probe.ts'
import { Recorder } from './recorder.ts'
import { CONTROL, Ring } from './ring.ts'
import { ThreadRings } from './threadRings.ts'

/** What a thread needs to be recorded. It gets it from the one that starts it. */
export interface Offer {
  /** Of `ThreadRings`. */
  readonly threads: SharedArrayBuffer
  /** The ring of the main thread, at which the writer waits. */
  readonly bell: SharedArrayBuffer
  /** When the clock of the recording is 0, in ms since the Unix epoch. */
  readonly origin: number
  /** The thread that makes the offer. */
  readonly parent: number
  /** The task there that the new thread is; 0 for none. */
  readonly task: number
}

/** Under this key a thread finds the offer. */
const KEY = 'forkline.tracing'

let offered: Offer | undefined

/** Has the threads that this one starts from now on find what they need to be recorded; undefined for no more. */
export function offerRecording(offer: Offer | undefined): void {
  offered = offer
  setEnvironmentData(KEY, offer)
  tracing.offer = offer && offerTask
  tracing.threadEnded = offer && threadEnded
}

/** Says which task of this thread the next one that it starts is. Gives what it was before. */
function offerTask(task: number): number {
  const before = offered?.task ?? 0
  if (offered !== undefined && task !== before) offerRecording({ ...offered, task })
  return before
}

/** Says that a thread which this one started has exited. */
function threadEnded(id: number, exitCode: number): void {
  if (offered !== undefined) new ThreadRings(offered.threads).end(id, exitCode)
}

/**
 * Begins to record this thread of a process that is recorded already, as a part of the task that it is to the thread
 * that started it. Undefined when no recording is on offer, or no room is left, which is counted.
 */
export function joinRecording(): Recorder | undefined {
  if (isMainThread) throw new Error('The main thread starts the recording: `startRecording`')
  const offer = getEnvironmentData(KEY) as Offer | undefined
  if (offer === undefined) return undefined
  const { threads, origin, parent, task } = offer
  const bell = new Int32Array(offer.bell, 0, CONTROL.words)
  const own = new ThreadRings(threads).take(threadId, parent)
  if (own === undefined) {
    Atomics.add(bell, CONTROL.recordsDropped, 1)
    return undefined
  }
  const recorder = new Recorder(new Ring(own.memory, bell), origin)
  tracing.probe = recorder
  offerRecording({ ...offer, parent: threadId, task: 0 })
  if (task !== 0) recorder.enterAs(recorder.adopt(task))
  return recorder
}
