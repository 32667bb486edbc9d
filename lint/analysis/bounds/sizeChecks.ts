import ts from 'typescript'
import type { References } from '../code/references.ts'
import { constantNumber, dottedName, enclosingFunction, unwrap } from '../code/syntax.ts'

const COMPARISONS = new Set([
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
])

/** A constant, a setting in capitals, `Math.min(…)`, or a number named for how many run at once. */
export function isCountNamedForLimit(node: ts.Expression): boolean {
  const inner = unwrap(node)
  if (constantNumber(inner) !== undefined) return true
  if (ts.isCallExpression(inner)) return dottedName(inner.expression) === 'Math.min'
  const path = dottedName(inner)
  if (path === undefined) return false
  const name = path.slice(path.lastIndexOf('.') + 1)
  return /^[A-Z][A-Z\d_]*$/u.test(name) || /concurren|workers?|parallel|limit|threads|poolsize|^max/iu.test(name)
}

/**
 * Whether the code before this use, in the same function, compares the list's length with a limit: `if (ids.length > MAX)`.
 * Comparisons with 0 and 1 ask whether there is anything, and say nothing of how much.
 */
export function isCheckedAgainstLimit(
  list: ts.Identifier | ts.PropertyAccessExpression,
  references: References,
): boolean {
  const name = ts.isIdentifier(list) ? list : list.name
  const text = list.getText()
  const fn = enclosingFunction(list)
  const before = { pos: (fn ?? list.getSourceFile()).pos, end: list.pos }
  return references.within(name.text, before).some((use) => {
    const value = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
    const length = value.parent
    if (
      !ts.isPropertyAccessExpression(length)
      || length.expression !== value
      || !['length', 'size'].includes(length.name.text)
    )
      return false
    const comparison = length.parent
    if (
      !ts.isBinaryExpression(comparison)
      || !COMPARISONS.has(comparison.operatorToken.kind)
      || value.getText() !== text
    )
      return false
    const limit = comparison.left === length ? comparison.right : comparison.left
    return (
      isCountNamedForLimit(limit)
      && (constantNumber(limit) ?? 2) > 1
      && !isLoopCondition(comparison)
      && enclosingFunction(use) === fn
    )
  })
}

function isLoopCondition(comparison: ts.Node): boolean {
  return ts.isIterationStatement(comparison.parent, false)
}
