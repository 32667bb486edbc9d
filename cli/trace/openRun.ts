import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import path from 'node:path'
import {
  readHeader,
  readRecording,
  RecordingError,
  type RecordingHeader,
  RecordingReader,
  Trace,
} from '@forkline/trace'
import { UsageError } from '../usageError.ts'
import { sourceMapResolver } from './sourceMaps.ts'

/** How much is read at a time, in bytes. */
const PIECE = 4 << 20

/** A header with its metadata is shorter than this, in bytes: `readHeader` refuses longer ones. */
const LONGEST_HEADER = (1 << 20) + 4096

/** The recordings of one run, read into one trace. */
export interface Run {
  readonly trace: Trace
  /** The files, absolute, as the trace's recordings are numbered. */
  readonly files: readonly string[]
}

/**
 * Reads a recording and those of the other processes of its run that lie beside it, the one that started first
 * before the others, and each process once. Locations lead to the sources where source maps are there.
 *
 * @param file absolute.
 * @throws UsageError when the recording cannot be read at all.
 */
export function openRun(file: string): Run {
  const header = headerOf(file)
  const others = siblings(file, header.run)
  const files = withoutCopies([{ file, header }, ...others]).sort(
    (one, other) => one.header.origin - other.header.origin,
  )
  const trace = new Trace()
  trace.locations.resolveWith(sourceMapResolver())
  for (const one of files) readInto(trace, one.file)
  return { trace, files: files.map((one) => one.file) }
}

/**
 * Reads one recording.
 *
 * @throws UsageError when it cannot be read at all.
 */
export function readInto(trace: Trace, file: string): void {
  asUsageError(file, () => {
    const reader = new RecordingReader(trace)
    for (const piece of piecesOf(file)) reader.push(piece)
    reader.end()
  })
}

interface OtherRecording {
  readonly file: string
  readonly header: RecordingHeader
}

function siblings(file: string, run: string): OtherRecording[] {
  const folder = path.dirname(file)
  return readdirSync(folder).flatMap((name) => {
    const other = path.join(folder, name)
    if (!name.endsWith('.fltrace') || other === file) return []
    try {
      const header = headerOf(other)
      return header.run === run ? [{ file: other, header }] : []
    } catch {
      // What is no recording is none of this run.
      return []
    }
  })
}

/** Each process once, though copies of its recording lie there too: the first file, or else the one that goes on longest. */
function withoutCopies([first, ...others]: readonly [OtherRecording, ...OtherRecording[]]): OtherRecording[] {
  const processes = new Map([[processOf(first), first]])
  const sized = others
    .map((recording) => ({ recording, size: statSync(recording.file).size }))
    .sort((one, other) => other.size - one.size || one.recording.file.length - other.recording.file.length)
  for (const { recording } of sized) {
    const process = processOf(recording)
    if (!processes.has(process)) processes.set(process, recording)
  }
  return [...processes.values()]
}

/** No two processes have the same number and begin at the same moment. */
function processOf({ header }: OtherRecording): string {
  return `${String(header.pid)} ${String(header.origin)}`
}

function headerOf(file: string): RecordingHeader {
  return asUsageError(file, () => {
    const [first = new Uint8Array(0)] = piecesOf(file, LONGEST_HEADER)
    const header = readHeader(first)
    if (header !== undefined) return header
    readRecording(new Trace(), first)
    throw new Error('A recording without a header was read')
  })
}

function* piecesOf(file: string, size = PIECE): Generator<Uint8Array> {
  if (statSync(file).isDirectory()) throw new UsageError(`${file} is a folder. Name a recording, a .fltrace file.`)
  const descriptor = openSync(file, 'r')
  try {
    for (;;) {
      // A new one each time: the reader may still hold the one before.
      const piece = new Uint8Array(size)
      const length = readSync(descriptor, piece, 0, size, null)
      if (length === 0) return
      yield piece.subarray(0, length)
    }
  } finally {
    closeSync(descriptor)
  }
}

function asUsageError<R>(file: string, body: () => R): R {
  try {
    return body()
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (error instanceof RecordingError) throw new UsageError(`${file}: ${error.message}`)
    if (error instanceof RangeError && /allocation|array length|too large/i.test(error.message)) {
      throw new UsageError(`${file} needs more memory than there is. Record a shorter part of the program.`)
    }
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new UsageError(`There is no ${file}. Record one with \`forkline run\`.`)
    if (code !== undefined) throw new UsageError(`${file} cannot be read: ${message}`)
    throw error
  }
}
