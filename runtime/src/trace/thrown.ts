/**
 * What was thrown, as text. It may be anything, even something that runs code of the program when it is looked at:
 * so getters, proxies and `toString` of the program's own are left alone.
 */
import { types } from 'node:util'

/** Of an error's stack, so many lines are kept. */
const LINES = 12

/** How far up names are looked for. */
const DEPTH = 8

/** What an error says, its stack included. */
export function textOf(error: unknown): string {
  if (typeof error === 'function') return '(a function)'
  if (typeof error !== 'object' || error === null) return String(error)
  const said = headline(error)
  if (!isError(error)) return said ?? '(an object)'
  const stack = stackOf(error)
  return stack === undefined ? said ?? 'Error' : stack.split('\n', LINES).join('\n')
}

/**
 * What an error says, without its stack. Whoever asks an error for its stack changes how Node reports it should nobody
 * handle it: the line where it was made is not shown then.
 */
export function saidBy(error: unknown): string {
  if (typeof error !== 'object' || error === null) return textOf(error)
  return headline(error) ?? (isError(error) ? 'Error' : '(an object)')
}

/** Whether this is how work ends that was told to. */
export function isAbortError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && isError(error) && nameOf(error) === 'AbortError'
}

function isError(error: object): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- what takes its place is not in Node 22
  return types.isNativeError(error) || isDomException(error)
}

function isDomException(error: object): boolean {
  return !types.isProxy(error) && error instanceof DOMException
}

function headline(error: object): string | undefined {
  const message = isDomException(error) ? read(DOMException.prototype, 'message', error) : plain(error, 'message')
  const name = nameOf(error)
  if (message === undefined) return name
  return name === undefined ? message : `${name}: ${message}`
}

function nameOf(error: object): string | undefined {
  return isDomException(error) ? read(DOMException.prototype, 'name', error) : plain(error, 'name')
}

/**
 * A program that writes its stacks itself would be asked to, for errors that it never looks at: those go without.
 * Node gives a function of its own to ask with, which does no harm.
 */
function stackOf(error: object): string | undefined {
  const { prepareStackTrace: write } = Error as { prepareStackTrace?: unknown }
  if (write !== undefined && (write as { name?: unknown }).name !== 'ErrorPrepareStackTrace') return undefined
  const own = Object.getOwnPropertyDescriptor(error, 'stack')
  const get: unknown = Reflect.get(own ?? {}, 'get')
  const value: unknown = typeof get === 'function' && get === STACK ? Reflect.apply(get, error, []) : own?.value
  return typeof value === 'string' ? value : undefined
}

/** V8's own getter, where stacks have one. */
const STACK: unknown = Reflect.get(Object.getOwnPropertyDescriptor(new Error('for its stack'), 'stack') ?? {}, 'get')

/** A string that is kept as one, here or further up. */
function plain(object: object, key: string): string | undefined {
  let holder: unknown = object
  for (let depth = 0; depth < DEPTH; depth++) {
    if (typeof holder !== 'object' || holder === null || types.isProxy(holder)) return undefined
    const property = Object.getOwnPropertyDescriptor(holder, key)
    if (property !== undefined) return typeof property.value === 'string' ? property.value : undefined
    holder = Object.getPrototypeOf(holder)
  }
  return undefined
}

/** What the platform's own getter says. */
function read(prototype: object, key: string, of: object): string | undefined {
  const value: unknown = Reflect.get(prototype, key, of)
  return typeof value === 'string' ? value : undefined
}
