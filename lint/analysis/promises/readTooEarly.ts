import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import {
  enclosingFunction,
  forEachOwnNode,
  type FunctionNode,
  isAssignment,
  isMethodCall,
  unwrap,
} from '../code/syntax.ts'

/** Methods that put something into a collection. */
const FILLS = ['push', 'unshift', 'add', 'set', 'append'] as const

/**
 * A place where a function reads what one of its callbacks fills, after a call that does not wait for the callback: nothing
 * may be there yet.
 */
export function readBeforeFilled(
  callback: FunctionNode,
  call: ts.CallExpression,
  { references, types }: FileAnalysis,
): ts.Identifier | undefined {
  const fn = enclosingFunction(call)
  if (fn === undefined) return undefined
  for (const name of filledBy(callback)) {
    const isLater = (use: ts.Identifier): boolean =>
      use.pos >= call.end && use.end <= fn.end && enclosingFunction(use) === fn && !isMember(use)
    const read = references
      .named(name.text)
      .find((use) => isLater(use) && types.localSymbol(use) === types.localSymbol(name))
    if (read) return read
  }
  return undefined
}

/** The names by which a callback gets at what it fills: `list` in `list.push(…)`, `byName[id] = …` and `total += …`. */
function filledBy(callback: FunctionNode): readonly ts.Identifier[] {
  const names: ts.Identifier[] = []
  forEachOwnNode(callback, (node) => {
    const target = isAssignment(node)
      ? node.left
      : isMethodCall(node, ...FILLS)
        ? node.expression.expression
        : undefined
    const root = target && rootOf(target)
    if (root) names.push(root)
  })
  return names
}

function rootOf(target: ts.Expression): ts.Identifier | undefined {
  let at = unwrap(target)
  while (ts.isPropertyAccessExpression(at) || ts.isElementAccessExpression(at)) at = unwrap(at.expression)
  return ts.isIdentifier(at) ? at : undefined
}

/** `other.list`, and `list` as the name of a property. */
function isMember({ parent, pos }: ts.Identifier): boolean {
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name.pos === pos)
    || (ts.isPropertyAssignment(parent) && parent.name.pos === pos)
  )
}
