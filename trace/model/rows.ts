/** How far ahead of the rows seen so far a number may be before it is no longer kept in the array. */
const AHEAD = 256

/**
 * Which row a number of the recording has. The recorder counts upwards, so an array does; a number that is far
 * ahead, as in a damaged recording, must not make it large.
 */
export class Rows {
  // Neither takes room before it is needed: a hostile recording may name thousands of threads.
  #dense = NOTHING
  #sparse: Map<number, number> | undefined
  #count = 0

  /** The row plus 1; 0 when the number has none. */
  of(number: number): number {
    return this.#dense[number] ?? this.#sparse?.get(number) ?? 0
  }

  set(number: number, row: number): void {
    this.#count++
    if (number >= this.#dense.length) {
      if (number > this.#count * 2 + AHEAD) {
        this.#sparse ??= new Map()
        this.#sparse.set(number, row + 1)
        return
      }
      this.#grow(number + 1)
    }
    this.#dense[number] = row + 1
  }

  #grow(least: number): void {
    const grown = new Uint32Array(Math.max(least, Math.ceil(this.#dense.length * 1.5)))
    grown.set(this.#dense)
    for (const [far, place] of this.#sparse ?? []) {
      if (far >= grown.length) continue
      grown[far] = place
      this.#sparse?.delete(far)
    }
    this.#dense = grown
  }
}

const NOTHING = new Uint32Array(0)
