import { HEADER, HEADER_FLAGS, MAGIC, type Metadata, VERSION } from '@forkline/runtime/trace-format'
import { RecordingError } from './damage.ts'

/** Longer metadata than any recorder writes: a length beyond it is not a length. */
const LONGEST_METADATA = 1 << 20

/** The last moment that a `Date` can hold, in ms since the Unix epoch. */
const LATEST_DATE = 8.64e15

const TEXTS: readonly string[] = ['cwd', 'node', 'platform', 'recorder'] satisfies (keyof Metadata)[]

export interface RecordingHeader {
  readonly version: string
  /** When the clock of the recording was 0, in ms since the Unix epoch. */
  readonly origin: number
  /** The run that this recording belongs to, in hexadecimal digits. */
  readonly run: string
  readonly pid: number
  readonly parentPid: number
  readonly promises: boolean
  readonly metadata: Metadata
  /** Where the first chunk begins, in bytes. */
  readonly length: number
}

/**
 * Reads what a recording begins with.
 *
 * @param bytes the first bytes of the recording, as far as they are there.
 * @returns undefined when more bytes are needed.
 * @throws RecordingError when these are not the first bytes of a recording that this reader knows.
 */
export function readHeader(bytes: Uint8Array): RecordingHeader | undefined {
  for (const [index, expected] of MAGIC.entries()) {
    if (index >= bytes.length) return undefined
    if (bytes[index] !== expected) {
      if (index === MAGIC.length - 1) {
        throw new RecordingError(
          'foreign',
          'This recording was changed on its way: its line ends were converted, as '
            + 'if it were text. Copy it again as a binary file.',
        )
      }
      throw new RecordingError(
        'foreign',
        'This is not a Forkline recording: it does not begin with "FLTRACE". '
          + 'Recordings are made by `forkline run`.',
      )
    }
  }
  if (bytes.length < HEADER.size) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const major = view.getUint16(HEADER.major, true)
  const minor = view.getUint16(HEADER.minor, true)
  if (major > VERSION.major) {
    throw new RecordingError(
      'future',
      `This recording has format ${String(major)}.${String(minor)}, and this reader `
        + `knows up to ${String(VERSION.major)}: update Forkline to read it.`,
    )
  }
  const length = view.getUint32(HEADER.length, true)
  const metadataLength = view.getUint32(HEADER.metadataLength, true)
  if (
    major === 0
    || length % 8 !== 0
    || metadataLength > LONGEST_METADATA
    || length < HEADER.size + metadataLength
    || length > HEADER.size + LONGEST_METADATA + 8
  ) {
    throw new RecordingError(
      'foreign',
      'The header of this recording is damaged: its lengths make no sense. ' + 'Record the program again.',
    )
  }
  if (bytes.length < length) return undefined
  const origin = view.getFloat64(HEADER.origin, true)
  return {
    version: `${String(major)}.${String(minor)}`,
    origin: origin >= 0 && origin <= LATEST_DATE ? origin : 0,
    run: hex(bytes.subarray(HEADER.run, HEADER.run + 16)),
    pid: view.getUint32(HEADER.pid, true),
    parentPid: view.getUint32(HEADER.parentPid, true),
    promises: (view.getUint32(HEADER.flags, true) & HEADER_FLAGS.promises) !== 0,
    metadata: metadataOf(bytes.subarray(HEADER.size, HEADER.size + metadataLength)),
    length,
  }
}

/** Metadata only describes: what of it is damaged is left out. */
function metadataOf(bytes: Uint8Array): Metadata {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return {}
  }
  if (typeof json !== 'object' || json === null) return {}
  const { command, ...texts } = json as { readonly command?: unknown }
  const known = Object.entries(texts).filter(([key, value]) => TEXTS.includes(key) && typeof value === 'string')
  return { ...Object.fromEntries(known), ...(Array.isArray(command) ? { command: command.map(String) } : {}) }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
