import { closeSync, fstatSync, openSync, rmSync, writeSync } from 'node:fs'
import { UsageError } from '../usageError.ts'

/** Pieces are put together until there are so many bytes to write. */
const AT_ONCE = 1 << 20

/**
 * Writes a new file, piece by piece. When that fails, nothing is left behind.
 *
 * @param file absolute.
 * @throws UsageError when the file is there already, or cannot be written.
 */
export function writeOut(file: string, pieces: Iterable<string | Uint8Array>): void {
  // `wx` refuses what is there already in the same step that makes it.
  const descriptor = attempt(file, () => openSync(file, 'wx'))
  try {
    let held: Buffer[] = []
    let size = 0
    const flush = (): void => {
      const bytes = Buffer.concat(held)
      for (let at = 0; at < bytes.length;) at += attempt(file, () => writeSync(descriptor, bytes, at))
      held = []
      size = 0
    }
    for (const piece of pieces) {
      const bytes = Buffer.from(piece)
      held.push(bytes)
      size += bytes.length
      if (size >= AT_ONCE) flush()
    }
    flush()
    closeSync(descriptor)
  } catch (error) {
    const regular = fstatSync(descriptor).isFile()
    closeSync(descriptor)
    if (regular) rmSync(file, { force: true })
    throw error
  }
}

function attempt<R>(file: string, operation: () => R): R {
  try {
    return operation()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') {
      throw new UsageError(`${file} exists already, and is not overwritten. Remove it, or name another file with -o.`)
    }
    if (code === 'ENOENT') throw new UsageError(`${file} cannot be written: its folder does not exist. Make it first.`)
    throw new UsageError(`${file} cannot be written: ${message}`)
  }
}
