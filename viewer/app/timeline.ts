import type { Remote } from 'comlink'
import { FOLDED, type Row, Rows } from '../layout/rows.ts'
import { type TimeRange, Viewport } from '../layout/viewport.ts'
import { type Marks, NO_MARKS, Overlay } from '../render/overlay.ts'
import { AXIS_HEIGHT, Painter, ROWS_TOP } from '../render/painter.ts'
import { SpanCache } from '../render/spanCache.ts'
import { readTheme, type Theme } from '../render/theme.ts'
import { TileCache } from '../render/tileCache.ts'
import type { Overview, Whereabouts } from '../worker/protocol.ts'
import type { WorkerApi } from '../worker/worker.ts'
import { Navigation, type Place } from './navigation.ts'

export const EMPTY: Overview = {
  tracks: [],
  end: 0,
  origin: 0,
  tasks: 0,
  shown: 0,
  dropped: 0,
  complete: true,
  damage: '',
  command: '',
  stalls: 0,
  cancels: 0,
  leaks: 0,
}

/** A live view shows this much behind the end, as a share of its width, so that what comes next has room. */
const TAIL_ROOM = 0.03
/** A live view shows no more than this at first, in ms. */
const LIVE_SPAN = 10_000
/** When nothing comes for so long, the tail stands still, in ms. */
const TAIL_AHEAD = 400
/** Of the height that the rows have, what is pinned may take so much. */
const PINNED_SHARE = 0.5
/** How near to a span a click counts, in pixels. */
const REACH = 3

/** The canvases: what they show, and how it is moved. Knows nothing of keys and menus. */
export class Timeline {
  readonly #worker: Remote<WorkerApi>
  readonly #canvas: HTMLCanvasElement
  readonly #tiles: TileCache
  readonly #spans: SpanCache
  readonly #painter: Painter
  readonly #overlay: Overlay
  readonly #navigation = new Navigation()
  readonly #changed: () => void
  readonly #collapsed = new Set<number>()
  /** So many tracks have been there before. */
  #known = 0
  #pinned: readonly number[] = []
  #overview = EMPTY
  #rows = new Rows([])
  #viewport = new Viewport(0, 1, 1)
  #theme: Theme
  #height = 1
  #scrollTop = 0
  #marks: Marks = NO_MARKS
  #frame = 0
  #live = false
  /** Whether the view follows the end of a recording that grows. */
  #following = false
  /** When the last of a growing recording came, on the page's clock. */
  #updatedAt = 0
  #fitted = false
  /** Whether the reader wants nothing to move by itself: then the end moves only when more has come. */
  readonly #still = matchMedia('(prefers-reduced-motion: reduce)')
  readonly #awaiting: (() => void)[] = []

  /** @param changed is called after each frame in which something else is shown. */
  constructor(canvas: HTMLCanvasElement, over: HTMLCanvasElement, worker: Remote<WorkerApi>, changed: () => void) {
    this.#canvas = canvas
    this.#worker = worker
    this.#changed = changed
    const repaint = (): void => {
      this.invalidate()
    }
    this.#tiles = new TileCache((requests) => worker.tiles(requests), repaint)
    this.#spans = new SpanCache((requests) => worker.spans(requests), repaint)
    this.#painter = new Painter(canvas, this.#tiles, this.#spans)
    this.#overlay = new Overlay(over)
    this.#theme = readTheme(canvas)
  }

  get viewport(): Viewport {
    return this.#viewport
  }

  get scrollTop(): number {
    return this.#scrollTop
  }

  get overview(): Overview {
    return this.#overview
  }

  get rows(): Rows {
    return this.#rows
  }

  get theme(): Theme {
    return this.#theme
  }

  /** The size of what is shown, in CSS pixels. */
  get height(): number {
    return this.#height
  }

