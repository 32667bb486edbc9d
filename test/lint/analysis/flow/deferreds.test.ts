import ts from 'typescript'
import { expect, test } from 'vitest'
import { isOnlyResolved } from '../../../../lint/analysis/flow/deferreds.ts'
import { someNode } from '../../../../lint/analysis/code/syntax.ts'
import { marked } from '../marked.ts'

const DEFERRED = `interface Deferred extends Promise<void> { resolve(): void; reject(error: unknown): void }
declare function deferred(): Deferred
`

test.each([
  ['that the class resolves', 'close() { this.closed.resolve() }', true],
  ['that the class rejects, too', 'close() { this.closed.resolve() }\n  fail() { this.closed.reject(1) }', false],
  ['that nothing settles', '', false],
])('a promise with the functions that settle it %s', (_, members, expected) => {
  const code = `${DEFERRED}export class Line {\n  closed = deferred()\n  ${members}\n  f() { return [this.closed] }\n}`
  expect(onlyResolved(code)).toBe(expected)
})

test.each([
  ['is resolved', 'ready.resolve()', true],
  ['is rejected, too', 'ready.resolve(); ready.reject(1)', false],
  ['is handed on', 'ready.resolve(); save(ready)', false],
])('a deferred that %s', (_, body, expected) => {
  const code = `declare function save(value: unknown): void
export function f() { const ready = Promise.withResolvers<void>(); ${body}; return [ready.promise] }`
  expect(onlyResolved(code)).toBe(expected)
})

/** What is known of the promise in the list that `f` gives. */
function onlyResolved(code: string): boolean {
  const { analysis, fn } = marked(code)
  let promise: ts.PropertyAccessExpression | undefined
  someNode(fn, (node) => {
    if (ts.isPropertyAccessExpression(node) && ts.isArrayLiteralExpression(node.parent)) promise = node
    return promise !== undefined
  })
  if (!promise) throw new Error('Expected a list with a promise')
  return isOnlyResolved(promise, analysis.types)
}
