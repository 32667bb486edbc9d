import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const SPEC = new URL('.', import.meta.url)
const PAGE = new URL('../../../docs/runtime-parity.md', SPEC)

interface Row {
  readonly there: string
  readonly tests: number
  readonly here: string
}

const page = readFileSync(PAGE, 'utf8')
const [head = '', ...sections] = page.split(/^## /m)

function rowsOf(text: string): string[][] {
  return [...text.matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) => row.split(' | ')).slice(2)
}

const sources = new Map(
  sections.map((section) => [
    section.slice(0, section.indexOf('\n')),
    rowsOf(section).map(([there = '', tests, here = '']): Row => ({ there, tests: Number(tests), here })),
  ]),
)

/** The titles of our tests that a row names; none when it says why there are none. */
function named({ here }: Row): string[] {
  return [...here.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title)
}

/** The titles in all files of a source. */
function titlesIn(source: string): string[] {
  const code = files
    .filter((name) => name.startsWith(`${source}.`))
    .map((name) => readFileSync(new URL(name, SPEC), 'utf8').replace(/describe\.each\([^]*?\)\(/g, 'describe('))
    .join('\n')
  const call = /^ *(?:it(?:\.each\(.*\))?|\](?:\s*as const)?\))\(\s*(["'`])((?:\\.|(?!\1).)*)\1/gm
  return [...code.matchAll(call)].map(([, , title = '']) => title.replaceAll("\\'", "'"))
}

const files = readdirSync(SPEC).filter((name) => !/^(?:parity|misuse)\./.test(name))
const names = [...new Set(files.map((name) => name.slice(0, name.indexOf('.'))))]

describe('docs/runtime-parity.md', () => {
  it('has a section for every file of tests, and no other', () => {
    expect([...sources.keys()].sort()).toEqual([...names].sort())
  })

  it.each(names)('names every test of %s, and only tests that exist', (source) => {
    const rows = sources.get(source) ?? []
    const titles = titlesIn(source)
    expect(titles.length).toBeGreaterThan(5)
    expect([...new Set(rows.flatMap(named))].sort()).toEqual([...new Set(titles)].sort())
    for (const row of rows) {
      expect(row.tests, row.there).toBeGreaterThan(0)
      expect(row.here.length, row.there).toBeGreaterThan(8)
    }
  })

  it('adds up', () => {
    const table = rowsOf(head).map(([source = '', , ...counts]) => [
      source.replace(/.*#(.+)\)/, '$1'),
      ...counts.map(Number),
    ])
    expect(table).toEqual(
      [...sources].map(([source, rows]) => {
        const sum = (of: readonly Row[]) => of.reduce((total, { tests }) => total + tests, 0)
        const carried = rows.filter((row) => named(row).length > 0)
        return [source, sum(rows), sum(carried), sum(rows) - sum(carried), titlesIn(source).length]
      }),
    )
  })
})
