import type { Spans } from '../worker/protocol.ts'

/** Spans of this width and more are drawn one by one, in pixels. */
export const WIDE = 6

/** How many windows are kept, over all lanes. */
const MOST = 2048

export interface SpanWindow {
  readonly track: number
  readonly lane: number
  /** The window lasts 2^level ms times `WINDOW_PIXELS`. */
  readonly level: number
  readonly index: number
}

/** How many pixels a window is wide when a pixel lasts 2^level ms. */
export const WINDOW_PIXELS = 2048

export type SpanFetch = (window: SpanWindow) => Promise<Spans>

/** Keeps the wide spans of each stretch of a lane, and fetches those that are missed. */
export class SpanCache {
  readonly #fetch: SpanFetch
  readonly #arrived: () => void
  readonly #windows = new Map<string, { readonly spans: Spans | undefined, readonly until: number }>()
  #until = 0
  #generation = 0

  constructor(fetch: SpanFetch, arrived: () => void) {
    this.#fetch = fetch
    this.#arrived = arrived
  }

  /** How far the recording goes by now, in ms. */
  grow(until: number): void {
    this.#until = until
  }

  clear(): void {
    this.#generation++
    this.#windows.clear()
  }

  get(window: SpanWindow): Spans | undefined {
    const key = `${String(window.track)}.${String(window.lane)}.${String(window.level)}.${String(window.index)}`
    const known = this.#windows.get(key)
    const end = (window.index + 1) * WINDOW_PIXELS * 2 ** window.level
    const outdated = known !== undefined && known.until < this.#until && known.until < end
    if (known === undefined || outdated) this.#request(key, window, known?.spans)
    return known?.spans
  }

  #request(key: string, window: SpanWindow, meanwhile: Spans | undefined): void {
    const generation = this.#generation
    const until = this.#until
    this.#windows.delete(key)
    this.#windows.set(key, { spans: meanwhile, until })
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= MOST) break
      this.#windows.delete(oldest)
    }
    this.#fetch(window).then((spans) => {
      if (generation !== this.#generation) return
      this.#windows.set(key, { spans, until })
      this.#arrived()
    }, () => { this.#windows.delete(key) })
  }
}
