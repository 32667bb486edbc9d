import ts from 'typescript'
import { expect, test } from 'vitest'
import { FileAnalysis } from '../../../lint/analysis/fileAnalysis.ts'
import { isRecursive } from '../../../lint/analysis/recursiveWork.ts'
import { absolute, programOf } from '../harness/virtualProject.ts'

/** Whether what the first `map` of some code is given goes on below. */
function goesOn(code: string): boolean {
  const program = programOf({ 'file.ts': code })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  let work: ts.Expression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText().endsWith('.map')) work ??= node.arguments[0]
    ts.forEachChild(node, visit)
  }
  visit(sourceFile)
  if (!work) throw new Error('Expected a call of `map` in the code')
  return isRecursive(work, FileAnalysis.of(program, sourceFile).types)
}

const NODE = 'interface Node { below: Node[] }\n'

test.each([
  ['a callback', `${NODE}const go = (node: Node): void => { node.below.map((child) => { go(child) }) }`, true],
  ['the function itself', `${NODE}function go(node: Node): void { node.below.map(go) }`, true],
  ['a method', `${NODE}class A { go(node: Node): void { node.below.map((child) => this.go(child)) } }`, true],
  [
    'from within another function',
    `${NODE}function go(node: Node): void { const below = () => { node.below.map((child) => { go(child) }) }; below() }`,
    true,
  ],
  [
    'other work',
    `${NODE}declare function see(node: Node): void\nfunction go(node: Node): void { node.below.map(see) }`,
    false,
  ],
  [
    'a function of the same name',
    `${NODE}class A { inner = { go(node: Node) {} }; go(node: Node): void { node.below.map((child) => this.inner.go(child)) } }`,
    false,
  ],
])('%s', (_, code, expected) => {
  expect(goesOn(code)).toBe(expected)
})
