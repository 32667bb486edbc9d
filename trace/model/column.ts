interface Cells {
  readonly length: number
  [index: number]: number
  set(from: Cells): void
  slice(start: number, end: number): Cells
}

/** A column of numbers that grows. `data` is longer than what is used, and is replaced as it grows. */
export class Column<T extends Cells> {
  data: T
  length = 0
  readonly #make: new (length: number) => T

  constructor(make: new (length: number) => T, capacity = 16) {
    this.#make = make
    this.data = new make(capacity)
  }

  push(value: number): number {
    const row = this.length
    if (row === this.data.length) this.#grow(row + 1)
    this.data[row] = value
    this.length = row + 1
    return row
  }

  /** The number of a row; 0 for a row that is not there. */
  at(row: number): number {
    return this.data[row] ?? 0
  }

  set(row: number, value: number): void {
    if (row < this.length) this.data[row] = value
  }

  /** Gives back the memory that is kept for growing. */
  trim(): void {
    if (this.data.length > this.length) this.data = this.data.slice(0, this.length) as T
  }

  #grow(least: number): void {
    const grown = new this.#make(Math.max(least, Math.ceil(this.data.length * 1.5)))
    grown.set(this.data)
    this.data = grown
  }
}

export const float64 = (): Column<Float64Array> => new Column(Float64Array)
export const float32 = (): Column<Float32Array> => new Column(Float32Array)
export const uint32 = (): Column<Uint32Array> => new Column(Uint32Array)
export const uint16 = (): Column<Uint16Array> => new Column(Uint16Array)
export const uint8 = (): Column<Uint8Array> => new Column(Uint8Array)

/** A column of numbers most of which are 0: it only reaches as far as the last row that is not. */
export class OptionalColumn {
  #data = new Uint32Array(0)

  at(row: number): number {
    return this.#data[row] ?? 0
  }

  set(row: number, value: number): void {
    if (row >= this.#data.length) {
      if (value === 0) return
      const grown = new Uint32Array(Math.max(row + 1, Math.ceil(this.#data.length * 1.5), 16))
      grown.set(this.#data)
      this.#data = grown
    }
    this.#data[row] = value
  }
}
