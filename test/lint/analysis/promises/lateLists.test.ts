import ts from 'typescript'
import { expect, test } from 'vitest'
import { findNode, isMethodCall, type MethodCall } from '../../../../lint/analysis/code/syntax.ts'
import { awaitedInTurn, pushedBeforeAwait, startsMany } from '../../../../lint/analysis/promises/lateLists.ts'
import { marked } from '../marked.ts'

const GIVEN = `declare const rows: string[], marked: () => void
declare function save(row: string): Promise<void>
const quiet = async (row: string) => { console.log(row) }
`

function analysed(body: string) {
  return marked(`${GIVEN}export async function f() { const all: Promise<void>[] = []\n${body}\n}`).analysis
}

function first<T extends ts.Node>(root: ts.Node, test: (node: ts.Node) => node is T): T {
  return findNode(root, test) ?? expect.fail('There is no such node')
}

test.each([
  ['an await before it', 'for (const row of rows) { await 1; all.push(save(row)) } await Promise.all(all)', 'await 1'],
  [
    'an await in what is pushed',
    'for (const row of rows) all.push(save(await row)); await Promise.all(all)',
    'await row',
  ],
  [
    'an await of an outer loop',
    'while (rows.length) { await 1; for (const row of rows) all.push(save(row)) } await Promise.all(all)',
    'await 1',
  ],
  ['no await', 'for (const row of rows) all.push(save(row)); await Promise.all(all)', undefined],
  [
    'an await behind the loop',
    'for (const row of rows) all.push(save(row)); await 1; await Promise.all(all)',
    undefined,
  ],
  [
    'an await in another function',
    'for (const row of rows) { void (async () => { await 1 }); all.push(save(row)) } await Promise.all(all)',
    undefined,
  ],
  [
    'a join in the loop',
    'for (const row of rows) { all.push(save(row)); await Promise.all(all) } await Promise.all(all)',
    undefined,
  ],
  ['no join', 'for (const row of rows) { await 1; all.push(save(row)) }', undefined],
  [
    'a list that is handed on',
    'for (const row of rows) { await 1; all.push(save(row)) } console.log(all); await Promise.all(all)',
    undefined,
  ],
  ['what cannot reject', 'for (const row of rows) { await 1; all.push(quiet(row)) } await Promise.all(all)', undefined],
  [
    'several at once',
    'for (const row of rows) { await 1; all.push(save(row), save(row)) } await Promise.all(all)',
    undefined,
  ],
])('a list that a loop fills: %s', (_, body, expected) => {
  const analysis = analysed(body)
  const push = first(analysis.sourceFile, (node): node is MethodCall => isMethodCall(node, 'push'))
  expect(pushedBeforeAwait(push, analysis)?.between.getText()).toBe(expected)
})

test.each([
  ['for await', 'for await (const one of rows.map(save)) console.log(one)', 'rows.map(save)'],
  [
    'an await of each',
    'const list = rows.map((row) => save(row)); for (const one of list) { await one }',
    'rows.map((row) => save(row))',
  ],
  [
    'for await over what comes one by one',
    'for await (const one of (async function* () { yield 1 })()) console.log(one)',
    undefined,
  ],
  ['values', 'for await (const one of rows.map((row) => row.length)) console.log(one)', undefined],
  ['an await of something else', 'for (const one of rows.map(save)) { console.log(one); await 1 }', undefined],
  ['what cannot reject', 'for await (const one of rows.map(quiet)) console.log(one)', undefined],
  [
    'a list that others know',
    'const list = rows.map(save); console.log(list); for await (const one of list) console.log(one)',
    undefined,
  ],
])('a list that is waited for in turn: %s', (_, body, expected) => {
  const analysis = analysed(body)
  expect(awaitedInTurn(first(analysis.sourceFile, ts.isForOfStatement), analysis)?.started.getText()).toBe(expected)
})

test('a list of promises that may reject', () => {
  const starts = (list: string): boolean => {
    const analysis = analysed(`console.log(${list})`)
    const call = first(
      analysis.sourceFile,
      (node): node is ts.CallExpression => ts.isCallExpression(node) && node.getText() === list,
    )
    return startsMany(call, analysis)
  }
  expect(starts('rows.map(save)')).toBe(true)
  expect(starts('rows.map(async (row) => { await save(row) })')).toBe(true)
  expect(starts('rows.map(quiet)')).toBe(false)
  expect(starts('rows.map(String)')).toBe(false)
  expect(starts('rows.filter(save)')).toBe(false)
})
