import type { Caller } from './probe.ts'

interface Frame {
  getFileName(): string | null | undefined
  getLineNumber(): number | null
  getColumnNumber(): number | null
  getFunctionName(): string | null
}

interface Held {
  stack?: unknown
}

interface V8Error {
  readonly captureStackTrace?: (holder: Held, from: Caller) => void
  readonly prepareStackTrace?: unknown
  readonly stackTraceLimit: number
}

const v8 = Error as unknown as V8Error

/** How many frames are looked at to find one of the program's own. */
const DEPTH = 8

const first = (_error: unknown, frames: unknown): unknown => frames

/**
 * Where user code called `from`: `function@file:line:column`, or undefined outside V8. It takes 1.5 to 2 µs, so it
 * is asked for once per construct and for some tasks only.
 */
export function locationOf(from: Caller): string | undefined {
  const location = callerOf(from)
  return location === NODE ? undefined : location
}

/** As `locationOf`, but `NODE` when it was not user code that called `from`, but a part of Node. */
export function callerOf(from: Caller): string | undefined {
  if (v8.captureStackTrace === undefined) return undefined
  const { prepareStackTrace, stackTraceLimit } = v8
  const holder: Held = {}
  try {
    // In a program that has frozen the language's own objects these do nothing, and there is no location.
    Reflect.set(v8, 'stackTraceLimit', DEPTH)
    if (!Reflect.set(v8, 'prepareStackTrace', first)) return undefined
    v8.captureStackTrace(holder, from)
    const frames = holder.stack
    return Array.isArray(frames) ? describe(frames as Frame[]) : undefined
  } catch {
    return undefined
  } finally {
    Reflect.set(v8, 'prepareStackTrace', prepareStackTrace)
    Reflect.set(v8, 'stackTraceLimit', stackTraceLimit)
  }
}

/** What `callerOf` gives for a part of Node. */
export const NODE = 'node:'

function describe(frames: readonly Frame[]): string | undefined {
  for (const frame of frames) {
    const file = frame.getFileName()
    if (file?.startsWith(NODE) === true && frame === frames[0]) return NODE
    if (file === null || file === undefined || file.startsWith(NODE)) continue
    const name = frame.getFunctionName() ?? ''
    return `${name}@${file}:${String(frame.getLineNumber())}:${String(frame.getColumnNumber())}`
  }
  return undefined
}
