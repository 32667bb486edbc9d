type Cells = Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array

const FIRST_CAPACITY = 16

/**
 * Rows of numbers, kept as one typed array per column: the properties of a class that extends it. A column is
 * longer than what is used, and is replaced as the table grows: take it from the table each time.
 */
export abstract class Table {
  /** How many rows there are. */
  length = 0
  #capacity = FIRST_CAPACITY

  /** Adds a row of zeros, and gives its number. */
  add(): number {
    if (this.length === this.#capacity) this.#resize(this.#capacity * 2)
    return this.length++
  }

  /** Gives back the memory that is kept for growing. */
  trim(): void {
    this.#resize(Math.max(this.length, FIRST_CAPACITY))
  }

  #resize(capacity: number): void {
    this.#capacity = capacity
    const columns = this as unknown as Record<string, unknown>
    for (const [name, cells] of Object.entries(columns)) {
      if (ArrayBuffer.isView(cells)) columns[name] = resized(cells as Cells, capacity)
    }
  }
}

function resized(cells: Cells, capacity: number): Cells {
  const copy = new (cells.constructor as new (length: number) => Cells)(capacity)
  copy.set(cells.subarray(0, Math.min(cells.length, capacity)))
  return copy
}

/* What columns are declared with. */
export const float64 = (): Float64Array => new Float64Array(FIRST_CAPACITY)
export const float32 = (): Float32Array => new Float32Array(FIRST_CAPACITY)
export const uint32 = (): Uint32Array => new Uint32Array(FIRST_CAPACITY)
export const uint16 = (): Uint16Array => new Uint16Array(FIRST_CAPACITY)
export const uint8 = (): Uint8Array => new Uint8Array(FIRST_CAPACITY)

/** A column of numbers most of which are 0: it only reaches as far as the last row that is not. */
export class OptionalColumn {
  #cells = new Uint32Array(0)

  at(row: number): number {
    return this.#cells[row] ?? 0
  }

  set(row: number, value: number): void {
    if (row >= this.#cells.length) {
      if (value === 0) return
      const grown = new Uint32Array(Math.max(row + 1, Math.ceil(this.#cells.length * 1.5), FIRST_CAPACITY))
      grown.set(this.#cells)
      this.#cells = grown
    }
    this.#cells[row] = value
  }
}
