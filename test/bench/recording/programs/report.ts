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
