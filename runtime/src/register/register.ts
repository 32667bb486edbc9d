/**
 * What `forkline run` has every Node program load first, with `--import`: it records this process, or this thread
 * of it. Whatever goes wrong here must not be noticed by the program.
 */
import { basename } from 'node:path'
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads'
import { joinRecording, startRecording } from '../trace/start.ts'
import { recordCombinators } from './combinators.ts'
import { decodeConfig, type RunConfig, VARIABLE } from './config.ts'
import { note, openRecording } from './files.ts'

/** Programs that only start others: their own doings are of no interest, and the recording is for what they start. */
const LAUNCHERS = new Set([
  'npm-cli.js', 'npx-cli.js', 'npm', 'npx', 'pnpm.cjs', 'pnpx.cjs', 'pnpm', 'yarn.js', 'yarn', 'corepack.js', 'corepack',
])

/** Under this key the threads of a process find the origin of its clock. */
const ORIGIN = 'forkline.tracing.origin'

const config = decodeConfig(process.env[VARIABLE])
if (config !== undefined && !LAUNCHERS.has(basename(process.argv[1] ?? ''))) {
  try {
    if (isMainThread) startProcess(config)
    else startThread()
  } catch (error) {
    note(config, `Process ${String(process.pid)} was not recorded: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function startProcess(config: RunConfig): void {
  const { file } = openRecording(config)
  startRecording({
    file,
    run: Buffer.from(config.run, 'hex'),
    metadata: {
      command: [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
      cwd: process.cwd(),
      node: process.version,
      platform: process.platform,
    },
    onProblem: (problem) => {
      note(config, `Recording of process ${String(process.pid)} broke off: ${problem}`)
    },
  })
  setEnvironmentData(ORIGIN, performance.timeOrigin)
  recordCombinators()
}

function startThread(): void {
  const origin = getEnvironmentData(ORIGIN)
  if (typeof origin !== 'number') return
  joinRecording(origin)
  recordCombinators()
}
