import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the script is that recorded programs load first: beside the bundle, or among the sources. */
export function preloadPath(): string {
  const here = fileURLToPath(import.meta.url)
  return here.endsWith('.ts')
    ? join(dirname(here), '../../runtime/src/register/register.ts')
    : join(dirname(here), 'register.cjs')
}

/**
 * `NODE_OPTIONS` with one more script to load first; what is there stays.
 *
 * It is `--require` and not `--import`: with `--import`, Node loads even a CommonJS program through its loader of
 * modules, and the first promises of the program then settle before its first `process.nextTick`, not after.
 */
export function withPreload(options: string | undefined, path: string): string {
  const ours = `--require ${quoted(path)}`
  return options === undefined || options.trim() === '' ? ours : `${options} ${ours}`
}

/** As Node takes `NODE_OPTIONS` apart: a backslash means itself outside of double quotes, and escapes inside. */
function quoted(path: string): string {
  return /[\s"]/u.test(path) ? `"${path.replaceAll(/["\\]/gu, String.raw`\$&`)}"` : path
}
