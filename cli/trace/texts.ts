import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Location } from '@forkline/trace'

/** Longer names are cut, in characters. */
const LONGEST_NAME = 100

// Names come from the recorded program: they must not move the cursor, or turn the direction of the text.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** A text of the recorded program in one line that is harmless to print. */
export function printable(text: string, longest = LONGEST_NAME): string {
  const clean = stripVTControlCharacters(text.slice(0, 4 * longest)).replace(CONTROL, ' ')
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean
}

/** A place, relative to the folder where that is shorter to read: `src/app.ts:12:5`. */
export function placeText({ file, line, column }: Location, cwd: string): string {
  const relative = path.isAbsolute(file) ? path.relative(cwd, file) : file
  const shown = relative === '' || relative.startsWith(`..${path.sep}..`) ? file : relative
  return printable(`${shown}:${String(line)}:${String(column)}`, 300)
}

/** Rows as columns under a heading; numbers, in the columns that are named, to the right. */
export function columns(rows: readonly (readonly string[])[], right: ReadonlySet<number>): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length)
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return right.has(column) ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd(),
  )
}
