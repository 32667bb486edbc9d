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
  /** Of the whole process, at its end, in MB, where the program tells. */
  readonly memory: number
}

/** The same work, recorded and not. */
export interface Pair {
  readonly plain: Measured
  readonly recorded: Measured
  /** How much of the throughput recording leaves, where one process does both in turns. */
  readonly share: number
  /** How much of the time the event loop had something to do there. */
  readonly busy: number
  readonly dropped: number
}

/** What a program prints. */
type Told = Partial<Measured & Omit<Pair, 'plain' | 'recorded'> & { readonly plain: number; readonly recorded: number }>

const run = promisify(execFile)
let runs = 0

/**
 * Runs a program of this folder in a process that records, and in one that does not.
 *
 * @param plainFirst in which order.
 * @throws Error when it fails, or its recording cannot be read.
 */
export async function measureInTurns(programs: Programs, program: string, plainFirst: boolean): Promise<Pair> {
  const first = plainFirst ? await ran(programs, program) : undefined
  const recorded = await recordedRun(programs, program)
  const plain = first ?? (await ran(programs, program))
  return { plain: measured(plain), recorded: measured(recorded.told), share: NaN, busy: NaN, dropped: recorded.dropped }
}

/** As `measureInTurns`, for a program that turns recording on and off by itself. */
export async function measureWithin(programs: Programs, program: string): Promise<Pair> {
  const { told, dropped } = await recordedRun(programs, program)
  const { plain, recorded, share = NaN, busy = NaN } = told
  return { plain: measured({ figure: plain }), recorded: measured({ figure: recorded }), share, busy, dropped }
}

/** Runs a program that does not record, and compares by itself. */
export async function measureAlone(programs: Programs, program: string): Promise<Pair> {
  const plain = measured(await ran(programs, program))
  return { plain, recorded: plain, share: NaN, busy: NaN, dropped: 0 }
}

async function recordedRun(
  programs: Programs,
  program: string,
): Promise<{ readonly told: Told; readonly dropped: number }> {
  const file = join(programs.folder, `${String(++runs)}.fltrace`)
  const told = await ran(programs, program, file)
  return { told, dropped: droppedIn(file) }
}

async function ran({ folder }: Programs, program: string, ...args: readonly string[]): Promise<Told> {
  const { stdout } = await run(process.execPath, ['--expose-gc', join(folder, `${program}.js`), ...args], {
    maxBuffer: 1 << 20,
  })
  return JSON.parse(stdout) as Told
}

function measured({
  figure = NaN,
  all = NaN,
  memory = NaN,
}: { readonly [K in keyof Measured]?: Measured[K] | undefined }): Measured {
  return { figure, all, memory }
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
