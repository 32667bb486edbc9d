import type { TrackInfo } from '../worker/protocol.ts'

/** Heights in CSS pixels. */
export const HEADER_HEIGHT = 24
export const LANE_HEIGHT = 18
/** Of a lane in a track that has more than would fit on any screen. */
export const THIN_LANE_HEIGHT = 4

/** From so many lanes on a track shows them thin, until it is asked otherwise. */
const MANY_LANES = 48

/** One row of the view: the head of a track, or one of its lanes. */
export interface Row {
  readonly track: number
  /** -1 for the head. */
  readonly lane: number
  readonly top: number
  readonly height: number
}

interface Block {
  readonly track: number
  readonly top: number
  readonly lanes: number
  readonly laneHeight: number
}

/** Where the rows of all tracks are: found by position without laying out what nobody sees. */
export class Rows {
  /** In CSS pixels. */
  readonly height: number
  readonly #blocks: Block[] = []
  readonly #byTrack = new Map<number, Block>()
  readonly #collapsed: ReadonlySet<number>

  /** @param collapsed numbers of tracks that show only their head. Tracks below a collapsed one are not shown. */
  constructor(tracks: readonly TrackInfo[], collapsed: ReadonlySet<number> = new Set()) {
    this.#collapsed = collapsed
    let top = 0
    for (const track of inTreeOrder(tracks, collapsed)) {
      const lanes = collapsed.has(track) ? 0 : (tracks[track]?.lanes ?? 0)
      const laneHeight = lanes > MANY_LANES ? THIN_LANE_HEIGHT : LANE_HEIGHT
      const block = { track, top, lanes, laneHeight }
      this.#blocks.push(block)
      this.#byTrack.set(track, block)
      top += HEADER_HEIGHT + lanes * laneHeight
    }
    this.height = top
  }

  /** The rows that are at least partly between two heights, from the top. */
  between(top: number, bottom: number): Row[] {
    const rows: Row[] = []
    for (let place = this.#blockAt(top); place < this.#blocks.length; place++) {
      const block = this.#blocks[place]
      if (block === undefined || block.top >= bottom) break
      if (block.top + HEADER_HEIGHT > top)
        rows.push({ track: block.track, lane: -1, top: block.top, height: HEADER_HEIGHT })
      const first = Math.max(0, Math.floor((top - block.top - HEADER_HEIGHT) / block.laneHeight))
      for (let lane = first; lane < block.lanes; lane++) {
        const laneTop = block.top + HEADER_HEIGHT + lane * block.laneHeight
        if (laneTop >= bottom) break
        rows.push({ track: block.track, lane, top: laneTop, height: block.laneHeight })
      }
    }
    return rows
  }

  /** The row at a height; undefined below the last. */
  at(y: number): Row | undefined {
    return this.between(y, y + 1)[0]
  }

  /** Where the row of a lane is, or of the head for -1; undefined when it is not shown. */
  find(track: number, lane: number): Row | undefined {
    const block = this.#byTrack.get(track)
    if (block === undefined || lane >= block.lanes) return undefined
    if (lane < 0) return { track, lane, top: block.top, height: HEADER_HEIGHT }
    return { track, lane, top: block.top + HEADER_HEIGHT + lane * block.laneHeight, height: block.laneHeight }
  }

  isCollapsed(track: number): boolean {
    return this.#collapsed.has(track)
  }

  /** The head that is to stay in sight on top while lanes of its track are: where it is drawn then. */
  stuckAt(scrollTop: number): Row | undefined {
    const block = this.#blocks[this.#blockAt(scrollTop)]
    if (block === undefined || block.top >= scrollTop) return undefined
    const bottom = block.top + HEADER_HEIGHT + block.lanes * block.laneHeight
    const top = Math.min(scrollTop, bottom - HEADER_HEIGHT)
    return { track: block.track, lane: -1, top, height: HEADER_HEIGHT }
  }

  /** The next row below or above that holds spans; undefined when there is none. */
  laneBeside(track: number, lane: number, by: 1 | -1): Row | undefined {
    const place = this.#blocks.findIndex((block) => block.track === track)
    const within = this.find(track, lane + by)
    if (lane + by >= 0 && within !== undefined) return within
    for (let other = place + by; other >= 0 && other < this.#blocks.length; other += by) {
      const block = this.#blocks[other]
      if (block !== undefined && block.lanes > 0) return this.find(block.track, by > 0 ? 0 : block.lanes - 1)
    }
    return undefined
  }

  /** The tracks that are shown, from the top. */
  get tracks(): readonly number[] {
    return this.#blocks.map(({ track }) => track)
  }

  #blockAt(y: number): number {
    let low = 0
    let high = this.#blocks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#blocks[middle]?.top ?? 0) <= y) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }
}

/**
 * Each track behind the one that it was opened in, siblings in the order in which they came. Tracks that hold no task,
 * nor one of a track within, are left out.
 */
function inTreeOrder(tracks: readonly TrackInfo[], collapsed: ReadonlySet<number>): number[] {
  const children = new Map<number, number[]>()
  const filled = new Set<number>()
  for (const [number, { parent, tasks }] of tracks.entries()) {
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [number])
    else siblings.push(number)
    for (
      let holder = tasks > 0 ? number : -1;
      holder >= 0 && !filled.has(holder);
      holder = tracks[holder]?.parent ?? -1
    ) {
      filled.add(holder)
    }
  }
  const order: number[] = []
  const left = [...(children.get(-1) ?? [])].reverse()
  for (let track = left.pop(); track !== undefined; track = left.pop()) {
    if (!filled.has(track)) continue
    order.push(track)
    if (!collapsed.has(track)) for (const child of [...(children.get(track) ?? [])].reverse()) left.push(child)
  }
  return order
}
