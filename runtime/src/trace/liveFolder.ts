import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** Names another folder, for programs and for those who look for them alike. */
const VARIABLE = 'FORKLINE_LIVE_DIR'

/** How a program that is recorded live makes itself known: the JSON in `<pid>.json` of the folder below. */
export interface LiveProgram {
  readonly version: 1
  readonly pid: number
  readonly command: readonly string[]
  readonly cwd: string
  /** The recording. Absolute. */
  readonly file: string
  /** The path of a Unix socket, or the name of a pipe on Windows. */
  readonly socket: string
  /** What whoever connects has to say first. */
  readonly token: string
  /** When the recording began, in ms since the Unix epoch. */
  readonly started: number
}

/** Where the programs of this user that are recorded live are listed. */
export function liveFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const chosen = env[VARIABLE]
  if (chosen !== undefined && chosen !== '') return chosen
  // On Windows the folder for temporary files is the user's own, and so are pipes.
  return join(tmpdir(), process.platform === 'win32' ? 'forkline' : `forkline-${String(userInfo().uid)}`)
}

/**
 * Makes the folder, for this user alone.
 *
 * @throws when it cannot be made, or is not this user's alone: another one could have made it, to listen.
 */
export function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (process.platform === 'win32') return
  const stats = lstatSync(folder)
  if (!stats.isDirectory() || stats.uid !== userInfo().uid || (stats.mode & 0o077) !== 0) {
    throw new Error(`${folder} must be a folder that only you can read. Remove it, or name another with ${VARIABLE}.`)
  }
}
