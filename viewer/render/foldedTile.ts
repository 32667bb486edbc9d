import type { Aggregate } from '../model/forest.ts'
import { type Lane, STATE_BITS } from '../model/lane.ts'
import { colourOf, contentOf, faded, FAINTEST, markOf, type Palette, TILE_WIDTH } from './tile.ts'

/** Every bit that a span may have. */
const BITS: readonly number[] = Object.values(STATE_BITS)

/**
 * Draws lanes as one: the more of them are busy, the more opaque is a pixel. Every failure, cancellation and leak is
 * in the row of marks, as on a tile of a single lane.
 *
 * @param pixels `TILE_WIDTH` times `TILE_ROWS` of them, all transparent.
 * @param start when the tile begins, in ms.
 * @param step how long a pixel lasts, in ms.
 * @returns what is on it, of `TILE_CONTENT`.
 */
export function drawFoldedTile(
  lanes: readonly Lane[],
  start: number,
  step: number,
  palette: Palette,
  pixels: Uint32Array,
): number {
  const load = new LoadOfPixels(start, step)
  for (const lane of lanes) load.add(lane)
  let content = 0
  let busy = 0
  const present = new Int32Array(BITS.length)
  for (let x = 0; x < TILE_WIDTH; x++) {
    let mask = load.masks[x] ?? 0
    for (let bit = 0; bit < BITS.length; bit++) {
      present[bit] = (present[bit] ?? 0) + (load.rising[bit]?.[x] ?? 0)
      if ((present[bit] ?? 0) > 0) mask |= BITS[bit] ?? 0
    }
    busy += load.whole[x] ?? 0
    if (mask === 0) continue
    const covered = Math.min(1, (busy + (load.shares[x] ?? 0)) / lanes.length)
    pixels[x] = faded(colourOf(mask, palette), FAINTEST + (1 - FAINTEST) * covered)
    pixels[TILE_WIDTH + x] = markOf(mask, palette)
    content |= contentOf(mask, palette)
  }
  return content
}

/**
 * What each pixel of a tile holds, over all lanes. A span that covers many pixels is noted where it begins and ends
 * only: a hundred thousand lanes may each have one that is as long as the tile.
 */
class LoadOfPixels {
  /** `STATE_BITS` of what lies within a pixel, or at its edges. */
  readonly masks = new Uint8Array(TILE_WIDTH)
  /** For each of `BITS` how many spans begin to cover whole pixels, less those that cease to. */
  readonly rising = BITS.map(() => new Int32Array(TILE_WIDTH + 1))
  /** The same for all spans together. */
  readonly whole = new Int32Array(TILE_WIDTH + 1)
  /** How much of the pixels that are not covered whole is, in pixels. */
  readonly shares = new Float32Array(TILE_WIDTH)
  readonly #start: number
  readonly #step: number
  readonly #found: Aggregate = { mask: 0, busy: 0 }

  constructor(start: number, step: number) {
    this.#start = start
    this.#step = step
  }

  add(lane: Lane): void {
    const start = this.#start
    const step = this.#step
    let from = lane.firstIn(start)
    for (let x = 0; x < TILE_WIDTH && from < lane.length;) {
      const left = start + x * step
      from = lane.firstIn(left, from)
      if (from >= lane.length) return
      const next = Math.floor((lane.start(from) - start) / step)
      if (next > x) {
        x = next
        continue
      }
      // Where the first span of this pixel also covers pixels behind it, they are all its own.
      const until = Math.floor((lane.end(from) - start) / step)
      if (until > x + 1) this.#cover(lane, from, x, Math.min(until, TILE_WIDTH))
      else this.#share(lane, from, x)
      x = until > x + 1 ? until : x + 1
    }
  }

  /** One span, from the pixel in which it begins or that it covers, up to but not including the one where it ends. */
  #cover(lane: Lane, place: number, x: number, until: number): void {
    const begins = lane.start(place) > this.#start + x * this.#step
    const first = begins ? x + 1 : x
    lane.query(place, place + 1, this.#found)
    if (begins) {
      this.masks[x] = (this.masks[x] ?? 0) | this.#found.mask
      this.#addShare(x, this.#start + first * this.#step - lane.start(place))
    }
    for (const [bit, value] of BITS.entries()) {
      const counts = this.rising[bit]
      if ((this.#found.mask & value) === 0 || counts === undefined) continue
      counts[first] = (counts[first] ?? 0) + 1
      counts[until] = (counts[until] ?? 0) - 1
    }
    this.whole[first] = (this.whole[first] ?? 0) + 1
    this.whole[until] = (this.whole[until] ?? 0) - 1
  }

  /** All spans that lie at least partly in a pixel. */
  #share(lane: Lane, from: number, x: number): void {
    const left = this.#start + x * this.#step
    const right = left + this.#step
    const to = lane.firstStartingAt(right, from)
    if (to === from) return
    lane.query(from, to, this.#found)
    this.masks[x] = (this.masks[x] ?? 0) | this.#found.mask
    const before = Math.max(0, left - lane.start(from))
    const behind = Math.max(0, lane.end(to - 1) - right)
    this.#addShare(x, Math.max(0, this.#found.busy - before - behind))
  }

  /** @param busy in ms. */
  #addShare(x: number, busy: number): void {
    this.shares[x] = (this.shares[x] ?? 0) + Math.min(1, busy / this.#step)
  }
}
