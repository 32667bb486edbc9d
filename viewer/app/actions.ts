import { Viewport } from '../layout/viewport.ts'
import type { ViewCommand } from '../messages.ts'
import type { App } from './app.ts'
import { exportPng } from './exportPng.ts'
import { exportSvg } from './exportSvg.ts'
import { goTo, stepSpan } from './steps.ts'
import type { Timeline } from './timeline.ts'

const ZOOM = 0.7
const PAN = 0.25

/** What keys and buttons may ask for. */
export type AppCommand = ViewCommand | 'panLeft' | 'panRight'

/** What each command does. */
export function actionsOf(app: App, timeline: Timeline): Readonly<Record<AppCommand, () => unknown>> {
  const { viewport, bounds } = timeline
  const { selected, worker } = app
  return {
    zoomIn: () => {
      app.move(viewport.zoomed(ZOOM, focusX(app, viewport), bounds))
    },
    zoomOut: () => {
      app.move(viewport.zoomed(1 / ZOOM, focusX(app, viewport), bounds))
    },
    panLeft: () => {
      app.move(viewport.panned(-PAN, bounds))
    },
    panRight: () => {
      app.move(viewport.panned(PAN, bounds))
    },
    fitAll: () => {
      app.move(new Viewport(bounds.start, bounds.end, viewport.width))
    },
    fitSelection: () => {
      fitSelection(app, timeline)
    },
    back: () => {
      timeline.back()
    },
    forward: () => {
      timeline.forward()
    },
    nextSpan: () => stepSpan(app, 1),
    previousSpan: () => stepSpan(app, -1),
    nextProblem: () => app.stepProblem(1),
    previousProblem: () => app.stepProblem(-1),
    cause: async () => goTo(app, await worker.cause(selected?.task ?? -1), 'Nobody is known to have created it'),
    effect: async () => goTo(app, await worker.effect(selected?.task ?? -1), 'It created no task'),
    fold: () => {
      app.fold(app.track.value)
    },
    foldAll: () => {
      foldAll(app, timeline)
    },
    pin: () => {
      app.pin(app.track.value)
    },
    rangeInSight: () => {
      app.selectRange(clipped(viewport, timeline))
    },
    rangeOfTask: () => {
      if (selected !== undefined) app.selectRange(clipped(selected, timeline))
    },
    filter: () => {
      app.focusFilter()
    },
    help: () => {
      app.help.value = !app.help.value
    },
    clear: () => app.clear(),
    follow: () => {
      timeline.follow(!timeline.following)
    },
    openSource: () => {
      app.openSource(app.details.value?.location)
    },
    showScope: () => {
      app.panel.value = 'pool'
    },
    showScopes: () => {
      app.panel.value = 'scopes'
    },
    showTable: () => {
      app.panel.value = 'table'
    },
    showProblems: () => {
      app.panel.value = 'problems'
    },
    copyLink: () => {
      copyLink(app)
    },
    exportPng: () => exportPng(app),
    exportSvg: () => exportSvg(app),
    exportReport: () => {
      app.host.post({ type: 'saveReport' })
    },
  }
}

/** Keys zoom at what is selected, as long as it is in sight. */
function focusX({ selected }: App, viewport: Viewport): number {
  const x = selected === undefined ? NaN : viewport.x((selected.start + selected.end) / 2)
  return x >= 0 && x <= viewport.width ? x : viewport.width / 2
}

function fitSelection(app: App, timeline: Timeline): void {
  if (app.selected !== undefined) timeline.reveal(app.selected, true)
  else if (app.range.value !== undefined) app.move(timeline.viewport.fitted(app.range.value, timeline.bounds))
}

function foldAll(app: App, timeline: Timeline): void {
  app.announce(timeline.toggleAll() ? 'All scopes folded' : 'All scopes opened')
  app.layout.value++
  app.keep()
}

function clipped(
  { start, end }: { readonly start: number; readonly end: number },
  { overview }: Timeline,
): { readonly start: number; readonly end: number } {
  return { start: Math.max(0, start), end: Math.min(overview.end, end) }
}

function copyLink(app: App): void {
  if (app.selected === undefined) return
  app.host.post({ type: 'link', task: app.selected.task })
  app.announce('Link copied')
}
