import type { App } from './app.ts'

/** Up and down: the task of the next lane that is nearest in time. */
export async function stepLane(app: App, by: 1 | -1): Promise<void> {
  const { timeline, selected: at } = app
  if (timeline === undefined) return
  const { rows, scrollTop, height, viewport } = timeline
  const row =
    at === undefined
      ? [...rows.pinned(scrollTop), ...rows.between(scrollTop, scrollTop + height)].find(({ lane }) => lane >= 0)
      : rows.laneBeside(at.track, at.lane, by)
  if (row === undefined) return
  const time = at === undefined ? viewport.time(viewport.width / 2) : (at.start + at.end) / 2
  const found = await app.worker.nearest(row.track, row.lane, time)
  if (found !== undefined) await app.select(found.task)
}

/** Along the lane, to the next task or the one before. */
export async function stepSpan(app: App, by: 1 | -1): Promise<void> {
  if (app.selected === undefined) return stepLane(app, 1)
  const found = await app.worker.neighbour(app.selected.task, by)
  if (found !== undefined) await app.select(found.task)
}

/** @param otherwise is said when there is no such task. */
export async function goTo(app: App, task: number, otherwise: string): Promise<void> {
  if (task < 0) app.announce(otherwise)
  else await app.select(task)
}
