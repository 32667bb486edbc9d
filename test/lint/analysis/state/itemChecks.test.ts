import ts from 'typescript'
import { expect, test } from 'vitest'
import { mayLetButOneIn } from '../../../../lint/analysis/state/itemChecks.ts'
import { type FunctionNode, isFunctionNode } from '../../../../lint/analysis/code/syntax.ts'
import { marked } from '../marked.ts'

const HEAD = `declare function act(): Promise<void>
declare function pMap<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void>
declare const verbose: boolean
const NAMES = ['a', 'b'] as const
let total = 0
`

test.each([
  [
    'a check of an item that the caller gives',
    'Promise.all(items.map(async (item) => { if (item > 1) await act() }))',
    false,
  ],
  [
    'of one from a list that is written out',
    'Promise.all([1, 2].map(async (item) => { if (item > 1) await act() }))',
    true,
  ],
  ['of one from a constant list', 'Promise.all(NAMES.map(async (item) => { if (item === "a") await act() }))', true],
  [
    'of one from a list that grows by what the caller gives',
    'Promise.all([1, ...items].map(async (item) => { if (item > 1) await act() }))',
    false,
  ],
  ['a switch on one', 'Promise.all([1, 2].map(async (item) => { switch (item) { case 1: await act() } }))', true],
  ['an earlier return', '[1, 2].forEach(async (item) => { if (item > 1) return; await act() })', true],
  ['in the second parameter', 'pMap([1, 2], async (item) => { if (item > 1) await act() })', true],
  [
    'in the second parameter, of what the caller gives',
    'pMap(items, async (item) => { if (item > 1) await act() })',
    false,
  ],
  ['in a loop', 'for (const item of [1, 2]) { (async (own) => { if (own > 1) await act() })(item) }', true],
  ['what is the same for all', 'Promise.all([1, 2].map(async () => { if (verbose) await act() }))', false],
  ['no check', 'Promise.all([1, 2].map(async () => { await act() }))', false],
  ['the index', 'Promise.all(items.map(async (item, index) => { if (index === 0) await act() }))', true],
  ['shared state', 'Promise.all(items.map(async () => { if (total < 3) await act() }))', true],
])('%s: %s', (_, body, expected) => {
  expect(isPicked(`export function f(items: readonly number[]) { ${body} }`)).toBe(expected)
})

test.each([
  ['alone', 'total < 3', false],
  ['beside another one', 'total < 3 && item > 1', true],
])('the check that is known of, %s', (_, condition, expected) => {
  expect(
    isPicked(
      `export function f() { return Promise.all([1, 2].map(async (item) => { if (${condition}) await act() })) }`,
      'total < 3',
    ),
  ).toBe(expected)
})

/** Whether perhaps but one activation of the function around comes to the call of `act`. */
function isPicked(code: string, except?: string): boolean {
  const { analysis, fn } = marked(`${HEAD}${code}`)
  let around: FunctionNode | undefined
  let call: ts.Node | undefined
  let known: ts.Expression | undefined
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) && node !== fn) around = node
    if (ts.isCallExpression(node) && node.expression.getText() === 'act') call = node
    if (ts.isExpression(node) && node.getText() === except) known ??= node
    ts.forEachChild(node, visit)
  }
  visit(fn)
  const region = around && analysis.region(around)
  if (!around || !region || !call) throw new Error('Expected a fan-out whose callback calls `act`')
  return mayLetButOneIn(call, around, region, analysis.types, known)
}
