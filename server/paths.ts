import { fileURLToPath, pathToFileURL } from 'node:url'

const EXTENSION_OF_LANGUAGE: Readonly<Record<string, string>> = {
  typescript: '.ts',
  typescriptreact: '.tsx',
  javascript: '.js',
  javascriptreact: '.jsx',
}

/** The absolute path of a `file:` URI, with forward slashes as TypeScript writes them; else undefined. */
export function filePathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined
  try {
    return fileURLToPath(uri).replaceAll('\\', '/')
  } catch {
    // A URI with a host, or with bytes that are no path on this system.
    return undefined
  }
}

/**
 * The path by which the engine knows a document. An unsaved document has none, so that it gets one
 * in `home`, where its imports resolve as if it were saved there; `^` keeps it apart from real files.
 * Undefined for what cannot be linted, such as a file of a git revision.
 */
export function documentPath(uri: string, languageId: string, home: string): string | undefined {
  if (!uri.startsWith('untitled:')) return filePathOf(uri)
  const extension = EXTENSION_OF_LANGUAGE[languageId]
  if (!extension) return undefined
  const name = encodeURIComponent(uri.slice('untitled:'.length))
  return `${home}/^${name}${extension}`
}

export function uriOf(filePath: string): string {
  return pathToFileURL(filePath).href
}
