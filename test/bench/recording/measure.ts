import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readRecording, Trace } from '@forkline/trace'

/** What one run of a program has found. */
export interface Measured {
  /** What the program measured, in the unit of its part. */
  readonly figure: number
  /** Of the whole process, at its end, in MB. */
  readonly memory: number
  /** Records of all threads, those that were dropped included; 0 when it did not record. */
  readonly events: number
  readonly dropped: number
}

const run = promisify(execFile)

/**
 * Runs one of the programs of this folder in a process of its own.
 *
 * @throws Error when it fails, or its recording cannot be read.
 */
export async function measure(program: string, recorded: boolean): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'forkline-bench-'))
  const file = join(folder, 'bench.fltrace')
  try {
    const script = join(import.meta.dirname, 'programs', `${program}.ts`)
    const args = ['--conditions=source', '--expose-gc', script, ...(recorded ? [file] : [])]
    const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 20 })
    const { figure, memory } = JSON.parse(stdout) as Pick<Measured, 'figure' | 'memory'>
    return { figure, memory, ...(recorded ? contentsOf(file) : { events: 0, dropped: 0 }) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function contentsOf(file: string): Pick<Measured, 'events' | 'dropped'> {
  const trace = new Trace()
  readRecording(trace, readFileSync(file))
  const [damage] = trace.recordings[0]?.damage ?? []
  if (damage !== undefined) throw new Error(`The recording is damaged at byte ${damage.offset}: ${damage.reason}`)
  const dropped = trace.dropped.records + trace.dropped.strings
  // A record is 24 bytes, and there is little else in these files.
  return { events: Math.floor(statSync(file).size / 24) + dropped, dropped }
}
