import type { Aggregate } from '../model/forest.ts'
import { type Lane, STATE_BITS } from '../model/lane.ts'

/** How wide a tile is, in pixels. */
export const TILE_WIDTH = 512

/** Rows of pixels in a tile: the spans, stretched to the height of the lane, and the marks above them. */
export const TILE_ROWS = 2

/** What is on a tile, so that nothing is drawn for nothing. */
export const TILE_CONTENT = { spans: 1, marks: 2 } as const

/** Colours as 0xAABBGGRR, as they lie in an ImageData of a little-endian machine. */
export interface Palette {
  readonly ok: number
  readonly running: number
  readonly failed: number
  readonly cancelled: number
  readonly leaked: number
}

/** Even the thinnest span shows, and thicker ones show more: how opaque a pixel is at least. */
export const FAINTEST = 0.25
/** From so many pixels on a span is seen without its edges. */
const LONG = 3

/**
 * Draws what a lane holds in a stretch of time. Every pixel is asked for all that is in it, so that a failure shows
 * however many others share its pixel: in the row of marks, which nothing else is drawn over.
 *
 * @param pixels `TILE_WIDTH` times `TILE_ROWS` of them, all transparent.
 * @param start when the tile begins, in ms.
 * @param step how long a pixel lasts, in ms.
 * @returns what is on it, of `TILE_CONTENT`.
 */
export function drawTile(lane: Lane, start: number, step: number, palette: Palette, pixels: Uint32Array): number {
  let content = 0
  const found: Aggregate = { mask: 0, busy: 0 }
  let from = lane.firstIn(start)
  for (let x = 0; x < TILE_WIDTH && from < lane.length; x++) {
    const left = start + x * step
    const right = left + step
    from = lane.firstIn(left, from)
    const to = lane.firstStartingAt(right, from)
    if (to === from) {
      // Nothing until the next span begins: go there at once.
      x = Math.max(x, Math.floor((lane.start(from) - start) / step) - 1)
      continue
    }
    lane.query(from, to, found)
    const before = Math.max(0, left - lane.start(from))
    const behind = Math.max(0, lane.end(to - 1) - right)
    const covered = Math.min(1, Math.max(0, (found.busy - before - behind) / step))
    pixels[TILE_WIDTH + x] = markOf(found.mask, palette)
    content |= contentOf(found.mask, palette)
    // The edges of a long span are rounded to the nearest pixel, so that it is as long as when it is drawn by itself.
    if (to - from === 1 && covered < 0.5 && lane.end(from) - lane.start(from) >= LONG * step) continue
    pixels[x] = faded(colourOf(found.mask, palette), FAINTEST + (1 - FAINTEST) * covered)
  }
  return content
}

export function colourOf(mask: number, palette: Palette): number {
  if ((mask & STATE_BITS.ok) !== 0) return palette.ok
  if ((mask & STATE_BITS.running) !== 0) return palette.running
  return (mask & STATE_BITS.failed) !== 0 ? palette.failed : palette.cancelled
}

/** The worst that is in the pixel; nothing when all went well. */
export function markOf(mask: number, palette: Palette): number {
  if ((mask & STATE_BITS.failed) !== 0) return palette.failed
  if ((mask & STATE_BITS.leaked) !== 0) return palette.leaked
  return (mask & STATE_BITS.cancelled) !== 0 ? palette.cancelled : 0
}

/** What is on a tile with such a pixel, of `TILE_CONTENT`. */
export function contentOf(mask: number, palette: Palette): number {
  return markOf(mask, palette) === 0 ? TILE_CONTENT.spans : TILE_CONTENT.spans | TILE_CONTENT.marks
}

export function faded(colour: number, opacity: number): number {
  return ((colour & 0xffffff) | (Math.round(255 * opacity) << 24)) >>> 0
}
