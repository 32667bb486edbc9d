import { FOLDED, type Row, type Rows } from '../layout/rows.ts'
import { axisStep, type Viewport } from '../layout/viewport.ts'
import type { Overview, Spans, TrackInfo } from '../worker/protocol.ts'
import { timeLabel } from './format.ts'
import { plain, writeLabel } from './label.ts'
import { type SpanCache, WIDE, WINDOW_PIXELS } from './spanCache.ts'
import type { Theme } from './theme.ts'
import { TILE_WIDTH } from './tile.ts'
import type { TileCache } from './tileCache.ts'

/** The time axis on top, in CSS pixels. */
export const AXIS_HEIGHT = 22
/** The lane of the event loop under it. */
const LOOP_HEIGHT = 12
/** Where the rows begin. */
export const ROWS_TOP = AXIS_HEIGHT + LOOP_HEIGHT
/** The strip of marks at the top of a lane, in CSS pixels. */
const MARK_HEIGHT = 3
/** What is cut off the lower edge of a span while it waited, in CSS pixels: names stay above it. */
const WAIT_HEIGHT = 3
/** Labels are only written where so many CSS pixels of a span show. */
const LABEL_ROOM = 30
/** A sign alone needs so many. */
const SIGN_ROOM = 11
/** How many levels up a tile is looked for while the right one is missing. */
const COARSER = 6
/** Tracks are set in by so much for each one that they are in, up to so many. */
const INDENT = 14
const MOST_INDENTS = 12
/** At the right of a head, for the pin, in CSS pixels. */
export const PIN_ROOM = 28
/** Of the name in a head no more is shown, in characters. */
const LONGEST_HEAD = 160
/** A lane that is lower has no room for spans of their own. */
const LOWEST_FOR_SPANS = 10
/** By the number of a state: a sign that tells what the colour does. */
const SIGNS: readonly string[] = ['', '', '', '✕ ', '⊘ ', '⚑ ']

