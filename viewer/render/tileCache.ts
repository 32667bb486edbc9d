import type { DrawnTiles, TileRequest } from '../worker/protocol.ts'
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
  /** Which `TileCache.age` it was when it was asked for. */
  readonly age: number
  /** How far the recording went when it was drawn, in ms: what came later is not on it. */
  readonly drawnUntil: number
}

/** Tiles that were drawn together. */
interface Sheet {
  readonly picture: ImageBitmap
  readonly keys: readonly string[]
}

export type TileFetch = (requests: readonly TileRequest[]) => Promise<DrawnTiles>

/** Keeps tiles, and fetches those that are missed, a frame's worth at a time. */
export class TileCache {
  readonly #fetch: TileFetch
  readonly #arrived: () => void
  readonly #tiles = new Map<string, Tile>()
  readonly #sheets: Sheet[] = []
  #kept = 0
  readonly #missing = new Map<string, TileRequest>()
  #fetching = false
  #until = 0
  #age = 0
  #generation = 0

  constructor(fetch: TileFetch, arrived: () => void) {
    this.#fetch = fetch
    this.#arrived = arrived
  }

  /** Whether everything that was asked for is there. */
  get settled(): boolean {
    return !this.#fetching && this.#missing.size === 0
  }

  /** How far the recording goes by now, in ms. */
  grow(until: number): void {
    this.#until = until
  }

  /** All tiles are out of date, as when something else fits the filter. They are shown until the new ones are there. */
  outdate(): void {
    this.#age++
  }

  /** Forgets all tiles, as when colours change. */
  clear(): void {
    this.#generation++
    this.#tiles.clear()
    for (const { picture } of this.#sheets.splice(0)) picture.close()
    this.#kept = 0
    this.#missing.clear()
  }

  /** The tile, if it is there; otherwise, or when it is out of date, it is fetched. */
  get(request: TileRequest): Tile | undefined {
    const key = keyOf(request)
    const tile = this.#tiles.get(key)
    const end = (request.index + 1) * TILE_WIDTH * 2 ** request.level
    const isCurrent = tile?.age === this.#age && (tile.drawnUntil >= this.#until || tile.drawnUntil >= end)
    if (!isCurrent) this.#missing.set(key, request)
    return tile
  }

  /** The tile, if it is there. */
  peek(request: TileRequest): Tile | undefined {
    return this.#tiles.get(keyOf(request))
  }

  /** Fetches what `get` has missed since the last time. */
  fetchMissing(): void {
    if (this.#fetching || this.#missing.size === 0) return
    this.#fetching = true
    const requests = [...this.#missing.values()].slice(0, MOST_AT_ONCE)
    const until = this.#until
    const age = this.#age
    const generation = this.#generation
    this.#missing.clear()
    this.#fetch(requests).then((drawn) => {
      if (generation === this.#generation) this.#store(requests, drawn, until, age)
    }, () => undefined).finally(() => {
      this.#fetching = false
      this.#arrived()
    })
  }

  #store(requests: readonly TileRequest[], { picture, contents }: DrawnTiles, drawnUntil: number, age: number): void {
    const keys = requests.map(keyOf)
    for (const [place, key] of keys.entries()) {
      const content = contents[place] ?? 0
      this.#tiles.set(key, {
        sheet: picture, y: place * TILE_ROWS, drawnUntil, age,
        empty: content === 0, marked: (content & TILE_CONTENT.marks) !== 0,
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
