import type { DrawnTiles, TileRequest } from '../worker/protocol.ts'
import { TILE_CONTENT, TILE_ROWS, TILE_WIDTH } from './tile.ts'

/** Tiles that one sheet holds. */
const PER_SHEET = 1024
/** So many sheets are kept: 4 MB each. */
const MOST_SHEETS = 8

/** A tile as it lies on a sheet. */
export interface Tile {
  readonly sheet: CanvasImageSource
  /** The row of pixels that shows the spans; that of the marks is the next. */
  readonly y: number
  /** Whether there is nothing on it, and whether there are marks. */
  readonly empty: boolean
  readonly marked: boolean
  /** How far the recording went when it was drawn, in ms: what came later is not on it. */
  readonly drawnUntil: number
}

interface Sheet {
  readonly canvas: OffscreenCanvas
  readonly context: OffscreenCanvasRenderingContext2D
  readonly keys: string[]
}

export type TileFetch = (requests: readonly TileRequest[]) => Promise<DrawnTiles>

const TILE_BYTES = TILE_WIDTH * TILE_ROWS * 4

/** Keeps tiles, and fetches those that are missed, a frame's worth at a time. */
export class TileCache {
  readonly #fetch: TileFetch
  readonly #arrived: () => void
  readonly #tiles = new Map<string, Tile>()
  readonly #sheets: Sheet[] = []
  readonly #missing = new Map<string, TileRequest>()
  #fetching = false
  #until = 0
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

  /** Forgets all tiles, as when colours change. */
  clear(): void {
    this.#generation++
    this.#tiles.clear()
    this.#sheets.length = 0
    this.#missing.clear()
  }

  /** The tile, if it is there; otherwise, or when it is out of date, it is fetched. */
  get(request: TileRequest): Tile | undefined {
    const key = keyOf(request)
    const tile = this.#tiles.get(key)
    const end = (request.index + 1) * TILE_WIDTH * 2 ** request.level
    if (tile === undefined || (tile.drawnUntil < this.#until && tile.drawnUntil < end)) this.#missing.set(key, request)
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
    const requests = [...this.#missing.values()]
    const until = this.#until
    const generation = this.#generation
    this.#missing.clear()
    this.#fetch(requests).then((drawn) => {
      if (generation === this.#generation) this.#store(requests, drawn, until)
    }, () => undefined).finally(() => {
      this.#fetching = false
      this.#arrived()
    })
  }

  /** All tiles of a batch go onto a sheet at once: each copy costs, however little it copies. */
  #store(requests: readonly TileRequest[], { pixels, contents }: DrawnTiles, drawnUntil: number): void {
    for (let done = 0; done < requests.length;) {
      const sheet = this.#sheetWithRoom()
      const from = sheet.keys.length
      const count = Math.min(PER_SHEET - from, requests.length - done)
      const bytes = new Uint8ClampedArray(pixels.buffer, done * TILE_BYTES, count * TILE_BYTES)
      sheet.context.putImageData(new ImageData(bytes, TILE_WIDTH, count * TILE_ROWS), 0, from * TILE_ROWS)
      for (let place = 0; place < count; place++) {
        const request = requests[done + place]
        if (request === undefined) break
        const key = keyOf(request)
        const content = contents[done + place] ?? 0
        sheet.keys.push(key)
        this.#tiles.set(key, {
          sheet: sheet.canvas, y: (from + place) * TILE_ROWS, drawnUntil,
          empty: content === 0, marked: (content & TILE_CONTENT.marks) !== 0,
        })
      }
      done += count
    }
  }

  #sheetWithRoom(): Sheet {
    const last = this.#sheets.at(-1)
    if (last !== undefined && last.keys.length < PER_SHEET) return last
    if (this.#sheets.length >= MOST_SHEETS) this.#drop()
    const canvas = new OffscreenCanvas(TILE_WIDTH, PER_SHEET * TILE_ROWS)
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('This browser has no 2D canvas')
    const sheet: Sheet = { canvas, context, keys: [] }
    this.#sheets.push(sheet)
    return sheet
  }

  #drop(): void {
    const oldest = this.#sheets.shift()
    for (const key of oldest?.keys ?? []) {
      if (this.#tiles.get(key)?.sheet === oldest?.canvas) this.#tiles.delete(key)
    }
  }
}

function keyOf({ track, lane, level, index }: TileRequest): string {
  return `${String(track)}.${String(lane)}.${String(level)}.${String(index)}`
}
