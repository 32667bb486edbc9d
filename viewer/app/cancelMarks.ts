import { duration } from '../render/format.ts'
import type { Arrow } from '../render/overlay.ts'
import type { CancelReport, Whereabouts } from '../worker/protocol.ts'
import type { App } from './app.ts'

/** Draws how a cancellation went from where it came from to the tasks that it reached; undefined takes it away. */
export async function showCancellation(app: App, cancel: CancelReport | undefined): Promise<void> {
  const { timeline, worker } = app
  if (cancel === undefined) {
    timeline?.mark({ arrows: [], moments: [], overruns: [] })
    return
  }
  const by = cancel.by === null ? undefined : await worker.find(cancel.by)
  const from = by === undefined ? { track: cancel.track, lane: -1, time: cancel.time } : { ...by, time: cancel.time }
  const reached = await Promise.all(cancel.reached.map(({ task }) => worker.find(task)))
  const arrows = reached.flatMap((to, place): Arrow[] =>
    to === undefined ? [] : [arrowTo(from, to, cancel.time, cancel.reached[place]?.after ?? 0)],
  )
  const late = await Promise.all(cancel.ranOn.map(({ task }) => worker.find(task)))
  const overruns = late.flatMap((where) => (where === undefined ? [] : [{ ...where, start: cancel.time }]))
  if (timeline === undefined) return
  timeline.mark({ arrows, moments: [cancel.time], overruns })
  const { viewport } = timeline
  if (cancel.time < viewport.start || cancel.time > viewport.end) {
    timeline.show(viewport.movedTo(cancel.time - viewport.span / 2, timeline.bounds))
  }
}

function arrowTo(from: Arrow['from'], { track, lane }: Whereabouts, cancelled: number, after: number): Arrow {
  return { from, to: { track, lane, time: cancelled + after }, label: `+${duration(after)}` }
}
