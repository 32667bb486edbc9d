import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readRecording, Trace } from '@forkline/trace'
import type { Programs } from './build.ts'

/** What one run of a program has found. */
export interface Measured {
  /** What the program measured, in the unit of its part. */
  readonly figure: number
  /** The same for all threads of the process, where the program tells. */
  readonly all: number
  /** Of the whole process, at its end, in MB. */
  readonly memory: number
  readonly dropped: number
}

const run = promisify(execFile)
let runs = 0

/**
 * Runs one of the programs of this folder in a process of its own.
 *
 * @throws Error when it fails, or its recording cannot be read.
 */
export async function measure({ folder }: Programs, program: string, recorded: boolean): Promise<Measured> {
  const file = join(folder, `${String(++runs)}.fltrace`)
  const args = ['--expose-gc', join(folder, `${program}.js`), ...(recorded ? [file] : [])]
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 20 })
  const { figure, all = NaN, memory } = JSON.parse(stdout) as Partial<Measured> & Pick<Measured, 'figure' | 'memory'>
  return { figure, all, memory, dropped: recorded ? droppedIn(file) : 0 }
}

/** How many records were dropped. The file goes: there is one of a hundred MB for each run. */
function droppedIn(file: string): number {
  const trace = new Trace()
  const bytes = readFileSync(file)
  readRecording(trace, bytes)
  const [damage] = trace.recordings[0]?.damage ?? []
  if (damage !== undefined) throw new Error(`The recording is damaged at byte ${damage.offset}: ${damage.reason}`)
  rmSync(file)
  return trace.dropped.records + trace.dropped.strings
}
