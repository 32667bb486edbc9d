import ts from 'typescript'
import { expect, test } from 'vitest'
import { pushedTo } from '../../../../lint/analysis/flow/filledLists.ts'
import { marked } from '../marked.ts'

test.each([
  ['one thing', 'const all = []; all.push(a)', 1],
  ['many things, in a callback as well', 'const all = []; all.push(a, b); x.each(() => { all.push(c) })', 3],
  ['its length is looked at', 'const all = []; all.push(a); if (all.length) x()', 1],
  ['another list of that name', 'const all = []; all.push(a); { const all = x; all.splice(0) }', 1],
  ['a field of that name', 'const all = []; all.push(a); x.all = b; x({ all: c })', 1],
  ['it is full at first', 'const all = [x]; all.push(a)', undefined],
  ['nothing is put in', 'const all = []', undefined],
  ['another list is put in', 'const all = []; all.push(...x)', undefined],
  ['it is handed on', 'const all = []; all.push(a); x(all)', undefined],
  ['it is filled another way', 'const all = []; all.push(a); all[1] = b', undefined],
  ['it is replaced', 'let all = []; all.push(a); all = x', undefined],
])('what is in a list: %s', (_, code, expected) => {
  const { analysis } = marked(`declare const x: any, a: any, b: any, c: any
    export async function f() { ${code}; await Promise.all(all) }`)
  let found: number | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isAwaitExpression(node) && ts.isCallExpression(node.expression)) {
      const [list] = node.expression.arguments
      if (list && ts.isIdentifier(list)) found = pushedTo(list, analysis.types)?.length
    }
    ts.forEachChild(node, visit)
  }
  visit(analysis.sourceFile)
  expect(found).toBe(expected)
})
