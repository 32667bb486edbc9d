import { readFileSync } from 'node:fs'
import {
  CAUSES,
  CHUNK,
  CHUNK_MAGIC,
  CHUNK_TYPES,
  HEADER,
  HEADER_FLAGS,
  MAGIC,
  OUTCOMES,
  RECORD,
  RECORDS,
  SCOPES,
  VERSION,
  WAITS,
} from '@forkline/runtime/trace-format'
import { describe, expect, it } from 'vitest'

const PAGE = readFileSync(new URL('../../docs/trace-format.md', import.meta.url), 'utf8')

interface Table {
  readonly heading: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

/** All tables of the page, each with the heading that it is under. */
function tables(): Table[] {
  const found: Table[] = []
  let heading = ''
  for (const block of PAGE.split(/\n\n+/)) {
    const lines = block.split('\n')
    const [first = ''] = lines
    if (first.startsWith('#')) heading = first.replace(/^#+ /, '')
    if (first.startsWith('|')) {
      found.push({
        heading,
        columns: cells(first),
        rows: lines
          .slice(2)
          .filter((line) => line !== '')
          .map(cells),
      })
    }
  }
  return found
}

/** The first two columns of a table: names, and their numbers. */
function numbers(heading: string, first: string): Record<string, number> {
  const table = tables().find((one) => one.heading === heading && one.columns[0] === first)
  return Object.fromEntries(table?.rows.map(([name = '', number]) => [name, Number(number)]) ?? [])
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
}

describe('the page about the format', () => {
  it('names the version and the first bytes that are written', () => {
    expect(PAGE).toContain(`Version ${String(VERSION.major)}.${String(VERSION.minor)}.`)
    expect(PAGE).toContain(`\`${hex(MAGIC)}\``)
    expect(PAGE).toContain(`\`${hex([0, 8, 16, 24].map((shift) => (CHUNK_MAGIC >> shift) & 0xff))}\``)
  })

  it('has the fields of the header where they are', () => {
    const { size, ...fields } = HEADER
    expect(numbers('The header', 'field')).toEqual(fields)
    expect(PAGE).toContain(`At offset ${String(size)} follows the metadata`)
    expect(PAGE).toContain(`${String(HEADER_FLAGS.promises)}: every promise is recorded`)
    expect(PAGE).toContain(`${String(HEADER_FLAGS.race)}: accesses to shared values`)
  })

  it('has the fields and types of chunks', () => {
    const { size, ...fields } = CHUNK
    expect(numbers('Chunks', 'field')).toEqual(fields)
    expect(numbers('Chunks', 'type')).toEqual(CHUNK_TYPES)
    expect(PAGE).toContain(`Each begins with ${String(size)} bytes`)
  })

  it('has the fields and kinds of records', () => {
    const { size, ...fields } = RECORD
    expect(numbers('Records', 'field')).toEqual(fields)
    expect(numbers('Records', 'kind')).toEqual(RECORDS)
    expect(PAGE).toContain(`records, ${String(size)} bytes each`)
  })

  it('has all that scopes, waits, outcomes and causes can be', () => {
    expect(numbers('Kinds of scopes', 'scope')).toEqual(SCOPES)
    expect(numbers('Kinds of waits', 'wait')).toEqual(WAITS)
    expect(numbers('Outcomes', 'outcome')).toEqual(OUTCOMES)
    expect(numbers('Causes of a cancellation', 'cause')).toEqual(CAUSES)
  })

  it('has fields that follow one another without a gap', () => {
    for (const { columns, rows } of tables()) {
      if (columns[2] !== 'size') continue
      for (const [index, [, offset, size]] of rows.slice(0, -1).entries()) {
        expect(Number(offset) + Number(size)).toBe(Number(rows[index + 1]?.[1]))
      }
    }
  })
})
