import { types } from 'node:util'

const { isPromise, isProxy } = types

// Kept now: what the program puts in its place later must not be called for us.
const then = Reflect.get(Promise.prototype, 'then') as (
  this: Promise<unknown>, fulfilled: (value: unknown) => unknown, rejected: (error: unknown) => unknown,
) => Promise<unknown>

const PROMISE = Promise

/** A promise of which nobody could notice that it is looked at: its `then` asks nobody for a constructor. */
export function isPlainPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && !isProxy(value)
    && Object.getPrototypeOf(value) === PROMISE.prototype && isPromise(value)
    && !Object.hasOwn(value, 'constructor') && !Object.hasOwn(value, 'then')
    && PROMISE.prototype.constructor === PROMISE
}

/** `then` as it was before the program began. Whoever calls it counts as one that handles the rejection. */
export function listen(
  promise: Promise<unknown>, fulfilled: (value: unknown) => unknown, rejected: (error: unknown) => unknown,
): Promise<unknown> {
  return Reflect.apply(then, promise, [fulfilled, rejected])
}

/** The value of a property that holds one, without calling a getter of the program; otherwise undefined. */
export function peek(object: unknown, name: string): unknown {
  for (let holder = object; typeof holder === 'object' && holder !== null && !isProxy(holder);
    holder = Object.getPrototypeOf(holder)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, name)
    if (descriptor !== undefined) return descriptor.value
  }
  return undefined
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
