import { expect, test } from 'vitest'
import { addedAgainIn } from '../../../../lint/analysis/state/addedAgain.ts'
import { marked } from '../marked.ts'

const HEAD = `declare const found: string[], router: any
const rows: string[] = []
let files: string[] = []
const seen = new Set<string>()
function keep(row: string) { rows.push(row) }
function count() { return rows.length }
`

test.each([
  ['a list of the module', "rows.push('a')", "rows.push('a')"],
  ['at its head', "rows.unshift('a')", "rows.unshift('a')"],
  ['a list of the instance', "this.all.push('a')", "this.all.push('a')"],
  ['for each of what was found', 'found.forEach((row) => rows.push(row))', 'rows.push(row)'],
  ['by a function of the file', "keep('a')", "keep('a')"],
  ['by a method', "this.keep('a')", "this.keep('a')"],
  ['joined to its old self', 'files = found.concat(files)', 'found.concat(files)'],
  ['a new list of both', 'const both = found.concat(files)', undefined],
  ['a list of its own', "const own: string[] = []; own.push('a')", undefined],
  ['a list that the caller gives', "given.push('a')", undefined],
  ['a set', "seen.add('a')", undefined],
  ['a list that is begun anew', "this.all = []; this.all.push('a')", undefined],
  ['a list that is emptied', "rows.length = 0; rows.push('a')", undefined],
  ['a list that is cut', "rows.splice(0); rows.push('a')", undefined],
  ['a route', "router.push('/home')", undefined],
  ['a chunk of a stream', "this.push('a')", undefined],
  ['a function that only looks', 'count()', undefined],
  ['a method of another object', "router.keep('a')", undefined],
  ['in a callback that runs later', "router.on('open', () => { rows.push('a') })", undefined],
])('%s: %s', (_, body, expected) => {
  const { analysis, fn } = marked(
    `${HEAD}export class A { all: string[] = []; push(x: string) {} keep(x: string) { this.all.push(x) }
      async f(given: string[]) { ${body} } }`,
  )
  expect(addedAgainIn(fn, fn.pos, fn.end, analysis.types)?.getText()).toBe(expected)
})

test('looks only between two places', () => {
  const { analysis, fn } = marked(`${HEAD}export async function f() { rows.push('a'); count(); rows.push('b') }`)
  const middle = fn.getSourceFile().text.indexOf('count()', fn.pos)
  expect(addedAgainIn(fn, middle, fn.end, analysis.types)?.getText()).toBe("rows.push('b')")
  expect(addedAgainIn(fn, fn.pos, middle, analysis.types)?.getText()).toBe("rows.push('a')")
})
