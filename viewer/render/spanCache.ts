import type { SpanRequest, Spans } from '../worker/protocol.ts'
import { type AsOf, Misses } from './misses.ts'

/** Spans of this width and more are drawn one by one, in pixels. */
export const WIDE = 6

/** How many pixels a window is wide when a pixel lasts 2^level ms. */
export const WINDOW_PIXELS = 2048

/** How many windows are kept, over all lanes. */
const MOST = 4096

export type SpanFetch = (requests: readonly SpanRequest[]) => Promise<readonly Spans[]>

interface Known {
  readonly spans: Spans | undefined
  readonly asOf: AsOf
}

/** Keeps the wide spans of each stretch of a lane, and fetches those that are missed, a frame's worth at a time. */
export class SpanCache {
  readonly #windows = new Map<string, Known>()
  readonly #misses: Misses<SpanRequest, readonly Spans[]>

  constructor(fetch: SpanFetch, arrived: () => void) {
    this.#misses = new Misses({
      fetch,
      arrived,
      keep: (keys, answers, asOf) => {
        for (const [place, key] of keys.entries()) this.#keep(key, { spans: answers[place], asOf })
      },
    })
  }

  /** Whether everything that was asked for is there. */
  get settled(): boolean {
    return this.#misses.settled
  }

  /** How far the recording goes by now, in ms. */
  grow(until: number): void {
    this.#misses.grow(until)
  }

  /** All are out of date. They are shown until the new ones are there. */
  outdate(): void {
    this.#misses.outdate()
  }

  clear(): void {
    this.#windows.clear()
    this.#misses.clear()
  }

  /**
   * The wide spans of a window, if they are there; otherwise, or when more has come since, they are fetched.
   *
   * @param track -1 for the event loop.
   * @param level a pixel lasts 2^level ms.
   * @param index which window, counted from the beginning of the recording.
   */
  get(track: number, lane: number, level: number, index: number): Spans | undefined {
    const key = `${String(track)}.${String(lane)}.${String(level)}.${String(index)}`
    const known = this.#windows.get(key)
    const step = 2 ** level
    const length = WINDOW_PIXELS * step
    const end = (index + 1) * length
    if (known === undefined || !this.#misses.isCurrent(known.asOf, end)) {
      this.#misses.add(key, { track, lane, start: index * length, end, shortest: (WIDE * step) / 2 })
    }
    return known?.spans
  }

  /** Fetches what `get` has missed since the last time. */
  fetchMissing(): void {
    this.#misses.fetch()
  }

  #keep(key: string, known: Known): void {
    // The one that was used the longest ago is the first.
    this.#windows.delete(key)
    this.#windows.set(key, known)
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= MOST) break
      this.#windows.delete(oldest)
    }
  }
}
