import type { Recording, Trace } from '../model/trace.ts'
import { Decoder } from './decoder.ts'
import { ChunkScanner } from './scanner.ts'

/** Two processes of one run do not start so far apart, in ms: such a clock is not to be trusted. */
const FAR = 1e11

/**
 * Reads one recording into a trace, in pieces of any size: a file, or what a running program sends. Recordings of
 * several processes of one run may be read into the same trace.
 */
export class RecordingReader {
  readonly #trace: Trace
  readonly #scanner: ChunkScanner
  #decoder: Decoder | undefined

  constructor(trace: Trace) {
    this.#trace = trace
    this.#scanner = new ChunkScanner((chunk) => {
      this.#decoder ??= this.#begin()
      this.#decoder.chunk(chunk)
    })
  }

  /**
   * @param bytes the next bytes. They may be kept until the next call: do not change them.
   * @throws RecordingError when it is no recording, or one of a later format.
   */
  push(bytes: Uint8Array): void {
    this.#scanner.push(bytes)
    if (this.#scanner.header !== undefined) this.#decoder ??= this.#begin()
  }

  /**
   * To be called behind the last byte.
   *
   * @throws RecordingError when there was nothing, or not even a whole header.
   */
  end(): void {
    this.#scanner.end()
  }

  #begin(): Decoder {
    const { header, damage } = this.#scanner
    if (header === undefined) throw new Error('A chunk came before the header')
    this.#trace.origin ??= header.origin
    const shift = header.origin - this.#trace.origin
    const recording: Recording = {
      header,
      damage,
      shift: Math.abs(shift) < FAR ? shift : 0,
      nonsense: 0,
      exitCode: undefined,
      end: 0,
      read: { chunks: 0, records: 0 },
    }
    return new Decoder(this.#trace, recording)
  }
}

/**
 * Reads a whole recording.
 *
 * @throws RecordingError when it is no recording, or one of a later format.
 */
export function readRecording(trace: Trace, bytes: Uint8Array): void {
  const reader = new RecordingReader(trace)
  reader.push(bytes)
  reader.end()
}
