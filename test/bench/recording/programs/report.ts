import { record } from '@forkline/runtime/trace'

/** Records from now on, when the program was given a file to record into. */
export function begin(): void {
  const [, , file] = process.argv
  if (file !== undefined) record(file)
}

/** Tells what was measured, and how much memory the process has at its end. */
export function report(figure: number): void {
  globalThis.gc?.()
  console.log(JSON.stringify({ figure, memory: process.memoryUsage.rss() / 2 ** 20 }))
}
