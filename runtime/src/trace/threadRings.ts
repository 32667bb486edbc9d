import { CONTROL, ringBytes, type RingMemory } from './ring.ts'

/** How many threads besides the main one can be recorded at a time. */
const PLACES = 128

/** What each of them gets: there may be many, and each does less than the main one. */
const RECORDS = 1 << 13
const TEXT_BYTES = 1 << 16

/** What is said of each place, in 32-bit words. */
const STATE = 0,
  ID = 1,
  PARENT = 2,
  WORDS = 4

/** What becomes of a place, in turn: only a thread that is to be recorded takes one that is free, only the writer frees it. */
const STATES = { free: 0, taken: 1, ready: 2, known: 3 } as const

const HEAD_BYTES = PLACES * WORDS * 4
const RING_BYTES = ringBytes(RECORDS, TEXT_BYTES)

/** A thread that is recorded, and where it puts its records. */
export interface ThreadRing {
  /** Node's number of the thread. */
  readonly id: number
  /** That of the thread that started it; undefined for the main one. */
  readonly parent: number | undefined
  readonly name: string
  readonly memory: RingMemory
}

/**
 * Rings for all threads of a process but the main one, in one piece of shared memory that every thread finds in its
 * environment data, and that the writer has from the start. A thread takes a place there by itself, and that is all
 * there is to it: nobody has to be told while it lives, be it ever so short, or the grandchild of a thread. Memory that
 * no thread has used takes no room.
 */
export class ThreadRings {
  readonly #shared: SharedArrayBuffer
  readonly #heads: Int32Array

  constructor(shared: SharedArrayBuffer) {
    this.#shared = shared
    this.#heads = new Int32Array(shared, 0, PLACES * WORDS)
  }

  static memory(): SharedArrayBuffer {
    return new SharedArrayBuffer(HEAD_BYTES + PLACES * RING_BYTES)
  }

  /** Gives a thread a place. Undefined when all are taken. */
  take(id: number, parent: number): ThreadRing | undefined {
    for (let place = 0; place < PLACES; place++) {
      if (Atomics.compareExchange(this.#heads, place * WORDS + STATE, STATES.free, STATES.taken) !== STATES.free)
        continue
      Atomics.store(this.#heads, place * WORDS + ID, id)
      Atomics.store(this.#heads, place * WORDS + PARENT, parent)
      Atomics.store(this.#heads, place * WORDS + STATE, STATES.ready)
      return this.#at(place)
    }
    return undefined
  }

  /** Says that a thread has exited, which its parent knows for sure: it puts nothing any more. */
  end(id: number, exitCode: number): void {
    for (let place = 0; place < PLACES; place++) {
      const state = Atomics.load(this.#heads, place * WORDS + STATE)
      if (state < STATES.ready || Atomics.load(this.#heads, place * WORDS + ID) !== id) continue
      Atomics.store(this.#control(place), CONTROL.ended, (exitCode & 0xff) + 1)
      return
    }
  }

  /** For the writer: threads that have come since it last asked. */
  *arrived(): Generator<ThreadRing> {
    for (let place = 0; place < PLACES; place++) {
      const at = place * WORDS + STATE
      if (Atomics.compareExchange(this.#heads, at, STATES.ready, STATES.known) === STATES.ready) yield this.#at(place)
    }
  }

  /** For the writer: the place of a thread that has ended, and of which all is written, may be another's. */
  free({ memory: { offset } }: ThreadRing): void {
    const place = (offset - HEAD_BYTES) / RING_BYTES
    this.#control(place).fill(0)
    Atomics.store(this.#heads, place * WORDS + STATE, STATES.free)
  }

  #at(place: number): ThreadRing {
    const id = Atomics.load(this.#heads, place * WORDS + ID)
    return {
      id,
      parent: Atomics.load(this.#heads, place * WORDS + PARENT),
      name: `worker ${String(id)}`,
      memory: {
        shared: this.#shared,
        offset: HEAD_BYTES + place * RING_BYTES,
        records: RECORDS,
        text: TEXT_BYTES,
        more: 0,
      },
    }
  }

  #control(place: number): Int32Array {
    return new Int32Array(this.#shared, HEAD_BYTES + place * RING_BYTES, CONTROL.words)
  }
}
