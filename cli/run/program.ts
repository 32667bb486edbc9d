import { createRequire } from 'node:module'
import { basename, extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../usageError.ts'

const JAVASCRIPT = new Set(['.js', '.mjs', '.cjs'])

/** What Node runs by taking the types away, where it can. */
const STRIPPABLE = new Set(['.ts', '.mts', '.cts'])

/** What the choice depends on. */
export interface NodeAbilities {
  /** The executable. */
  readonly path: string
  /** As `process.version`. */
  readonly version: string
  /** Whether it runs TypeScript by itself. */
  readonly stripsTypes: boolean
}

export function thisNode(): NodeAbilities {
  return {
    // Inside of an editor this is the editor.
    path: /^node(js)?(\.exe)?$/iu.test(basename(process.execPath)) ? process.execPath : 'node',
    version: process.version,
    stripsTypes: Boolean((process.features as { readonly typescript?: unknown }).typescript),
  }
}

/**
 * The command to run: a script named as the command is run by Node, with tsx where Node alone cannot.
 *
 * @throws {UsageError} When it is TypeScript and nothing is there to run it.
 */
export function toCommand(words: readonly string[], cwd: string, node: NodeAbilities): readonly string[] {
  const [first = ''] = words
  const extension = extname(first).toLowerCase()
  if (JAVASCRIPT.has(extension) || (STRIPPABLE.has(extension) && node.stripsTypes)) return [node.path, ...words]
  if (!STRIPPABLE.has(extension) && extension !== '.tsx') return words
  const tsx = resolveTsx(cwd)
  if (tsx !== undefined) return [node.path, '--import', tsx, ...words]
  throw new UsageError(
    `Node ${node.version} cannot run ${first} by itself. Install tsx in the project (\`npm install --save-dev tsx\`)`
      + (extension === '.tsx' ? '.' : ', or use Node 22.18 or later.'),
  )
}

function resolveTsx(cwd: string): string | undefined {
  try {
    return pathToFileURL(createRequire(join(cwd, 'package.json')).resolve('tsx')).href
  } catch {
    return undefined
  }
}
