import ts from 'typescript'
import { expect, test } from 'vitest'
import { deferralOf } from '../../../../lint/analysis/flow/deferredCallback.ts'
import { isFunctionExpression } from '../../../../lint/analysis/code/syntax.ts'
import { marked } from '../marked.ts'

test.each([
  ['setTimeout(() => { a() })', 'later'],
  ['setImmediate(function () { a() })', 'later'],
  ['p.then(() => { a() })', 'later'],
  ["x.on('end', () => { a() })", 'later'],
  ['list.push(() => { a() })', 'collected'],
  ['void (async () => { await a(); a() })()', 'started'],
  ['void (async () => { a() })()', undefined],
  ['list.map(() => { a() })', undefined],
  ['a(() => 1)', undefined],
])('%s: %s', (statement, expected) => {
  const { analysis, fn } = marked(
    `declare const x: any, a: any, p: Promise<void>, list: unknown[]\nexport function f() { ${statement} }`,
  )
  let callback: ts.ArrowFunction | ts.FunctionExpression | undefined
  const visit = (node: ts.Node): void => {
    if (isFunctionExpression(node)) callback ??= node
    ts.forEachChild(node, visit)
  }
  if (fn.body) visit(fn.body)
  expect(callback && deferralOf(callback, analysis.types)?.kind).toBe(expected)
})
