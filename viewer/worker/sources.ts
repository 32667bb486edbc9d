import { type Location, parseLocation, type Trace } from '@forkline/trace'
import { shortLocation } from '../inspect/texts.ts'
import type { SourcePlace } from '../messages.ts'

/** So many places are asked for at once. */
const MOST_AT_ONCE = 5000

/** A column of numbers of strings. */
interface Column {
  at(row: number): number | undefined
}

/**
 * Where places in compiled files come from. The worker has no files: it tells which places a recording names, whoever
 * holds the page looks them up in source maps, and from then on all locations lead to the sources.
 */
export class Sources {
  readonly #trace: Trace
  /** Numbers of strings that were looked at. */
  readonly #seen = new Set<number>([0])
  /** What was found, by the place in the compiled file. */
  readonly #found = new Map<string, SourcePlace>()

  constructor(trace: Trace) {
    this.#trace = trace
    trace.locations.resolveWith((location) => this.#resolve(location))
  }

  /** The places that have come up since the last time. */
  newPlaces(): SourcePlace[] {
    const { scopes, tasks, waits, stalls, unhandled } = this.#trace
    const places: SourcePlace[] = []
    const columns: [rows: number, column: Column][] = [
      [scopes.length, scopes.location],
      [tasks.length, tasks.location],
      [waits.length, waits.location],
      [stalls.length, stalls.location],
      [unhandled.length, unhandled.location],
    ]
    for (const [rows, column] of columns) this.#collect(rows, column, places)
    return places
  }

  /**
   * Takes in what was found.
   *
   * @param places as `newPlaces` gave them.
   * @param found the place in the sources of each; null where no source map tells.
   * @returns whether any location leads elsewhere now.
   */
  locate(places: readonly SourcePlace[], found: readonly (SourcePlace | null)[]): boolean {
    let any = false
    for (const [number, place] of places.entries()) {
      const source = found[number]
      if (source === undefined || source === null) continue
      this.#found.set(keyOf(place), source)
      any = true
    }
    // What is kept of locations is forgotten.
    if (any) this.#trace.locations.resolveWith((location) => this.#resolve(location))
    return any
  }

  #collect(rows: number, column: Column, into: SourcePlace[]): void {
    for (let row = 0; row < rows && into.length < MOST_AT_ONCE; row++) {
      const text = column.at(row) ?? 0
      if (this.#seen.has(text)) continue
      this.#seen.add(text)
      const location = parseLocation(this.#trace.strings.at(text))
      if (location === null) continue
      const { file, line, column: at } = shortLocation(location)
      into.push({ file, line, column: at })
    }
  }

  #resolve(location: Location): Location {
    const source = this.#found.get(keyOf(location))
    return shortLocation(source === undefined ? location : { ...source, function: location.function })
  }
}

function keyOf({ file, line, column }: SourcePlace): string {
  return `${file}:${String(line)}:${String(column)}`
}
