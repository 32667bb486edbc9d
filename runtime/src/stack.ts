/**
 * Makes the stack of an error lead to whoever awaits `from`, the asynchronous function that calls this. Workers fail
 * while nobody awaits them: those who take their results wait for the results only, and would not find their own line
 * in the error.
 *
 * The idea comes from the long stack traces of promise libraries. It costs nothing until something fails.
 */
export function leadToAwaiter(error: unknown, from: (...args: never) => unknown): void {
  if (!(error instanceof Error) || typeof error.stack !== 'string' || Object.isFrozen(error)) return
  const { stack } = error
  const here = { stack: '' }
  Error.captureStackTrace(here, from)
  const awaiting = here.stack.split('\n').filter(line =>
    /^\s+at /u.test(line) && !line.includes('(node:internal/') && !stack.includes(line))
  error.stack = [stack, ...awaiting].join('\n')
}
