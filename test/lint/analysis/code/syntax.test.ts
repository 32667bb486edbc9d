import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { findNode, someNode } from '../../../../lint/analysis/code/syntax.ts'

const file = ts.createSourceFile(
  'file.ts',
  'const f = () => { g(1); h(2) }\nlet last = 3',
  ts.ScriptTarget.ESNext,
  true,
)
const isNumber = (text: string) => (node: ts.Node) => ts.isNumericLiteral(node) && node.text === text

describe('findNode', () => {
  it('gives the first node in the order of the text, also of a function below', () => {
    expect(findNode(file, ts.isCallExpression)?.expression.getText()).toBe('g')
  })

  it('looks at the root itself first', () => {
    expect(findNode(file, () => true)).toBe(file)
  })

  it('gives nothing where nothing passes, or where there is nothing to look through', () => {
    expect(findNode(file, isNumber('4'))).toBeUndefined()
    expect(findNode(undefined, () => true)).toBeUndefined()
  })

  it('agrees with someNode', () => {
    expect(['2', '3', '4'].map((text) => someNode(file, isNumber(text)))).toEqual([true, true, false])
    expect(['2', '3', '4'].map((text) => findNode(file, isNumber(text)) !== undefined)).toEqual([true, true, false])
  })
})
