/** A recording that cannot be read at all. The message says what was expected, what came, and what to do. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
  readonly code: 'empty' | 'foreign' | 'future' | 'truncated'

  constructor(code: RecordingError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** A part of a recording that could not be read. What comes before and behind it could. */
export interface Damage {
  /** A recording whose program was killed is cut off within a chunk; anything else was garbled afterwards. */
  readonly kind: 'cut off' | 'garbled'
  /** Where it begins, in bytes from the start of the file. */
  readonly offset: number
  /** How many bytes were skipped. */
  readonly length: number
  readonly reason: string
}
