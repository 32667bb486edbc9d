import type { Failure, Thrown } from './messages.ts'

/** What the platform throws and is asked for by name. */
const PLATFORM = ['AbortError', 'TimeoutError', 'DataCloneError']
const STANDARD = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]

/**
 * What was thrown in a worker, for whoever waits here.
 *
 * @param here an error made where the caller waits: its lines follow those of the worker, so that the stack leads
 * from the origin of the error to the call.
 */
export function revive(thrown: Thrown, here?: Error): unknown {
  if (!('failure' in thrown)) return thrown.value
  const { failure } = thrown
  const error = make(failure)
  const define = (key: string, value: unknown) => {
    Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false })
  }
  if (error.name !== failure.name) define('name', failure.name)
  define('stack', led(failure.stack, here))
  if (failure.cause !== undefined) define('cause', revive(failure.cause))
  return Object.assign(error, failure.properties)
}

/** A stack, and how what it tells of came to be called. */
export function led(stack: string, here: Error | undefined): string {
  const lines = here?.stack?.split('\n').filter((line) => /^\s+at /u.test(line)) ?? []
  return [stack, ...lines].join('\n')
}

function make({ name, message, errors }: Failure): Error {
  if (errors !== undefined)
    return new AggregateError(
      errors.map((each) => revive(each)),
      message,
    )
  if (PLATFORM.includes(name)) return new DOMException(message, name)
  const Kind = STANDARD.find((each) => each.name === name) ?? Error
  return new Kind(message)
}
