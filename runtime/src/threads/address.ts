import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { unexpected } from '../expect.ts'

/** The address of a module, for `import`. */
export function addressOf(work: unknown): string {
  if (work instanceof URL) return work.href
  if (typeof work === 'string') {
    if (isAbsolute(work)) return pathToFileURL(work).href
    if (URL.canParse(work)) return work
  }
  throw unexpected(
    'work',
    "a function, an absolute path or a URL such as `new URL('./work.js', import.meta.url)`",
    work,
  )
}
