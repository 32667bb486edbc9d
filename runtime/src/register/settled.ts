import { inspect } from 'node:util'
import { promiseHooks } from 'node:v8'
import { isPlainPromise, listen, thenableFor } from './plain.ts'

// Kept now: clocks of tests may put one in its place that does nothing by itself.
const { queueMicrotask } = globalThis

type End = (outcome: 'ok' | 'failed', error?: unknown) => void

/** What to do when the promises that are watched are resolved. */
const watched = new Map<Promise<unknown>, () => void>()

let stopWatching: (() => void) | undefined

/** Those that were resolved since the outermost call under way began to run: of them V8 tells no more. */
let resolvedNow: Set<Promise<unknown>> | undefined

/**
 * To run, within it, work of the program and `whenSettled` or `observe` with what it gives: a promise may be settled
 * before anybody can watch it.
 */
export function settling<R>(body: () => R): R {
  if (resolvedNow !== undefined) return body()
  resolvedNow = new Set()
  stopWatching ??= promiseHooks.onSettled(tell) as () => void
  try {
    return body()
  } finally {
    resolvedNow = undefined
    rest()
  }
}

/**
 * Tells when a result is there, to the very turn, and leaves no trace in the stacks of errors meanwhile: as long as V8
 * looks for who waits for a promise, that one has only the listener of its limiter. Ours comes when it is resolved.
 *
 * @returns What the limiter is to take for the result.
 */
export function whenSettled(result: unknown, end: End): unknown {
  if (!isPlainPromise(result)) return thenableFor(result, end)
  watch(result, () => {
    // The limiter waits for it, so this is not the one listener that handles a rejection.
    void listen(
      result,
      () => {
        end('ok')
      },
      (error) => {
        end('failed', error)
      },
    )
  })
  return result
}

/** Tells when a promise is settled for which perhaps nobody waits: it is never listened to. */
export function observe(promise: Promise<unknown>, end: (outcome: 'ok' | 'failed') => void): void {
  watch(promise, () => {
    // V8 tells just before, and also when a promise is only tied to another one.
    queueMicrotask(() => {
      const state = stateOf(promise)
      if (state === 'pending') observe(promise, end)
      else end(state === 'rejected' ? 'failed' : 'ok')
    })
  })
}

/** The state of a promise, without listening to it: as texts for people have it, for there is no other way. */
export function stateOf(promise: Promise<unknown>): 'pending' | 'fulfilled' | 'rejected' {
  const [, state] = /^Promise \{ ?\s*<(pending|rejected)>/u.exec(inspect(promise, SHORT)) ?? []
  return (state as 'pending' | 'rejected' | undefined) ?? 'fulfilled'
}

const SHORT = { depth: 0, customInspect: false, maxArrayLength: 0, maxStringLength: 0, breakLength: Infinity }

/** V8 tells of every promise then, which takes its time: so this is on only while something is watched. */
function watch(promise: Promise<unknown>, resolved: () => void): void {
  // Nobody looks any more for who waits for one that is settled. What its value is written like is seldom asked for.
  if (resolvedNow?.has(promise) === true || stateOf(promise) !== 'pending') {
    resolved()
    return
  }
  watched.set(promise, resolved)
  stopWatching ??= promiseHooks.onSettled(tell) as () => void
}

function tell(promise: Promise<unknown>): void {
  resolvedNow?.add(promise)
  const resolved = watched.get(promise)
  if (resolved === undefined) return
  watched.delete(promise)
  rest()
  resolved()
}

function rest(): void {
  if (watched.size > 0 || resolvedNow !== undefined) return
  stopWatching?.()
  stopWatching = undefined
}
