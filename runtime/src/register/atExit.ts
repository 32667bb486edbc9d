/** What is still to be recorded when this thread ends in order. One listener serves all: more would be noticed. */
export const atExit = new Set<() => void>()

/** To be called after the recording began, whose own listener ends it. */
export function listenForExit(): void {
  process.prependOnceListener('exit', () => { for (const record of atExit) record() })
}
