import { svgOf } from '../render/svg.ts'
import type { App } from './app.ts'

/** Saves what is seen as a drawing that can be scaled. */
export async function exportSvg(app: App): Promise<void> {
  const { timeline, worker } = app
  if (timeline === undefined) return
  const { viewport, rows, theme, overview, scrollTop, height } = timeline
  // What is pinned comes last: it lies over the others.
  const seen = [...rows.between(scrollTop + rows.pinnedHeight, scrollTop + height), ...rows.pinned(scrollTop)]
  const lanes = seen.filter(({ lane }) => lane !== -1)
  const spans = await worker.spans(
    lanes.map(({ track, lane }) => ({
      track,
      lane,
      start: viewport.start,
      end: viewport.end,
      shortest: viewport.step / 2,
    })),
  )
  const { pinnedHeight } = rows
  const svg = svgOf({ viewport, theme, overview, scrollTop, height, rows: seen, spans, pinnedHeight })
  app.host.post({ type: 'save', name: `${app.name.value}.svg`, bytes: new TextEncoder().encode(svg) })
}
