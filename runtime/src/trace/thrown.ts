/**
 * What was thrown, as text. It may be anything, even something that runs code of the program when it is looked at:
 * so getters, proxies and `toString` of the program's own are left alone.
 *
 * Stacks are left alone too. Whoever asks an error for its stack has it written at that moment, by what the program
 * writes its stacks with by then, and changes what Node reports of it should nobody handle it.
 */
import { types } from 'node:util'
import { ask, getterOf, inherits, peek } from './look.ts'

const DOM_EXCEPTION = DOMException.prototype
const domMessage = getterOf(DOM_EXCEPTION, 'message')
const domName = getterOf(DOM_EXCEPTION, 'name')

/** What an error says: its name and its message. */
export function saidBy(error: unknown): string {
  if (typeof error === 'function') return '(a function)'
  if (typeof error !== 'object' || error === null) return String(error)
  const name = nameOf(error)
  const message = messageOf(error)
  if (message === undefined || message === '') return name ?? (isError(error) ? 'Error' : '(an object)')
  return name === undefined ? message : `${name}: ${message}`
}

/** Whether this is how work ends that was told to. */
export function isAbortError(error: unknown): boolean {
  return isError(error) && nameOf(error) === 'AbortError'
}

function isError(error: unknown): boolean {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- what takes its place is not in Node 22
  return types.isNativeError(error) || inherits(error, DOM_EXCEPTION)
}

function messageOf(error: unknown): string | undefined {
  return asText(peek(error, 'message')) ?? asText(ask(DOM_EXCEPTION, domMessage, error))
}

function nameOf(error: unknown): string | undefined {
  return asText(peek(error, 'name')) ?? asText(ask(DOM_EXCEPTION, domName, error))
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
