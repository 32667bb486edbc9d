import { appendFileSync, closeSync, writeSync } from 'node:fs'
import { encodeChunk, encodeDrops, encodeEnd, encodeThread, sealChunk } from './chunks.ts'
import { CHUNK, CHUNK_TYPES, RECORD } from './format.ts'
import { CONTROL, Ring } from './ring.ts'
import type { NewThread } from './writerMessages.ts'

/** Where chunks of records are made, for all threads: so many records at a time. */
const PIECE = new Uint8Array(CHUNK.size + (1 << 13) * RECORD.size)

class ThreadSource {
  readonly ring: Ring
  readonly number: number
  #dropped = 0

  constructor(ring: Ring, number: number) {
    this.ring = ring
    this.number = number
  }

  get ended(): boolean {
    return Atomics.load(this.ring.control, CONTROL.ended) !== 0
  }

  /** Gives the chunks that bring the file up to date, one at a time: each is to be written before the next. */
  * take(now: number): Generator<Uint8Array> {
    const { recordsPut } = this.ring
    const text = this.ring.takeText()
    if (text.length > 0) yield encodeChunk(CHUNK_TYPES.strings, this.number, text)
    for (let length = this.#copy(recordsPut); length > 0; length = this.#copy(recordsPut)) {
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

  #copy(upTo: number): number {
    return this.ring.takeRecords(upTo, PIECE.subarray(CHUNK.size))
  }
}

/** The file of a recording, and the threads whose rings go into it. */
export class Output {
  readonly #origin: number
  readonly #failed: (error: unknown) => void
  readonly #threads = new Map<number, ThreadSource>()
  #file: number | undefined
  #count = 0

  /**
   * @param origin when the clock of the recording is 0, in ms since the Unix epoch.
   * @param failed hears once that nothing more can be written: a disk that is full must not be the program's problem.
   */
  constructor(file: number, origin: number, failed: (error: unknown) => void) {
    this.#file = file
    this.#origin = origin
    this.#failed = failed
  }

  add({ id, memory, name }: NewThread): void {
    if (this.#threads.has(id)) return
    const thread = new ThreadSource(new Ring(memory), this.#count++)
    this.#threads.set(id, thread)
    this.#write([encodeChunk(CHUNK_TYPES.thread, thread.number, encodeThread(name))])
  }

  /** Writes all that the threads have put into their rings. */
  drain(): void {
    for (const [id, thread] of this.#threads) {
      const { ended } = thread
      this.#write(thread.take(this.#now()))
      if (ended) this.#threads.delete(id)
    }
  }

  end(exitCode: number): void {
    this.#write([encodeChunk(CHUNK_TYPES.end, 0, encodeEnd(this.#now(), exitCode))])
    this.#close()
  }

  #now(): number {
    return performance.timeOrigin + performance.now() - this.#origin
  }

  #write(chunks: Iterable<Uint8Array>): void {
    try {
      for (const chunk of chunks) {
        for (let at = 0; at < chunk.length && this.#file !== undefined;) at += writeSync(this.#file, chunk, at)
      }
    } catch (error) {
      this.#close()
      this.#failed(error)
    }
  }

  #close(): void {
    const file = this.#file
    this.#file = undefined
    if (file !== undefined) closeSync(file)
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
