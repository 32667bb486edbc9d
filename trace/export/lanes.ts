/** When something began and ended, in ms. */
export interface Spans {
  start(row: number): number
  end(row: number): number
  /** Where it would rather be. */
  slot(row: number): number
}

interface Lane {
  readonly rows: number[]
  until: number
}

/**
 * Lays rows out in lanes in which none overlaps another: each in the lane of its slot while that is free, otherwise
 * in one that is shared by all, or in a new one.
 *
 * @param rows in the order of their starts.
 */
export function lanesOf(rows: readonly number[], spans: Spans): number[][] {
  const bySlot = new Map<number, Lane>()
  const lanes: Lane[] = []
  const spare = new Heap()
  for (const row of rows) {
    const start = spans.start(row)
    let lane = bySlot.get(spans.slot(row))
    if (lane === undefined) {
      lane = { rows: [], until: -Infinity }
      bySlot.set(spans.slot(row), lane)
      lanes.push(lane)
    }
    const shared = lane.until > start
    if (shared) {
      lane = spare.takeUntil(start) ?? { rows: [], until: -Infinity }
      if (lane.rows.length === 0) lanes.push(lane)
    }
    lane.rows.push(row)
    lane.until = Math.max(start, spans.end(row))
    if (shared) spare.add(lane)
  }
  return lanes.map((lane) => lane.rows)
}

/** The lanes by when they become free: a binary heap. */
class Heap {
  readonly #lanes: Lane[] = []

  add(lane: Lane): void {
    let place = this.#lanes.push(lane) - 1
    for (let above = (place - 1) >> 1; place > 0 && this.#until(above) > lane.until; above = (place - 1) >> 1) {
      this.#swap(place, above)
      place = above
    }
  }

  /** The lane that has been free for longest, if it is at that time. */
  takeUntil(time: number): Lane | undefined {
    const [first] = this.#lanes
    if (first === undefined || first.until > time) return undefined
    this.#swap(0, this.#lanes.length - 1)
    this.#lanes.pop()
    for (let place = 0; ;) {
      const left = 2 * place + 1
      const least = this.#until(left + 1) < this.#until(left) ? left + 1 : left
      if (this.#until(place) <= this.#until(least)) return first
      this.#swap(place, least)
      place = least
    }
  }

  #until(place: number): number {
    return this.#lanes[place]?.until ?? Infinity
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#lanes[one], this.#lanes[other]]
    if (a === undefined || b === undefined) return
    this.#lanes[one] = b
    this.#lanes[other] = a
  }
}
