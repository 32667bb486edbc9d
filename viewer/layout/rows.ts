import type { TrackInfo } from '../worker/protocol.ts'

/** Heights in CSS pixels. */
export const HEADER_HEIGHT = 24
export const LANE_HEIGHT = 18
/** Of a lane in a track that has more than would fit on any screen. */
export const THIN_LANE_HEIGHT = 4

/** Of the strip under a folded track's head, in which everything within it is drawn as one. */
export const STRIP_HEIGHT = 14

/** Stands for a lane where it is all of a track and of the tracks within, as one. */
export const FOLDED = -2

/** From so many lanes on a track shows them thin, until it is asked otherwise. */
const MANY_LANES = 48

/** One row of the view: the head of a track, one of its lanes, or the strip that stands for all of them. */
export interface Row {
  readonly track: number
  /** -1 for the head, `FOLDED` for the strip. */
  readonly lane: number
  readonly top: number
  readonly height: number
}

interface Block {
  readonly track: number
  readonly top: number
  readonly lanes: number
  readonly laneHeight: number
  /** Whether a strip stands for its lanes. */
  readonly folded: boolean
  readonly bottom: number
}

export interface RowOptions {
  /** Numbers of tracks that show a strip instead of their lanes and of the tracks within. */
  readonly collapsed?: ReadonlySet<number>
  /** Numbers of tracks that stay on top while the others are scrolled, from the top. */
  readonly pinned?: readonly number[]
  /** How high what is pinned may be, in CSS pixels: tracks that do not fit are folded. */
  readonly room?: number
}

/**
 * Where the rows of all tracks are: found by position without laying out what nobody sees. Tops count from where the
 * first row is while nothing is scrolled; pinned rows have none of their own, so they are asked for with the scroll
 * position.
 */
export class Rows {
  /** In CSS pixels, with what is pinned. */
  readonly height: number
  /** Of what is pinned, in CSS pixels. */
  readonly pinnedHeight: number
  readonly #tracks: readonly TrackInfo[]
  readonly #blocks: Block[] = []
  readonly #pinned: Block[] = []
  readonly #byTrack = new Map<number, Block>()
  readonly #pinnedTracks = new Set<number>()

