import { framesBehind, withRawStacks } from './rawStacks.ts'

/** One frame of a stack, as V8 tells it. */
export interface Frame {
  readonly name: string
  readonly text: string
}

interface CallFrame {
  getFunctionName(): string | null
  toString(): string
}

/** More would be recursion rather than nesting. */
const DEPTH = 200

/** Who awaits the continuation that calls this, from the inside outwards; empty where there is no telling. */
export function framesOf(): readonly Frame[] {
  const calls = (withRawStacks(() => framesBehind(framesOf, DEPTH)) as readonly CallFrame[] | undefined) ?? []
  return calls
    .map((call) => ({ name: call.getFunctionName() ?? '', text: String(call) }))
    .filter(({ text }) => text.startsWith('async '))
}
