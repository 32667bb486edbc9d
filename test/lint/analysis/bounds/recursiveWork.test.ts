import ts from 'typescript'
import { expect, test } from 'vitest'
import { FileAnalysis } from '../../../../lint/analysis/fileAnalysis.ts'
import { isRecursive } from '../../../../lint/analysis/bounds/recursiveWork.ts'
import { absolute, programOf } from '../../harness/virtualProject.ts'

/** Whether what the first `map` of some code is given goes on below, and calls `fetch` on the way. */
function goesOn(code: string): boolean {
  const program = programOf({ 'file.ts': code })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  let work: ts.Expression | undefined
  let load: ts.CallExpression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText().endsWith('.map')) work ??= node.arguments[0]
    if (ts.isCallExpression(node) && node.expression.getText() === 'fetch') load ??= node
    ts.forEachChild(node, visit)
  }
  visit(sourceFile)
  if (!work || !load) throw new Error('Expected calls of `map` and `fetch` in the code')
  const { types, summaries } = FileAnalysis.of(program, sourceFile)
  return isRecursive(work, { kind: 'network', call: load }, types, summaries)
}

const NODE = 'interface Node { below: Node[]; url: string }\n'

test.each([
  [
    'a callback',
    `${NODE}const go = (node: Node): void => { fetch(node.url); node.below.map((child) => { go(child) }) }`,
    true,
  ],
  ['the function itself', `${NODE}function go(node: Node): void { fetch(node.url); node.below.map(go) }`, true],
  [
    'a method',
    `${NODE}class A { go(node: Node): void { node.below.map((child) => { fetch(child.url); this.go(child) }) } }`,
    true,
  ],
  [
    'from within another function',
    `${NODE}function go(node: Node): void { fetch(node.url); const below = () => { node.below.map((child) => { go(child) }) }; below() }`,
    true,
  ],
  [
    'with a function that it calls for each',
    `${NODE}function see(node: Node) { fetch(node.url) }\nfunction go(node: Node): void { see(node); node.below.map(go) }`,
    true,
  ],
  [
    'with something further off, on every way',
    `${NODE}function ask(node: Node) { fetch(node.url) }\nfunction see(node: Node) { ask(node) }\nfunction go(node: Node): void { see(node); node.below.map(go) }`,
    true,
  ],
  [
    'with something further off, to which a few come',
    `${NODE}function ask(node: Node) { fetch(node.url) }\nfunction see(node: Node) { ask(node) }\nfunction go(node: Node): void { if (node.below[1]) see(node); node.below.map(go) }`,
    false,
  ],
  ['other work', `${NODE}function go(node: Node): void { node.below.map((child) => fetch(child.url)) }`, false],
  [
    'a function of the same name',
    `${NODE}class A { inner = { go(node: Node) { fetch(node.url) } }; go(node: Node): void { node.below.map((child) => this.inner.go(child)) } }`,
    false,
  ],
])('%s', (_, code, expected) => {
  expect(goesOn(code)).toBe(expected)
})
