import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { pool } from '@forkline/runtime'
import { readRecording, type Summary, summarise, Trace } from '@forkline/trace'
import type { Seen } from '../../../examples/patterns/service/mock.ts'
import { buildTools, ROOT } from '../../register/build.ts'

const execute = promisify(execFile)

const FOLDER = join(ROOT, 'examples/patterns')

/** All patterns, by name. */
export const PATTERNS: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'))

/** The pipeline with its mistakes. */
export const MISTAKEN = 'mistaken news pipeline'

/** More than two at once would only make each other slower on a small machine. */
const AT_ONCE = 3

/** What one way of doing a pattern's work was, counted by the mock service, its client, and the pattern itself. */
export interface Counted {
  readonly seen: Seen
  /** Calls that the client made. */
  readonly made: number
  readonly result: unknown
}

/** What a pattern's program says of one comparison. */
export interface Comparison {
  readonly name: string
  readonly sequential: Counted
  readonly concurrent: Counted
}

/** A program that was run by `forkline run`: what was recorded, and what is known of it without the recording. */
export interface Recorded {
  readonly name: string
  readonly stdout: string
  readonly trace: Trace
  readonly summary: Summary
  readonly comparisons: readonly Comparison[]
  /** How often the servers of the mistaken pipeline gave which answer, as in `POST /model/summary 429`. */
  readonly answers: Readonly<Record<string, number>>
  /** The recordings, the first process first. */
  readonly files: readonly Uint8Array[]
}

interface Program {
  readonly name: string
  /** Options of `forkline run`. */
  readonly options?: readonly string[]
  /** Of Node. */
  readonly args: readonly string[]
}

/** Records programs by `forkline run`, a few at a time, and gives what came of each by its name. */
export async function recordPrograms(programs: readonly Program[]): Promise<ReadonlyMap<string, Recorded>> {
  const tools = await buildTools()
  const folder = mkdtempSync(join(tmpdir(), 'forkline-patterns-'))
  try {
    const recorded = await pool({ concurrency: AT_ONCE }).map(programs, (program, { signal, index }) =>
      record(tools.cli, join(folder, String(index)), program, signal),
    )
    return new Map(recorded.map((one) => [one.name, one]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
    tools.remove()
  }
}

/** A pattern, run as `npm run pattern` does. */
export function pattern(name: string): Program {
  return { name, args: ['--conditions=source', join(FOLDER, `${name}.ts`)] }
}

/** The mistaken pipeline. With every promise, for some of its mistakes are promises that nobody waits for. */
export const MISTAKEN_PIPELINE: Program = {
  name: MISTAKEN,
  options: ['--promises'],
  args: ['--import', join(import.meta.dirname, 'countRequests.ts'), join(ROOT, 'examples/news-pipeline/src/main.ts')],
}

async function record(
  cli: string,
  path: string,
  { name, options = [], args }: Program,
  signal: AbortSignal,
): Promise<Recorded> {
  const out = `${path}.fltrace`
  const report = `${path}.json`
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', PATTERN_REPORT: report }
  const { stdout, stderr } = await execute(
    process.execPath,
    [cli, 'run', '--out', out, ...options, '--', process.execPath, ...args],
    { env, signal },
  )
  if (stderr !== '') throw new Error(`${name} printed\n${stderr}`)
  const files = [readFileSync(out)]
  const trace = new Trace()
  for (const file of files) readRecording(trace, file)
  const lines = readFileSync(report, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  return {
    name,
    stdout,
    trace,
    summary: summarise(trace),
    files,
    ...(name === MISTAKEN
      ? { comparisons: [], answers: lines[0] as Record<string, number> }
      : { comparisons: lines as Comparison[], answers: {} }),
  }
}
