import { CHUNK_TYPES, RECORD } from '@forkline/runtime/trace-format'
import type { Recording, Trace } from '../model/trace.ts'
import { putRecord } from './records.ts'
import type { Chunk } from './scanner.ts'
import { ThreadNumbers } from './threadNumbers.ts'

/** Later than any program that runs lasts, in ms: a time beyond it is none. */
const LATEST = 1e12

/** Puts the chunks of one recording into the tables of a trace. It trusts no number: what makes no sense is counted. */
export class Decoder {
  readonly #trace: Trace
  readonly #recording: Recording
  readonly #index: number
  readonly #threads = new Map<number, ThreadNumbers>()
  /** By the numbers that the process gives its threads. */
  readonly #byId = new Map<number, ThreadNumbers>()
  readonly #utf8 = new TextDecoder()

  constructor(trace: Trace, recording: Recording) {
    this.#trace = trace
    this.#recording = recording
    this.#index = trace.recordings.push(recording) - 1
  }

  /** Chunks of a later minor version are skipped. */
  chunk({ type, thread, payload }: Chunk): void {
    this.#recording.read.chunks++
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
    if (type === CHUNK_TYPES.records) this.#records(payload, this.#numbers(thread))
    else if (type === CHUNK_TYPES.strings) this.#strings(view, payload, this.#numbers(thread))
    else if (type === CHUNK_TYPES.thread) this.#thread(payload, this.#numbers(thread))
    else if (type === CHUNK_TYPES.drops && payload.length >= 16) this.#drops(view, this.#numbers(thread))
    else if (type === CHUNK_TYPES.end && payload.length >= 12) this.#end(view)
  }

  #numbers(thread: number): ThreadNumbers {
    let numbers = this.#threads.get(thread)
    if (numbers === undefined) {
      const place =
        this.#trace.threads.push({
          name: `thread ${String(thread)}`,
          recording: this.#index,
          dropped: { records: 0, strings: 0 },
        }) - 1
      numbers = new ThreadNumbers(place)
      this.#threads.set(thread, numbers)
    }
    return numbers
  }

  #strings(view: DataView, payload: Uint8Array, numbers: ThreadNumbers): void {
    for (let at = 0; at + 8 <= payload.length;) {
      const length = view.getUint32(at + 4, true)
      if (length > payload.length - at - 8) {
        this.#recording.nonsense++
        return
      }
      const text = this.#utf8.decode(payload.subarray(at + 8, at + 8 + length))
      numbers.setText(view.getUint32(at, true), this.#trace.strings.add(text))
      at += 8 + ((length + 3) & -4)
    }
  }

  #thread(payload: Uint8Array, numbers: ThreadNumbers): void {
    try {
      const json = JSON.parse(this.#utf8.decode(payload)) as Readonly<Partial<Record<string, unknown>>> | null
      const { name, id, parent } = json ?? {}
      const thread = this.#trace.threads[numbers.thread]
      if (thread !== undefined && typeof name === 'string') thread.name = name
      if (typeof id === 'number') this.#byId.set(id, numbers)
      if (typeof parent === 'number') numbers.parent = this.#byId.get(parent)
    } catch {
      this.#recording.nonsense++
    }
  }

  #drops(view: DataView, { thread }: ThreadNumbers): void {
    const dropped = this.#trace.threads[thread]?.dropped ?? { records: 0, strings: 0 }
    const records = Math.max(dropped.records, view.getUint32(8, true))
    const strings = Math.max(dropped.strings, view.getUint32(12, true))
    this.#trace.dropped.records += records - dropped.records
    this.#trace.dropped.strings += strings - dropped.strings
    Object.assign(dropped, { records, strings })
  }

  #end(view: DataView): void {
    this.#recording.exitCode = view.getInt32(8, true)
    this.#timeOf(view.getFloat64(0, true))
  }

  #records(payload: Uint8Array, numbers: ThreadNumbers): void {
    const count = Math.floor(payload.length / RECORD.size)
    this.#recording.read.records += count
    const words = new Uint32Array(payload.buffer, payload.byteOffset, count * (RECORD.size / 4))
    const times = new Float64Array(payload.buffer, payload.byteOffset, count * (RECORD.size / 8))
    for (let word = 0, at = 1; word < words.length; word += 6, at += 3) {
      const time = this.#timeOf(times[at] ?? NaN)
      const head = words[word] ?? 0
      const id = words[word + 1] ?? 0
      const b = words[word + 5] ?? 0
      if (Number.isNaN(time)) {
        this.#recording.nonsense++
        continue
      }
      numbers.untimed.before(this.#trace, head, time)
      if (putRecord(this.#trace, numbers, head & 0xff, head >>> 16, id, time, words[word + 4] ?? 0, b)) {
        numbers.untimed.after(numbers, head, id, time, b)
      } else this.#recording.nonsense++
    }
  }

  /** The time on the trace's clock, in ms; NaN for one that no clock of a program gives. */
  #timeOf(time: number): number {
    if (!(time >= 0 && time < LATEST)) return NaN
    const shifted = time + this.#recording.shift
    if (shifted > this.#recording.end) this.#recording.end = shifted
    if (shifted > this.#trace.end) this.#trace.end = shifted
    return shifted
  }
}
