import type { Row } from '../layout/rows.ts'
import { headLeft, PIN_ROOM } from '../render/painter.ts'
import type { App } from './app.ts'
import type { Timeline } from './timeline.ts'
import { tipOf } from './tip.ts'

/** A press that moves less than this is a click, in pixels. */
const CLICK = 4
/** How much a turn of the wheel zooms, by pixel. */
const WHEEL_ZOOM = 0.0025
/** A wheel that counts lines or pages turns so many pixels by each. */
const LINE = 32
const PAGE = 400
/** How often a place is remembered while the wheel turns, in ms. */
const SETTLED_AFTER = 300

/** How wide the triangle of a head is, with what is around it, in pixels. */
const FOLD_ROOM = 14

/** The mouse and the wheel on the timeline. */
export class Pointer {
  readonly #app: App
  readonly #element: HTMLElement
  readonly #stopping = new AbortController()
  #pressed: { readonly x: number; readonly y: number; readonly time: number } | undefined
  #dragging = false
  #hovering = false
  #settling: ReturnType<typeof setTimeout> | undefined

  constructor(app: App, element: HTMLElement) {
    this.#app = app
    this.#element = element
    const { signal } = this.#stopping
    element.addEventListener(
      'wheel',
      (event) => {
        this.#wheel(event)
      },
      { passive: false, signal },
    )
    element.addEventListener(
      'pointerdown',
      (event) => {
        this.#down(event)
      },
      { signal },
    )
    element.addEventListener(
      'pointermove',
      (event) => {
        this.#move(event)
      },
      { signal },
    )
    element.addEventListener(
      'pointerup',
      (event) => {
        void this.#up(event)
      },
      { signal },
    )
    element.addEventListener(
      'pointerleave',
      () => {
        app.timeline?.mark({ pointer: undefined, hovered: undefined, tip: undefined })
      },
      { signal },
    )
    element.addEventListener(
      'dblclick',
      (event) => {
        void this.#double(event)
      },
      { signal },
    )
  }

  stop(): void {
    this.#stopping.abort()
    clearTimeout(this.#settling)
  }

  get #timeline(): Timeline | undefined {
    return this.#app.timeline
  }

  #wheel(event: WheelEvent): void {
    const timeline = this.#timeline
    if (timeline === undefined) return
    event.preventDefault()
    const unit =
      event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? PAGE : 1
    const down = event.deltaY * unit
    const right = event.deltaX * unit
    const { viewport, bounds } = timeline
    if (event.ctrlKey || event.metaKey) {
      timeline.follow(false)
      timeline.show(viewport.zoomed(Math.exp(down * WHEEL_ZOOM), this.#at(event).x, bounds), false)
    } else if (event.shiftKey || Math.abs(right) > Math.abs(down)) {
      timeline.follow(false)
      timeline.show(viewport.panned((event.shiftKey && right === 0 ? down : right) / viewport.width, bounds), false)
    } else {
      timeline.scroll(down)
    }
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => {
      timeline.show(timeline.viewport)
      this.#app.keep()
    }, SETTLED_AFTER)
  }

  #down(event: PointerEvent): void {
    const timeline = this.#timeline
    if (timeline === undefined || event.button !== 0) return
    const { x, y } = this.#at(event)
    this.#pressed = { x, y, time: timeline.viewport.time(x) }
    this.#dragging = false
    this.#element.setPointerCapture(event.pointerId)
  }

  #move(event: PointerEvent): void {
    const timeline = this.#timeline
    if (timeline === undefined) return
    const { x, y } = this.#at(event)
    timeline.mark({ pointer: x })
    if (this.#pressed === undefined) {
      void this.#hover(x, y)
      return
    }
    if (Math.abs(x - this.#pressed.x) >= CLICK) this.#dragging = true
    if (this.#dragging) timeline.mark({ range: this.#rangeTo(timeline, x, this.#pressed.time) })
  }

  async #up(event: PointerEvent): Promise<void> {
    const timeline = this.#timeline
    const pressed = this.#pressed
    this.#pressed = undefined
    if (timeline === undefined || pressed === undefined) return
    const { x, y } = this.#at(event)
    if (this.#dragging) {
      this.#app.selectRange(this.#rangeTo(timeline, x, pressed.time))
      return
    }
    if (timeline.isEventLoop(y)) {
      this.#app.selectStall(await this.#app.worker.stallAt(timeline.viewport.time(x), timeline.reach))
      return
    }
    const row = timeline.rowAt(y)
    if (row !== undefined && row.lane < 0) {
      this.#onHead(timeline, row, x)
      return
    }
    const task = await timeline.taskAt(x, y)
    if (task < 0) return
    await this.#app.select(task, false)
    if (this.#app.panel.value !== 'table') this.#app.panel.value = 'details'
    if (event.altKey) this.#app.openSource(this.#app.details.value?.location)
  }

  /** Its little triangle opens and closes it, its pin keeps it on top, all else shows what is known of it. */
  #onHead(timeline: Timeline, { track, lane }: Row, x: number): void {
    const depth = timeline.rows.isPinned(track) ? 0 : (timeline.overview.tracks[track]?.depth ?? 0)
    if (lane === -1 && x < headLeft(depth) + FOLD_ROOM) this.#app.fold(track)
    else if (lane === -1 && x > timeline.viewport.width - PIN_ROOM) this.#app.pin(track)
    else this.#app.selectTrack(track)
  }

  async #double(event: MouseEvent): Promise<void> {
    const timeline = this.#timeline
    if (timeline === undefined) return
    const { x, y } = this.#at(event)
    const row = timeline.rowAt(y)
    if (row !== undefined && row.lane < 0) {
      this.#app.fold(row.track)
      return
    }
    const task = await timeline.taskAt(x, y)
    if (task < 0) return
    await this.#app.select(task, false)
    if (this.#app.selected !== undefined) timeline.reveal(this.#app.selected, true)
  }

  /** One question at a time: the pointer moves faster than the worker answers. */
  async #hover(x: number, y: number): Promise<void> {
    const timeline = this.#timeline
    if (timeline === undefined || this.#hovering) return
    this.#hovering = true
    try {
      const task = await timeline.taskAt(x, y)
      const brief = task < 0 ? undefined : await this.#app.worker.brief(task)
      timeline.mark({ hovered: brief?.where, tip: brief === undefined ? undefined : { x, y, lines: tipOf(brief) } })
      const clickable = brief !== undefined || (timeline.rowAt(y)?.lane ?? 0) < 0
      this.#element.style.cursor = clickable ? 'pointer' : ''
    } finally {
      this.#hovering = false
    }
  }

  #rangeTo({ viewport, bounds }: Timeline, x: number, from: number): { readonly start: number; readonly end: number } {
    const to = viewport.time(x)
    return { start: Math.max(bounds.start, Math.min(from, to)), end: Math.min(bounds.end, Math.max(from, to)) }
  }

  #at(event: MouseEvent): { readonly x: number; readonly y: number } {
    const { left, top } = this.#element.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
}
