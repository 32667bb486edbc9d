import type { Row } from '../layout/rows.ts'
import type { TimeRange } from '../layout/viewport.ts'
import type { PathStep, Whereabouts } from '../worker/protocol.ts'
import { duration } from './format.ts'
import { ROWS_TOP, type Scene } from './painter.ts'

/** From where an arrow comes, and where it goes to. */
export interface Arrow {
  /** Written beside where it goes to. */
  readonly label: string
  readonly from: { readonly track: number; readonly lane: number; readonly time: number }
  readonly to: { readonly track: number; readonly lane: number; readonly time: number }
}

/** A stretch of a lane, in ms. */
export interface Overrun {
  readonly track: number
  readonly lane: number
  readonly start: number
  readonly end: number
}

/** What is drawn over the spans, and changes more often than they do. */
export interface Marks {
  readonly selected: Whereabouts | undefined
  readonly hovered: Whereabouts | undefined
  /** In CSS pixels; undefined when the pointer is elsewhere. */
  readonly pointer: number | undefined
  readonly range: TimeRange | undefined
  readonly path: readonly PathStep[]
  readonly arrows: readonly Arrow[]
  /** What of some tasks came too late: drawn along the lower edge of their lanes. */
  readonly overruns: readonly Overrun[]
  /** What is said beside the pointer, in CSS pixels. The first line stands out. */
  readonly tip: { readonly x: number; readonly y: number; readonly lines: readonly string[] } | undefined
  /** Moments that a line goes through all rows for, such as that of a cancellation. In ms. */
  readonly moments: readonly number[]
}

export const NO_MARKS: Marks = {
  selected: undefined,
  hovered: undefined,
  pointer: undefined,
  range: undefined,
  path: [],
  arrows: [],
  overruns: [],
  moments: [],
  tip: undefined,
}

/** An arrow that goes less far to the right than this goes straight down first, in CSS pixels. */
const STEEP = 24
/** Of a mark of what came too late, in CSS pixels. */
const OVERRUN_HEIGHT = 4
/** A lane that is lower has no room for text. */
const LOWEST_FOR_TEXT = 14
/** How far above the lower edge of a lane the critical path runs, in CSS pixels. */
const PATH_RISE = 3.5
/** Of a line of what is said beside the pointer, in CSS pixels. */
const TIP_LINE = 17

