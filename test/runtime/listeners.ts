import { getEventListeners } from 'node:events'

/** How many listeners hang on a signal. */
export function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length
}

/** A promise that rejects when the signal aborts: work that obeys its signal. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    else
      signal.addEventListener(
        'abort',
        () => {
          reject(signal.reason as Error)
        },
        { once: true },
      )
  })
}
