import { appendFileSync, openSync } from 'node:fs'
import { join, parse } from 'node:path'
import { notRecorded } from '../trace/problem.ts'
import { PROBLEM_NOTE, RECORDING_NOTE, type RunConfig } from './config.ts'

/**
 * Opens the file of this process's recording: the one that was asked for, or one beside it when another process
 * of the run has that.
 *
 * @throws what the file system says when neither can be made.
 */
export function openRecording({ out }: RunConfig): { readonly file: number; readonly path: string } {
  const { dir, name, ext } = parse(out)
  const own = [
    out,
    join(dir, `${name}.${String(process.pid)}${ext}`),
    join(dir, `${name}.${String(process.pid)}.${String(Date.now())}${ext}`),
  ]
  for (const path of own) {
    try {
      return { file: openSync(path, 'wx'), path }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || path === own.at(-1)) throw error
    }
  }
  throw new Error('unreachable')
}

/** Where `forkline run` looks for problems of this process, once the program has ended. */
export function problemFile({ notes }: RunConfig): string {
  return join(notes, `${String(process.pid)}${PROBLEM_NOTE}`)
}

/** Tells `forkline run` that there is a recording. */
export function noteRecording(config: RunConfig, path: string): void {
  append(join(config.notes, `${String(process.pid)}${RECORDING_NOTE}`), path)
}

/** Tells `forkline run` that recording did not work. */
export function noteProblem(config: RunConfig, error: unknown): void {
  append(problemFile(config), notRecorded(error))
}

function append(file: string, line: string): void {
  try {
    appendFileSync(file, `${line}\n`)
  } catch {
    // Nobody is left to tell, and the program must not notice.
  }
}
