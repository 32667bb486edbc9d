import { computed, signal } from '@preact/signals'
import type { Remote } from 'comlink'
import type { Host } from '../host/host.ts'
import { Viewport } from '../layout/viewport.ts'
import type { SourcePlace, ViewCommand, ViewState } from '../messages.ts'
import { count, duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import type { CancelReport, Finding, Overview, PathStep, TaskDetails, Whereabouts } from '../worker/protocol.ts'
import type { WorkerApi } from '../worker/worker.ts'
import { exportPng } from './exportPng.ts'
import { exportSvg } from './exportSvg.ts'
import { type Panel, PANELS, type Phase } from './panels.ts'
import { Ticker } from './ticker.ts'
import { EMPTY, Timeline } from './timeline.ts'

const ZOOM = 0.7
const PAN = 0.25

/** What the page knows and can do. The parts of the page show its signals, and call its methods. */
export class App {
  readonly phase = signal<Phase>({ kind: 'waiting' })
  readonly name = signal('')
  readonly overview = signal<Overview>(EMPTY)
  readonly findings = signal<readonly Finding[]>([])
  readonly details = signal<TaskDetails | undefined>(undefined)
  readonly panel = signal<Panel>('details')
  /** The track that the panels are about; -1 for none. */
  readonly track = signal(-1)
  readonly range = signal<{ readonly start: number; readonly end: number } | undefined>(undefined)
  readonly filterText = signal('')
  readonly filterError = signal('')
  readonly live = signal(false)
  readonly following = signal(false)
  readonly help = signal(false)
  /** Something to know that takes nothing away from what is shown. */
  readonly notice = signal('')
  /** What a screen reader says next. */
  readonly announced = signal('')
  /** Counts what has been shown anew: answers of the worker from before are out of date. */
  readonly version = signal(0)
  /** Counts up, some times a second, while the view moves. */
  readonly frame = signal(0)
  readonly problemCount = computed(() => this.findings.value.length)

  readonly host: Host
  readonly worker: Remote<WorkerApi>
  timeline: Timeline | undefined
  #selected: Whereabouts | undefined
  #problem = -1
  #focusFilter: () => void = () => undefined
  #canvas: HTMLCanvasElement | undefined
  readonly #ticker = new Ticker(() => {
    this.frame.value++
  })
  #state: ViewState | undefined

  constructor(host: Host, worker: Remote<WorkerApi>) {
    this.host = host
    this.worker = worker
  }

  /** Puts the timeline onto its canvases. To be called once. */
  async attach(canvas: HTMLCanvasElement, over: HTMLCanvasElement): Promise<void> {
    this.#canvas = canvas
    this.timeline = new Timeline(canvas, over, this.worker, () => {
      this.#ticker.tell()
      this.following.value = this.timeline?.following ?? false
      // Whether what is seen is drawn in full, for whoever takes a picture.
      const settled = String(this.timeline?.settled ?? false)
      if (canvas.parentElement !== null && canvas.parentElement.dataset['settled'] !== settled) {
        canvas.parentElement.dataset['settled'] = settled
      }
    })
    await this.timeline.retheme()
  }

  onFocusFilter(focus: () => void): void {
    this.#focusFilter = focus
  }

  /** Takes in what the worker has read. The first time it also restores where the reader was. */
  async refresh(state?: ViewState): Promise<void> {
    this.#state ??= state
    const restored = state !== undefined && this.version.value === 0
    if (restored && state.filter !== '') await this.filter(state.filter)
    const overview = await this.worker.overview()
    this.overview.value = overview
    this.phase.value = { kind: 'shown' }
    this.timeline?.update(overview, this.live.value)
    if (restored && this.timeline !== undefined) {
      const viewport = new Viewport(state.start, state.end, this.timeline.viewport.width)
      this.timeline.restore({ viewport, scrollTop: state.scrollTop }, state.collapsed)
      this.panel.value = PANELS.find((panel) => panel === state.panel) ?? 'details'
      if (state.task !== null) await this.select(state.task, false)
    }
    // What is on the screen first comes first: the panels ask the same worker. What still grows is never all drawn.
    if (this.version.value === 0 && !this.live.value && overview.tasks > 0 && this.timeline !== undefined) {
      await this.timeline.drawn()
      const holder = this.#canvas?.parentElement
      if (holder) holder.dataset['drawn'] = 'true'
      await this.worker.trim()
    }
    this.version.value++
  }

  async readFindings(): Promise<void> {
    this.findings.value = await this.worker.findings()
    if (
      this.version.value <= 1 &&
      this.#selected === undefined &&
      this.problemCount.value > 0 &&
      this.#state === undefined
    ) {
      this.panel.value = 'problems'
    }
    const { tasks, end } = this.overview.value
    this.host.post({ type: 'shown', tasks, problems: this.problemCount.value, durationMs: end })
  }

  announce(text: string): void {
    this.announced.value = plain(text)
  }

  get selected(): Whereabouts | undefined {
    return this.#selected
  }

  /** @param reveal brings it into sight. */
  async select(task: number, reveal = true): Promise<void> {
    const [where, details] = await Promise.all([this.worker.find(task), this.worker.details(task)])
    this.#selected = where
    this.details.value = details
    this.timeline?.mark({ selected: where })
    if (details === undefined) return
    this.track.value = details.track
    if (reveal && where !== undefined) this.timeline?.reveal(where)
    const took = details.end === null ? 'has not ended' : `took ${duration(details.end - details.start)}`
    this.announce(`${details.label}, ${details.state}, ${took}, started at ${duration(details.start)}`)
    this.keep()
  }

  /** Selects a task, and shows what is known of it. */
  async inspect(task: number): Promise<void> {
    this.panel.value = 'details'
    await this.select(task)
  }

  selectTrack(track: number): void {
    this.track.value = track
    this.panel.value = 'pool'
    this.announce(this.overview.value.tracks[track]?.label ?? '')
  }

  selectRange(range: { readonly start: number; readonly end: number } | undefined): void {
    this.range.value = range
    this.timeline?.mark({ range })
    if (range === undefined) return
    this.panel.value = 'range'
    this.announce(`Selected ${duration(range.end - range.start)} from ${duration(range.start)}`)
  }

  showPath(path: readonly PathStep[]): void {
    this.timeline?.mark({ path })
  }

  /** Draws how a cancellation went from where it came from to the tasks that it reached. */
  async showCancellation(cancel: CancelReport | undefined): Promise<void> {
    if (cancel === undefined) {
      this.timeline?.mark({ arrows: [], moments: [] })
      return
    }
    const from = cancel.by === null ? undefined : await this.worker.find(cancel.by)
    const reached = await Promise.all(cancel.reached.map(({ task }) => this.worker.find(task)))
    const arrows = reached.flatMap((to, place) =>
      to === undefined
        ? []
        : [
            {
              from:
                from === undefined
                  ? { track: cancel.track, lane: -1, time: cancel.time }
                  : { ...from, time: cancel.time },
              to: { ...to, time: cancel.time + (cancel.reached[place]?.after ?? 0) },
            },
          ],
    )
    this.timeline?.mark({ arrows, moments: [cancel.time] })
    const { timeline } = this
    if (timeline === undefined) return
    const { viewport } = timeline
    if (cancel.time < viewport.start || cancel.time > viewport.end) {
      timeline.show(viewport.movedTo(cancel.time - viewport.span / 2, timeline.bounds))
    }
  }

  async filter(text: string): Promise<void> {
    this.filterText.value = text
    this.filterError.value = await this.worker.filter(text)
    if (this.filterError.value !== '') return
    this.timeline?.forget()
    if (this.version.value === 0) return
    await this.refresh()
    // It may have moved to another lane, or be on none now.
    if (this.#selected !== undefined) await this.select(this.#selected.task, false)
    const { shown, tasks } = this.overview.value
    if (text !== '') this.announce(`${count(shown, 'task')} of ${tasks.toLocaleString('en')} shown`)
    this.keep()
  }

  /** Shows all tasks that came from a line. */
  async revealLine({ file, line }: SourcePlace): Promise<void> {
    const path = file.replaceAll('\\', '/')
    await this.filter(`at:"${path}:${String(line)}"`)
    if (this.overview.value.shown === 0) {
      const name = path.split('/').at(-1) ?? path
      this.notice.value = `No task of this recording came from line ${String(line)} of ${name}.`
      await this.filter('')
    } else {
      this.timeline?.fitAll()
    }
  }

  openSource(place: SourcePlace | null | undefined, beside = true): void {
    if (place === null || place === undefined) {
      this.announce('Its source is not known')
      return
    }
    const { file, line, column } = place
    this.host.post({ type: 'openSource', place: { file, line, column }, beside })
    if (this.host.kind === 'report') this.notice.value = `Copied: ${plain(file)}:${String(line)}`
  }

  async showProblem(number: number): Promise<void> {
    const finding = this.findings.value[number]
    if (finding === undefined) return
    this.#problem = number
    this.panel.value = 'problems'
    const [task] = finding.tasks
    if (task !== undefined) await this.select(task)
    this.announce(`Problem ${String(number + 1)} of ${String(this.problemCount.value)}: ${finding.message}`)
  }

  /** Does what a key or a button asks for. */
  async run(command: ViewCommand | 'panLeft' | 'panRight'): Promise<void> {
    if (this.timeline !== undefined) await this.#actions(this.timeline)[command]()
  }

  #actions(timeline: Timeline): Readonly<Record<ViewCommand | 'panLeft' | 'panRight', () => unknown>> {
    const { viewport, bounds } = timeline
    return {
      zoomIn: () => {
        this.#move(viewport.zoomed(ZOOM, this.#focusX(viewport), bounds))
      },
      zoomOut: () => {
        this.#move(viewport.zoomed(1 / ZOOM, this.#focusX(viewport), bounds))
      },
      panLeft: () => {
        this.#move(viewport.panned(-PAN, bounds))
      },
      panRight: () => {
        this.#move(viewport.panned(PAN, bounds))
      },
      fitAll: () => {
        this.#move(new Viewport(bounds.start, bounds.end, viewport.width))
      },
      fitSelection: () => {
        this.#fitSelection(timeline)
      },
      back: () => {
        timeline.back()
      },
      forward: () => {
        timeline.forward()
      },
      nextSpan: () => this.#step(1),
      previousSpan: () => this.#step(-1),
      nextProblem: () => this.showProblem((this.#problem + 1) % Math.max(1, this.problemCount.value)),
      previousProblem: () => this.showProblem((this.#problem < 1 ? this.problemCount.value : this.#problem) - 1),
      cause: async () =>
        this.#goTo(await this.worker.cause(this.#selected?.task ?? -1), 'Nobody is known to have created it'),
      effect: async () => this.#goTo(await this.worker.effect(this.#selected?.task ?? -1), 'It created no task'),
      filter: () => {
        this.#focusFilter()
      },
      help: () => {
        this.help.value = !this.help.value
      },
      clear: () => this.#clear(),
      follow: () => {
        timeline.follow(!timeline.following)
      },
      openSource: () => {
        this.openSource(this.details.value?.location)
      },
      showTable: () => {
        this.panel.value = 'table'
      },
      showProblems: () => {
        this.panel.value = 'problems'
      },
      copyLink: () => {
        this.#copyLink()
      },
      exportPng: () => exportPng(this),
      exportSvg: () => exportSvg(this),
      exportReport: () => {
        this.host.post({ type: 'saveReport' })
      },
    }
  }

  /** Up and down: the task of the next lane that is nearest in time. */
  async stepLane(by: 1 | -1): Promise<void> {
    const { timeline } = this
    if (timeline === undefined) return
    const at = this.#selected
    const row =
      at === undefined
        ? timeline.rows.between(timeline.scrollTop, timeline.scrollTop + timeline.height).find(({ lane }) => lane >= 0)
        : timeline.rows.laneBeside(at.track, at.lane, by)
    if (row === undefined) return
    const time = at === undefined ? timeline.viewport.time(timeline.viewport.width / 2) : (at.start + at.end) / 2
    const found = await this.worker.nearest(row.track, row.lane, time)
    if (found !== undefined) await this.select(found.task)
  }

  /** Where the reader is; undefined while nothing is shown. */
  get state(): ViewState | undefined {
    const { timeline } = this
    if (timeline === undefined || this.phase.value.kind !== 'shown') return undefined
    const {
      viewport: { start, end },
      scrollTop,
      collapsed,
    } = timeline
    return {
      start,
      end,
      scrollTop,
      collapsed: [...collapsed],
      task: this.#selected?.task ?? null,
      filter: this.filterText.value,
      panel: this.panel.value,
    }
  }

  /** Remembers where the reader is. */
  keep(): void {
    const { state } = this
    if (state !== undefined) this.host.keep(state)
  }

  async #step(by: 1 | -1): Promise<void> {
    if (this.#selected === undefined) return this.stepLane(1)
    const found = await this.worker.neighbour(this.#selected.task, by)
    if (found !== undefined) await this.select(found.task)
  }

  async #goTo(task: number, otherwise: string): Promise<void> {
    if (task < 0) this.announce(otherwise)
    else await this.select(task)
  }

  /** Keys zoom at what is selected, as long as it is in sight. */
  #focusX(viewport: Viewport): number {
    const x = this.#selected === undefined ? NaN : viewport.x((this.#selected.start + this.#selected.end) / 2)
    return x >= 0 && x <= viewport.width ? x : viewport.width / 2
  }

  #move(viewport: Viewport): void {
    this.timeline?.follow(false)
    this.timeline?.show(viewport)
  }

  #fitSelection(timeline: Timeline): void {
    if (this.#selected !== undefined) timeline.reveal(this.#selected, true)
    else if (this.range.value !== undefined) this.#move(timeline.viewport.fitted(this.range.value, timeline.bounds))
  }

  async #clear(): Promise<void> {
    if (this.help.value) {
      this.help.value = false
      return
    }
    this.notice.value = ''
    this.#selected = undefined
    this.details.value = undefined
    this.range.value = undefined
    this.timeline?.mark({ selected: undefined, range: undefined, path: [], arrows: [], moments: [] })
    if (this.filterText.value !== '') await this.filter('')
    this.announce('Cleared')
  }

  #copyLink(): void {
    if (this.#selected === undefined) return
    this.host.post({ type: 'link', task: this.#selected.task })
    this.announce('Link copied')
  }
}
