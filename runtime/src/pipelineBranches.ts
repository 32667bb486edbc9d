import { cancellation } from './abortable.ts'
import type { RunIterator } from './run.ts'
import { promptIterators } from './source.ts'

/**
 * What the branches of a fan-out have as their source: one run before them, each result of which goes to whichever
 * branch asks first. The failure of the run is every branch's.
 */
export function branchesOf<T>(trunk: RunIterator<T>): AsyncIterable<T> {
  let begun = 0
  let left = 0
  let ended = false
  let failure: { readonly error: unknown } | undefined
  return {
    [Symbol.asyncIterator]() {
      if (begun > 0 && begun === left && !ended) {
        throw new Error('All branches of this fan-out that were begun have been left, which closed the source. ' +
          'Begin every branch before the first is left, for example with `merge`')
      }
      begun++
      const controller = new AbortController()
      const { signal } = controller
      const branch: AsyncIterator<T, undefined, undefined> = {
        async next() {
          try {
            signal.throwIfAborted()
            if (failure !== undefined) throw failure.error
            const result = await trunk.pull(signal)
            if (result.done === true) ended = true
            return result
          } catch (error) {
            if (signal.aborted && error === signal.reason) return { done: true, value: undefined }
            if (!signal.aborted) failure ??= { error }
            throw error
          }
        },
        async return() {
          if (!signal.aborted) {
            controller.abort(cancellation('This branch of the pipeline was left'))
            left++
            if (left === begun) await trunk.return()
          }
          return { done: true, value: undefined }
        },
      }
      promptIterators.add(branch)
      return branch
    },
  }
}
