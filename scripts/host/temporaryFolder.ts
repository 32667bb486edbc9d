import { mkdtemp, realpath, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

/** A new, empty folder that goes away with all it holds when disposed of. */
export interface TemporaryFolder extends AsyncDisposable {
  /** Absolute, with no symbolic link on the way. */
  readonly path: string
}

/** Makes a {@link TemporaryFolder} outside any project, so that no parent's configuration reaches into it. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'forkline-')))
  return {
    path: folder,
    // A process that was just killed may still be writing its last log line.
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  }
}
