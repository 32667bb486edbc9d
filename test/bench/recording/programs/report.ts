import { record } from '@forkline/runtime/trace'

/** Records from now on, when the program was given a file to record into. */
export function begin(): void {
  const [, , file] = process.argv
  if (file !== undefined) record(file)
}

/** Time that this thread has had on a processor, in ms: what else the machine does is not in it. */
export function threadTime(): number {
  const { threadCpuUsage } = process as { readonly threadCpuUsage?: () => NodeJS.CpuUsage }
  const { user, system } = threadCpuUsage?.call(process) ?? process.cpuUsage()
  return (user + system) / 1000
}

/** Nothing is ever stored there: to wait for it is to wait. */
const NEVER = new Int32Array(new SharedArrayBuffer(4))

/**
 * As `threadTime`, to the microsecond: systems that count by steps of some ms bring the count up to date when a thread
 * gives its processor away.
 */
export function exactThreadTime(): number {
  Atomics.wait(NEVER, 0, 0, 0.05)
  return threadTime()
}

/** Time that all threads have had on a processor, in ms. */
export function processTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** How long this thread is at it, in ms, with a clean heap before. */
export async function timeOf(body: () => Promise<void>, clock = threadTime): Promise<number> {
  globalThis.gc?.()
  const start = clock()
  await body()
  return clock() - start
}

/** Tells what was measured, and how much memory the process has at its end. */
export function report(figures: { readonly figure: number; readonly all?: number }): void {
  globalThis.gc?.()
  console.log(JSON.stringify({ ...figures, memory: process.memoryUsage.rss() / 2 ** 20 }))
}

/**
 * Tells what was measured of both sides, in turns within this process.
 *
 * @param figures `share` is how much of the throughput is left, and `busy` how much of the time the event loop had work.
 */
export function reportPair(figures: {
  readonly plain: number
  readonly recorded: number
  readonly share: number
  readonly busy: number
}): void {
  console.log(JSON.stringify(figures))
}
