import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { isFunctionNode } from '../../../../lint/analysis/code/syntax.ts'
import { marked } from '../marked.ts'

/** The call that `f` returns, and who answers questions about it. */
function returned(code: string, declarations: string) {
  const { analysis, fn } = marked(`${declarations}\nexport async function f() { return ${code} }`)
  const [statement] = isFunctionNode(fn) && fn.body && ts.isBlock(fn.body) ? fn.body.statements : []
  if (
    !statement
    || !ts.isReturnStatement(statement)
    || !statement.expression
    || !ts.isCallExpression(statement.expression)
  )
    throw new Error('Expected a call')
  return { call: statement.expression, types: analysis.types }
}

describe('a chain of calls and properties', () => {
  test.each([
    ['begins with an import that cannot be found', `expect(load()).not.toBe(1)`, true, 'unknown'],
    ['begins with a name of type any', 'anything.list[0]!(1).save()', true, 'unknown'],
    ['begins with a name of type unknown', 'mystery.save()', true, 'unknown'],
    ['is given another type on the way', '(anything as Store).put()', false, 'always'],
    ['begins with a name that has a type', 'store.put()', false, 'always'],
    ['begins with a call of a typed function', 'load().then()', false, 'always'],
    ['begins with this', 'this.put()', false, 'unknown'],
  ])('that %s', (_, code, isUntyped, thenable) => {
    const { call, types } = returned(
      code,
      `import { expect } from 'not-installed'
      interface Store { put(): Promise<void> }
      declare function load(): Promise<number>
      declare const store: Store, anything: any, mystery: unknown`,
    )
    expect(types.isUntypedChain(call.expression)).toBe(isUntyped)
    expect(types.thenable(call)).toBe(thenable)
  })

  test.each([
    ['any', 'got instanceof Store', false],
    ['unknown', 'got instanceof Store', false],
    ['any', 'got', true],
    ['Store | undefined', 'got', false],
  ])('that begins with a name of type %s where a check says %s', (type, check, isUntyped) => {
    const { call, types } = returned(
      'put()',
      `declare class Store { put(): Promise<void> }
      export function keep(got: ${type}) { if (${check}) got.put() }
      declare function put(): void`,
    )
    const [, keep] = call.getSourceFile().statements
    let found: ts.CallExpression | undefined
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) found = node
      else ts.forEachChild(node, visit)
    }
    if (keep) visit(keep)
    expect(found && types.isUntypedChain(found.expression)).toBe(isUntyped)
  })
})

describe('a method of an array', () => {
  test.each([
    ['the language declares', 'items.forEach(() => 1)', true],
    ['hands on what its callback gives', 'items.map(async () => 1)', true],
    ['is called on one of several arrays', 'either.map(() => 1)', true],
    ['gives one of its items', 'items.find(() => true)', false],
    ['the project declares as well', 'items.every(() => true)', false],
    ['a subclass has of its own', 'mine.map(() => 1)', false],
    ['some other object has', 'store.map(() => 1)', false],
  ])('that %s', (_, code, expected) => {
    const { call, types } = returned(
      code,
      `declare global { interface Array<T> { every(work: (item: T) => boolean): Promise<boolean> } }
      declare class Mine extends Array<number> { override map(): any }
      declare const items: number[], either: number[] | readonly string[], mine: Mine, store: { map(work: () => number): Promise<void> }`,
    )
    expect(types.isArrayMethod(call.expression)).toBe(expected)
  })
})
