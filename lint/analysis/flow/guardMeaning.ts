import ts from 'typescript'
import { answerOf } from '../code/answers.ts'
import type { Guard } from './flowFacts.ts'
import { calleeName, isFunctionNode, isMethodCall, isWithin, unwrap } from '../code/syntax.ts'

/**
 * What a passed condition says of its location:
 * - `absent`: nothing is there yet: undefined, null, false, no such entry, empty;
 * - `present`: something is there;
 * - `other`: something else, such as an order or an equality.
 */
export type GuardMeaning = 'absent' | 'present' | 'other'

const MEMBERSHIP = new Set(['has', 'get', 'includes', 'find', 'some', 'at'])

/** Reads a guard off the syntax of its condition. */
export function meaningOf(guard: Guard): GuardMeaning {
  const found = presenceIn(unwrap(guard.condition))
  if (found === undefined) return 'other'
  return found === guard.holds ? 'present' : 'absent'
}

/** What outcome of the condition says that something is there: true for `x`, false for `x === undefined`. */
function presenceIn(condition: ts.Expression): boolean | undefined {
  const answer = answerOf(condition)
  if (answer) return presenceIn(answer.returned)
  if (ts.isIdentifier(condition) || ts.isPropertyAccessExpression(condition) || ts.isElementAccessExpression(condition))
    return true
  if (ts.isAwaitExpression(condition)) return presenceIn(unwrap(condition.expression))
  if (ts.isCallExpression(condition)) {
    if (isMethodCall(condition) && MEMBERSHIP.has(condition.expression.name.text)) return true
    const name = calleeName(condition)
    if (name === 'hasOwn' || name === 'hasOwnProperty' || name === 'Boolean') return true
    return name === 'isEmpty' || name === 'isNil' ? false : undefined
  }
  if (ts.isPrefixUnaryExpression(condition) && condition.operator === ts.SyntaxKind.ExclamationToken) {
    const inner = presenceIn(unwrap(condition.operand))
    return inner === undefined ? undefined : !inner
  }
  if (!ts.isBinaryExpression(condition)) return undefined
  const operator = condition.operatorToken.kind
  if (operator === ts.SyntaxKind.InKeyword) return true
  const [left, right] = [unwrap(condition.left), unwrap(condition.right)]
  const isCounted = isCount(left)
  const isEqual = operator === ts.SyntaxKind.EqualsEqualsEqualsToken || operator === ts.SyntaxKind.EqualsEqualsToken
  const isUnequal =
    operator === ts.SyntaxKind.ExclamationEqualsEqualsToken || operator === ts.SyntaxKind.ExclamationEqualsToken
  if (isEqual || isUnequal) {
    if (isNothing(right) || isNothing(left)) return isUnequal
    if (right.kind === ts.SyntaxKind.TrueKeyword) return isEqual
    if (isCounted && isNumber(right, '0')) return isUnequal
    if (isSearch(left) && isMinusOne(right)) return isUnequal
    return undefined
  }
  if (isCounted && isNumber(right, '0') && operator === ts.SyntaxKind.GreaterThanToken) return true
  if (isCounted && isNumber(right, '1')) {
    if (operator === ts.SyntaxKind.LessThanToken) return false
    if (operator === ts.SyntaxKind.GreaterThanEqualsToken) return true
  }
  if (isSearch(left) && isNumber(right, '0')) {
    if (operator === ts.SyntaxKind.LessThanToken) return false
    if (operator === ts.SyntaxKind.GreaterThanEqualsToken) return true
  }
  return isSearch(left) && isMinusOne(right) && operator === ts.SyntaxKind.GreaterThanToken ? true : undefined
}

/**
 * Up to where code is reached only past the check, if a place is: to the end of the branch that holds it, or of the block
 * after an `if` that leaves. As an offset; that of the place, where no `if` asks.
 */
export function guardedUntil({ condition }: Guard, place: ts.Node): number {
  const check = ts.findAncestor(condition, (at) => (isFunctionNode(at) ? 'quit' : ts.isIfStatement(at)))
  if (check === undefined || !ts.isIfStatement(check) || !isWithin(condition, check.expression)) return place.end
  const branch = [check.thenStatement, check.elseStatement].find((part) => part && isWithin(place, part))
  return branch ? branch.end : isWithin(place, check.parent) ? check.parent.end : place.end
}

/** `undefined`, `null`, `false`, `''`, `void 0`, `'undefined'` (of a `typeof`). */
export function isNothing(node: ts.Expression): boolean {
  const inner = unwrap(node)
  if (ts.isIdentifier(inner)) return inner.text === 'undefined'
  if (ts.isStringLiteralLike(inner)) return inner.text === '' || inner.text === 'undefined'
  return (
    inner.kind === ts.SyntaxKind.NullKeyword || inner.kind === ts.SyntaxKind.FalseKeyword || ts.isVoidExpression(inner)
  )
}

function isCount(node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && (node.name.text === 'length' || node.name.text === 'size')
}

function isSearch(node: ts.Expression): boolean {
  return isMethodCall(node, 'indexOf', 'findIndex', 'lastIndexOf')
}

function isNumber(node: ts.Expression, text: string): boolean {
  return ts.isNumericLiteral(node) && node.text === text
}

function isMinusOne(node: ts.Expression): boolean {
  return (
    ts.isPrefixUnaryExpression(node)
    && node.operator === ts.SyntaxKind.MinusToken
    && isNumber(unwrap(node.operand), '1')
  )
}
