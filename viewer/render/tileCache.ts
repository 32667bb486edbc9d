import type { DrawnTiles, TileRequest } from '../worker/protocol.ts'
import { type AsOf, Misses } from './misses.ts'
import { TILE_CONTENT, TILE_ROWS, TILE_WIDTH } from './tile.ts'

/** So many tiles are kept: 4 kB each. A screen of 200 lanes has about 1000. */
const MOST_TILES = 6000
/** So many are fetched at once: pictures have a greatest height. */
const MOST_AT_ONCE = 4000

/** A tile as it lies on a sheet. */
export interface Tile {
  readonly sheet: ImageBitmap
  /** The row of pixels that shows the spans; that of the marks is the next. */
  readonly y: number
  /** Whether there is nothing on it, and whether there are marks. */
  readonly empty: boolean
  readonly marked: boolean
  /** What came later is not on it. */
  readonly asOf: AsOf
}

/** Tiles that were drawn together. */
interface Sheet {
  readonly picture: ImageBitmap
  readonly keys: readonly string[]
}

export type TileFetch = (requests: readonly TileRequest[]) => Promise<DrawnTiles>

/** Keeps tiles, and fetches those that are missed, a frame's worth at a time. */
export class TileCache {
  readonly #tiles = new Map<string, Tile>()
  readonly #sheets: Sheet[] = []
  #kept = 0
  readonly #misses: Misses<TileRequest, DrawnTiles>

  constructor(fetch: TileFetch, arrived: () => void) {
    this.#misses = new Misses({
      fetch,
      arrived,
      most: MOST_AT_ONCE,
      keep: (keys, drawn, asOf) => {
        this.#keep(keys, drawn, asOf)
      },
    })
  }

  /** Whether everything that was asked for is there. */
  get settled(): boolean {
    return this.#misses.settled
  }

  /** How far the recording goes by now, in ms. */
  grow(until: number): void {
    this.#misses.grow(until)
  }

  /** All tiles are out of date, as when something else fits the filter. They are shown until the new ones are there. */
  outdate(): void {
    this.#misses.outdate()
  }

  /** Forgets all tiles, as when colours change. */
  clear(): void {
    this.#tiles.clear()
    for (const { picture } of this.#sheets.splice(0)) picture.close()
    this.#kept = 0
    this.#misses.clear()
  }

  /** The tile, if it is there; otherwise, or when it is out of date, it is fetched. */
  get(request: TileRequest): Tile | undefined {
    const key = keyOf(request)
    const tile = this.#tiles.get(key)
    const end = (request.index + 1) * TILE_WIDTH * 2 ** request.level
    if (tile === undefined || !this.#misses.isCurrent(tile.asOf, end)) this.#misses.add(key, request)
    return tile
  }

  /** The tile, if it is there. */
  peek(request: TileRequest): Tile | undefined {
    return this.#tiles.get(keyOf(request))
  }

  /** Fetches what `get` has missed since the last time. */
  fetchMissing(): void {
    this.#misses.fetch()
  }

  #keep(keys: readonly string[], { picture, contents }: DrawnTiles, asOf: AsOf): void {
    for (const [place, key] of keys.entries()) {
      const content = contents[place] ?? 0
      this.#tiles.set(key, {
        sheet: picture,
        y: place * TILE_ROWS,
        asOf,
        empty: content === 0,
        marked: (content & TILE_CONTENT.marks) !== 0,
      })
    }
    this.#sheets.push({ picture, keys })
    this.#kept += keys.length
    while (this.#kept > MOST_TILES && this.#sheets.length > 1) this.#drop(this.#sheets.shift())
  }

  #drop(sheet: Sheet | undefined): void {
    if (sheet === undefined) return
    // A later sheet may hold the tile by now.
    for (const key of sheet.keys) if (this.#tiles.get(key)?.sheet === sheet.picture) this.#tiles.delete(key)
    this.#kept -= sheet.keys.length
    sheet.picture.close()
  }
}

function keyOf({ track, lane, level, index }: TileRequest): string {
  return `${String(track)}.${String(lane)}.${String(level)}.${String(index)}`
}
