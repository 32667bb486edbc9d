/** Intervals of time of one sort, to be swept over: how many of them hold at a time. */
export class Overlaps {
  readonly #starts: Float64Array
  readonly #ends: Float64Array
  #begun = 0
  #ended = 0

  /**
   * @param starts when they begin, in ms, in ascending order.
   * @param ends when they end, in ascending order too. None ends before it begins.
   */
  constructor(starts: Float64Array, ends: Float64Array) {
    this.#starts = starts
    this.#ends = ends
  }

  /** How many hold now. */
  get count(): number {
    return this.#begun - this.#ended
  }

  /** When that changes next; Infinity when it does no more. In ms. */
  get next(): number {
    return Math.min(this.#starts[this.#begun] ?? Infinity, this.#ends[this.#ended] ?? Infinity)
  }

  /** Goes on to a time, in ms: the changes at that very time are included. */
  advance(time: number): void {
    while ((this.#starts[this.#begun] ?? Infinity) <= time) this.#begun++
    while ((this.#ends[this.#ended] ?? Infinity) <= time) this.#ended++
  }
}

/** Sorts times in place. Those that are in order as they were recorded take one look at each. */
export function inOrder(times: Float64Array): Float64Array {
  for (let index = 1; index < times.length; index++) {
    if ((times[index - 1] ?? 0) > (times[index] ?? 0)) return times.sort()
  }
  return times
}
