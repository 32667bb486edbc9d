/** One frame of a stack, as V8 tells it. */
export interface Frame {
  readonly name: string
  readonly text: string
}

/** V8's way to get at a stack before it is made into text. */
interface StackTraces {
  prepareStackTrace?: ((error: unknown, frames: readonly CallFrame[]) => unknown) | undefined
  stackTraceLimit?: number
}

interface CallFrame {
  getFunctionName(): string | null
  toString(): string
}

/** More would be recursion rather than nesting. */
const DEPTH = 200

/** Who awaits the continuation that calls this, from the inside outwards; empty where there is no V8. */
export function framesOf(): readonly Frame[] {
  const settings = Error as unknown as StackTraces
  const { prepareStackTrace, stackTraceLimit } = settings
  settings.stackTraceLimit = DEPTH
  settings.prepareStackTrace = (_, calls) => calls
  const calls: unknown = new Error().stack
  settings.prepareStackTrace = prepareStackTrace
  if (stackTraceLimit !== undefined) settings.stackTraceLimit = stackTraceLimit
  if (!Array.isArray(calls)) return []
  return (calls as CallFrame[])
    .map(call => ({ name: call.getFunctionName() ?? '', text: String(call) }))
    .filter(({ text }) => text.startsWith('async '))
}
