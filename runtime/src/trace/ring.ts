import { encodeString } from './chunks.ts'
import { RECORD } from './format.ts'

/**
 * What one thread has recorded and the writer has not yet taken: a ring of records and one of strings, in shared
 * memory. One thread puts, one other takes, and neither ever waits for the other: what does not fit is counted.
 */
export interface RingMemory {
  readonly shared: SharedArrayBuffer
  /** Where it begins there, in bytes: a multiple of 8. */
  readonly offset: number
  /** How many records fit, a power of two. */
  readonly records: number
  /**
   * How many fit into the second place for them, a power of two; 0 when there is none. Records go there for good once
   * the first place was full: memory that no record comes to takes no room, and most programs never need so much.
   */
  readonly more: number
  /** How many bytes of strings fit, a power of two. */
  readonly text: number
}

/** Where the counters are, in 32-bit words. Positions only grow, and wrap around at 2^32. */
export const CONTROL = {
  recordsPut: 0,
  recordsTaken: 1,
  textPut: 2,
  textTaken: 3,
  recordsDropped: 4,
  textDropped: 5,
  /** Grows each time the writer should look at once. */
  wake: 6,
  /** Grows each time the thread asks for everything to be on disk, and … */
  flushAsked: 7,
  /** … follows when it is. */
  flushed: 8,
  /** The exit code plus 1 once the thread has ended in order. */
  ended: 9,
  /** Of `WRITERS`. */
  writer: 10,
  /** 1 once records are put into the second place, and … */
  moved: 11,
  /** … the position of the first of them. */
  movedAt: 12,
  words: 16,
} as const

/**
 * Who writes the recording: until its thread has come up nobody does, and a program that ends first does so itself.
 * Once that thread is gone before its time, nobody does any more.
 */
export const WRITERS = { none: 0, thread: 1, program: 2, gone: 3 } as const

/** After so long, in ms, what a thread has stored is seen by all: a thousand times as long as a processor takes for it. */
export const SETTLED_MS = 0.1

const WORDS_PER_RECORD = RECORD.size / 4

/** How much memory a ring takes. */
export function ringBytes(records: number, text: number, more = 0): number {
  return CONTROL.words * 4 + (records + more) * RECORD.size + text
}

export function ringMemory(records: number, text: number, more = 0): RingMemory {
  return { shared: new SharedArrayBuffer(ringBytes(records, text, more)), offset: 0, records, text, more }
}

/**
 * A time, in ms since the clock's origin, in memory of its own: a number with a fraction that is handed from one
 * function to the next is a new object each time.
 */
export type Moment = Float64Array

/** One of the places for records, in the views that they are put and taken by. */
class Place {
  readonly bytes: Uint8Array
  readonly words: Int32Array
  readonly times: Float64Array
  /** Of the positions, which tells where in the place each is. */
  readonly mask: number

  constructor({ shared }: RingMemory, start: number, records: number) {
    this.bytes = new Uint8Array(shared, start, records * RECORD.size)
    this.words = new Int32Array(shared, start, records * WORDS_PER_RECORD)
    this.times = new Float64Array(shared, start, records * (RECORD.size / 8))
    this.mask = records - 1
  }
}

export class Ring {
  readonly control: Int32Array
  readonly memory: RingMemory
  readonly #first: Place
  readonly #second: Place
  readonly #text: Uint8Array
  /** Of the place where records are put now. */
  #words: Int32Array
  #times: Float64Array
  #mask: number
  /** Of the positions: the writer is woken where all its bits are set. */
  #wakeMask: number
  /** Only the putting thread moves it, so it need not be read back from shared memory. */
  #put: number
  /** As far as the putting thread knows: looked up only when the ring seems full. */
  #taken: number
  /** Whether the taking thread has taken all out of the first place that there will ever be. */
  #isFirstDone = false
  readonly #bell: Int32Array

  /** @param bell the counters of the ring at which the writer waits to be woken. Default: its own. */
  constructor(memory: RingMemory, bell?: Int32Array) {
    this.memory = memory
    const { shared, offset, records, text, more } = memory
    const start = offset + CONTROL.words * 4
    this.control = new Int32Array(shared, offset, CONTROL.words)
    this.#bell = bell ?? this.control
    this.#first = new Place(memory, start, records)
    this.#text = new Uint8Array(shared, start + records * RECORD.size, text)
    this.#second = new Place(memory, start + records * RECORD.size + text, more)
    this.#put = Atomics.load(this.control, CONTROL.recordsPut)
    this.#taken = Atomics.load(this.control, CONTROL.recordsTaken)
    const { words, times, mask } = this.#first
    this.#words = words
    this.#times = times
    this.#mask = mask
    // What finds no room in the first of two places goes to the second: there is no hurry.
    this.#wakeMask = records / (more === 0 ? 8 : 2) - 1
  }

