import { open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { CHUNK, CHUNK_MAGIC, CHUNK_TYPES, HEADER, MAGIC } from '@forkline/runtime/trace-format'

/** One file of a run, as it was when it was looked at. */
export interface RunFile {
  readonly path: string
  /** In bytes. */
  readonly size: number
}

/** Of one of its processes: what tells the files of a run apart from others beside them. */
interface Mark {
  readonly run: string
  /** When its clock was 0, in ms since the Unix epoch. */
  readonly origin: number
  readonly pid: number
}

/**
 * The files of the run that a recording belongs to: itself, and those beside it that other processes of the run
 * wrote, the process that started first before the others.
 *
 * @throws what the file system says when the recording itself cannot be looked at.
 */
export async function filesOfRun(recording: string): Promise<readonly RunFile[]> {
  const own: RunFile = { path: recording, size: (await stat(recording)).size }
  const mark = await markOf(recording)
  if (mark === undefined) return [own]
  const { dir, name, ext } = path.parse(recording)
  const [stem = name] = name.split('.')
  const found = [{ ...own, mark }]
  for (const other of await readdir(dir)) {
    const at = path.join(dir, other)
    if (at === recording || !other.startsWith(stem) || path.extname(other) !== ext) continue
    try {
      const theirs = await markOf(at)
      if (theirs?.run === mark.run) found.push({ path: at, size: (await stat(at)).size, mark: theirs })
    } catch {
      // It vanished or may not be read: the run is shown without it.
    }
  }
  return withoutCopies(found)
    .sort((one, another) => one.mark.origin - another.mark.origin)
    .map(({ path: at, size }) => ({ path: at, size }))
}

/** Each process once, though copies of its recording lie there too: the first file, or else the one that goes on longest. */
function withoutCopies<F extends RunFile & { readonly mark: Mark }>([first, ...others]: readonly F[]): F[] {
  const processes = new Map<string, F>()
  const bySize = others.sort((one, another) => another.size - one.size || one.path.length - another.path.length)
  for (const file of first === undefined ? [] : [first, ...bySize]) {
    const process = `${String(file.mark.pid)} ${String(file.mark.origin)}`
    if (!processes.has(process)) processes.set(process, file)
  }
  return [...processes.values()]
}

/** Undefined for a file that has no header of a recording, or not yet. */
async function markOf(file: string): Promise<Mark | undefined> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER.size), 0, HEADER.size, 0)
    if (bytesRead < HEADER.size || MAGIC.some((byte, place) => buffer[place] !== byte)) return undefined
    return {
      run: buffer.toString('hex', HEADER.run, HEADER.run + 16),
      origin: buffer.readDoubleLE(HEADER.origin),
      pid: buffer.readUInt32LE(HEADER.pid),
    }
  } finally {
    await handle.close()
  }
}

/** How long a program may take from making its recording to writing the first of it, in ms. */
const FIRST_WRITE_MS = 5000

/** The last chunk of a recording that was ended in order, in bytes. */
const END_SIZE = CHUNK.size + 16

/**
 * The number of the process that writes a recording; undefined when its header is not there yet.
 *
 * @throws What the file system says when the recording cannot be read.
 */
export async function processOf(recording: string): Promise<number | undefined> {
  return (await markOf(recording))?.pid
}

/** Whether the process that writes a recording may still add to it. */
export async function isOngoing(recording: string): Promise<boolean> {
  const handle = await open(recording)
  try {
    const { size, mtimeMs } = await handle.stat()
    // The file is there before its header is: then only its age tells whether a program is about to write it.
    if (size < HEADER.size) return Date.now() - mtimeMs < FIRST_WRITE_MS
    const { buffer: header } = await handle.read(Buffer.alloc(HEADER.size), 0, HEADER.size, 0)
    if (MAGIC.some((byte, place) => header[place] !== byte)) return false
    const { buffer: last } = await handle.read(Buffer.alloc(END_SIZE), 0, END_SIZE, Math.max(0, size - END_SIZE))
    const ended = last.readUInt32LE(CHUNK.magic) === CHUNK_MAGIC && last.readUInt16LE(CHUNK.type) === CHUNK_TYPES.end
    return !ended && isAlive(header.readUInt32LE(HEADER.pid))
  } finally {
    await handle.close()
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
