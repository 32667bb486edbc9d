import type { Row, Rows } from '../layout/rows.ts'
import { axisStep, type Viewport } from '../layout/viewport.ts'
import type { Overview, Spans } from '../worker/protocol.ts'
import { type SpanCache, WIDE, WINDOW_PIXELS } from './spanCache.ts'
import { cssColour, type Theme } from './theme.ts'
import { TILE_WIDTH } from './tile.ts'
import type { TileCache } from './tileCache.ts'

/** The height of the time axis on top, in CSS pixels. */
export const AXIS_HEIGHT = 24
/** The strip of marks at the top of a lane, in CSS pixels. */
const MARK_HEIGHT = 3
/** Labels are only written where so many CSS pixels of a span show. */
const LABEL_ROOM = 36
/** How many levels up a tile is looked for while the right one is missing. */
const COARSER = 6

export interface Scene {
  readonly viewport: Viewport
  readonly rows: Rows
  readonly overview: Overview
  /** In CSS pixels. */
  readonly scrollTop: number
  readonly height: number
  readonly theme: Theme
  /** -1 for none. */
  readonly selected: number
}

/** Draws what the tiles hold and, over it, the spans that are wide enough to be told apart. */
export class Painter {
  readonly #context: CanvasRenderingContext2D
  readonly #tiles: TileCache
  readonly #spans: SpanCache

  constructor(canvas: HTMLCanvasElement, tiles: TileCache, spans: SpanCache) {
    const context = canvas.getContext('2d', { alpha: false })
    if (context === null) throw new Error('This browser has no 2D canvas')
    this.#context = context
    this.#tiles = tiles
    this.#spans = spans
  }

  paint(scene: Scene): void {
    const context = this.#context
    const { width } = scene.viewport
    const ratio = devicePixelRatio
    resize(context.canvas, Math.round(width * ratio), Math.round(scene.height * ratio))
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.imageSmoothingEnabled = false
    context.fillStyle = scene.theme.background
    context.fillRect(0, 0, width, scene.height)
    this.#grid(scene)
    context.save()
    context.beginPath()
    context.rect(0, AXIS_HEIGHT, width, scene.height - AXIS_HEIGHT)
    context.clip()
    context.translate(0, AXIS_HEIGHT - scene.scrollTop)
    for (const row of scene.rows.between(scene.scrollTop, scene.scrollTop + scene.height - AXIS_HEIGHT)) {
      if (row.lane < 0) this.#head(scene, row)
      else this.#lane(scene, row)
    }
    context.restore()
    this.#tiles.fetchMissing()
  }

