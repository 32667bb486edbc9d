/**
 * Which of a track's lanes is free at a time: the topmost one, in O(log n), also when a hundred thousand tasks run at
 * once. A tree of minima over the times from which on each lane is free.
 */
export class FreeLanes {
  #capacity = 1
  /** Node 1 is the root; the lanes' own times are the `#capacity` last. */
  #free = new Float64Array(2).fill(Infinity)

  /** @param time from when on the lane is free; `Infinity` while what is on it has not ended. */
  set(lane: number, time: number): void {
    while (lane >= this.#capacity) this.#grow()
    let node = this.#capacity + lane
    this.#free[node] = time
    for (node >>= 1; node > 0; node >>= 1) {
      this.#free[node] = Math.min(this.#free[2 * node] ?? Infinity, this.#free[2 * node + 1] ?? Infinity)
    }
  }

  /** The topmost lane that is free at a time; -1 when none is. */
  at(time: number): number {
    if ((this.#free[1] ?? Infinity) > time) return -1
    let node = 1
    while (node < this.#capacity) {
      node *= 2
      if ((this.#free[node] ?? Infinity) > time) node++
    }
    return node - this.#capacity
  }

  #grow(): void {
    const lanes = this.#free.subarray(this.#capacity)
    this.#capacity *= 2
    this.#free = new Float64Array(2 * this.#capacity).fill(Infinity)
    this.#free.set(lanes, this.#capacity)
    for (let node = this.#capacity - 1; node > 0; node--) {
      this.#free[node] = Math.min(this.#free[2 * node] ?? Infinity, this.#free[2 * node + 1] ?? Infinity)
    }
  }
}