  get bounds(): TimeRange {
    const end = Math.max(this.#overview.end, 0.001)
    return { start: 0, end: this.#live ? end + this.#viewport.span * TAIL_ROOM : end }
  }

  get following(): boolean {
    return this.#following
  }

  get collapsed(): ReadonlySet<number> {
    return this.#collapsed
  }

  get pinned(): readonly number[] {
    return this.#pinned
  }

  /** Whether everything that is in sight has been drawn in full. */
  get settled(): boolean {
    return this.#frame === 0 && this.#tiles.settled && this.#spans.settled
  }

  /** Settles once everything that is in sight has been drawn in full. */
  drawn(): Promise<void> {
    this.invalidate()
    return new Promise((resolve) => {
      this.#awaiting.push(resolve)
    })
  }

  /** Reads the colours again, as when the theme has changed. */
  async retheme(): Promise<void> {
    this.#theme = readTheme(this.#canvas)
    await this.#worker.setPalette(this.#theme.spans)
    this.forget()
  }

  /** Draws everything anew as soon as it is there, as when other tasks fit the filter. */
  outdate(): void {
    this.#tiles.outdate()
    this.#spans.outdate()
    this.invalidate()
  }

  /** Draws everything anew, as when the filter has changed. */
  forget(): void {
    this.#tiles.clear()
    this.#spans.clear()
    this.invalidate()
  }

  resize(width: number, height: number): void {
    this.#viewport = this.#viewport.resized(width)
    this.#height = height
    if (this.#pinned.length > 0) this.#layOut()
    this.scroll(0)
  }

  /** @param place where the reader was the last time. */
  restore(place: Place): void {
    // The file may hold another recording by now, which is shorter.
    if (place.viewport.start >= this.bounds.end) return
    this.#fitted = true
    this.#scrollTop = place.scrollTop
    this.show(place.viewport.resized(this.#viewport.width))
  }

  /** Folds and pins tracks, which need not be there yet. */
  arrange(collapsed: readonly number[], pinned: readonly number[]): void {
    this.#collapsed.clear()
    for (const track of collapsed) this.#collapsed.add(track)
    this.#pinned = pinned
    this.#layOut()
    this.scroll(0)
  }

  /** Shows what there is now. The first time, and while the end is followed, the view moves. */
  update(overview: Overview, live: boolean): void {
    this.#overview = overview
    this.#live = live
    this.#updatedAt = performance.now()
    // There are so many promises that nothing else would be in sight.
    for (; this.#known < overview.tracks.length; this.#known++) {
      if (overview.tracks[this.#known]?.kind === 'promises') this.#collapsed.add(this.#known)
    }
    this.#tiles.grow(overview.end)
    this.#spans.grow(overview.end)
    this.#layOut()
    if (!this.#fitted && (live || overview.end > 0)) {
      this.#fitted = true
      if (live) this.#viewport = new Viewport(0, Math.max(LIVE_SPAN, overview.end), this.#viewport.width)
      else this.fitAll()
    }
    if (!live) this.#following = false
    this.invalidate()
  }

  follow(following: boolean): void {
    this.#following = following && this.#live
    this.invalidate()
  }

  /** Moves the view. `keep` remembers the place for going back. */
  show(viewport: Viewport, keep = true): void {
    this.#viewport = viewport
    if (keep) this.#navigation.visit({ viewport, scrollTop: this.#scrollTop })
    this.invalidate()
  }

  fitAll(): void {
    const { start, end } = this.bounds
    this.show(new Viewport(start, end, this.#viewport.width))
  }

  scroll(by: number): void {
    const most = Math.max(0, this.#rows.height - (this.#height - ROWS_TOP))
    this.#scrollTop = Math.min(Math.max(0, this.#scrollTop + by), most)
    this.invalidate()
  }

  back(): void {
    this.#goTo(this.#navigation.back())
  }

  forward(): void {
    this.#goTo(this.#navigation.forward())
  }

  /** Folds a track with all that is within into one strip, or opens it. Gives whether it is folded now. */
  toggle(track: number): boolean {
    const folded = !this.#collapsed.delete(track)
    if (folded) this.#collapsed.add(track)
    this.#layOut()
    this.scroll(0)
    return folded
  }

  /** Folds all tracks, or opens all when one is folded. Gives whether they are folded now. */
  toggleAll(): boolean {
    const folded = this.#collapsed.size === 0
    this.#collapsed.clear()
    if (folded) for (const track of this.#overview.tracks.keys()) this.#collapsed.add(track)
    this.#layOut()
    this.scroll(0)
    return folded
  }

  /** Keeps a track on top while the others are scrolled, or no longer. Gives whether it is kept now. */
  togglePin(track: number): boolean {
    const pins = !this.#pinned.includes(track)
    this.#pinned = pins ? [...this.#pinned, track] : this.#pinned.filter((other) => other !== track)
    this.#layOut()
    this.scroll(0)
    return pins
  }

  /** What is drawn over the spans. */
  mark(marks: Partial<Marks>): void {
    this.#marks = { ...this.#marks, ...marks }
    this.invalidate()
  }

  /** The row at a place of the canvas, in CSS pixels. */
  rowAt(y: number): Row | undefined {
    if (y < ROWS_TOP) return undefined
    return this.#rows.at(y - ROWS_TOP + this.#scrollTop, this.#scrollTop)
  }

  /** Whether a height of the canvas is on the lane of the event loop, in CSS pixels. */
  isEventLoop(y: number): boolean {
    return y >= AXIS_HEIGHT && y < ROWS_TOP
  }

  /** How long what is within reach of the pointer lasts, in ms. */
  get reach(): number {
    return REACH * this.#viewport.step
  }

  /** The task at a place of the canvas; -1 when there is none. */
  async taskAt(x: number, y: number): Promise<number> {
    const row = this.rowAt(y)
    if (row === undefined || row.lane < 0) return -1
    return this.#worker.taskAt(row.track, row.lane, this.#viewport.time(x), this.reach)
  }

  /** Brings a task into sight, opened if its track was not; zooms in when it would be too thin to see. */
  reveal({ track, lane, start, end }: Whereabouts, zoom = false): void {
    for (let holder = track; holder >= 0; holder = this.#overview.tracks[holder]?.parent ?? -1)
      this.#collapsed.delete(holder)
    this.#layOut()
    this.#scrollTo(track, lane)
    const { viewport } = this
    const seen = start >= viewport.start && end <= viewport.end
    if (zoom) this.show(viewport.fitted({ start: start - (end - start), end: end + (end - start) }, this.bounds))
    else if (!seen) this.show(viewport.movedTo((start + end) / 2 - viewport.span / 2, this.bounds))
    this.invalidate()
  }

  invalidate(): void {
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#paint()
    })
  }

  /** Scrolls until a row is in sight, below what is pinned and the head that sticks there. */
  #scrollTo(track: number, lane: number): void {
    const rows = this.#rows
    const row = rows.find(track, lane)
    if (row === undefined || rows.isPinned(track)) return
    const visible = this.#height - ROWS_TOP
    const head = lane >= 0 || lane === FOLDED ? (rows.find(row.track, -1)?.height ?? 0) : 0
    const covered = this.#scrollTop + rows.pinnedHeight + head
    if (row.top >= covered && row.top + row.height <= this.#scrollTop + visible) return
    this.#scrollTop = 0
    this.scroll(row.top - (visible + rows.pinnedHeight) / 2)
  }

  #layOut(): void {
    const room = (this.#height - ROWS_TOP) * PINNED_SHARE
    this.#rows = new Rows(this.#overview.tracks, { collapsed: this.#collapsed, pinned: this.#pinned, room })
  }

  #paint(): void {
    const moves = this.#live && !this.#still.matches
    const ahead = moves ? Math.min(performance.now() - this.#updatedAt, TAIL_AHEAD) : 0
    const now = this.#overview.end + ahead
    if (this.#following) {
      const { span, width } = this.#viewport
      const end = Math.max(now + span * TAIL_ROOM, span)
      this.#viewport = new Viewport(end - span, end, width)
    }
    const scene = {
      viewport: this.#viewport,
      rows: this.#rows,
      overview: this.#overview,
      scrollTop: this.#scrollTop,
      height: this.#height,
      theme: this.#theme,
      now,
    }
    this.#painter.paint(scene)
    this.#overlay.paint(scene, this.#marks)
    this.#changed()
    if (this.settled) for (const tell of this.#awaiting.splice(0)) tell()
    if (moves && ahead < TAIL_AHEAD) this.invalidate()
  }

  #goTo(place: Place | undefined): void {
    if (place === undefined) return
    this.#following = false
    this.#viewport = place.viewport.resized(this.#viewport.width)
    this.#scrollTop = place.scrollTop
    this.scroll(0)
  }
}
