/** Argument checks: a mistake is reported at the call that makes it, in one form of words. */

function describe(value: unknown): string {
  switch (typeof value) {
    case 'string': return `${JSON.stringify(value)} (string)`
    case 'bigint': return `${String(value)}n`
    case 'function': return 'a function'
    case 'symbol': return 'a symbol'
    case 'object': {
      if (value === null) return 'null'
      if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array'
      const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name
      return typeof name === 'string' && name !== 'Object' && name !== '' ? `an instance of ${name}` : 'an object'
    }
    default: return String(value)
  }
}

/** The error for an argument that is not what it should be; `wanted` completes "Expected `name` to be …". */
export function unexpected(name: string, wanted: string, value: unknown): TypeError {
  return new TypeError(`Expected \`${name}\` to be ${wanted}, got ${describe(value)}`)
}

export function expectPositiveInteger(name: string, value: unknown): asserts value is number {
  if (!Number.isSafeInteger(value) || (value as number) < 1) throw unexpected(name, 'a positive integer', value)
}

export function expectNonNegativeInteger(name: string, value: unknown): asserts value is number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw unexpected(name, 'a non-negative integer', value)
}

export function expectPositiveNumber(name: string, value: unknown): asserts value is number {
  if (typeof value !== 'number' || !(value > 0) || value === Infinity) {
    throw unexpected(name, 'a positive, finite number', value)
  }
}

/** The longest delay that the timers of the platform can hold; a longer one would fire at once. */
export const LONGEST_DELAY = 2 ** 31 - 1

export function expectMilliseconds(name: string, value: unknown): asserts value is number {
  if (typeof value !== 'number' || !(value >= 0) || value > LONGEST_DELAY) {
    throw unexpected(name, `a number of milliseconds from 0 to ${String(LONGEST_DELAY)}`, value)
  }
}

export function expectFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw unexpected(name, 'a function', value)
}

/** Accepts signals of other realms and of polyfills, hence no `instanceof`. */
export function expectSignal(name: string, value: unknown): void {
  if (value !== undefined && !isSignal(value)) {
    throw unexpected(name, 'an AbortSignal', value)
  }
}

function isSignal(value: Partial<AbortSignal> | null): boolean {
  return typeof value?.aborted === 'boolean' && typeof value.addEventListener === 'function'
}

export function expectName(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'string') throw unexpected(name, 'a string', value)
}

export function expectOptions(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw unexpected(name, 'an object', value)
}
