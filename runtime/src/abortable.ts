import { listen, unlisten } from './audience.ts'

/**
 * Waits for `promise` until `signal` aborts, then rejects with the signal's reason. The promise itself goes on;
 * a rejection that comes too late is swallowed, because nobody is left to hear of it.
 */
export function abortable<T>(promise: PromiseLike<T>, signal: AbortSignal | undefined): PromiseLike<T> {
  if (signal === undefined) return promise
  return new Promise<T>((resolve, reject) => {
    const leave = () => {
      reject(signal.reason as Error)
    }
    if (signal.aborted) leave()
    else listen(signal, leave)
    const end = () => {
      unlisten(signal, leave)
    }
    promise.then(end, end)
    promise.then(resolve, reject)
  })
}

/** Marks a promise as handled, so that its rejection is not reported as forgotten. */
export function markHandled(promise: PromiseLike<unknown> | undefined): void {
  promise?.then(undefined, () => undefined)
}

/** The reason of a cancellation that was given none. */
export function cancellation(message: string): DOMException {
  return new DOMException(message, 'AbortError')
}
