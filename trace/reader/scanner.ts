import { CHUNK, CHUNK_MAGIC, checksum, padded } from '@forkline/runtime/trace-format'
import { type Damage, RecordingError } from './damage.ts'
import { readHeader, type RecordingHeader } from './header.ts'

/** The writer's chunks are smaller by far: a greater length is not a length, and is not waited for. */
const LONGEST_CHUNK = 16 << 20

const CUT_OFF = 'The recording ends within a chunk'

export interface Chunk {
  readonly type: number
  readonly thread: number
  /** Starts at a multiple of eight in its buffer, so that typed arrays can be laid over it. */
  readonly payload: Uint8Array
}

/**
 * Cuts the bytes of a recording into chunks as they come, in pieces of any size. It trusts no length: a chunk
 * counts only when its checksum is right, and behind a damaged one it goes on at the next good one.
 */
export class ChunkScanner {
  readonly damage: Damage[] = []
  header: RecordingHeader | undefined
  readonly #take: (chunk: Chunk) => void
  /** What has come and is not yet cut; all of it, from `#position` on, is yet to be looked at. */
  #pending: Uint8Array = new Uint8Array(0)
  #position = 0
  /** Where `#pending` begins in the file, in bytes. */
  #base = 0
  /** Where the damage that is being skipped begins in the file; undefined when all is well. */
  #damagedFrom: number | undefined
  #reason = ''

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
      this.header = readHeader(this.#pending)
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
      const length = this.#pending.length
      if (length === 0) {
        throw new RecordingError('empty', 'The recording is empty: the program ended before anything was written, '
          + 'or the disk was full.')
      }
      throw new RecordingError('truncated', `The recording ends within its header, after ${String(length)} bytes.`)
    }
    while (this.#step(true));
    this.#closeDamage(this.#base + this.#pending.length)
  }

  /** Takes one chunk, or skips damaged bytes. Gives false when it needs more bytes, or has none left. */
  #step(last: boolean): boolean {
    const left = this.#pending.length - this.#position
    if (left < CHUNK.size) return last && left > 0 ? this.#skip(CUT_OFF, left) : false
    const view = new DataView(this.#pending.buffer, this.#pending.byteOffset + this.#position, CHUNK.size)
    if (view.getUint32(CHUNK.magic, true) !== CHUNK_MAGIC) return this.#skip('This is no chunk', 8)
    const length = view.getUint32(CHUNK.length, true)
    if (length > LONGEST_CHUNK) return this.#skip(`A chunk of ${String(length)} bytes cannot be`, 8)
    const whole = CHUNK.size + padded(length, 8)
    if (left < whole) return last ? this.#skip(CUT_OFF, 8) : false
    const start = this.#position + CHUNK.size
    const padding = this.#aligned(start, padded(length, 8))
    const words = new Uint32Array(padding.buffer, padding.byteOffset, padding.length / 4)
    if (checksum(words) !== view.getUint32(CHUNK.checksum, true)) {
      return this.#skip('The checksum of a chunk is wrong', 8)
    }
    this.#closeDamage(this.#base + this.#position)
    this.#position += whole
    this.#take({
      type: view.getUint16(CHUNK.type, true),
      thread: view.getUint16(CHUNK.thread, true),
      payload: padding.subarray(0, length),
    })
    return true
  }

  #skip(reason: string, bytes: number): true {
    if (this.#damagedFrom === undefined) {
      this.#damagedFrom = this.#base + this.#position
      this.#reason = reason
    }
    this.#position += Math.min(bytes, this.#pending.length - this.#position)
    return true
  }

  #closeDamage(end: number): void {
    if (this.#damagedFrom === undefined) return
    const atEnd = this.#position >= this.#pending.length && this.#reason === CUT_OFF
    this.damage.push({
      kind: atEnd ? 'cut off' : 'garbled',
      offset: this.#damagedFrom,
      length: end - this.#damagedFrom,
      reason: this.#reason,
    })
    this.#damagedFrom = undefined
  }

  #append(bytes: Uint8Array): void {
    const rest = this.#pending.subarray(this.#position)
    this.#base += this.#position
    this.#position = 0
    if (rest.length === 0) {
      this.#pending = bytes
      return
    }
    const joined = new Uint8Array(rest.length + bytes.length)
    joined.set(rest)
    joined.set(bytes, rest.length)
    this.#pending = joined
  }

  #aligned(start: number, length: number): Uint8Array {
    const bytes = this.#pending.subarray(start, start + length)
    return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  }
}
