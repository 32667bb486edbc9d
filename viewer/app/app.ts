import { computed, signal } from '@preact/signals'
import type { Remote } from 'comlink'
import type { Host } from '../host/host.ts'
import { Viewport } from '../layout/viewport.ts'
import type { SourcePlace, ViewState } from '../messages.ts'
import { count, duration } from '../render/format.ts'
import { plain } from '../render/label.ts'
import type { Finding, Overview, PathStep, TaskDetails, Whereabouts } from '../worker/protocol.ts'
import type { WorkerApi } from '../worker/worker.ts'
import { actionsOf, type AppCommand } from './actions.ts'
import { type Panel, PANELS, type Phase } from './panels.ts'
import { Ticker } from './ticker.ts'
import { EMPTY, Timeline } from './timeline.ts'

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
  /** The time in which the event loop was blocked that the panel is about; -1 for none. */
  readonly stall = signal(-1)
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
  /** Counts how often tracks were folded or pinned. */
  readonly layout = signal(0)
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
    const restored = state !== undefined && this.version.value === 0
    if (restored) await this.arrange(state)
    const overview = await this.worker.overview()
    this.overview.value = overview
    this.phase.value = { kind: 'shown' }
    this.timeline?.update(overview, this.live.value)
    if (this.live.value && this.filterText.value !== '') this.timeline?.outdate()
    if (restored && this.timeline !== undefined) {
      const viewport = new Viewport(state.start, state.end, this.timeline.viewport.width)
      this.timeline.restore({ viewport, scrollTop: state.scrollTop })
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

  /** Filters, folds, pins and shows the panel as the reader had it; what goes on also has no other place. */
  async arrange(state: ViewState): Promise<void> {
    const { filter, panel, collapsed, pinned = [] } = state
    this.#state ??= state
    this.panel.value = PANELS.find((known) => known === panel) ?? 'details'
    this.timeline?.arrange(collapsed, pinned)
    if (filter !== '') await this.filter(filter)
  }

  async readFindings(): Promise<void> {
    this.findings.value = await this.worker.findings()
    if (
      this.version.value <= 1
      && this.#selected === undefined
      && this.problemCount.value > 0
      && this.#state === undefined
    ) {
      this.panel.value = 'problems'
    }
    await this.#askForSources()
    const { tasks, end } = this.overview.value
    this.host.post({ type: 'shown', tasks, problems: this.problemCount.value, durationMs: end })
  }

  /** Takes in where places of compiled files come from. */
  async locate(places: readonly SourcePlace[], sources: readonly (SourcePlace | null)[]): Promise<void> {
    await this.#askForSources()
    if (!(await this.worker.locate(places, sources))) return
    // A filter may name a line of the sources.
    if (this.filterText.value === '') {
      this.timeline?.forget()
      await this.refresh()
    } else await this.filter(this.filterText.value)
    this.findings.value = await this.worker.findings()
    const selected = this.#selected
    if (selected === undefined) return
    const details = await this.worker.details(selected.task)
    // Meanwhile another task may have been selected.
    if (this.#selected === selected) this.details.value = details
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

  /** @param number as the worker counts them; -1 for none. */
  selectStall(number: number): void {
    this.stall.value = number
    if (number >= 0) this.panel.value = 'loop'
  }

  /** Folds a track into one strip, or opens it. */
  fold(track: number): void {
    if (track < 0) return
    const folded = this.timeline?.toggle(track) ?? false
    this.announce(`${this.overview.value.tracks[track]?.label ?? ''} ${folded ? 'folded' : 'opened'}`)
    this.layout.value++
    this.keep()
  }

  /** Keeps a track on top, or no longer. */
  pin(track: number): void {
    if (track < 0) return
    const pinned = this.timeline?.togglePin(track) ?? false
    this.announce(`${this.overview.value.tracks[track]?.label ?? ''} ${pinned ? 'pinned' : 'no longer pinned'}`)
    this.layout.value++
    this.keep()
  }

  /** @param show whether the panel is to say what went on in it. */
  selectRange(range: { readonly start: number; readonly end: number } | undefined, show = true): void {
    this.range.value = range
    this.timeline?.mark({ range })
    if (range === undefined || !show) return
    this.panel.value = 'range'
    this.announce(`Selected ${duration(range.end - range.start)} from ${duration(range.start)}`)
  }

  showPath(path: readonly PathStep[]): void {
    this.timeline?.mark({ path })
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
  async run(command: AppCommand): Promise<void> {
    if (this.timeline !== undefined) await actionsOf(this, this.timeline)[command]()
  }

  focusFilter(): void {
    this.#focusFilter()
  }

  /** Goes to the problem that is so many behind the last one, in a circle. */
  stepProblem(by: 1 | -1): Promise<void> {
    const count = Math.max(1, this.problemCount.value)
    return this.showProblem(this.#problem < 0 ? (by > 0 ? 0 : count - 1) : (this.#problem + by + count) % count)
  }

  /** Where the reader is; undefined while nothing is shown. */
  get state(): ViewState | undefined {
    const { timeline } = this
    if (timeline === undefined || this.phase.value.kind !== 'shown') return undefined
    const {
      viewport: { start, end },
      scrollTop,
      collapsed,
      pinned,
    } = timeline
    return {
      start,
      end,
      scrollTop,
      collapsed: [...collapsed],
      pinned,
      task: this.#selected?.task ?? null,
      filter: this.filterText.value,
      panel: this.panel.value,
    }
  }

  async #askForSources(): Promise<void> {
    const places = await this.worker.newPlaces()
    if (places.length > 0) this.host.post({ type: 'locate', places })
  }

  /** Remembers where the reader is. */
  keep(): void {
    const { state } = this
    if (state !== undefined) this.host.keep(state)
  }

  /** Moves the view to where the reader wants it, and away from the end of what still grows. */
  move(viewport: Viewport): void {
    this.timeline?.follow(false)
    this.timeline?.show(viewport)
  }

  /** Lets go of all that was chosen. */
  async clear(): Promise<void> {
    if (this.help.value) {
      this.help.value = false
      return
    }
    this.notice.value = ''
    this.#selected = undefined
    this.details.value = undefined
    this.range.value = undefined
    this.stall.value = -1
    this.timeline?.mark({ selected: undefined, range: undefined, path: [], arrows: [], moments: [], overruns: [] })
    if (this.filterText.value !== '') await this.filter('')
    this.announce('Cleared')
  }
}
