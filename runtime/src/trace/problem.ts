/** What to do about what a file system says of a recording. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'Make the folder first, or name another file with --out.',
  ENOTDIR: 'Name a file in a folder with --out.',
  EACCES: 'Name a file where you may write with --out.',
  EPERM: 'Name a file where you may write with --out.',
  EROFS: 'Name a file where you may write with --out.',
  ENOSPC: 'Free some space, or name a file on another disk with --out.',
  EDQUOT: 'Free some space, or name a file on another disk with --out.',
  EFBIG: 'Allow larger files (`ulimit -f`), or record less.',
}

/** One line for people: a process could not be recorded, and what to do. */
export function notRecorded(error: unknown): string {
  return `Process ${String(process.pid)} was not recorded: ${withRemedy(error)}`
}

/** One line for people: the recording ends before the process does, and what to do. */
export function brokeOff(error: unknown): string {
  return `The recording of process ${String(process.pid)} breaks off: ${withRemedy(error)}`
}

/** One line for people: nobody can look on while the process runs, and what to do. */
export function notLive(error: unknown): string {
  return `Process ${String(process.pid)} is recorded, but cannot be shown while it runs: ${withRemedy(error)}`
}

function withRemedy(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const remedy = REMEDIES[(error as NodeJS.ErrnoException | undefined)?.code ?? '']
  return remedy === undefined ? text : `${text}. ${remedy}`
}
