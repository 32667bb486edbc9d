/** So many fit into one word, in which to find the lowest free one takes no memory and hardly any time. */
const IN_WORD = 31
const ALL_IN_WORD = 0x7fffffff

/** Gives tasks that run at once different small numbers, used again when they are free: the lowest of the first 31. */
export class Slots {
  /** A bit for each of the first ones that is taken. */
  #taken = 0
  /** Further ones that were given back. */
  #free: number[] | undefined
  #next = IN_WORD

  take(): number {
    const taken = this.#taken
    if (taken === ALL_IN_WORD) return this.#free?.pop() ?? this.#next++
    const lowest = ~taken & (taken + 1)
    this.#taken = taken | lowest
    return IN_WORD - Math.clz32(lowest)
  }

  give(slot: number): void {
    if (slot < IN_WORD) this.#taken &= ~(1 << slot)
    else (this.#free ??= []).push(slot)
  }
}
