import { types } from 'node:util'
import { peek } from '../trace/look.ts'

const { isPromise, isProxy } = types

// Kept now: what the program puts in its place later must not be called for us.
const then = Reflect.get(Promise.prototype, 'then') as (
  this: Promise<unknown>,
  fulfilled: (value: unknown) => unknown,
  rejected: (error: unknown) => unknown,
) => Promise<unknown>

const PROMISE = Promise

/** A promise of which nobody could notice that it is looked at: its `then` asks nobody for a constructor. */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  // The first of it is false for proxies.
  return (
    isPromise(value)
    && Object.getPrototypeOf(value) === PROMISE.prototype
    && !Object.hasOwn(value, 'constructor')
    && !Object.hasOwn(value, 'then')
    && PROMISE.prototype.constructor === PROMISE
  )
}

/** Whether promises are listened to with the `then` of the language. */
export function isThenPlain(): boolean {
  return Reflect.get(PROMISE.prototype, 'then') === then
}

/** `then` as it was before the program began. Whoever calls it counts as one that handles the rejection. */
export function listen(
  promise: Promise<unknown>,
  fulfilled: (value: unknown) => unknown,
  rejected: (error: unknown) => unknown,
): Promise<unknown> {
  return Reflect.apply(then, promise, [fulfilled, rejected])
}

/** How many a limiter lets run at once; 0 when it is any number, or not known. */
export function limitOf(concurrency: unknown): number {
  return typeof concurrency === 'number' && Number.isFinite(concurrency) ? concurrency : 0
}

/** How many items an array has; 0 for anything else. */
export function lengthOf(items: unknown): number {
  // To ask a proxy that is revoked whether it is an array is an error.
  return !isProxy(items) && Array.isArray(items) ? items.length : 0
}

/**
 * Tells when some other thenable than a plain promise is done, and gives what whoever waits for it is to take for it:
 * one that looks the same to them. What is no thenable is done, and stays what it is.
 */
export function thenableFor(result: unknown, end: (outcome: 'ok' | 'failed', error?: unknown) => void): unknown {
  const method = peek(result, 'then')
  if (typeof method !== 'function') {
    end('ok')
    return result
  }
  return {
    then: (fulfilled: (value: unknown) => unknown, rejected: (error: unknown) => unknown): unknown =>
      Reflect.apply(method, result, [
        (value: unknown) => {
          end('ok')
          return fulfilled(value)
        },
        (error: unknown) => {
          end('failed', error)
          return rejected(error)
        },
      ]),
  }
}