  /**
   * Puts a record, or counts it as dropped. `head` is kind, flags and aux in one word.
   *
   * How far records were put is a plain store. With an atomic one the processor would wait until all of the record has
   * reached the memory, which takes longer than to fill it in; so who takes waits, as `recordsPut` says.
   */
  put(head: number, id: number, time: Moment, a: number, b: number): void {
    const put = this.#put
    if (((put - this.#taken) | 0) > this.#mask) {
      this.#taken = Atomics.load(this.control, CONTROL.recordsTaken)
      if (((put - this.#taken) | 0) > this.#mask && !this.#moveOn()) {
        Atomics.add(this.control, CONTROL.recordsDropped, 1)
        return
      }
    }
    const slot = put & this.#mask
    const word = slot * WORDS_PER_RECORD
    const words = this.#words
    words[word] = head
    words[word + 1] = id
    this.#times[slot * 3 + 1] = time[0] as number
    words[word + 4] = a
    words[word + 5] = b
    this.control[CONTROL.recordsPut] = this.#put = (put + 1) | 0
    if ((put & this.#wakeMask) === this.#wakeMask) this.wake()
  }

  /** The first place is full: from here on records go to the second one. Gives false when there is none left. */
  #moveOn(): boolean {
    const { more } = this.memory
    if (more === 0 || Atomics.load(this.control, CONTROL.moved) !== 0) return false
    Atomics.store(this.control, CONTROL.movedAt, this.#put)
    Atomics.store(this.control, CONTROL.moved, 1)
    const { words, times, mask } = this.#second
    this.#words = words
    this.#times = times
    this.#mask = mask
    this.#wakeMask = more / 8 - 1
    return true
  }

  /** Puts a string under a number. Gives false when there is no room for it, which is counted. */
  putText(id: number, text: Uint8Array): boolean {
    const put = Atomics.load(this.control, CONTROL.textPut)
    const taken = Atomics.load(this.control, CONTROL.textTaken)
    const entry = encodeString(id, text)
    const { length } = entry
    if (((put - taken) | 0) + length > this.memory.text) {
      Atomics.add(this.control, CONTROL.textDropped, 1)
      this.wake()
      return false
    }
    const at = put & (this.memory.text - 1)
    const first = Math.min(length, this.memory.text - at)
    this.#text.set(entry.subarray(0, first), at)
    this.#text.set(entry.subarray(first), 0)
    Atomics.store(this.control, CONTROL.textPut, (put + length) | 0)
    return true
  }

  wake(): void {
    Atomics.add(this.#bell, CONTROL.wake, 1)
    Atomics.notify(this.#bell, CONTROL.wake)
  }

  /**
   * How far records were put. To be looked at before the strings are taken, which then hold all that these name. Another
   * thread lets `SETTLED_MS` go by before it takes that far: there are processors on which it may see that a record is
   * there some moments before it sees all of the record.
   */
  get recordsPut(): number {
    return Atomics.load(this.control, CONTROL.recordsPut)
  }

  /** Takes all strings that there are. */
  takeText(): Uint8Array {
    const put = Atomics.load(this.control, CONTROL.textPut)
    const text = new Uint8Array((put - Atomics.load(this.control, CONTROL.textTaken)) | 0)
    this.#take(text, CONTROL.textTaken, this.#text, 1)
    return text
  }

  /**
   * Takes records, in the order in which they were put.
   *
   * @param upTo a position that `recordsPut` gave.
   * @param into as many as fit are copied there: a ring is emptied many times a second, and needs no new memory for it.
   * @returns how many bytes were copied; 0 when nothing is left.
   */
  takeRecords(upTo: number, into: Uint8Array): number {
    const taken = Atomics.load(this.control, CONTROL.recordsTaken)
    const end = this.#endOfPlace(taken, upTo)
    const left = (end - taken) | 0
    const length = Math.min(left, Math.floor(into.length / RECORD.size)) * RECORD.size
    const { bytes } = this.#isFirstDone ? this.#second : this.#first
    this.#take(into.subarray(0, length), CONTROL.recordsTaken, bytes, RECORD.size)
    return length
  }

  /** How far all lies in one place, from `taken` on. */
  #endOfPlace(taken: number, upTo: number): number {
    if (this.#isFirstDone || Atomics.load(this.control, CONTROL.moved) === 0) return upTo
    const movedAt = Atomics.load(this.control, CONTROL.movedAt)
    // Kept, since positions wrap around and come by it again.
    this.#isFirstDone = taken === movedAt
    return this.#isFirstDone || ((upTo - movedAt) | 0) < 0 ? upTo : movedAt
  }

  #take(into: Uint8Array, takenAt: number, from: Uint8Array, unit: number): void {
    if (into.length === 0) return
    const taken = Atomics.load(this.control, takenAt)
    const at = (taken & (from.length / unit - 1)) * unit
    const first = Math.min(into.length, from.length - at)
    into.set(from.subarray(at, at + first))
    into.set(from.subarray(0, into.length - first), first)
    Atomics.store(this.control, takenAt, (taken + into.length / unit) | 0)
  }
}
