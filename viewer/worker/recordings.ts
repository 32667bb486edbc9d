import { type Damage, RecordingReader, type Trace } from '@forkline/trace'

/** The recordings of a run, each read in pieces. */
export class Recordings {
  readonly #trace: Trace
  /** Those of which more is to come, by their number. */
  readonly #readers = new Map<number, RecordingReader>()

  constructor(trace: Trace) {
    this.#trace = trace
  }

  /** Whether more is to come. */
  get live(): boolean {
    return this.#readers.size > 0
  }

  /** What could not be read. */
  get damage(): readonly Damage[] {
    return this.#trace.recordings.flatMap(({ damage }) => damage)
  }

  /**
   * @param number which of the run's processes, counted from 0.
   * @throws RecordingError when it is no recording.
   */
  push(number: number, bytes: Uint8Array): void {
    let reader = this.#readers.get(number)
    if (reader === undefined) this.#readers.set(number, (reader = new RecordingReader(this.#trace)))
    reader.push(bytes)
  }

  /**
   * To be called behind the last byte. Gives back what only reading needs.
   *
   * @throws RecordingError when there is no whole header.
   */
  end(number: number): void {
    // Of one of which nothing came, too, a reader says so.
    const reader = this.#readers.get(number) ?? new RecordingReader(this.#trace)
    this.#readers.delete(number)
    reader.end()
  }
}
