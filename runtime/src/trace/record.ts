import { closeSync, openSync, unlinkSync } from 'node:fs'
import { resolve } from 'node:path'
import { expectOptions, unexpected } from '../expect.ts'
import { tracing } from './probe.ts'
import { besides, startRecording } from './start.ts'

export interface RecordOptions {
  /** The run that this recording belongs to: 32 hexadecimal digits that all processes of it share. Default: random. */
  readonly run?: string | undefined
  /** Told once when no more can be written, as on a full disk, and why. The program goes on. Default: nobody is. */
  readonly onProblem?: ((problem: string) => void) | undefined
}

const RUN = /^[0-9a-f]{32}$/u

let recording = false

/** A recording under way. */
export interface Recording {
  /** Waits until what was recorded so far is in the file, half a second at most, and blocks meanwhile. */
  flush(): void
  /** Ends the recording, and blocks until it is in the file, half a second at most. Harmless when repeated. */
  stop(): void
}

/**
 * Records from now on what this process does with this library, into a file for `forkline trace`. It ends by itself
 * when the process does; it neither keeps that alive nor changes what it does. What was made before, such as a pool,
 * is not recorded. `forkline run` records a program that does not ask for it, from its first line, and more of it;
 * under it this does nothing, for all of it goes to that recording.
 *
 * ```ts
 * import { record } from '@forkline/runtime/trace'
 * const recording = record('run.fltrace')
 * await main()
 * recording.stop()
 * ```
 *
 * Node only. The idea of a recording that costs next to nothing comes from Go's execution tracer.
 *
 * @param file is made; there must be none yet.
 * @throws what the file system says when the file exists or cannot be made; Error on another thread than the main
 * one, and when this was called before and not stopped; TypeError when an argument is not what it should be.
 */
export function record(file: string, options: RecordOptions = {}): Recording {
  if (typeof file !== 'string' || file === '') throw unexpected('file', 'the name of a file', file)
  expectOptions(options)
  const { run, onProblem } = options
  if (run !== undefined && !(typeof run === 'string' && RUN.test(run)))
    throw unexpected('run', '32 hexadecimal digits', run)
  if (recording) throw new Error('This process is being recorded already: stop that recording first')
  if (tracing.probe !== undefined) return { flush: nothing, stop: nothing }
  const opened = openSync(file, 'wx')
  try {
    const started = startRecording({
      file: opened,
      path: resolve(file),
      metadata: {
        command: [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
        cwd: process.cwd(),
        node: process.version,
        platform: process.platform,
      },
      ...(run === undefined ? {} : { run: Buffer.from(run, 'hex') }),
      ...(onProblem === undefined ? {} : { onProblem }),
    })
    recording = true
    tracing.join = besides('joinThread').href
    let stopped = false
    return {
      flush: () => {
        started.flush()
      },
      stop: () => {
        if (stopped) return
        stopped = true
        recording = false
        tracing.join = undefined
        started.stop()
      },
    }
  } catch (error) {
    closeSync(opened)
    unlinkSync(file)
    throw error
  }
}

function nothing(): void {
  // It is another's recording.
}
