import type { Remote } from 'comlink'
import { type Row, Rows } from '../layout/rows.ts'
import { type TimeRange, Viewport } from '../layout/viewport.ts'
import { AXIS_HEIGHT, Painter } from '../render/painter.ts'
import { SpanCache, WIDE, WINDOW_PIXELS } from '../render/spanCache.ts'
import { readTheme, type Theme } from '../render/theme.ts'
import { TileCache } from '../render/tileCache.ts'
import type { Overview } from '../worker/protocol.ts'
import type { WorkerApi } from '../worker/worker.ts'
import { Navigation, type Place } from './navigation.ts'

const EMPTY: Overview = { tracks: [], end: 0, tasks: 0, dropped: 0, complete: true, damage: '' }

/** A live view shows this much before the end, as a share of its width, so that what comes next has room. */
const TAIL_ROOM = 0.02

/** The canvas: what it shows, and how it is moved. Knows nothing of keys and menus. */
export class Timeline {
  readonly #worker: Remote<WorkerApi>
  readonly #canvas: HTMLCanvasElement
  readonly #tiles: TileCache
  readonly #spans: SpanCache
  readonly #painter: Painter
  readonly #navigation = new Navigation()
  readonly #changed: () => void
  readonly #collapsed = new Set<number>()
  #overview = EMPTY
  #rows = new Rows([])
  #viewport = new Viewport(0, 1, 1)
  #theme: Theme
  #height = 1
  #scrollTop = 0
  #selected = -1
  #frame = 0
  /** Whether the view follows the end of a recording that grows. */
  #following = false

  /** @param changed is called after each frame in which something else is shown. */
  constructor(canvas: HTMLCanvasElement, worker: Remote<WorkerApi>, changed: () => void) {
    this.#canvas = canvas
    this.#worker = worker
    this.#changed = changed
    const repaint = (): void => { this.#invalidate() }
    this.#tiles = new TileCache((requests) => worker.tiles(requests), repaint)
    this.#spans = new SpanCache(({ track, lane, level, index }) => {
      const length = WINDOW_PIXELS * 2 ** level
      return worker.spans(track, lane, index * length, (index + 1) * length, WIDE * 2 ** level / 2)
    }, repaint)
    this.#painter = new Painter(canvas, this.#tiles, this.#spans)
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

  get bounds(): TimeRange {
    return { start: 0, end: Math.max(this.#overview.end, 0.001) }
  }

  get following(): boolean {
    return this.#following
  }

  get collapsed(): ReadonlySet<number> {
    return this.#collapsed
  }

  /** Reads the colours again, as when the theme has changed. */
  async retheme(): Promise<void> {
    this.#theme = readTheme(this.#canvas)
    await this.#worker.setPalette(this.#theme.spans)
    this.#tiles.clear()
    this.#spans.clear()
    this.#invalidate()
  }

  resize(width: number, height: number): void {
    this.#viewport = this.#viewport.resized(width)
    this.#height = height
    this.#invalidate()
  }

  /** Shows what there is now. The first time, and while the end is followed, the view moves. */
  update(overview: Overview): void {
    const first = this.#overview.tasks === 0 && this.#overview.end === 0
    this.#overview = overview
    this.#tiles.grow(overview.end)
    this.#spans.grow(overview.end)
    this.#rows = new Rows(overview.tracks, this.#collapsed)
    if (first) this.show(this.#viewport.fitted(this.bounds, this.bounds))
    else if (this.#following) {
      const { span } = this.#viewport
      const end = overview.end + span * TAIL_ROOM
      this.#viewport = new Viewport(Math.max(0, end - span), Math.max(end, span), this.#viewport.width)
    }
    this.#invalidate()
  }

  follow(following: boolean): void {
    this.#following = following
    this.#invalidate()
  }

  /** Moves the view, remembered for going back when `keep` is set. */
  show(viewport: Viewport, keep = true): void {
    this.#viewport = viewport
    if (keep) this.#navigation.visit({ viewport, scrollTop: this.#scrollTop })
    this.#invalidate()
  }

  scroll(by: number): void {
    const most = Math.max(0, this.#rows.height - (this.#height - AXIS_HEIGHT))
    this.#scrollTop = Math.min(Math.max(0, this.#scrollTop + by), most)
    this.#invalidate()
  }

  back(): void {
    this.#goTo(this.#navigation.back())
  }

  forward(): void {
    this.#goTo(this.#navigation.forward())
  }

  toggle(track: number): void {
    if (!this.#collapsed.delete(track)) this.#collapsed.add(track)
    this.#rows = new Rows(this.#overview.tracks, this.#collapsed)
    this.scroll(0)
  }

  select(task: number): void {
    this.#selected = task
    this.#invalidate()
  }

  /** The row at a place of the canvas, in CSS pixels. */
  rowAt(y: number): Row | undefined {
    return y < AXIS_HEIGHT ? undefined : this.#rows.at(y - AXIS_HEIGHT + this.#scrollTop)
  }

  /** The task at a place of the canvas; -1 when there is none. */
  async taskAt(x: number, y: number): Promise<number> {
    const row = this.rowAt(y)
    if (row === undefined || row.lane < 0) return -1
    return this.#worker.taskAt(row.track, row.lane, this.#viewport.time(x))
  }

  /** Brings a lane into sight. */
  reveal(track: number, lane: number): void {
    const row = this.#rows.find(track, lane)
    if (row === undefined) return
    const visible = this.#height - AXIS_HEIGHT
    if (row.top < this.#scrollTop || row.top + row.height > this.#scrollTop + visible) {
      this.#scrollTop = 0
      this.scroll(row.top - visible / 2)
    }
  }

  #goTo(place: Place | undefined): void {
    if (place === undefined) return
    this.#viewport = place.viewport.resized(this.#viewport.width)
    this.#scrollTop = place.scrollTop
    this.#invalidate()
  }

  #invalidate(): void {
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#painter.paint({
        viewport: this.#viewport, rows: this.#rows, overview: this.#overview, scrollTop: this.#scrollTop,
        height: this.#height, theme: this.#theme, selected: this.#selected,
      })
      this.#changed()
    })
  }
}
