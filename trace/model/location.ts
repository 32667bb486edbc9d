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

/**
 * Gives the place in the source for a place in what was made of it, as source maps tell; undefined where they tell
 * nothing. Must not throw.
 */
export type LocationResolver = (location: Location) => Location | undefined

/** The locations of a trace, by the numbers of their strings. Each is read, and looked up in source maps, once. */
export class Locations {
  readonly #text: (number: number) => string
  readonly #known = new Map<number, Location | null>()
  #resolve: LocationResolver | undefined

  /** @param text the string of a number. */
  constructor(text: (number: number) => string) {
    this.#text = text
  }

  /** From now on locations lead to the sources. */
  resolveWith(resolve: LocationResolver): void {
    this.#resolve = resolve
    this.#known.clear()
  }

  /** The location of a number; null for 0, and for a string that is no location. */
  at(number: number): Location | null {
    if (number === 0) return null
    const known = this.#known.get(number)
    if (known !== undefined) return known
    const recorded = parseLocation(this.#text(number))
    const location = recorded === null ? null : (this.#resolve?.(recorded) ?? recorded)
    this.#known.set(number, location)
    return location
  }
}