/** Draws what moves over the spans, on a canvas of its own: the spans need not be drawn again for it. */
export class Overlay {
  readonly #context: CanvasRenderingContext2D

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('This browser has no 2D canvas')
    this.#context = context
  }

  paint(scene: Scene, marks: Marks): void {
    const context = this.#context
    const {
      viewport: { width },
      height,
    } = scene
    const ratio = devicePixelRatio
    const { canvas } = context
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio)
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, width, height)
    this.#range(scene, marks.range)
    context.save()
    context.beginPath()
    context.rect(0, ROWS_TOP, width, height - ROWS_TOP)
    context.clip()
    this.#path(scene, marks.path)
    for (const time of marks.moments) this.#moment(scene, time)
    for (const overrun of marks.overruns) this.#overrun(scene, overrun)
    for (const arrow of marks.arrows) this.#arrow(scene, arrow)
    if (marks.hovered !== undefined && marks.hovered.task !== marks.selected?.task)
      this.#outline(scene, marks.hovered, 1)
    if (marks.selected !== undefined) this.#outline(scene, marks.selected, 2)
    context.restore()
    this.#pointer(scene, marks.pointer)
    this.#tip(scene, marks.tip)
  }

  /** Where a lane is on the canvas, in CSS pixels; undefined where something else is drawn over it. */
  #rowOf({ rows, scrollTop }: Scene, track: number, lane: number): Row | undefined {
    const row = rows.find(track, lane, scrollTop)
    if (row === undefined || rows.isCovered(row, scrollTop)) return undefined
    return { ...row, top: row.top - scrollTop + ROWS_TOP }
  }

  #range({ viewport, theme, height }: Scene, range: TimeRange | undefined): void {
    if (range === undefined) return
    const context = this.#context
    const left = viewport.x(range.start)
    const right = viewport.x(range.end)
    context.globalAlpha = 0.3
    context.fillStyle = theme.selection
    context.fillRect(left, 0, right - left, height)
    context.globalAlpha = 1
    context.fillStyle = theme.focus
    context.fillRect(left, 0, 1, height)
    context.fillRect(right - 1, 0, 1, height)
    const text = duration(range.end - range.start)
    context.font = `600 11px ${theme.font}`
    const width = context.measureText(text).width + 10
    if (right - left < width) return
    context.fillStyle = theme.background
    context.fillRect((left + right - width) / 2, 3, width, 16)
    context.fillStyle = theme.foreground
    context.textBaseline = 'middle'
    context.fillText(text, (left + right - width) / 2 + 5, 11.5)
  }

  #outline(scene: Scene, { track, lane, start, end }: Whereabouts, line: number): void {
    const { viewport, theme } = scene
    const row = this.#rowOf(scene, track, lane)
    if (row === undefined) return
    const { top } = row
    const context = this.#context
    const left = Math.max(-4, viewport.x(start))
    const right = Math.min(viewport.width + 4, viewport.x(end))
    // On any colour: one line in the colour of the focus between two of the background's.
    for (const [colour, extra] of [
      [theme.background, 2],
      [theme.focus, 0],
    ] as const) {
      context.strokeStyle = colour
      context.lineWidth = line + extra
      context.strokeRect(left - 0.5, top + 0.5, Math.max(4, right - left), row.height - 1)
    }
  }

  #path(scene: Scene, steps: readonly PathStep[]): void {
    const { viewport, theme } = scene
    const context = this.#context
    let last: { x: number; y: number } | undefined
    context.lineJoin = 'round'
    for (const { track, lane, start, end, what } of steps) {
      const row = this.#rowOf(scene, track, lane)
      if (row === undefined) continue
      // Along the lower edge, so that the names can be read.
      const y = row.top + Math.max(row.height / 2, row.height - PATH_RISE)
      const from = { x: viewport.x(start), y }
      const to = { x: viewport.x(end), y }
      for (const [colour, width] of [
        [theme.background, 5],
        [theme.path, 2.5],
      ] as const) {
        context.strokeStyle = colour
        context.lineWidth = width
        context.setLineDash(what === 'queued' ? [3, 3] : [])
        context.beginPath()
        if (last !== undefined) {
          context.moveTo(last.x, last.y)
          context.lineTo(from.x, from.y)
        } else {
          context.moveTo(from.x, from.y)
        }
        context.lineTo(to.x, to.y)
        context.stroke()
      }
      last = to
    }
    context.setLineDash([])
  }

  #moment({ viewport, theme, height }: Scene, time: number): void {
    const context = this.#context
    const x = Math.round(viewport.x(time))
    context.fillStyle = theme.states[4] ?? theme.foreground
    context.fillRect(x, ROWS_TOP, 2, height)
  }

  #overrun(scene: Scene, { track, lane, start, end }: Overrun): void {
    const row = this.#rowOf(scene, track, lane)
    if (row === undefined) return
    const { viewport, theme } = scene
    const left = viewport.x(start)
    const tall = Math.min(OVERRUN_HEIGHT, row.height / 2)
    this.#context.fillStyle = theme.background
    this.#context.fillRect(left, row.top + row.height - tall - 2, viewport.x(end) - left, tall + 1)
    this.#context.fillStyle = theme.blocked
    this.#context.fillRect(left, row.top + row.height - tall - 1, viewport.x(end) - left, tall)
  }

  #arrow(scene: Scene, { from, to, label }: Arrow): void {
    const { viewport, theme } = scene
    const start = this.#rowOf(scene, from.track, from.lane)
    const end = this.#rowOf(scene, to.track, to.lane)
    if (start === undefined || end === undefined) return
    const context = this.#context
    const x1 = viewport.x(from.time)
    const y1 = start.top + start.height / 2
    const x2 = viewport.x(to.time)
    const y2 = end.top + end.height / 2
    if (Math.max(y1, y2) < 0 || Math.max(x1, x2) < 0 || Math.min(x1, x2) > viewport.width) return
    context.strokeStyle = theme.foreground
    context.fillStyle = theme.foreground
    context.lineWidth = 1.25
    context.beginPath()
    context.moveTo(x1, y1)
    if (x2 - x1 < STEEP) context.lineTo(x1, y2)
    else context.bezierCurveTo((x1 + x2) / 2, y1, (x1 + x2) / 2, y2, x2, y2)
    context.lineTo(x2, y2)
    context.stroke()
    for (const [colour, radius] of [
      [theme.background, 4.5],
      [theme.foreground, 3],
    ] as const) {
      context.fillStyle = colour
      context.beginPath()
      context.arc(x2, y2, radius, 0, 2 * Math.PI)
      context.fill()
    }
    if (end.height >= LOWEST_FOR_TEXT) this.#beside(scene, label, x2 + 7, y2)
  }

  #beside({ theme }: Scene, text: string, x: number, y: number): void {
    const context = this.#context
    context.font = `10px ${theme.font}`
    context.textBaseline = 'middle'
    context.fillStyle = theme.background
    context.fillRect(x - 1, y - 6, context.measureText(text).width + 4, 12)
    context.fillStyle = theme.foreground
    context.fillText(text, x + 1, y + 0.5)
  }

  #pointer({ viewport, theme, height }: Scene, x: number | undefined): void {
    if (x === undefined) return
    const context = this.#context
    context.globalAlpha = 0.5
    context.fillStyle = theme.foreground
    context.fillRect(Math.round(x), 0, 1, height)
    context.globalAlpha = 1
    const text = duration(viewport.time(x))
    context.font = `11px ${theme.font}`
    const width = context.measureText(text).width + 8
    const left = Math.min(x + 4, viewport.width - width)
    context.fillStyle = theme.background
    context.fillRect(left, 2, width, 17)
    context.fillStyle = theme.foreground
    context.textBaseline = 'middle'
    context.fillText(text, left + 4, 11)
  }
  #tip({ viewport, theme, height }: Scene, tip: Marks['tip']): void {
    if (tip === undefined) return
    const context = this.#context
    const fonts = tip.lines.map((_, line) => `${line === 0 ? '600 ' : ''}12px ${theme.font}`)
    const width =
      16
      + tip.lines.reduce((most, line, place) => {
        context.font = fonts[place] ?? ''
        return Math.max(most, context.measureText(line).width)
      }, 0)
    const tall = 10 + TIP_LINE * tip.lines.length
    const left = Math.max(2, Math.min(tip.x + 12, viewport.width - width - 2))
    const below = tip.y + 16
    const top = below + tall < height ? below : tip.y - tall - 8
    context.fillStyle = theme.header
    context.fillRect(left, top, width, tall)
    context.strokeStyle = theme.muted
    context.lineWidth = 1
    context.strokeRect(left + 0.5, top + 0.5, width - 1, tall - 1)
    context.textBaseline = 'middle'
    for (const [place, line] of tip.lines.entries()) {
      context.font = fonts[place] ?? ''
      context.fillStyle = theme.foreground
      context.fillText(line, left + 8, top + 5 + TIP_LINE * (place + 0.5))
    }
  }
}
