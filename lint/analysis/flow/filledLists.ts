import ts from 'typescript'
import { enclosingFunction, isMethodCall, isPromiseCombinator, someNode, unwrap, wrapperOf } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * What is in a list that is filled here: `const all = []`, then `all.push(a, b)` wherever it is spoken of, until it is
 * joined. Undefined where something else may be put in.
 */
export function pushedTo(list: ts.Identifier, types: TypeQuestions): readonly ts.Expression[] | undefined {
  const declaration = types.localSymbol(list)?.valueDeclaration
  if (!declaration || !ts.isVariableDeclaration(declaration) || !isEmptyList(declaration.initializer)) return undefined
  const pushed: ts.Expression[] = []
  const isOther = (node: ts.Node): boolean => {
    if (!ts.isIdentifier(node) || node.text !== list.text || node === declaration.name || isMember(node)) return false
    if (types.localSymbol(node) !== types.localSymbol(list)) return false
    const { parent } = wrapperOf(node)
    if (isPromiseCombinator(parent)) return false
    if (!ts.isPropertyAccessExpression(parent)) return true
    const call = parent.parent
    if (!isMethodCall(call, 'push') || call.expression !== parent) return parent.name.text !== 'length'
    pushed.push(...call.arguments)
    return call.arguments.some(ts.isSpreadElement)
  }
  const scope = enclosingFunction(declaration)?.body ?? declaration.getSourceFile()
  return someNode(scope, isOther) || pushed.length === 0 ? undefined : pushed
}

function isEmptyList(initializer: ts.Expression | undefined): boolean {
  const list = initializer && unwrap(initializer)
  return list !== undefined && ts.isArrayLiteralExpression(list) && list.elements.length === 0
}

function isMember(name: ts.Identifier): boolean {
  return (
    (ts.isPropertyAccessExpression(name.parent) && name.parent.name === name)
    || (ts.isPropertyAssignment(name.parent) && name.parent.name === name)
  )
}
