import type { TimeRange, Viewport } from '../layout/viewport.ts'
import { STATE_BITS } from '../model/lane.ts'
import type { Minimap } from '../worker/protocol.ts'
import { cssColour, type Theme } from './theme.ts'

/** The row of each sort of tick, in CSS pixels; what ran is drawn above them. */
const TICK_HEIGHT = 4
const TICKS = ['failed', 'cancelled', 'leaked'] as const

/** Draws how much ran when, and under it the ticks: at least two pixels wide, however many tasks there are. */
export function paintMinimap(canvas: HTMLCanvasElement, { active, marks }: Minimap, theme: Theme): void {
  const context = prepare(canvas)
  if (context === null) return
  const { clientWidth: width, clientHeight: height } = canvas
  const room = height - TICK_HEIGHT * TICKS.length - 2
  const most = active.reduce((greatest, value) => Math.max(greatest, value), 0) || 1
  const step = width / active.length
  context.fillStyle = cssColour(theme.spans.ok, 0.75)
  for (let column = 0; column < active.length; column++) {
    // What is little shows too: a lone task would be a hundredth of a pixel high beside a hundred others.
    const tall = (active[column] ?? 0) === 0 ? 0 : Math.max(1.5, ((active[column] ?? 0) / most) * room)
    context.fillRect(column * step, room - tall, Math.max(step, 0.75), tall)
  }
  for (const [row, name] of TICKS.entries()) {
    context.fillStyle = cssColour(theme.spans[name])
    const top = room + 1 + row * TICK_HEIGHT
    for (let column = 0; column < marks.length; column++) {
      if (((marks[column] ?? 0) & STATE_BITS[name]) !== 0)
        context.fillRect(column * step - 0.5, top, Math.max(2, step), TICK_HEIGHT - 1)
    }
  }
}

/** Draws what is in sight as a window, and what is not behind a veil. */
export function paintWindow(canvas: HTMLCanvasElement, viewport: Viewport, bounds: TimeRange, theme: Theme): void {
  const context = prepare(canvas)
  if (context === null) return
  const { clientWidth: width, clientHeight: height } = canvas
  const scale = width / Math.max(bounds.end - bounds.start, 1e-9)
  const left = Math.max(0, (viewport.start - bounds.start) * scale)
  const right = Math.min(width, Math.max((viewport.end - bounds.start) * scale, left + 3))
  context.fillStyle = theme.background
  context.globalAlpha = 0.6
  context.fillRect(0, 0, left, height)
  context.fillRect(right, 0, width - right, height)
  context.globalAlpha = 1
  context.strokeStyle = theme.focus
  context.lineWidth = 1
  context.strokeRect(left + 0.5, 0.5, Math.max(2, right - left - 1), height - 1)
}

function prepare(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const context = canvas.getContext('2d')
  const ratio = devicePixelRatio
  const width = Math.round(canvas.clientWidth * ratio)
  const height = Math.round(canvas.clientHeight * ratio)
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  context?.setTransform(ratio, 0, 0, ratio, 0, 0)
  context?.clearRect(0, 0, width, height)
  return context
}
