import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the script is that recorded programs load first: beside the bundle, or among the sources. */
export function preloadPath(): string {
  const here = fileURLToPath(import.meta.url)
  return here.endsWith('.ts')
    ? join(dirname(here), '../../runtime/src/register/register.ts')
    : join(dirname(here), 'register.cjs')
}
