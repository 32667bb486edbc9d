import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'

/** Which file it is, whatever its number in the process. */
export interface FileIdentity {
  readonly dev: bigint
  readonly ino: bigint
}

/** An open file, and how to find out that it still is the one. */
export interface OpenFile {
  readonly fd: number
  readonly identity: FileIdentity
  /** Absolute: the program may go to another folder. Undefined when it is not known. */
  readonly path: string | undefined
}

/** Numbers up to this are those of the standard streams, and never ours. */
const LAST_STANDARD = 2

/** Which file is open under this number. */
export function identityOf(fd: number): FileIdentity {
  const { dev, ino } = fstatSync(fd, { bigint: true })
  return { dev, ino }
}

/**
 * The file of a recording, to be added to. Its number belongs to all threads of the process: a program that closes
 * every number there is closes this one, and may be given the same for a file of its own. So it is looked at first
 * which file it is; that takes a microsecond, fifty times a second.
 */
export class RecordingFile {
  #open: OpenFile | undefined

  constructor(open: OpenFile) {
    this.#open = open
  }

  /** @throws what the file system says, and Error when the program has closed the file and it is not to be had again. */
  write(bytes: Uint8Array): void {
    if (this.#open === undefined) return
    if (!isStill(this.#open)) this.#open = again(this.#open)
    for (let at = 0; at < bytes.length;) at += writeSync(this.#open.fd, bytes, at)
  }

  /** Nothing is written after that. */
  close(): void {
    const open = this.#open
    this.#open = undefined
    if (open !== undefined && isStill(open)) closeSync(open.fd)
  }
}

function isStill({ fd, identity }: OpenFile): boolean {
  try {
    const { dev, ino } = identityOf(fd)
    return dev === identity.dev && ino === identity.ino
  } catch {
    return false
  }
}

function again({ identity, path }: OpenFile): OpenFile {
  if (path === undefined) throw new Error('The program closed the file of the recording')
  const opened = { fd: openHigh(path), identity, path }
  if (isStill(opened)) return opened
  closeSync(opened.fd)
  throw new Error(`The program closed the file of the recording, and ${path} is another one by now`)
}

/** A program that has closed its standard streams is to have their numbers for what it opens in their place. */
function openHigh(path: string): number {
  const low: number[] = []
  try {
    for (;;) {
      const fd = openSync(path, constants.O_WRONLY | constants.O_APPEND)
      if (fd > LAST_STANDARD) return fd
      low.push(fd)
    }
  } finally {
    for (const fd of low) closeSync(fd)
  }
}