export interface Scene {
  readonly viewport: Viewport
  readonly rows: Rows
  readonly overview: Overview
  /** In CSS pixels. */
  readonly scrollTop: number
  readonly height: number
  readonly theme: Theme
  /** Up to when tasks that have not ended are drawn, in ms. */
  readonly now: number
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
    const {
      theme,
      viewport: { width },
    } = scene
    const ratio = devicePixelRatio
    resize(context.canvas, Math.round(width * ratio), Math.round(scene.height * ratio))
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.imageSmoothingEnabled = false
    context.fillStyle = theme.background
    context.fillRect(0, 0, width, scene.height)
    this.#grid(scene)
    this.#eventLoop(scene)
    const { rows, scrollTop, height } = scene
    const edge = scrollTop + rows.pinnedHeight
    const stuck = rows.stuckAt(scrollTop)
    const scrolled = rows.between(edge, scrollTop + height - ROWS_TOP)
    this.#rows(scene, rows.pinnedHeight, stuck === undefined ? scrolled : [...scrolled, stuck])
    if (rows.pinnedHeight > 0) {
      this.#rows(scene, 0, rows.pinned(scrollTop))
      context.fillStyle = theme.focus
      context.fillRect(0, ROWS_TOP + rows.pinnedHeight - 1, width, 1)
    }
    this.#tiles.fetchMissing()
    this.#spans.fetchMissing()
  }

  /** @param from how far below the first row they begin to be seen, in CSS pixels. */
  #rows(scene: Scene, from: number, rows: readonly Row[]): void {
    const context = this.#context
    const {
      viewport: { width },
      scrollTop,
      height,
    } = scene
    context.save()
    context.beginPath()
    context.rect(0, ROWS_TOP + from, width, height - ROWS_TOP - from)
    context.clip()
    context.translate(0, ROWS_TOP - scrollTop)
    for (const row of rows) {
      if (row.lane === -1) this.#head(scene, row)
      else this.#lane(scene, row)
    }
    context.restore()
  }

  #grid({ viewport, height, theme }: Scene): void {
    const context = this.#context
    const step = axisStep(viewport, 90)
    context.font = `11px ${theme.font}`
    context.textBaseline = 'middle'
    context.textAlign = 'left'
    for (let time = Math.ceil(viewport.start / step) * step; time <= viewport.end; time += step) {
      const x = Math.round(viewport.x(time))
      context.fillStyle = theme.grid
      context.fillRect(x, 0, 1, height)
      context.fillStyle = theme.muted
      context.fillText(timeLabel(time, step), x + 4, AXIS_HEIGHT / 2 + 1)
    }
  }

  /** When the event loop was blocked: nothing else could run then, so it is marked through all rows. */
  #eventLoop({ viewport, theme, overview, height }: Scene): void {
    const context = this.#context
    context.fillStyle = theme.header
    context.fillRect(0, AXIS_HEIGHT, viewport.width, LOOP_HEIGHT - 1)
    const level = Math.ceil(Math.log2(viewport.step))
    const length = WINDOW_PIXELS * 2 ** level
    context.fillStyle = theme.blocked
    for (let index = Math.max(0, Math.floor(viewport.start / length)); index * length <= viewport.end; index++) {
      const blocked = overview.stalls === 0 ? undefined : this.#spans.get(-1, 0, level, index)
      for (let place = 0; place < (blocked?.start.length ?? 0); place++) {
        const left = viewport.x(blocked?.start[place] ?? 0)
        const width = Math.max(1, viewport.x(blocked?.end[place] ?? 0) - left)
        context.fillRect(left, AXIS_HEIGHT + 1, width, LOOP_HEIGHT - 3)
        if (width < WIDE) continue
        context.globalAlpha = 0.1
        context.fillRect(left, ROWS_TOP, width, height)
        context.globalAlpha = 1
      }
    }
    context.font = `10px ${theme.font}`
    const text = overview.stalls === 0 ? 'event loop never blocked for long' : 'event loop'
    const width = context.measureText(text).width + 8
    context.fillStyle = theme.header
    context.fillRect(0, AXIS_HEIGHT, width, LOOP_HEIGHT - 1)
    context.fillStyle = theme.muted
    context.fillText(text, 4, AXIS_HEIGHT + LOOP_HEIGHT / 2)
  }

  #head({ overview, viewport, theme, rows }: Scene, { track, top, height }: Row): void {
    const info = overview.tracks[track]
    if (info === undefined) return
    const context = this.#context
    const middle = top + height / 2
    const left = headLeft(rows.isPinned(track) ? 0 : info.depth)
    context.fillStyle = theme.header
    context.fillRect(0, top, viewport.width, height)
    context.fillStyle = theme.border
    context.fillRect(0, top, viewport.width, 1)
    context.fillStyle = theme.foreground
    context.beginPath()
    if (rows.isFolded(track)) triangle(context, left, middle, 0)
    else triangle(context, left, middle, Math.PI / 2)
    context.fill()
    context.font = `600 12px ${theme.font}`
    context.textBaseline = 'middle'
    const room = viewport.width - left - 20 - PIN_ROOM
    const label = plain(info.label.slice(0, LONGEST_HEAD))
    context.fillText(label, left + 12, middle, room)
    const labelWidth = Math.min(room, context.measureText(label).width)
    context.font = `11px ${theme.font}`
    context.fillStyle = theme.muted
    const rest = describe(info)
    if (labelWidth + 40 < room) context.fillText(rest, left + 22 + labelWidth, middle, room - labelWidth - 20)
    pin(context, viewport.width - PIN_ROOM / 2, middle, rows.isPinned(track))
  }

  #lane(scene: Scene, row: Row): void {
    if (row.lane !== FOLDED) this.#whisker(scene, row)
    this.#laneTiles(scene, row)
    if (row.lane !== FOLDED && row.height >= LOWEST_FOR_SPANS) this.#laneSpans(scene, row)
  }

  /** A place of a pool is there also while it is idle: a line says from when to when. */
  #whisker({ viewport, overview, theme }: Scene, { track, top, height }: Row): void {
    const info = overview.tracks[track]
    if (info === undefined || !info.slotted) return
    const left = Math.max(0, viewport.x(info.opened))
    const right = Math.min(viewport.width, viewport.x(info.closed))
    if (right <= left) return
    this.#context.fillStyle = theme.whisker
    this.#context.fillRect(left, Math.round(top + (height + MARK_HEIGHT) / 2) - 1, right - left, 1)
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
      if (tile.empty) return
      const size = TILE_WIDTH / 2 ** up
      const from = (index - request.index * 2 ** up) * size
      const x = viewport.x(index * TILE_WIDTH * 2 ** level)
      const width = (TILE_WIDTH * 2 ** level) / viewport.step
      const marks = Math.min(MARK_HEIGHT, height / 2)
      context.drawImage(tile.sheet, from, tile.y, size, 1, x, top + marks, width, height - marks - 1)
      if (tile.marked) context.drawImage(tile.sheet, from, tile.y + 1, size, 1, x, top, width, marks)
      return
    }
  }

  #laneSpans(scene: Scene, row: Row): void {
    const { viewport } = scene
    const level = Math.ceil(Math.log2(viewport.step))
    const length = WINDOW_PIXELS * 2 ** level
    const last = Math.floor(viewport.end / length)
    for (let index = Math.max(0, Math.floor(viewport.start / length)); index <= last; index++) {
      const spans = this.#spans.get(row.track, row.lane, level, index)
      if (spans === undefined || spans.task.length === 0) continue
      this.#wideSpans(scene, row, spans)
      this.#waits(scene, row, spans)
      this.#labels(scene, row, spans)
    }
  }

  #wideSpans({ viewport, theme, now }: Scene, { top, height }: Row, spans: Spans): void {
    const context = this.#context
    const y = top + MARK_HEIGHT
    const tall = height - MARK_HEIGHT - 1
    for (let place = 0; place < spans.task.length; place++) {
      const open = Number.isNaN(spans.end[place])
      const start = viewport.x(spans.start[place] ?? 0)
      const end = viewport.x(open ? now : (spans.end[place] ?? 0))
      if (end < 0 || start > viewport.width || end - start < WIDE) continue
      const left = Math.max(0, start)
      const right = Math.min(viewport.width, end - 1)
      const state = spans.state[place] ?? 0
      const colour = theme.states[state] ?? theme.muted
      // The tile beneath shows the same span without the gap to its neighbour.
      context.fillStyle = theme.background
      context.fillRect(left - 1, y, right - left + 3, tall)
      context.fillStyle = open ? fading(context, start, end, colour) : colour
      context.fillRect(left, y, right - left, tall)
    }
  }

  /** What is written on spans; on narrow ones only the sign of those that did not go well. */
  #labels({ viewport, theme, now }: Scene, { top, height }: Row, spans: Spans): void {
    const context = this.#context
    const middle = top + (MARK_HEIGHT + height - 1) / 2 + 0.5
    for (let place = 0; place < spans.task.length; place++) {
      const end = spans.end[place] ?? NaN
      const left = Math.max(0, viewport.x(spans.start[place] ?? 0))
      const room = Math.min(viewport.width, viewport.x(Number.isNaN(end) ? now : end) - 1) - left
      const state = spans.state[place] ?? 0
      const sign = SIGNS[state] ?? ''
      if (room < (sign === '' ? LABEL_ROOM : SIGN_ROOM)) continue
      context.fillStyle = theme.onStates[state] ?? theme.foreground
      if (room < LABEL_ROOM || (sign !== '' && room < LABEL_ROOM + SIGN_ROOM)) {
        context.textAlign = 'center'
        writeLabel(context, theme.font, sign.trimEnd(), left + room / 2, middle, SIGN_ROOM)
        context.textAlign = 'left'
        continue
      }
      const label = `${sign}${spans.labels[spans.label[place] ?? 0] ?? ''}`
      if (label !== '') writeLabel(context, theme.font, label, left + 4, middle, room - 8)
    }
  }

  /** What of a span was waiting is drawn lower, so that what ran stands out. */
  #waits({ viewport, theme }: Scene, { top, height }: Row, { waits }: Spans): void {
    const context = this.#context
    const tall = Math.min(WAIT_HEIGHT, Math.floor((height - MARK_HEIGHT) / 3))
    context.fillStyle = theme.background
    context.globalAlpha = 0.65
    for (let place = 0; place + 1 < waits.length; place += 2) {
      const left = Math.max(0, viewport.x(waits[place] ?? 0))
      const right = Math.min(viewport.width, viewport.x(waits[place + 1] ?? 0))
      if (right - left >= 2) context.fillRect(left, top + height - tall - 1, right - left - 1, tall)
    }
    context.globalAlpha = 1
  }
}

