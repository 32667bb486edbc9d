import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import { isFunctionNode, type FunctionNode, isWithin, someOwnNode, suspends, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * Whether a value holds more than what it is made of: something awaited, an argument, a constant other than 0. The sum of
 * what lies outside of the function alone may be what was there before, and `isOdd(item) ? before : now` may be that too.
 */
export function addsForSure(value: ts.Expression, fn: FunctionNode, types: TypeQuestions): boolean {
  return !choosesByItem(value) && bringsSomething(value, fn, types)
}

/** Whether a choice within a value decides what of the old one goes in, or whether anything is waited for. */
function choosesByItem(value: ts.Expression): boolean {
  const isChoice = (node: ts.Node): boolean =>
    ts.isConditionalExpression(node) && [node.whenTrue, node.whenFalse].some((part) => !isFixed(part))
  return isChoice(value) || someOwnNode(value, isChoice)
}

function isFixed(part: ts.Expression): boolean {
  const inner = unwrap(part)
  return ts.isLiteralExpression(inner) || FIXED.has(inner.kind)
}

const FIXED: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
  ts.SyntaxKind.NullKeyword,
])

/** @param seen The constants on the way: a broken program may make one of itself. */
function bringsSomething(
  node: ts.Node,
  fn: FunctionNode,
  types: TypeQuestions,
  seen: ReadonlySet<ts.Node> = new Set(),
): boolean {
  const brings = (part: ts.Node): boolean => bringsSomething(part, fn, types, seen)
  if (suspends(node) || ts.isNewExpression(node) || isFunctionNode(node) || FIXED.has(node.kind)) return true
  if (ts.isLiteralExpression(node) || ts.isTemplateExpression(node))
    return !(ts.isNumericLiteral(node) && Number(node.text) === 0)
  if (ts.isIdentifier(node)) return isBrought(node, fn, types, seen)
  if (ts.isPropertyAccessExpression(node)) return brings(node.expression)
  if (ts.isPropertyAssignment(node)) return brings(node.initializer)
  if (ts.isCallExpression(node) && node.arguments.length > 0 && ts.isIdentifier(node.expression))
    return node.arguments.some(brings)
  return ts.isCallExpression(node) || (forEachChild(node, brings) ?? false)
}

/** An argument of the activation, or a variable of its own that is more than a copy of what lies outside. */
function isBrought(name: ts.Identifier, fn: FunctionNode, types: TypeQuestions, seen: ReadonlySet<ts.Node>): boolean {
  const declaration = types.localSymbol(name)?.valueDeclaration
  if (declaration === undefined || !isWithin(declaration, fn)) return false
  const holder = ts.findAncestor(
    declaration,
    (at) => !ts.isBindingElement(at) && !ts.isObjectBindingPattern(at) && !ts.isArrayBindingPattern(at),
  )
  if (holder === undefined || !ts.isVariableDeclaration(holder)) return holder !== undefined && ts.isParameter(holder)
  const isConstant = (ts.getCombinedNodeFlags(holder) & ts.NodeFlags.Const) !== 0
  if (!isConstant || !holder.initializer) return true
  return !seen.has(holder) && bringsSomething(holder.initializer, fn, types, new Set([...seen, holder]))
}
