import { TASK_STATES } from '@forkline/trace'
import { FOLDED, type Row } from '../layout/rows.ts'
import { axisStep, type Viewport } from '../layout/viewport.ts'
import type { Overview, Spans } from '../worker/protocol.ts'
import { timeLabel } from './format.ts'
import { plain } from './label.ts'
import { AXIS_HEIGHT, headLeft, ROWS_TOP } from './painter.ts'
import type { Theme } from './theme.ts'

export interface Drawing {
  readonly viewport: Viewport
  readonly theme: Theme
  readonly overview: Overview
  /** In CSS pixels. */
  readonly scrollTop: number
  readonly height: number
  readonly pinnedHeight: number
  /** What is seen of them, from the top. */
  readonly rows: readonly Row[]
  /** Of each of the rows that is a lane, or the strip of folded ones. */
  readonly spans: readonly Spans[]
}

/** How opaque a span of a folded lane is. */
const FOLDED_OPACITY = 0.35

/** How wide a letter of 11 px is, about, in pixels. */
const LETTER = 6.2

/** What is seen, as SVG. Spans that are narrower than half a pixel are left out. */
export function svgOf({ viewport, theme, overview, scrollTop, height, rows, spans, pinnedHeight }: Drawing): string {
  const parts = [rect(0, 0, viewport.width, height, theme.background)]
  const step = axisStep(viewport, 90)
  for (let time = Math.ceil(viewport.start / step) * step; time <= viewport.end; time += step) {
    const x = Math.round(viewport.x(time))
    parts.push(rect(x, 0, 1, height, theme.grid), text(x + 4, AXIS_HEIGHT / 2 + 4, timeLabel(time, step), theme.muted))
  }
  let lane = 0
  for (const row of rows) {
    const top = row.top - scrollTop + ROWS_TOP
    if (row.lane === -1) {
      const info = overview.tracks[row.track]
      parts.push(rect(0, top, viewport.width, row.height, theme.header))
      parts.push(
        text(
          headLeft(row.top - scrollTop < pinnedHeight ? 0 : (info?.depth ?? 0)),
          top + row.height / 2 + 4,
          (info?.label ?? '').slice(0, 160),
          theme.foreground,
          600,
        ),
      )
      continue
    }
    const own = spans[lane++]
    if (own === undefined) continue
    // Folded lanes lie over one another: where more of them are busy, it is less transparent.
    const opacity = row.lane === FOLDED ? FOLDED_OPACITY : 1
    if (top < ROWS_TOP + pinnedHeight) parts.push(rect(0, top, viewport.width, row.height, theme.background))
    for (let place = 0; place < own.task.length; place++) {
      const left = Math.max(0, viewport.x(own.start[place] ?? 0))
      const end = Number.isNaN(own.end[place]) ? overview.end : (own.end[place] ?? 0)
      const width = Math.max(0.5, Math.min(viewport.width, viewport.x(end)) - left - 1)
      const state = own.state[place] ?? 0
      parts.push(rect(left, top + 3, width, row.height - 4, theme.states[state] ?? theme.muted, opacity))
      if (row.lane === FOLDED) {
        if (state >= TASK_STATES.failed) parts.push(rect(left, top, width, 3, theme.states[state] ?? theme.muted))
        continue
      }
      const label = own.labels[own.label[place] ?? 0] ?? ''
      const fits = Math.floor((width - 8) / LETTER)
      if (fits < 3 || label === '' || row.height < 10) continue
      const shown = label.length > fits ? `${label.slice(0, fits - 1)}…` : label
      parts.push(text(left + 4, top + row.height / 2 + 5, shown, theme.onStates[state] ?? theme.foreground))
    }
  }
  const size = `width="${String(viewport.width)}" height="${String(height)}"`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${String(viewport.width)} ${String(height)}">`
    + `<g font-family="${escaped(theme.font)}" font-size="11">${parts.join('')}</g></svg>\n`
  )
}

function rect(x: number, y: number, width: number, height: number, fill: string, opacity = 1): string {
  const size = `width="${round(width)}" height="${round(height)}"`
  const look = opacity === 1 ? '' : ` fill-opacity="${String(opacity)}"`
  return `<rect x="${round(x)}" y="${round(y)}" ${size} fill="${escaped(fill)}"${look}/>`
}

function text(x: number, y: number, content: string, fill: string, weight = 400): string {
  const look = `fill="${escaped(fill)}" font-weight="${String(weight)}"`
  return `<text x="${round(x)}" y="${round(y)}" ${look}>${escaped(plain(content))}</text>`
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100)
}

/** Names in a recording are untrusted. */
export function escaped(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|[\uFFFE\uFFFF]/gu, '�')
}
