import { appendFileSync, openSync } from 'node:fs'
import { join, parse } from 'node:path'
import type { RunConfig } from './config.ts'

/**
 * Opens the file of this process's recording: the one that was asked for, or one beside it when another process
 * of the run has that.
 *
 * @throws what the file system says when neither can be made.
 */
export function openRecording({ out }: RunConfig): { readonly file: number; readonly path: string } {
  const { dir, name, ext } = parse(out)
  const own = [out, join(dir, `${name}.${String(process.pid)}${ext}`),
    join(dir, `${name}.${String(process.pid)}.${String(Date.now())}${ext}`)]
  for (const path of own) {
    try {
      return { file: openSync(path, 'wx'), path }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || path === own.at(-1)) throw error
    }
  }
  throw new Error('unreachable')
}

/** Tells `forkline run` that recording did not work. It shows it once the program has ended. */
export function note({ notes }: RunConfig, problem: string): void {
  try {
    appendFileSync(join(notes, `${String(process.pid)}.txt`), `${problem}\n`)
  } catch {
    // Nobody is left to tell, and the program must not notice.
  }
}
