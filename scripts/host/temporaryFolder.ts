import { rmSync } from 'node:fs'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

/** A new, empty folder that goes away with all it holds when disposed of, or with this process. */
export interface TemporaryFolder extends AsyncDisposable {
  /** Absolute, with no symbolic link on the way. */
  readonly path: string
}

/** Makes a {@link TemporaryFolder} outside any project, so that no parent's configuration reaches into it. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'forkline-')))
  // A process that was just killed may still be writing its last log line.
  const patiently = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }
  const removeAtExit = (): void => {
    rmSync(folder, patiently)
  }
  process.once('exit', removeAtExit)
  return {
    path: folder,
    [Symbol.asyncDispose]: async () => {
      process.removeListener('exit', removeAtExit)
      await rm(folder, patiently)
    },
  }
}
