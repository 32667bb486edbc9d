import { type Damage, type Recording, RecordingReader, type Trace } from '@forkline/trace'

interface Open {
  readonly reader: RecordingReader
  /** Undefined until its header is there. */
  recording: Recording | undefined
  /** Whether all that there is of it has been read. */
  ended: boolean
}

/** The recordings of a run, each read in pieces, and read on when its file has grown. */
export class Recordings {
  readonly #trace: Trace
  readonly #open = new Map<number, Open>()
  /** Where a file broke off that has gone on since. */
  readonly #mended = new Set<Damage>()

  constructor(trace: Trace) {
    this.#trace = trace
  }

  /** Whether more is to come. */
  get live(): boolean {
    return [...this.#open.values()].some(({ ended }) => !ended)
  }

  /** What could not be read. */
  get damage(): readonly Damage[] {
    return this.#trace.recordings.flatMap(({ damage }) => damage).filter((damage) => !this.#mended.has(damage))
  }

  /**
   * @param number which of the run's processes, counted from 0.
   * @throws RecordingError when it is no recording.
   */
  push(number: number, bytes: Uint8Array): void {
    let open = this.#open.get(number)
    if (open === undefined) {
      open = { reader: new RecordingReader(this.#trace), recording: undefined, ended: false }
      this.#open.set(number, open)
    }
    open.ended = false
    const before = this.#trace.recordings.length
    open.reader.push(bytes)
    open.recording ??= this.#trace.recordings[before]
  }

  /**
   * To be called behind the last byte. Gives back what only reading needs, unless the recording may go on.
   *
   * @throws RecordingError when there is no whole header.
   */
  end(number: number): void {
    const open = this.#open.get(number)
    if (open === undefined) {
      // Nothing came: the reader says so.
      new RecordingReader(this.#trace).end()
      return
    }
    open.ended = true
    open.reader.end()
    if (open.recording?.exitCode !== undefined) this.#open.delete(number)
  }

  /**
   * Prepares for more of a recording that broke off.
   *
   * @param size how much of its file was read, in bytes.
   * @returns from which byte on it is to be read; undefined when only from its beginning.
   */
  resume(number: number, size: number): number | undefined {
    const open = this.#open.get(number)
    if (open?.recording === undefined || !open.ended) return undefined
    const last = open.recording.damage.at(-1)
    if (last?.kind !== 'cut off' || this.#mended.has(last)) return size
    this.#mended.add(last)
    return size - last.length
  }
}
