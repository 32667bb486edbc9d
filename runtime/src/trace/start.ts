import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { isMainThread, threadId, Worker } from 'node:worker_threads'
import { encodeHeader } from './chunks.ts'
import type { Metadata } from './format.ts'
import { tracing } from './probe.ts'
import { noteProblem, Output } from './output.ts'
import { brokeOff } from './problem.ts'
import { Recorder } from './recorder.ts'
import { offerRecording } from './join.ts'
import { identityOf } from './recordingFile.ts'
import { CONTROL, Ring, ringMemory, WRITERS } from './ring.ts'
import { ThreadRings } from './threadRings.ts'
import type { WriterData, WriterProblem } from './writerMessages.ts'

/** Enough for what most programs do while the writer comes to look, and small enough to stay in a processor's cache; … */
const RECORDS = 1 << 15
/** … and for those that do more. */
const MORE_RECORDS = 1 << 17
const TEXT_BYTES = 1 << 20

/** How long the program's end may wait for the writer, in ms. */
const LAST_FLUSH_MS = 500

export interface RecordingOptions {
  /** A file that is open for writing, and empty. The recording closes it. */
  readonly file: number
  /** Where it is, absolute: it is opened again there when the program closes what it did not open. */
  readonly path?: string
  /** Sixteen bytes that all processes of one run share. Default: random ones. */
  readonly run?: Uint8Array
  /** Of `HEADER_FLAGS`, added up. Default: 0. */
  readonly flags?: number
  readonly metadata?: Metadata
  /** Where the program of the writer is. Default: beside this one. */
  readonly writer?: URL
  /** Told once when nothing can be written any more, and why. The program goes on. */
  readonly onProblem?: (problem: string) => void
  /** A file to which a line is added when nothing can be written any more: the process may have ended by then. */
  readonly problemFile?: string | undefined
  /** Shows the recording, by its path, to those who connect while it grows. */
  readonly live?: { readonly folder: string; readonly file: string } | undefined
}

export interface Recording {
  readonly recorder: Recorder
  /** Waits until all that was recorded so far is on disk, half a second at most, and blocks meanwhile. */
  flush(): void
  /** Ends the recording, and blocks until it is on disk, half a second at most. Called by itself when the process ends. */
  stop(exitCode?: number): void
}

/**
 * Begins to record this process. To be called before the program is loaded: what it made earlier is not recorded.
 *
 * @throws Error on another thread than the main one, and when the process is being recorded already; what the file
 * system says when nothing can be written.
 */
export function startRecording(options: RecordingOptions): Recording {
  if (!isMainThread) throw new Error('Only the main thread can start a recording; its threads join by themselves')
  if (tracing.probe !== undefined) throw new Error('This process is being recorded already: stop that recording first')
  const origin = performance.timeOrigin
  const memory = ringMemory(RECORDS, TEXT_BYTES, MORE_RECORDS)
  const ring = new Ring(memory)
  const data: WriterData = {
    file: { fd: options.file, identity: identityOf(options.file), path: options.path },
    main: { id: threadId, parent: undefined, memory, name: 'main' },
    threads: ThreadRings.memory(),
    origin,
    problemFile: options.problemFile,
    live: options.live && {
      ...options.live,
      command: options.metadata?.command ?? [],
      cwd: options.metadata?.cwd ?? '',
      started: origin,
    },
  }
  // At once, so that whoever kills the program leaves a recording that can be read.
  writeSync(
    options.file,
    encodeHeader({
      origin,
      run: options.run ?? randomBytes(16),
      pid: process.pid,
      parentPid: process.ppid,
      flags: options.flags ?? 0,
      metadata: options.metadata ?? {},
    }),
  )
  const script = options.writer ?? besides('writer')
  // The writer gets none of the program's own flags and preloads: it must not record itself.
  const writer = new Worker(script, {
    workerData: data,
    env: {},
    execArgv: [],
    stdin: false,
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 1 },
    // The file that it closes was opened by this thread.
    trackUnmanagedFds: false,
  })
  writer.on('message', ({ problem }: WriterProblem) => options.onProblem?.(problem))
  let lost = false
  const lose = (error: unknown): void => {
    if (lost) return
    lost = true
    options.onProblem?.(String(error))
    noteProblem(brokeOff(error), options.problemFile)
  }
  writer.on('error', lose)
  writer.on('exit', (code) => {
    if (Atomics.load(ring.control, CONTROL.ended) !== 0) return
    // Nobody takes anything out of the rings any more: whoever waits for that waits in vain.
    Atomics.compareExchange(ring.control, CONTROL.writer, WRITERS.thread, WRITERS.gone)
    lose(new Error(`The thread that writes it ended with exit code ${String(code)}`))
  })
  // After the listeners, which would keep the process alive again.
  writer.unref()
  const recorder = new Recorder(ring, origin)
  const stop = (exitCode: number): void => {
    end(ring, data, exitCode, (error) => {
      options.onProblem?.(String(error))
      noteProblem(brokeOff(error), options.problemFile)
    })
  }
  process.once('exit', stop)
  tracing.probe = recorder
  offerRecording({ threads: data.threads, bell: memory.shared, origin, parent: threadId, task: 0 })
  return {
    recorder,
    flush: () => {
      flush(ring)
    },
    stop: (exitCode = 0) => {
      process.off('exit', stop)
      tracing.probe = undefined
      offerRecording(undefined)
      stop(exitCode)
    },
  }
}

/** The address of another module of this folder: it lies beside this one among the sources, in the package, and in bundles. */
export function besides(name: string): URL {
  // Written out, since bundlers know no other form of it.
  const here = import.meta.url
  return new URL(`./${name}${here.endsWith('.ts') ? '.ts' : here.endsWith('.cjs') ? '.mjs' : '.js'}`, here)
}

function end(
  ring: Ring,
  { file, origin, main, threads }: WriterData,
  exitCode: number,
  failed: (error: unknown) => void,
): void {
  const { control } = ring
  const code = exitCode & 0xff
  Atomics.store(control, CONTROL.ended, code + 1)
  if (Atomics.compareExchange(control, CONTROL.writer, WRITERS.none, WRITERS.program) !== WRITERS.none) {
    flush(ring)
    return
  }
  // The writer has not even come up: the program was too short, or the machine too busy.
  const output = new Output(file, origin, main, new ThreadRings(threads), failed)
  output.drain()
  output.end(code)
}

function flush(ring: Ring): void {
  const { control } = ring
  if (Atomics.load(control, CONTROL.writer) === WRITERS.gone) return
  const asked = Atomics.add(control, CONTROL.flushAsked, 1) + 1
  Atomics.add(control, CONTROL.wake, 1)
  Atomics.notify(control, CONTROL.wake)
  const until = performance.now() + LAST_FLUSH_MS
  for (
    let done = Atomics.load(control, CONTROL.flushed);
    done !== asked;
    done = Atomics.load(control, CONTROL.flushed)
  ) {
    const left = until - performance.now()
    if (left <= 0) return
    Atomics.wait(control, CONTROL.flushed, done, left)
  }
}
