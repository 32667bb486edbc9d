/** Stacks as V8 has them, before they are made into text, and its settings for them, which are the program's. */

interface Held {
  stack?: unknown
}

type From = ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown)

interface V8Error {
  readonly captureStackTrace?: (holder: Held, from: From) => void
  prepareStackTrace?: unknown
  stackTraceLimit?: unknown
}

const v8 = Error as unknown as V8Error

const MISSING = Symbol('not a property of its own')
const GUARDED = Symbol('not to be set without the program noticing, or not at all')

const give = (_error: unknown, frames: unknown): unknown => frames

/**
 * Runs `look`, in which `framesBehind` works, and leaves V8's settings as they were.
 *
 * @returns undefined outside V8, when `look` throws, and in a program that minds what happens to these settings.
 */
export function withRawStacks<R>(look: () => R): R | undefined {
  if (v8.captureStackTrace === undefined) return undefined
  const write = ownValue('prepareStackTrace')
  const limit = ownValue('stackTraceLimit')
  if (write === GUARDED || limit === GUARDED) return undefined
  try {
    v8.prepareStackTrace = give
    return look()
  } catch {
    return undefined
  } finally {
    if (write === MISSING) Reflect.deleteProperty(v8, 'prepareStackTrace')
    else v8.prepareStackTrace = write
    if (limit === MISSING) Reflect.deleteProperty(v8, 'stackTraceLimit')
    else v8.stackTraceLimit = limit
  }
}

/** At most `depth` frames of those who call `from`, the nearest first. */
export function framesBehind(from: From, depth: number): readonly unknown[] {
  const holder: Held = {}
  v8.stackTraceLimit = depth
  v8.captureStackTrace?.(holder, from)
  return Array.isArray(holder.stack) ? holder.stack : []
}

/** What one of V8's settings is, without asking the program. */
function ownValue(name: 'prepareStackTrace' | 'stackTraceLimit'): unknown {
  const property = Object.getOwnPropertyDescriptor(v8, name)
  if (property === undefined) return Object.isExtensible(v8) ? MISSING : GUARDED
  return property.writable === true ? property.value : GUARDED
}
