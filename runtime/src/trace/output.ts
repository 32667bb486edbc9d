import { appendFileSync } from 'node:fs'
import { encodeChunk, encodeDrops, encodeEnd, encodeThread, sealChunk } from './chunks.ts'
import { CHUNK, CHUNK_TYPES, RECORD } from './format.ts'
import { type OpenFile, RecordingFile } from './recordingFile.ts'
import { CONTROL, Ring, SETTLED_MS } from './ring.ts'
import type { ThreadRing, ThreadRings } from './threadRings.ts'

/** Where chunks of records are made, for all threads: so many records at a time. */
const PIECE = new Uint8Array(CHUNK.size + (1 << 11) * RECORD.size)

/** Nothing is ever stored there: to wait for it is to wait. */
const NEVER = new Int32Array(new SharedArrayBuffer(4))

class ThreadSource {
  readonly thread: ThreadRing
  readonly ring: Ring
  readonly number: number
  /** Whether nothing comes any more after what is taken next. */
  ended = false
  #upTo = 0
  #dropped = 0

  constructor(thread: ThreadRing, number: number) {
    this.thread = thread
    this.ring = new Ring(thread.memory)
    this.number = number
  }

  /** Settles how far the next `take` goes. Says whether that is further than the last one went. */
  look(): boolean {
    // In this order: what was put before the end is then sure to be seen.
    this.ended = Atomics.load(this.ring.control, CONTROL.ended) !== 0
    const before = this.#upTo
    this.#upTo = this.ring.recordsPut
    return this.#upTo !== before
  }

  /** Gives the chunks that bring the file up to date, one at a time: each is to be written before the next. */
  *take(now: number): Generator<Uint8Array> {
    const text = this.ring.takeText()
    if (text.length > 0) yield encodeChunk(CHUNK_TYPES.strings, this.number, text)
    for (let length = this.#copy(); length > 0; length = this.#copy()) {
      yield sealChunk(PIECE, CHUNK_TYPES.records, this.number, length)
    }
    const { control } = this.ring
    const droppedRecords = Atomics.load(control, CONTROL.recordsDropped)
    const droppedStrings = Atomics.load(control, CONTROL.textDropped)
    if (droppedRecords + droppedStrings !== this.#dropped) {
      this.#dropped = droppedRecords + droppedStrings
      yield encodeChunk(CHUNK_TYPES.drops, this.number, encodeDrops(now, droppedRecords, droppedStrings))
    }
  }

  #copy(): number {
    return this.ring.takeRecords(this.#upTo, PIECE.subarray(CHUNK.size))
  }
}

/** The file of a recording, and the threads whose rings go into it. */
export class Output {
  readonly #origin: number
  readonly #failed: (error: unknown) => void
  /** In the order of their arrival, each behind the one that started it. */
  readonly #threads = new Set<ThreadSource>()
  readonly #rings: ThreadRings
  readonly #file: RecordingFile
  #count = 0

  /**
   * @param origin when the clock of the recording is 0, in ms since the Unix epoch.
   * @param main the thread that started the recording, and `rings` where the others come from.
   * @param failed hears once that nothing more can be written: a disk that is full must not be the program's problem.
   */
  constructor(file: OpenFile, origin: number, main: ThreadRing, rings: ThreadRings, failed: (error: unknown) => void) {
    this.#file = new RecordingFile(file)
    this.#origin = origin
    this.#rings = rings
    this.#failed = failed
    this.#add(main)
  }

  /** Writes all that the threads have put into their rings. */
  drain(): void {
    for (const thread of this.#rings.arrived()) this.#add(thread)
    const threads = [...this.#threads]
    // A thread that is looked at later has put all that the others came to know of it.
    let isMore = false
    for (const source of threads.toReversed()) isMore = source.look() || isMore
    if (isMore) Atomics.wait(NEVER, 0, 0, SETTLED_MS)
    for (const source of threads) {
      this.#write(source.take(this.#now()))
      if (source.ended) this.#leave(source)
    }
  }

  end(exitCode: number): void {
    this.#write([encodeChunk(CHUNK_TYPES.end, 0, encodeEnd(this.#now(), exitCode))])
    this.#file.close()
  }

  #add(thread: ThreadRing): void {
    const source = new ThreadSource(thread, this.#count++)
    this.#threads.add(source)
    const { name, id, parent } = thread
    this.#write([encodeChunk(CHUNK_TYPES.thread, source.number, encodeThread(name, id, parent))])
  }

  #leave(source: ThreadSource): void {
    this.#threads.delete(source)
    if (source.thread.parent !== undefined) this.#rings.free(source.thread)
  }

  #now(): number {
    return performance.timeOrigin + performance.now() - this.#origin
  }

  #write(chunks: Iterable<Uint8Array>): void {
    try {
      for (const chunk of chunks) this.#file.write(chunk)
    } catch (error) {
      this.#file.close()
      this.#failed(error)
    }
  }
}

/** Says in a file what went wrong, if there is one to say it in. */
export function noteProblem(problem: string, file: string | undefined): void {
  try {
    if (file !== undefined) appendFileSync(file, `${problem}\n`)
  } catch {
    // Nobody is left to tell.
  }
}
