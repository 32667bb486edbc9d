import type { Trace } from '@forkline/trace'

/** All that a trace holds, as plain values: two traces are the same when these are. */
export function contentsOf(trace: Trace): unknown {
  const tables = Object.entries(trace).flatMap(([name, value]) => (isTable(value) ? [[name, rowsOf(value)]] : []))
  return {
    ...(Object.fromEntries(tables) as object),
    strings: Array.from({ length: trace.strings.size }, (_, number) => trace.strings.at(number)),
    threads: trace.threads,
    recordings: trace.recordings,
    dropped: trace.dropped,
    end: trace.end,
  }
}

interface AnyTable {
  readonly length: number
  trim(): void
}

function isTable(value: unknown): value is AnyTable {
  return typeof value === 'object' && value !== null && 'trim' in value && 'length' in value
}

function rowsOf(table: AnyTable): unknown[] {
  return Array.from({ length: table.length }, (_, row) =>
    Object.fromEntries(
      Object.entries(table).flatMap(([name, column]: [string, unknown]) =>
        ArrayBuffer.isView(column)
          ? [[name, (column as Float64Array)[row]]]
          : hasAt(column)
            ? [[name, column.at(row)]]
            : [],
      ),
    ),
  )
}

function hasAt(column: unknown): column is { at(row: number): number } {
  return typeof column === 'object' && column !== null && 'at' in column
}

/** How much memory the rows of a trace take, in bytes, and its strings. */
export function footprintOf(trace: Trace): number {
  let bytes = 0
  for (const table of Object.values(trace).filter(isTable)) {
    for (const column of Object.values(table)) if (ArrayBuffer.isView(column)) bytes += column.byteLength
  }
  for (let number = 0; number < trace.strings.size; number++) bytes += 2 * trace.strings.at(number).length
  return bytes + 64 * trace.threads.length
}
