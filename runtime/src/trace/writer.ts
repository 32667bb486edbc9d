/**
 * The thread that brings a recording to disk. It takes what the program's threads have put into their rings, each
 * 20 ms or when a ring fills up, and appends it to the file. The program never waits for it, but at its very end.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { type LiveOptions, LiveServer } from './liveServer.ts'
import { noteProblem, Output } from './output.ts'
import { brokeOff, notLive } from './problem.ts'
import { CONTROL, Ring, WRITERS } from './ring.ts'
import { ThreadRings } from './threadRings.ts'
import type { WriterData, WriterProblem } from './writerMessages.ts'

const INTERVAL_MS = 20

/** The longest that a timer can be set to, in ms. */
const LONGEST_DELAY = 2 ** 31 - 1

async function write({ file, origin, main, threads, problemFile, live }: WriterData): Promise<void> {
  const { control } = new Ring(main.memory)
  // The program may have ended already, and have done this by itself.
  if (Atomics.compareExchange(control, CONTROL.writer, WRITERS.none, WRITERS.thread) !== WRITERS.none) return
  const output = new Output(file, origin, main, new ThreadRings(threads), (error) => {
    const problem: WriterProblem = { problem: error instanceof Error ? error.message : String(error) }
    parentPort?.postMessage(problem)
    noteProblem(brokeOff(error), problemFile)
  })
  // To wait as below keeps no thread alive.
  const alive = setInterval(() => undefined, LONGEST_DELAY)
  let server: LiveServer | undefined
  const serving =
    live
    && serve(live, problemFile).then((opened) => {
      server = opened
    })
  for (;;) {
    const wake = Atomics.load(control, CONTROL.wake)
    const asked = Atomics.load(control, CONTROL.flushAsked)
    // Looked at first: what was put before the end is then sure to be seen.
    const ended = Atomics.load(control, CONTROL.ended)
    output.drain()
    server?.grown()
    if (ended !== 0) output.end(ended - 1)
    if (Atomics.load(control, CONTROL.flushed) !== asked) {
      Atomics.store(control, CONTROL.flushed, asked)
      Atomics.notify(control, CONTROL.flushed)
    }
    if (ended !== 0) break
    const waiting = Atomics.waitAsync(control, CONTROL.wake, wake, INTERVAL_MS)
    if (waiting.async) await waiting.value
  }
  clearInterval(alive)
  await serving
  server?.close()
}

/** That nobody can look on is told, and is no reason not to record. */
async function serve(options: LiveOptions, problemFile: string | undefined): Promise<LiveServer | undefined> {
  const failed = (error: unknown): void => {
    noteProblem(notLive(error), problemFile)
  }
  try {
    const server = await LiveServer.open(options)
    server.listen(failed)
    return server
  } catch (error) {
    failed(error)
    return undefined
  }
}

await write(workerData as WriterData)
