/** Up to 64 bytes lie within the array's own object: there may be a forest for each of very many lanes. */
const FIRST_CAPACITY = 8

/** What a range of spans has in common. */
export interface Aggregate {
  /** The `STATE_BITS` of all spans in it. */
  mask: number
  /** How long they last together, in ms. */
  busy: number
}

/**
 * What any range of spans on a lane holds, in O(log n): an implicit segment forest, after Perfetto's and Tristan
 * Hume's. Span i is the leaf at 2i; an odd place sums up the spans to both sides of it, twice as many a level up.
 * Appending only ever completes places behind the new leaf, and costs O(1) on average.
 */
export class Forest {
  /** How many spans there are. */
  length = 0
  #masks = new Uint8Array(2 * FIRST_CAPACITY)
  #busy = new Float32Array(2 * FIRST_CAPACITY)

  /**
   * @param mask of `STATE_BITS`.
   * @param busy how long the span lasted, in ms.
   */
  append(mask: number, busy: number): void {
    const leaf = 2 * this.length
    while (leaf + 1 >= this.#masks.length) this.#grow()
    const masks = this.#masks
    const sums = this.#busy
    masks[leaf] = mask
    sums[leaf] = busy
    this.length++
    for (let width = 2; this.length % width === 0; width *= 2) {
      const place = 2 * this.length - width - 1
      const half = width / 2
      masks[place] = (masks[place - half] ?? 0) | (masks[place + half] ?? 0)
      sums[place] = (sums[place - half] ?? 0) + (sums[place + half] ?? 0)
    }
  }

  /** Sums up the spans from `from` up to, but not including, `to` into `into`, which spares an object a pixel. */
  query(from: number, to: number, into: Aggregate): void {
    into.mask = 0
    into.busy = 0
    for (let at = from; at < to;) {
      const most = 31 - Math.clz32(to - at)
      const level = at === 0 ? most : Math.min(most, 31 - Math.clz32(at & -at))
      const width = 1 << level
      const place = 2 * at + width - 1
      into.mask |= this.#masks[place] ?? 0
      into.busy += this.#busy[place] ?? 0
      at += width
    }
  }

  /** Gives back the memory that is kept for growing. */
  trim(): void {
    this.#resize(2 * this.length + 2)
  }

  #grow(): void {
    this.#resize(this.#masks.length * 2)
  }

  #resize(size: number): void {
    const masks = new Uint8Array(size)
    masks.set(this.#masks.subarray(0, size))
    this.#masks = masks
    const busy = new Float32Array(size)
    busy.set(this.#busy.subarray(0, size))
    this.#busy = busy
  }
}
