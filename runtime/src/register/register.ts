/**
 * What `forkline run` has every Node program load first, with `--require`: it records this process, or this thread
 * of it. Whatever goes wrong here must not be noticed by the program.
 */
import { closeSync, unlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { getEnvironmentData, isInternalThread, isMainThread } from 'node:worker_threads'
import { HEADER_FLAGS } from '../trace/format.ts'
import { liveFolder } from '../trace/liveFolder.ts'
import { joinRecording } from '../trace/join.ts'
import type { Recorder } from '../trace/recorder.ts'
import { type RecordingOptions, startRecording } from '../trace/start.ts'
import { decodeConfig, type RunConfig, VARIABLE } from './config.ts'
import { noteProblem, noteRecording, openRecording, problemFile } from './files.ts'
import { instrument } from './instrument.ts'
import { HOOKS } from './libraries.ts'
import { isLauncher } from './launchers.ts'

/**
 * Whether this is a thread in which Node runs the loaders that a program brings: nothing there is the program's doing,
 * and Node 22 cannot load modules any more in a thread of theirs that has hooks of ours. Node 20 does not tell.
 */
const isOfNode = (isInternalThread as boolean | undefined) === true || getEnvironmentData(HOOKS) === true

const config = decodeConfig(process.env[VARIABLE])
if (config !== undefined && !isOfNode && !isLauncher(process.argv[1])) {
  try {
    requireLoadable(import.meta.url)
    if (isMainThread) startProcess(config)
    else startThread(config)
  } catch (error) {
    noteProblem(config, error)
  }
}

function startProcess(config: RunConfig): void {
  const opened = openRecording(config)
  const recorder = startRecorder(config, opened)
  noteRecording(config, opened.path)
  instrument(recorder, config)
}

/** @throws what keeps it from that, such as permissions of the process. Then nothing of it is left behind. */
function startRecorder(config: RunConfig, { file, path }: ReturnType<typeof openRecording>): Recorder {
  try {
    return startRecording(optionsOf(config, file, path)).recorder
  } catch (error) {
    closeSync(file)
    unlinkSync(path)
    throw error
  }
}

function optionsOf(config: RunConfig, file: number, path: string): RecordingOptions {
  return {
    file,
    path,
    run: Buffer.from(config.run, 'hex'),
    flags: config.promises ? HEADER_FLAGS.promises : 0,
    metadata: {
      command: [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
      cwd: process.cwd(),
      node: process.version,
      platform: process.platform,
    },
    problemFile: problemFile(config),
    live: config.live ? { folder: liveFolder(), file: path } : undefined,
  }
}

function startThread(config: RunConfig): void {
  const recorder = joinRecording()
  if (recorder !== undefined) instrument(recorder, config)
}

/** What else is to be loaded lies beside this, and a program would end when Node cannot. */
function requireLoadable(url: string): void {
  if (!/%5c|%2f/iu.test(url)) return
  throw new Error(
    `Node loads no modules from a folder with a backslash in its name. Move Forkline from ${fileURLToPath(url)}`,
  )
}
