/**
 * What `forkline run` has every Node program load first, with `--require`: it records this process, or this thread
 * of it. Whatever goes wrong here must not be noticed by the program.
 */
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads'
import { joinRecording, startRecording } from '../trace/start.ts'
import { recordCombinators } from './combinators.ts'
import { decodeConfig, type RunConfig, VARIABLE } from './config.ts'
import { noteProblem, noteRecording, openRecording, problemFile } from './files.ts'
import { isLauncher } from './launchers.ts'

/** Under this key the threads of a process find the origin of its clock. */
const ORIGIN = 'forkline.tracing.origin'

const config = decodeConfig(process.env[VARIABLE])
if (config !== undefined && !isLauncher(process.argv[1])) {
  try {
    if (isMainThread) startProcess(config)
    else startThread()
  } catch (error) {
    noteProblem(config, error)
  }
}

function startProcess(config: RunConfig): void {
  const { file, path } = openRecording(config)
  startRecording({
    file,
    run: Buffer.from(config.run, 'hex'),
    metadata: {
      command: [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
      cwd: process.cwd(),
      node: process.version,
      platform: process.platform,
    },
    problemFile: problemFile(config),
  })
  noteRecording(config, path)
  setEnvironmentData(ORIGIN, performance.timeOrigin)
  recordCombinators()
}

function startThread(): void {
  const origin = getEnvironmentData(ORIGIN)
  if (typeof origin !== 'number') return
  joinRecording(origin)
  recordCombinators()
}
