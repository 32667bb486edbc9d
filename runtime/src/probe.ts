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

/**
 * Handed to a waiter instead of what it waits for, so that its continuation runs for a moment: the stack then shows
 * who awaits whom, from the waiter outwards. The waiter goes on waiting for `next`, and keeps its place in the line.
 */
export class Probe<T> {
  readonly #next: Promise<T | Probe<T>>
  /** From the waiter outwards; empty while it has not been passed on, and where there is no V8. */
  frames: readonly Frame[] = []

  constructor(next: Promise<T | Probe<T>>) {
    this.#next = next
  }

  /** To be called by the continuation itself. */
  pass(): Promise<T | Probe<T>> {
    this.frames = framesOf()
    return this.#next
  }
}

function framesOf(): readonly Frame[] {
  const settings = Error as unknown as StackTraces
  const { prepareStackTrace, stackTraceLimit } = settings
  settings.stackTraceLimit = DEPTH
  settings.prepareStackTrace = (_, calls) => calls
  const calls: unknown = new Error().stack
  settings.prepareStackTrace = prepareStackTrace
  if (stackTraceLimit !== undefined) settings.stackTraceLimit = stackTraceLimit
  if (!Array.isArray(calls)) return []
  return (calls as CallFrame[]).map(call => ({ name: call.getFunctionName() ?? '', text: String(call) }))
}
