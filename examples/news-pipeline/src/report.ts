import { styleText } from 'node:util'

/** Runs one stage, and prints how long it took and what `tell` makes of its outcome. */
export async function stage<T>(name: string, work: () => Promise<T>, tell: (value: T) => string): Promise<void> {
  const started = performance.now()
  let outcome: string
  try {
    outcome = tell(await work())
  } catch (error) {
    outcome = `failed: ${error instanceof Error ? error.message : String(error)}`
  }
  line(name, performance.now() - started, outcome)
}

/** Prints one line of the report; a remark on the line before has neither name nor time. */
export function line(name: string, ms: number | undefined, outcome: string): void {
  const time = ms === undefined ? '' : `${Math.round(ms)} ms`
  console.log(`${styleText('bold', name.padEnd(14))} ${styleText('dim', time.padStart(8))}  ${outcome}`)
}