/** From where on a head is written, in CSS pixels. */
export function headLeft(depth: number): number {
  return 8 + INDENT * Math.min(depth, MOST_INDENTS)
}

/** What is known of a track, behind its name. */
function describe({ tasks, limit, scopes, lanes, location }: TrackInfo): string {
  const parts = [`${tasks.toLocaleString('en')} ${tasks === 1 ? 'task' : 'tasks'}`]
  if (limit > 0) parts.push(`limit ${String(limit)}`)
  else if (lanes > 1) parts.push(`up to ${lanes.toLocaleString('en')} at once`)
  if (scopes > 1) parts.push(`${scopes.toLocaleString('en')} of it`)
  if (location !== null) parts.push(`${location.file.split(/[/\\]/u).at(-1) ?? ''}:${String(location.line)}`)
  return parts.join(' · ')
}

/** A task that has not ended fades to the right: nobody knows how long it will be. */
function fading(context: CanvasRenderingContext2D, start: number, end: number, colour: string): CanvasGradient {
  const gradient = context.createLinearGradient(Math.max(start, end - 120), 0, end, 0)
  gradient.addColorStop(0, colour)
  gradient.addColorStop(1, colour.replace(/\/ 1\)$/u, '/ 0.15)'))
  return gradient
}

function triangle(context: CanvasRenderingContext2D, x: number, y: number, angle: number): void {
  for (const [place, turn] of [0, 2.1, -2.1].entries()) {
    const to: [number, number] = [x + 3 + 4 * Math.cos(angle + turn), y + 4 * Math.sin(angle + turn)]
    if (place === 0) context.moveTo(...to)
    else context.lineTo(...to)
  }
}

/** A pin, filled where it holds. */
function pin(context: CanvasRenderingContext2D, x: number, y: number, holds: boolean): void {
  context.beginPath()
  context.rect(x - 2.5, y - 5, 5, 5)
  context.moveTo(x - 4.5, y + 0.5)
  context.lineTo(x + 4.5, y + 0.5)
  context.moveTo(x, y + 0.5)
  context.lineTo(x, y + 5.5)
  context.lineWidth = 1
  context.strokeStyle = context.fillStyle
  if (holds) context.fillRect(x - 3, y - 5.5, 6, 6)
  context.stroke()
}

function resize(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
}
