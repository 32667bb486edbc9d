import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import type { ConcurrentRegion } from '../flow/concurrentRegion.ts'
import { conditionsOnWay, isBehindSharedCheck } from './sharedChecks.ts'
import { type FunctionNode, isMethodCall, isWithin, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * Whether of the activations that a fan-out starts perhaps only one comes to a node: a check of shared state lets no other
 * pass, or a check of the item picks from a list that is written out, or a check of the index from any list.
 *
 * @param except A condition that is known of already; the rest of what it stands in counts.
 */
export function mayLetButOneIn(
  node: ts.Node,
  fn: FunctionNode,
  region: ConcurrentRegion,
  types: TypeQuestions,
  except?: ts.Expression,
): boolean {
  return isBehindSharedCheck(node, fn, types, except) || isBehindItemCheck(node, fn, region, types, except)
}

function isBehindItemCheck(
  node: ts.Node,
  fn: FunctionNode,
  region: ConcurrentRegion,
  types: TypeQuestions,
  except: ts.Expression | undefined,
): boolean {
  if (region.callback !== fn) return false
  const isWritten = isWrittenOut(inputOf(region), types)
  const [, index] = region.callback.parameters
  const picks = (at: ts.Node): boolean => {
    if (at === except) return false
    if (!ts.isIdentifier(at)) return forEachChild(at, picks) ?? false
    const declaration = types.localSymbol(at)?.valueDeclaration
    return declaration !== undefined && (isWritten ? isWithin(declaration, fn) : declaration === index)
  }
  return conditionsOnWay(node, fn).some(picks)
}

/** What the activations are started for, one for each of its items. */
function inputOf({ origin, callback }: ConcurrentRegion): ts.Expression | undefined {
  const [first, second] = origin.arguments
  // `pMap(items, fn)`, `Array.from(items, fn)`
  if (second && isWithin(callback, second)) return first
  if (isMethodCall(origin) && first) return origin.expression.expression
  const loop = ts.findAncestor(origin, (at) =>
    at !== callback && ts.isFunctionLike(at) ? 'quit' : ts.isForOfStatement(at),
  )
  return loop && ts.isForOfStatement(loop) ? loop.expression : undefined
}

/** `[1, 2]`, and a constant that is one: no caller can give other items. */
function isWrittenOut(input: ts.Expression | undefined, types: TypeQuestions): boolean {
  const list = input && unwrap(input)
  if (list === undefined) return false
  if (ts.isArrayLiteralExpression(list)) return list.elements.length > 0 && !list.elements.some(ts.isSpreadElement)
  const declaration = ts.isIdentifier(list) ? types.localSymbol(list)?.valueDeclaration : undefined
  return (
    declaration !== undefined
    && ts.isVariableDeclaration(declaration)
    && isConstant(declaration)
    && isWrittenOut(declaration.initializer, types)
  )
}

function isConstant(declaration: ts.VariableDeclaration): boolean {
  return (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0
}
