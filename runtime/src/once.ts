import { expectFunction } from './expect.ts'
import { endWith, failTask, inTask, openOwnScope, shareTask, startTask, TRACES, type TracedTask } from '#traced'

/**
 * Makes a function that calls `fn` the first time and gives that same outcome ever after, a failure included.
 * Calls that come while it is under way share it.
 *
 * The idea comes from Go's sync.OnceValue.
 *
 * @returns the function that calls `fn` at most once.
 * @throws what `fn` throws, each time; Error when `fn` calls the function that is made of it; TypeError at the call
 * when `fn` is no function.
 */
export function once<R>(fn: () => R): () => R {
  expectFunction('fn', fn)
  let outcome: { readonly value: R } | { readonly error: unknown } | undefined
  let under: (() => R) | undefined = fn
  const call = TRACES ? openOwnScope(undefined, 'singleFlight', 'once', 0, once) : undefined
  let task: TracedTask | undefined
  return () => {
    if (outcome === undefined) {
      if (under === undefined) throw new Error('The function given to `once` calls itself')
      const first = under
      under = undefined
      if (TRACES) task = startTask(call, undefined)
      try {
        outcome = { value: TRACES && task !== undefined ? inTask(task, first) : first() }
        if (TRACES && task !== undefined) endWith(task, outcome.value)
      } catch (error) {
        failTask(task, error)
        outcome = { error }
      }
    } else if (TRACES && task !== undefined) shareTask(task, call)
    if ('error' in outcome) throw outcome.error
    return outcome.value
  }
}
