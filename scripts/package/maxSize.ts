import { statSync } from 'node:fs'

/** Bytes. An editor downloads the extension on every update. */
export const MAX_SIZE = 2_500_000

/**
 * Measures a package.
 *
 * @returns Its size in bytes.
 * @throws {RangeError} When it is larger than an extension should be.
 */
export function requireSmall(path: string, maximum: number = MAX_SIZE): number {
  const { size } = statSync(path)
  if (size <= maximum) return size
  throw new RangeError(
    `${path} has ${megabytes(size)}, more than ${megabytes(maximum)}. Look at what is new in it `
      + '(`npx vsce ls --no-dependencies`) and keep it out by .vscodeignore.',
  )
}

/** As in `1.89 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`
}