  #grid({ viewport, height, theme }: Scene): void {
    const context = this.#context
    const step = axisStep(viewport, 100)
    context.font = `11px ${theme.font}`
    context.textBaseline = 'middle'
    context.textAlign = 'left'
    for (let time = Math.ceil(viewport.start / step) * step; time <= viewport.end; time += step) {
      const x = Math.round(viewport.x(time))
      context.fillStyle = theme.grid
      context.fillRect(x, 0, 1, height)
      context.fillStyle = theme.muted
      context.fillText(timeLabel(time, step), x + 4, AXIS_HEIGHT / 2)
    }
  }

  #head({ overview, viewport, theme }: Scene, { track, top, height }: Row): void {
    const info = overview.tracks[track]
    if (info === undefined) return
    const context = this.#context
    context.fillStyle = theme.header
    context.fillRect(0, top, viewport.width, height - 1)
    context.fillStyle = theme.foreground
    context.font = `600 12px ${theme.font}`
    context.textBaseline = 'middle'
    context.fillText(info.label, 8 + 12 * info.depth, top + height / 2, viewport.width)
  }

  #lane(scene: Scene, row: Row): void {
    this.#laneTiles(scene, row)
    if (row.height >= 10) this.#laneSpans(scene, row)
  }

  #laneTiles({ viewport }: Scene, row: Row): void {
    // A pixel of the tile lasts as long as one on the screen or up to twice: rather broad than lost.
    const level = Math.ceil(Math.log2(viewport.step / devicePixelRatio))
    const length = TILE_WIDTH * 2 ** level
    const last = Math.floor(viewport.end / length)
    for (let index = Math.max(0, Math.floor(viewport.start / length)); index <= last; index++) {
      this.#tile(viewport, row, level, index)
    }
  }

  #tile(viewport: Viewport, row: Row, level: number, index: number): void {
    const { track, lane, top, height } = row
    const context = this.#context
    for (let up = 0; up <= COARSER; up++) {
      const request = { track, lane, level: level + up, index: Math.floor(index / 2 ** up) }
      const tile = up === 0 ? this.#tiles.get(request) : this.#tiles.peek(request)
      if (tile === undefined) continue
      const size = TILE_WIDTH / 2 ** up
      const from = (index - request.index * 2 ** up) * size
      const x = viewport.x(index * TILE_WIDTH * 2 ** level)
      const width = TILE_WIDTH * 2 ** level / viewport.step
      const marks = Math.min(MARK_HEIGHT, height / 2)
      context.drawImage(tile.sheet, from, tile.y, size, 1, x, top + marks, width, height - marks - 1)
      context.drawImage(tile.sheet, from, tile.y + 1, size, 1, x, top, width, marks)
      return
    }
  }

  #laneSpans(scene: Scene, row: Row): void {
    const { viewport } = scene
    const level = Math.ceil(Math.log2(viewport.step))
    const length = WINDOW_PIXELS * 2 ** level
    const last = Math.floor(viewport.end / length)
    for (let index = Math.max(0, Math.floor(viewport.start / length)); index <= last; index++) {
      const spans = this.#spans.get({ track: row.track, lane: row.lane, level, index })
      if (spans !== undefined) this.#wideSpans(scene, row, spans)
    }
  }

  #wideSpans({ viewport, theme, overview, selected }: Scene, { top, height }: Row, spans: Spans): void {
    const context = this.#context
    const colours = [theme.spans.running, theme.spans.running, theme.spans.ok, theme.spans.failed, theme.spans.cancelled]
    for (let place = 0; place < spans.task.length; place++) {
      const start = viewport.x(spans.start[place] ?? 0)
      const end = viewport.x(Number.isNaN(spans.end[place]) ? overview.end : spans.end[place] ?? 0)
      if (end < 0 || start > viewport.width || end - start < WIDE) continue
      const left = Math.max(0, start)
      const right = Math.min(viewport.width, end - 1)
      const y = top + MARK_HEIGHT
      const tall = height - MARK_HEIGHT - 1
      // The tile beneath shows the same span without the gap to its neighbour.
      context.fillStyle = theme.background
      context.fillRect(left, y, right - left + 1, tall)
      context.fillStyle = cssColour(colours[spans.state[place] ?? 0] ?? theme.spans.running, 0.9)
      context.fillRect(left, y, right - left, tall)
      if (spans.task[place] === selected) {
        context.strokeStyle = theme.focus
        context.lineWidth = 2
        context.strokeRect(left + 1, y + 1, right - left - 2, tall - 2)
      }
      const label = spans.labels[place] ?? ''
      if (label !== '' && right - left >= LABEL_ROOM) this.#label(label, left + 4, y + tall / 2, right - left - 8, theme)
    }
  }

  #label(text: string, x: number, y: number, room: number, theme: Theme): void {
    const context = this.#context
    context.font = `11px ${theme.font}`
    context.textBaseline = 'middle'
    context.fillStyle = theme.onSpan
    const most = Math.floor(room / 5)
    const width = context.measureText(text.slice(0, most)).width
    const fits = width <= room ? most : Math.floor(most * room / width) - 1
    if (fits > 2) context.fillText(text.length > fits ? `${text.slice(0, fits - 1)}…` : text, x, y)
  }
}

function resize(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
}

/** A time as the axis shows it: as many digits as tell neighbours apart. */
export function timeLabel(ms: number, step: number): string {
  const [unit, size] = ms >= 1000 && step >= 1 ? ['s', 1000] : step >= 0.1 || ms === 0 ? ['ms', 1] : ['µs', 0.001]
  const digits = Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9))
  return `${(ms / size).toFixed(Math.min(digits, 6))} ${unit}`
}
