import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import type { Location, LocationResolver } from '@forkline/trace'

const COMMENT = /^\/\/[#@] ?sourceMappingURL=(\S+)\s*$/gm

const INLINE = /^data:application\/json[^,]*?(?<base64>;base64)?,(?<content>.*)$/s

/**
 * Finds the place in a TypeScript file for a place in what was compiled from it: through the source map that the
 * compiled file names, be it within it or beside it. A map that is missing or wrong leads nowhere, and is no error.
 */
export function sourceMapResolver(): LocationResolver {
  const maps = new Map<string, TraceMap | undefined>()
  return (location) => {
    if (!path.isAbsolute(location.file)) return undefined
    if (!maps.has(location.file)) maps.set(location.file, mapOf(location.file))
    const map = maps.get(location.file)
    return map === undefined ? undefined : mapped(map, location)
  }
}

function mapped(map: TraceMap, location: Location): Location | undefined {
  if (location.line < 1 || location.column < 1) return undefined
  const { source, line, column, name } = originalPositionFor(map, { line: location.line, column: location.column - 1 })
  if (source === null) return undefined
  return { file: pathOf(source), line, column: column + 1, function: location.function || (name ?? '') }
}

function mapOf(file: string): TraceMap | undefined {
  try {
    const comments = Array.from(readFileSync(file, 'utf8').matchAll(COMMENT))
    const url = comments.at(-1)?.[1]
    if (url === undefined) return undefined
    const inline = INLINE.exec(url)?.groups
    if (inline !== undefined) {
      const { base64, content = '' } = inline
      const text = base64 === undefined ? decodeURIComponent(content) : Buffer.from(content, 'base64').toString()
      return new TraceMap(text, pathToFileURL(file).href)
    }
    const mapUrl = new URL(url, pathToFileURL(file))
    return new TraceMap(readFileSync(mapUrl, 'utf8'), mapUrl.href)
  } catch {
    return undefined
  }
}

function pathOf(source: string): string {
  if (!source.startsWith('file:')) return source
  try {
    return fileURLToPath(source)
  } catch {
    return source
  }
}
