/**
 * The thread that brings a recording to disk. It takes what the program's threads have put into their rings, each
 * 20 ms or when a ring fills up, and appends it to the file. The program never waits for it, but at its very end.
 */
import { appendFileSync, closeSync, writeSync } from 'node:fs'
import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads'
import { encodeChunk, encodeDrops, encodeEnd, encodeThread } from './chunks.ts'
import { CHUNK_TYPES } from './format.ts'
import { brokeOff } from './problem.ts'
import { CONTROL, Ring } from './ring.ts'
import { type NewThread, WHO_IS_THERE, type WriterData, type WriterProblem } from './writerMessages.ts'

const INTERVAL_MS = 20

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

  /** The chunks that bring the file up to date. */
  take(now: number): Uint8Array[] {
    const { text, records } = this.ring.take()
    const chunks: Uint8Array[] = []
    if (text.length > 0) chunks.push(encodeChunk(CHUNK_TYPES.strings, this.number, text))
    if (records.length > 0) chunks.push(encodeChunk(CHUNK_TYPES.records, this.number, records))
    const { control } = this.ring
    const droppedRecords = Atomics.load(control, CONTROL.recordsDropped)
    const droppedStrings = Atomics.load(control, CONTROL.textDropped)
    if (droppedRecords + droppedStrings !== this.#dropped) {
      this.#dropped = droppedRecords + droppedStrings
      chunks.push(encodeChunk(CHUNK_TYPES.drops, this.number, encodeDrops(now, droppedRecords, droppedStrings)))
    }
    return chunks
  }
}

class Writer {
  readonly #data: WriterData
  readonly #arrivals: BroadcastChannel
  readonly #threads = new Map<number, ThreadSource>()
  readonly #main: ThreadSource
  #file: number | undefined
  #count = 0

  constructor(data: WriterData) {
    this.#data = data
    this.#arrivals = new BroadcastChannel(data.channel)
    this.#file = data.file
    this.#write([data.header])
    this.#main = this.#add(data.main)
    this.#arrivals.onmessage = ({ data: arrival }: { readonly data: unknown }) => {
      if (arrival !== WHO_IS_THERE) this.#add(arrival as NewThread)
    }
    this.#arrivals.postMessage(WHO_IS_THERE)
  }

  async run(): Promise<void> {
    const { control } = this.#main.ring
    for (;;) {
      const wake = Atomics.load(control, CONTROL.wake)
      const asked = Atomics.load(control, CONTROL.flushAsked)
      this.#drain()
      if (this.#main.ended) this.#end()
      if (Atomics.load(control, CONTROL.flushed) !== asked) {
        Atomics.store(control, CONTROL.flushed, asked)
        Atomics.notify(control, CONTROL.flushed)
      }
      if (this.#main.ended) break
      const waiting = Atomics.waitAsync(control, CONTROL.wake, wake, INTERVAL_MS)
      if (waiting.async) await waiting.value
    }
    this.#arrivals.close()
  }

  #add({ id, memory, name }: NewThread): ThreadSource {
    const known = this.#threads.get(id)
    if (known !== undefined) return known
    const thread = new ThreadSource(new Ring(memory), this.#count++)
    this.#threads.set(id, thread)
    this.#write([encodeChunk(CHUNK_TYPES.thread, thread.number, encodeThread(name))])
    return thread
  }

  #drain(): void {
    for (const [id, thread] of this.#threads) {
      const { ended } = thread
      this.#write(thread.take(this.#now()))
      if (ended) this.#threads.delete(id)
    }
  }

  #end(): void {
    const exitCode = Atomics.load(this.#main.ring.control, CONTROL.ended) - 1
    this.#write([encodeChunk(CHUNK_TYPES.end, 0, encodeEnd(this.#now(), exitCode))])
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #now(): number {
    return performance.timeOrigin + performance.now() - this.#data.origin
  }

  #write(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length && this.#file !== undefined;) {
        const file = this.#file
        at += this.#attempt(() => writeSync(file, chunk, at)) ?? chunk.length
      }
    }
  }

  /** A disk that is full must not be the program's problem: nothing more is written, and the program goes on. */
  #attempt<R>(operation: () => R): R | undefined {
    try {
      return operation()
    } catch (error) {
      if (this.#file !== undefined) closeSync(this.#file)
      this.#file = undefined
      const problem: WriterProblem = { problem: error instanceof Error ? error.message : String(error) }
      parentPort?.postMessage(problem)
      if (this.#data.problemFile !== undefined) tellOf(error, this.#data.problemFile)
      return undefined
    }
  }
}

function tellOf(error: unknown, file: string): void {
  try {
    appendFileSync(file, `${brokeOff(error)}\n`)
  } catch {
    // Nobody is left to tell.
  }
}

await new Writer(workerData as WriterData).run()
