/** Argument checks: a mistake is reported at the call that makes it, in one form of words. */
import type { WaitOptions } from './task.ts'

function describe(value: unknown): string {
  const type = typeof value
  if (type === 'string') return `${JSON.stringify(value)} (string)`
  if (type === 'bigint') return `${String(value)}n`
  if (type === 'function' || type === 'symbol') return `a ${type}`
  if (type !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array'
  const { name = '' } = (value as { constructor?: { name?: string } }).constructor ?? {}
  return ['', 'Object'].includes(name) ? 'an object' : `an instance of ${name}`
}

/** The error for an argument that is not what it should be; `wanted` completes "Expected `name` to be …". */
export function unexpected(name: string, wanted: string, value: unknown): TypeError {
  return new TypeError(`Expected \`${name}\` to be ${wanted}, got ${describe(value)}`)
}

function expectThat(ok: boolean, name: string, wanted: string, value: unknown): void {
  if (!ok) throw unexpected(name, wanted, value)
}

export function expectPositiveInteger(name: string, value: unknown): asserts value is number {
  expectThat(Number.isSafeInteger(value) && (value as number) > 0, name, 'a positive integer', value)
}

export function expectNonNegativeInteger(name: string, value: unknown): asserts value is number {
  expectThat(Number.isSafeInteger(value) && (value as number) >= 0, name, 'a non-negative integer', value)
}

export function expectBoolean(name: string, value: unknown): void {
  expectThat(typeof value === 'boolean', name, 'a boolean', value)
}

/** Whether it is a number, and within these bounds. */
export function isWithin(least: number, value: unknown, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most
}

/** The longest delay that the timers of the platform can hold; a longer one would fire at once. */
export const LONGEST_DELAY = 2 ** 31 - 1

export function expectMilliseconds(name: string, value: unknown): asserts value is number {
  const wanted = `a number of milliseconds from 0 to ${LONGEST_DELAY}`
  expectThat(isWithin(0, value, LONGEST_DELAY), name, wanted, value)
}

export function expectFunction(name: string, value: unknown): void {
  expectThat(typeof value === 'function', name, 'a function', value)
}

/** Accepts signals of other realms and of polyfills, hence no `instanceof`. */
export function expectSignal(name: string, value: unknown): void {
  if (value === undefined) return
  const { aborted, addEventListener } = (value ?? {}) as Partial<AbortSignal>
  expectThat(typeof aborted === 'boolean' && typeof addEventListener === 'function', name, 'an AbortSignal', value)
}

export function expectName(name: unknown): void {
  expectThat(name === undefined || typeof name === 'string', 'name', 'a string', name)
}

export function expectOptions(value: unknown): void {
  expectThat(typeof value === 'object' && value !== null, 'options', 'an object', value)
}

/** Checks the options of a call, and the signal in them, which it gives. */
export function signalOf(options: WaitOptions | undefined): AbortSignal | undefined {
  if (options === undefined) return undefined
  expectOptions(options)
  expectSignal('signal', options.signal)
  return options.signal
}
