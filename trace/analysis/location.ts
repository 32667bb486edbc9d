/** A place in a source file. Lines and columns count from 1. */
export interface Location {
  readonly file: string
  readonly line: number
  readonly column: number
  /** The function in which it is; empty when it has no name. */
  readonly function: string
}

const FORM = /^(?<name>[^@]*)@(?<file>.+):(?<line>\d+):(?<column>\d+)$/s

/** Reads a location as recordings hold it, `function@file:line:column`; null for anything else. */
export function parseLocation(text: string): Location | null {
  const { name, file, line, column } = FORM.exec(text)?.groups ?? {}
  if (file === undefined) return null
  return { file: pathOf(file), line: Number(line), column: Number(column), function: name ?? '' }
}

/** Modules are known by URL, CommonJS by path: a reader wants the path. */
function pathOf(file: string): string {
  if (!file.startsWith('file:')) return file
  try {
    const path = decodeURIComponent(new URL(file).pathname)
    return /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path
  } catch {
    return file
  }
}
