import { svgOf } from '../render/svg.ts'
import type { App } from './app.ts'

/** Saves what is seen as a drawing that can be scaled. */
export async function exportSvg(app: App): Promise<void> {
  const { timeline, worker } = app
  if (timeline === undefined) return
  const { viewport, rows, theme, overview, scrollTop, height } = timeline
  const seen = rows.between(scrollTop, scrollTop + height)
  const lanes = seen.filter(({ lane }) => lane >= 0)
  const spans = await worker.spans(lanes.map(({ track, lane }) => ({
    track, lane, start: viewport.start, end: viewport.end, shortest: viewport.step / 2,
  })))
  const svg = svgOf({ viewport, theme, overview, scrollTop, height, rows: seen, spans })
  app.host.post({ type: 'save', name: `${app.name.value}.svg`, bytes: new TextEncoder().encode(svg) })
}
