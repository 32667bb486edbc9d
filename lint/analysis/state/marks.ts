import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import type { Guard, Write } from '../flow/flowFacts.ts'
import { type FunctionNode, isAssignment, isMethodCall, unwrap } from '../code/syntax.ts'
import { endOf, fills, isInCatch } from './writes.ts'

/**
 * `this.opened = true`, `told.add(user)`, `this.state = 'open'` after `if (this.state !== 'open')`: it keeps no value, but
 * notes that something was done.
 */
export function isFlag(write: Write, guard: Guard): boolean {
  const { parent } = write.node
  if (write.mutation) return isMethodCall(write.mutation, 'add')
  return isAssignment(parent) && (parent.right.kind === ts.SyntaxKind.TrueKeyword || asksForWritten(guard, write))
}

/** `running.add(key); await …; running.delete(key)`: a mark of being at work, that comes too late to keep others out. */
export function isLateMark(write: Write, guard: Guard, fn: FunctionNode, analysis: FileAnalysis): boolean {
  const isMark = write.mutation
    ? isMethodCall(write.mutation, 'add')
    : isAssignment(write.node.parent)
      && (write.node.parent.right.kind === ts.SyntaxKind.TrueKeyword || restOf(guard, write) !== undefined)
  if (!isMark) return false
  const { writes, suspensions } = analysis.flow(fn)
  return writes.some(
    (other) =>
      other.location.key === write.location.key
      && takesOut(other, write, restOf(guard, write))
      && !isInCatch(other.node)
      && suspensions.some((at) => at.pos >= endOf(write) && at.end <= other.node.pos),
  )
}

/** `if (this.state !== 'idle') return` before `this.state = 'busy'`: the value by which it is at rest. */
export function restOf({ condition, holds }: Guard, write: Write): string | undefined {
  const asked = unwrap(condition)
  if (!ts.isBinaryExpression(asked) || write.mutation || !isAssignment(write.node.parent)) return undefined
  const isEqual = asked.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken
  const isUnequal = asked.operatorToken.kind === ts.SyntaxKind.ExclamationEqualsEqualsToken
  const rest = unwrap(asked.right)
  const value = unwrap(write.node.parent.right)
  if (!(isEqual && holds) && !(isUnequal && !holds)) return undefined
  const isState = (node: ts.Expression): boolean =>
    ts.isStringLiteralLike(node) || (ts.isPropertyAccessExpression(node) && /^[A-Z]/u.test(node.getText()))
  const isAnother = isState(rest) && isState(value) && rest.getText() !== value.getText()
  return isAnother && unwrap(asked.left).getText() === write.node.getText() ? rest.getText() : undefined
}

function takesOut(other: Write, { mutation }: Write, rest: string | undefined): boolean {
  if (rest !== undefined) return isAssignment(other.node.parent) && other.node.parent.right.getText() === rest
  if (!mutation || !other.mutation) return !fills(other)
  return (
    isMethodCall(other.mutation, 'delete')
    && other.mutation.arguments[0]?.getText() === mutation.arguments[0]?.getText()
  )
}

/** `if (this.state === 'open') return` before `this.state = 'open'`: the check asks for the very value that is set. */
export function asksForWritten({ condition, holds }: Guard, write: Write): boolean {
  const asked = unwrap(condition)
  if (!ts.isBinaryExpression(asked) || !isAssignment(write.node.parent) || write.mutation) return false
  const operator = asked.operatorToken.kind
  const isUnequal =
    operator === ts.SyntaxKind.ExclamationEqualsEqualsToken || operator === ts.SyntaxKind.ExclamationEqualsToken
  const isEqual = operator === ts.SyntaxKind.EqualsEqualsEqualsToken || operator === ts.SyntaxKind.EqualsEqualsToken
  if (isUnequal ? !holds : !isEqual || holds) return false
  const value = unwrap(write.node.parent.right)
  const isFixed =
    ts.isLiteralExpression(value) || (ts.isPropertyAccessExpression(value) && /^[A-Z]/u.test(value.getText()))
  return isFixed && [asked.left, asked.right].some((side) => unwrap(side).getText() === value.getText())
}
