import { framesBehind, withRawStacks } from '../rawStacks.ts'

/** What is still to be recorded when this thread ends in order. One listener serves all: more would be noticed. */
export const atExit = new Set<() => void>()

/** To be called after the recording began, whose own listener ends it. */
export function listenForExit(): void {
  process.prependOnceListener('exit', () => {
    for (const record of atExit) record()
  })
}

/** So many calls lie between a listener and `process.exit`, at most. */
const DEPTH = 12

/** Whether nobody has called `process.exit`, asked while `listener` is told that the thread ends. False where there is no telling. */
export function endsByItself(listener: () => void): boolean {
  const isExit = (frame: NodeJS.CallSite): boolean =>
    frame.getFunctionName() === 'exit' && frame.getFileName()?.startsWith('node:') === true
  return withRawStacks(() => !(framesBehind(listener, DEPTH) as readonly NodeJS.CallSite[]).some(isExit)) ?? false
}