  constructor(tracks: readonly TrackInfo[], { collapsed = new Set(), pinned = [], room = Infinity }: RowOptions = {}) {
    this.#tracks = tracks
    let top = 0
    for (const track of pinned) {
      if (tracks[track] === undefined || this.#pinnedTracks.has(track)) continue
      this.#pinnedTracks.add(track)
      const whole = blockOf(tracks, track, top, collapsed.has(track))
      const block = whole.bottom > room ? blockOf(tracks, track, top, true) : whole
      top = this.#take(this.#pinned, block)
    }
    this.pinnedHeight = top
    for (const track of inTreeOrder(tracks, collapsed)) {
      if (this.#pinnedTracks.has(track)) continue
      top = this.#take(this.#blocks, blockOf(tracks, track, top, collapsed.has(track)))
    }
    this.height = top
  }

  /** The rows that are not pinned and at least partly between two heights, from the top. */
  between(top: number, bottom: number): Row[] {
    const rows: Row[] = []
    for (let place = this.#blockAt(top); place < this.#blocks.length; place++) {
      const block = this.#blocks[place]
      if (block === undefined || block.top >= bottom) break
      rowsOf(block, 0, top, bottom, rows)
    }
    return rows
  }

  /** The rows that are pinned, where they are drawn at a scroll position. */
  pinned(scrollTop: number): Row[] {
    const rows: Row[] = []
    for (const block of this.#pinned) rowsOf(block, scrollTop, scrollTop, Infinity, rows)
    return rows
  }

  /** The row at a height, as it is drawn at a scroll position; undefined below the last. */
  at(y: number, scrollTop = 0): Row | undefined {
    if (y < scrollTop + this.pinnedHeight) return this.pinned(scrollTop).findLast(({ top }) => top <= y)
    const stuck = this.stuckAt(scrollTop)
    return stuck !== undefined && y < stuck.top + stuck.height ? stuck : this.between(y, y + 1)[0]
  }

  /**
   * Where the row of a lane is drawn at a scroll position, or of the head for -1. A lane that is folded is found as
   * the strip that stands for it. Undefined when nothing shows it.
   */
  find(track: number, lane: number, scrollTop = 0): Row | undefined {
    const block = this.#byTrack.get(track)
    if (block === undefined || (block.folded && lane >= 0)) return this.#stripOf(track, scrollTop)
    if (lane >= block.lanes) return undefined
    const top = block.top + (this.#pinnedTracks.has(track) ? scrollTop : 0)
    if (lane < 0) return { track, lane, top, height: HEADER_HEIGHT }
    return { track, lane, top: top + HEADER_HEIGHT + lane * block.laneHeight, height: block.laneHeight }
  }

  isPinned(track: number): boolean {
    return this.#pinnedTracks.has(track)
  }

  isFolded(track: number): boolean {
    return this.#byTrack.get(track)?.folded ?? false
  }

  /** Whether a row lies under what is pinned, at a scroll position. */
  isCovered({ track, top, height }: Row, scrollTop: number): boolean {
    return !this.#pinnedTracks.has(track) && top + height <= scrollTop + this.pinnedHeight
  }

  /** The head that is to stay in sight on top while lanes of its track are: where it is drawn then. */
  stuckAt(scrollTop: number): Row | undefined {
    const edge = scrollTop + this.pinnedHeight
    const block = this.#blocks[this.#blockAt(edge)]
    if (block === undefined || block.top >= edge || block.bottom <= edge) return undefined
    return { track: block.track, lane: -1, top: Math.min(edge, block.bottom - HEADER_HEIGHT), height: HEADER_HEIGHT }
  }

  /** The next row below or above that holds spans; undefined when there is none. */
  laneBeside(track: number, lane: number, by: 1 | -1): Row | undefined {
    const blocks = [...this.#pinned, ...this.#blocks]
    const place = blocks.findIndex((block) => block.track === track)
    if (place >= 0 && lane + by >= 0 && lane + by < (blocks[place]?.lanes ?? 0)) return this.find(track, lane + by)
    for (let other = place + by; other >= 0 && other < blocks.length; other += by) {
      const block = blocks[other]
      if (block !== undefined && block.lanes > 0) return this.find(block.track, by > 0 ? 0 : block.lanes - 1)
    }
    return undefined
  }

  /** The tracks that are shown, from the top. */
  get tracks(): readonly number[] {
    return [...this.#pinned, ...this.#blocks].map(({ track }) => track)
  }

  /** The strip of a track, or of the folded one that it is in. */
  #stripOf(track: number, scrollTop: number): Row | undefined {
    for (let holder = track; holder >= 0; holder = this.#tracks[holder]?.parent ?? -1) {
      const block = this.#byTrack.get(holder)
      if (block === undefined) continue
      if (!block.folded) return undefined
      const top = block.top + (this.#pinnedTracks.has(holder) ? scrollTop : 0) + HEADER_HEIGHT
      return { track: holder, lane: FOLDED, top, height: STRIP_HEIGHT }
    }
    return undefined
  }

  #take(blocks: Block[], block: Block): number {
    blocks.push(block)
    this.#byTrack.set(block.track, block)
    return block.bottom
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

function blockOf(tracks: readonly TrackInfo[], track: number, top: number, folded: boolean): Block {
  const lanes = folded ? 0 : (tracks[track]?.lanes ?? 0)
  const laneHeight = lanes > MANY_LANES ? THIN_LANE_HEIGHT : LANE_HEIGHT
  const below = folded ? STRIP_HEIGHT : lanes * laneHeight
  return { track, top, lanes, laneHeight, folded, bottom: top + HEADER_HEIGHT + below }
}

/** Adds those rows of a block, moved by so much, that are at least partly between two heights. */
function rowsOf(block: Block, by: number, top: number, bottom: number, rows: Row[]): void {
  const { track, lanes, laneHeight, folded } = block
  const head = block.top + by
  const below = head + HEADER_HEIGHT
  if (below > top) rows.push({ track, lane: -1, top: head, height: HEADER_HEIGHT })
  if (folded && below < bottom && below + STRIP_HEIGHT > top) {
    rows.push({ track, lane: FOLDED, top: below, height: STRIP_HEIGHT })
  }
  for (let lane = Math.max(0, Math.floor((top - below) / laneHeight)); lane < lanes; lane++) {
    const laneTop = below + lane * laneHeight
    if (laneTop >= bottom) break
    rows.push({ track, lane, top: laneTop, height: laneHeight })
  }
}

/**
 * Each track behind the one that it was opened in, siblings in the order in which they came, and single promises behind
 * all that is made of them. Tracks that hold no task, nor one of a track within, are left out.
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
  const isPromises = (track: number): boolean => tracks[track]?.kind === 'promises'
  const roots = children.get(-1) ?? []
  const left = [...roots.filter((track) => !isPromises(track)), ...roots.filter(isPromises)].reverse()
  for (let track = left.pop(); track !== undefined; track = left.pop()) {
    if (!filled.has(track)) continue
    order.push(track)
    if (!collapsed.has(track)) for (const child of [...(children.get(track) ?? [])].reverse()) left.push(child)
  }
  return order
}
