import type { Arrow } from '../render/overlay.ts'
import type { CancelReport } from '../worker/protocol.ts'
import type { App } from './app.ts'

/** Draws how a cancellation went from where it came from to the tasks that it reached; undefined takes it away. */
export async function showCancellation(app: App, cancel: CancelReport | undefined): Promise<void> {
  const { timeline, worker } = app
  if (cancel === undefined) {
    timeline?.mark({ arrows: [], moments: [] })
    return
  }
  const by = cancel.by === null ? undefined : await worker.find(cancel.by)
  const from = by === undefined ? { track: cancel.track, lane: -1, time: cancel.time } : { ...by, time: cancel.time }
  const reached = await Promise.all(cancel.reached.map(({ task }) => worker.find(task)))
  const arrows = reached.flatMap((to, place): Arrow[] =>
    to === undefined ? [] : [{ from, to: { ...to, time: cancel.time + (cancel.reached[place]?.after ?? 0) } }])
  if (timeline === undefined) return
  timeline.mark({ arrows, moments: [cancel.time] })
  const { viewport } = timeline
  if (cancel.time < viewport.start || cancel.time > viewport.end) {
    timeline.show(viewport.movedTo(cancel.time - viewport.span / 2, timeline.bounds))
  }
}
