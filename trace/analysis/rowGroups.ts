/** Rows of a table, put together by what they belong to, in the order of the table: a counting sort. */
export class RowGroups {
  readonly #rows: Uint32Array
  readonly #offsets: Uint32Array

  /**
   * @param length how many rows there are.
   * @param groups how many groups there are.
   * @param groupOf which group a row is in, from 0; one that is none of them leaves the row out.
   */
  constructor(length: number, groups: number, groupOf: (row: number) => number) {
    const offsets = new Uint32Array(groups + 1)
    for (let row = 0; row < length; row++) {
      const group = groupOf(row)
      if (group >= 0 && group < groups) offsets[group + 1] = (offsets[group + 1] ?? 0) + 1
    }
    for (let group = 1; group <= groups; group++) offsets[group] = (offsets[group] ?? 0) + (offsets[group - 1] ?? 0)
    this.#offsets = offsets
    this.#rows = new Uint32Array(offsets[groups] ?? 0)
    const next = offsets.slice()
    for (let row = 0; row < length; row++) {
      const group = groupOf(row)
      if (group < 0 || group >= groups) continue
      const place = next[group] ?? 0
      this.#rows[place] = row
      next[group] = place + 1
    }
  }

  /** The rows of a group. */
  of(group: number): Uint32Array {
    return this.#rows.subarray(this.#offsets[group], this.#offsets[group + 1])
  }
}
