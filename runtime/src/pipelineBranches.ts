import { cancellation } from './abortable.ts'
import { LinkedSignal } from './linkedSignal.ts'
import { RunIterator, type Run } from './run.ts'
import { promptIterators } from './source.ts'
import { aside, TRACES } from '#traced'

/** What the branches of a fan-out run on. */
export interface Trunk<T> {
  /** Gives each item to whichever branch asks first. */
  readonly source: AsyncIterable<T>
  /** Aborts when the stages before the branches fail, so that no branch goes on with what it has. */
  readonly signal: AbortSignal
}

/** @param start begins the one run before all branches. Its failure is every branch's. */
export function trunkOf<T>(start: () => Run): Trunk<T> {
  let begun = 0
  let left = 0
  let ended = false
  const stopped = new LinkedSignal([])
  const trunk = new RunIterator<T>(() => {
    const run = start()
    run.signal.addEventListener('abort', () => {
      stopped.abort(run.signal.reason, 'parent')
    })
    return run
  })
  const source: AsyncIterable<T> = {
    [Symbol.asyncIterator]() {
      if (begun > 0 && begun === left && !ended) {
        throw new Error(
          'All branches of this fan-out that were begun have been left, which closed the source. '
            + 'Begin every branch before the first is left, for example with `merge`',
        )
      }
      begun++
      const controller = new AbortController()
      const { signal } = controller
      const branch: AsyncIterator<T, undefined, undefined> = {
        async next() {
          try {
            signal.throwIfAborted()
            const result = await trunk.pull(signal)
            if (result.done === true) ended = true
            return result
          } catch (error) {
            if (signal.aborted && error === signal.reason) return { done: true, value: undefined }
            throw error
          }
        },
        async return() {
          if (!signal.aborted) {
            const leave = () => {
              controller.abort(cancellation('This branch of the pipeline was left'))
            }
            if (TRACES) aside(leave)
            else leave()
            left++
          }
          // After a failure each branch waits until what came before it has stopped as well.
          if (left === begun || stopped.aborted) await trunk.return()
          return { done: true, value: undefined }
        },
      }
      promptIterators.add(branch)
      return branch
    },
  }
  return { source, signal: stopped.signal }
}
