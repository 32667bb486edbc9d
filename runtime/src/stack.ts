interface StackProperty {
  readonly value?: unknown
  readonly get?: (() => unknown) | undefined
  readonly writable?: boolean
}

/** V8's own getter, which all errors share from Node 22 on; before, the stack is a plain property. */
const v8Getter = stackProperty(new Error())?.get

/**
 * Makes the stack of an error lead to whoever awaits `from`, the asynchronous function that calls this. Workers fail
 * while nobody awaits them: those who take their results wait for the results only, and would not find their own line
 * in the error. A stack that the program has seen to itself stays as it is.
 *
 * The idea comes from the long stack traces of promise libraries. It costs nothing until something fails.
 */
export function leadToAwaiter(error: unknown, from: (...args: never) => unknown): void {
  try {
    if (!(error instanceof Error) || Object.isFrozen(error)) return
    const property = stackProperty(error)
    if (property === undefined || (property.writable !== true && (v8Getter === undefined || property.get !== v8Getter)))
      return
    const { stack } = error
    const here: { stack?: unknown } = {}
    Error.captureStackTrace(here, from)
    if (typeof stack !== 'string' || typeof here.stack !== 'string') return
    const awaiting = here.stack
      .split('\n')
      .filter((line) => /^\s+at /u.test(line) && !line.includes('(node:internal/') && !stack.includes(line))
    error.stack = [stack, ...awaiting].join('\n')
  } catch {
    // What the program has its stacks written by may throw: then the error goes on as it is.
  }
}

function stackProperty(error: Error): StackProperty | undefined {
  return Object.getOwnPropertyDescriptor(error, 'stack')
}
