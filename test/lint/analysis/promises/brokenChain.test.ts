import ts from 'typescript'
import { expect, test } from 'vitest'
import { linkThatDrops } from '../../../../lint/analysis/promises/brokenChain.ts'
import { calleeName, someNode } from '../../../../lint/analysis/code/syntax.ts'
import { marked } from '../marked.ts'

test.each([
  ['returned', 'return a().then(() => { marked() })', true],
  ['kept for later', 'const all = [a().then(function () { marked() })]', true],
  ['in a branch, before a return of nothing', 'return a().then((x) => { if (x) { marked(); return } a() })', true],
  ['with a handler behind it', 'return a().then(() => { marked() }).catch(a).finally(a)', true],
  ['where the chain goes on, although nobody waits for its end', 'void a().then(() => { marked() }).then(a)', true],
  ['in a chain that is dropped', 'a().then(() => { marked() }).catch(a)', false],
  ['given back', 'return a().then(() => { return marked() })', false],
  ['in a callback that gives back something else', 'return a().then((x) => { if (x) return x; marked() })', false],
  ['with more behind it', 'return a().then(() => { marked(); a() })', false],
  ['in an async callback, which another sign is needed for', 'return a().then(async () => { marked() })', false],
  ['in a handler', 'return a().catch(() => { marked() })', false],
  ['in no chain', 'return a.map(() => { marked() })', false],
])('a link that drops a call: %s', (_, code, expected) => {
  const { analysis } = marked(`declare const a: any, marked: any\nexport function f() { ${code} }`)
  let call: ts.CallExpression | undefined
  someNode(analysis.sourceFile, (node) => {
    if (ts.isCallExpression(node) && calleeName(node) === 'marked') call = node
    return call !== undefined
  })
  expect(call && linkThatDrops(call) !== undefined).toBe(expected)
})
