import { CHUNK, CHUNK_MAGIC, checksum, padded } from '@forkline/runtime/trace-format'
import { type Damage, RecordingError } from './damage.ts'
import { readHeader, type RecordingHeader } from './header.ts'

/** The writer's chunks are smaller by far: a greater length is not a length, and is not waited for. */
const LONGEST_CHUNK = 16 << 20

/**
 * Checking a chunk that turns out wrong is work for nothing, and a hostile file could ask for it at every byte: of
 * all such work, so many bytes are granted from the start, and so many more for each byte that came.
 */
const EFFORT = 64 << 20
const EFFORT_PER_BYTE = 4

const CUT_OFF = 'The recording ends within a chunk'

/** Which bytes a chunk begins with. */
const FIRST_OF_MAGIC = CHUNK_MAGIC & 0xff

export interface Chunk {
  readonly type: number
  readonly thread: number
  /** Starts at a multiple of eight in its buffer, so that typed arrays can be laid over it. Not to be kept. */
  readonly payload: Uint8Array
}

/**
 * Cuts the bytes of a recording into chunks as they come, in pieces of any size. It trusts no length: a chunk
 * counts only when its checksum is right, and behind a damaged one it goes on at the next good one, wherever that is.
 */
export class ChunkScanner {
  readonly damage: Damage[] = []
  header: RecordingHeader | undefined
  /** How many bytes have come. */
  size = 0
  readonly #take: (chunk: Chunk) => void
  /** What has come and is not yet cut: its bytes from `#position` to `#end` are yet to be looked at. */
  #pending: Uint8Array = new Uint8Array(0)
  #view = new DataView(this.#pending.buffer)
  #position = 0
  #end = 0
  /** Whether `#pending` is a buffer of our own, with room behind `#end`. */
  #own = false
  /** Where `#pending` begins in the file, in bytes. */
  #base = 0
  /** Where the damage that is being skipped begins in the file; undefined when all is well. */
  #damagedFrom: number | undefined
  #reason = ''
  /** How many bytes of wrong chunks were checked. */
  #effort = 0

  constructor(take: (chunk: Chunk) => void) {
    this.#take = take
  }

  /**
   * @param bytes the next bytes of the recording. They may be kept until the next call: do not change them.
   * @throws RecordingError when it is no recording, or one of a later format.
   */
  push(bytes: Uint8Array): void {
    this.#append(bytes)
    if (this.header === undefined) {
      this.header = readHeader(this.#pending.subarray(0, this.#end))
      if (this.header === undefined) return
      this.#position = this.header.length
    }
    while (this.#step(false));
  }

  /**
   * To be called behind the last byte.
   *
   * @throws RecordingError when there was nothing, or not even a whole header.
   */
  end(): void {
    if (this.header === undefined) {
      if (this.#end === 0) {
        throw new RecordingError(
          'empty',
          'The recording is empty: the program ended before anything was written, '
            + 'or the disk was full. Record it again.',
        )
      }
      throw new RecordingError(
        'truncated',
        `The recording ends within its header, after ${String(this.#end)} bytes, `
          + 'so that nothing of it can be read. Record the program again.',
      )
    }
    while (this.#step(true));
    this.#closeDamage(this.#base + this.#end)
  }

  /** Takes one chunk, or skips damaged bytes. Gives false when it needs more bytes, or has none left. */
  #step(last: boolean): boolean {
    const left = this.#end - this.#position
    if (left < CHUNK.size) return last && left > 0 ? this.#skip(CUT_OFF, this.#end) : false
    const view = this.#view
    const at = this.#position
    if (view.getUint32(at + CHUNK.magic, true) !== CHUNK_MAGIC) return this.#skip('This is no chunk')
    const length = view.getUint32(at + CHUNK.length, true)
    if (length > LONGEST_CHUNK) return this.#skip(`A chunk of ${String(length)} bytes cannot be`)
    const whole = CHUNK.size + padded(length, 8)
    if (left < whole) return last ? this.#skip(CUT_OFF) : false
    if (this.#effort + whole > EFFORT + EFFORT_PER_BYTE * this.size) return this.#skip('Too many chunks are wrong')
    const payload = this.#aligned(at + CHUNK.size, whole - CHUNK.size)
    const words = new Uint32Array(payload.buffer, payload.byteOffset, payload.length / 4)
    if (checksum(words) !== view.getUint32(at + CHUNK.checksum, true)) {
      this.#effort += whole
      return this.#skip('The checksum of a chunk is wrong')
    }
    this.#closeDamage(this.#base + at)
    this.#position += whole
    this.#take({
      type: view.getUint16(at + CHUNK.type, true),
      thread: view.getUint16(at + CHUNK.thread, true),
      payload: payload.subarray(0, length),
    })
    return true
  }

  /** Goes on at the next byte that a chunk could begin with. */
  #skip(reason: string, to = this.#nextCandidate()): true {
    if (this.#damagedFrom === undefined) {
      this.#damagedFrom = this.#base + this.#position
      this.#reason = reason
    }
    this.#position = to
    return true
  }

  #nextCandidate(): number {
    const found = this.#pending.indexOf(FIRST_OF_MAGIC, this.#position + 1)
    return found < 0 || found > this.#end ? this.#end : found
  }

  #closeDamage(end: number): void {
    if (this.#damagedFrom === undefined) return
    const atEnd = this.#position >= this.#end && this.#reason === CUT_OFF
    this.damage.push({
      kind: atEnd ? 'cut off' : 'garbled',
      offset: this.#damagedFrom,
      length: end - this.#damagedFrom,
      reason: this.#reason === CUT_OFF && !atEnd ? 'The length of a chunk is wrong' : this.#reason,
    })
    this.#damagedFrom = undefined
  }

  #append(bytes: Uint8Array): void {
    this.size += bytes.length
    const left = this.#end - this.#position
    if (left === 0) {
      this.#base += this.#position
      this.#position = 0
      this.#use(bytes, false)
      this.#end = bytes.length
      return
    }
    if (!this.#own || this.#end + bytes.length > this.#pending.length) {
      // Twice what is needed: a chunk may come in many small pieces.
      const room = new Uint8Array(2 * (left + bytes.length))
      room.set(this.#pending.subarray(this.#position, this.#end))
      this.#base += this.#position
      this.#position = 0
      this.#end = left
      this.#use(room, true)
    }
    this.#pending.set(bytes, this.#end)
    this.#end += bytes.length
  }

  #use(bytes: Uint8Array, own: boolean): void {
    this.#pending = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#own = own
  }

  #aligned(start: number, length: number): Uint8Array {
    const bytes = this.#pending.subarray(start, start + length)
    return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  }
}
