import ts from 'typescript'
import { expect, test } from 'vitest'
import { siblingsOf } from '../../../../lint/analysis/cancellation/siblings.ts'
import { isPromiseCombinator } from '../../../../lint/analysis/code/syntax.ts'
import { marked } from '../marked.ts'

test.each([
  ['two calls', 'Promise.all([load(1, signal), load(2, signal)])', ['load(1, signal)', 'load(2, signal)']],
  [
    'through an option',
    'Promise.all([load(1, { signal }), load(2, { signal: signal })])',
    ['load(1, { signal })', 'load(2, { signal: signal })'],
  ],
  [
    'with one that knows no signal',
    'Promise.all([load(1, signal), load(2), load(3, signal)])',
    ['load(1, signal)', 'load(3, signal)'],
  ],
  ['a callback for each item', 'Promise.all(ids.map((id) => load(id, signal)))', ['(id) => load(id, signal)']],
  ['one call', 'Promise.all([load(1, signal), load(2)])', undefined],
  ['writes', 'Promise.all([save(1, signal), save(2, signal)])', undefined],
  ['a look at the signal', 'Promise.all([load(1, signal.aborted), load(2, signal.aborted)])', undefined],
  ['a fixed list of one', 'Promise.all([1].map((id) => load(id, signal)))', undefined],
])('tasks that obey one signal: %s', (_, join, expected) => {
  expect(siblings(join)?.tasks.map((task) => task.getText())).toEqual(expected)
})

test.each([
  [
    'while the signal is not aborted',
    'async function run(signal: AbortSignal) { while (!signal.aborted) await load(1) }',
    true,
  ],
  [
    'for ever, left by an abort',
    'async function run(signal: AbortSignal) { while (true) { signal.throwIfAborted(); await load(1) } }',
    true,
  ],
  [
    'for ever, left by a result',
    'async function run(signal: AbortSignal) { while (true) { signal.throwIfAborted(); if (await load(1)) return } }',
    false,
  ],
  [
    'over a list',
    'async function run(signal: AbortSignal) { for (const id of [1]) { signal.throwIfAborted(); await load(id) } }',
    false,
  ],
])('work without an end: %s', (_, declaration, expected) => {
  expect(siblings('Promise.all([run(signal), load(1, signal)])', declaration)?.endless !== undefined).toBe(expected)
})

function siblings(join: string, declarations = ''): ReturnType<typeof siblingsOf> {
  const { analysis, fn } = marked(`
    declare function load(id: number, options?: unknown): Promise<boolean>
    declare function save(id: number, options?: unknown): Promise<void>
    ${declarations}
    export async function f(signal: AbortSignal, ids: number[]) { await ${join} }`)
  let found: ReturnType<typeof siblingsOf>
  const visit = (node: ts.Node): void => {
    if (isPromiseCombinator(node, 'all')) found = siblingsOf(node, analysis)
    else ts.forEachChild(node, visit)
  }
  if (fn.body) visit(fn.body)
  return found
}
