import ts from 'typescript'
import { expect, test } from 'vitest'
import { isBehindSharedCheck } from '../../../../lint/analysis/state/sharedChecks.ts'
import { isMethodCall } from '../../../../lint/analysis/code/syntax.ts'
import { marked } from '../marked.ts'

const HEAD = `import { totals, isOpen } from './totals.ts'
declare function act(): Promise<void>
let total = 0
const state = { ready: false }
const LIMIT = 3
const cache = new Map<string, number>()
`

test.each([
  ['nothing decides', 'act()', false],
  ['a variable of the module', 'if (total < LIMIT) act()', true],
  ['a property', 'if (!state.ready) { await 1; act() }', true],
  ['a collection', 'if (cache.has(item)) return; act()', true],
  ['a check that leaves, further out', 'if (state.ready) { throw new Error() }; if (item) { act() }', true],
  ['a check that goes on', 'if (state.ready) { total++ } act()', false],
  ['a check that leaves from within a branch', 'if (item) { log() } else { if (total > 1) return }; act()', true],
  [
    'a check that leaves the loop around',
    'for (const other of [item]) { if (total > 1) { log(); continue }; act() }',
    true,
  ],
  ['a check that leaves only a loop of its own', 'for (const other of [item]) { if (total > 1) break }; act()', false],
  ['a check behind it', 'act(); if (state.ready) return', false],
  ['in the condition itself', 'if (act() && total > 1) return', false],
  ['a short circuit', 'state.ready || act()', true],
  ['a conditional expression', 'const done = total > 1 ? 1 : act()', true],
  ['the condition of a loop', 'while (total < 3) act()', true],
  ['of a loop that counts', 'for (let i = 0; i < total; i++) act()', true],
  ['a switch', 'switch (total) { case 1: act() }', true],
  ['a switch on what the call was given', 'switch (item) { case "a": act() }', false],
  ['an earlier check in the same case', 'switch (item) { case "a": if (state.ready) return; act() }', true],
  ['what the call was given', 'if (item === "a") act()', false],
  ['a copy of a variable', 'const before = total; total = 9; if (before < 3) act()', true],
  ['a part taken out of an object', 'const { ready } = state; state.ready = true; if (!ready) act()', true],
  ['what a call gave', 'const found = load(state.ready); if (found) act()', false],
  ['a loop that is left in its first turn', 'for (let i = 0; i < 2 && total > 1; i++) { return } act()', true],
  ['a variable of its own', 'const own = { ready: false }; if (!own.ready) act()', false],
  ['a constant', 'if (item.length > LIMIT) act()', false],
  ['an object of another module', 'if (totals.calls < 3) act()', true],
  ['a function of another module', 'if (totals.isBig(item) && isOpen) act()', false],
  ['a function', 'if (isBig(item)) act()', false],
])('%s: %s', (_, body, expected) => {
  expect(isChecked(`export async function f(item: string) { ${body} }`)).toBe(expected)
})

test('a field of the instance', () => {
  expect(isChecked('export class A { busy = false; async f() { if (this.busy) return; await act() } }')).toBe(true)
})

test.each([
  ['alone', 'if (!state.ready) act()', false],
  ['beside another one', 'if (!state.ready && total < 3) act()', true],
])('the check that is known of, %s', (_, body, expected) => {
  expect(isChecked(`export async function f() { ${body} }`, 'state.ready')).toBe(expected)
})

/** Whether shared state decides that the call of `act` in `f` is come to. */
function isChecked(code: string, except?: string): boolean {
  const { analysis, fn } = marked(`${HEAD}declare function isBig(item: string): boolean\n${code}`)
  let call: ts.Node | undefined
  let known: ts.Expression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && !isMethodCall(node) && node.expression.getText() === 'act') call = node
    if (ts.isExpression(node) && node.getText() === except) known ??= node
    ts.forEachChild(node, visit)
  }
  visit(fn)
  if (call === undefined) throw new Error('Expected a call of `act`')
  return isBehindSharedCheck(call, fn, analysis.types, known)
}
