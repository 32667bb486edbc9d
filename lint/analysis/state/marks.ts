import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import type { Guard, Write } from '../flow/flowFacts.ts'
import {
  calleeName,
  enclosingFunction,
  forEachOwnNode,
  type FunctionNode,
  isAssignment,
  isMethodCall,
  unwrap,
} from '../code/syntax.ts'
import { HARMLESS_EFFECTS, LOOKUP_NAMES, STANDING_EFFECTS } from '../knowledge/effectNames.ts'
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

/**
 * `if (id !== this.server?.id) { …; this.server = … }`: the check asks for a certain one, and finds another there or none. A
 * second call for it finds the same until it is there.
 */
export function asksForAnother({ condition, holds, read }: Guard, write: Write): boolean {
  const asked = unwrap(condition)
  if (!ts.isBinaryExpression(asked) || write.mutation || !isAssignment(write.node.parent)) return false
  const operator = asked.operatorToken.kind
  const isUnequal =
    operator === ts.SyntaxKind.ExclamationEqualsEqualsToken || operator === ts.SyntaxKind.ExclamationEqualsToken
  const isEqual = operator === ts.SyntaxKind.EqualsEqualsEqualsToken || operator === ts.SyntaxKind.EqualsEqualsToken
  if (isUnequal ? !holds : !isEqual || holds) return false
  const place = write.location.key
  if (read.location.key !== place && !read.location.key.startsWith(`${place}.`)) return false
  const other = [unwrap(asked.left), unwrap(asked.right)].find((side) => side !== unwrap(read.node as ts.Expression))
  return other !== undefined && (ts.isIdentifier(other) || ts.isPropertyAccessExpression(other))
}

/**
 * `async startScan() { if (this.scanning) return; await this.radio.call('scan'); this.scanning = true }`, with a function
 * elsewhere that sets it to false: a switch that is turned on too late. Gives what turns it on, as far as the name of the
 * function says that this leaves something running.
 */
export function switchedOnBy(
  write: Write,
  guard: Guard,
  fn: FunctionNode,
  { references }: FileAnalysis,
): ts.CallExpression | undefined {
  const { parent } = write.node
  const target = unwrap(write.node)
  const isOn = !write.mutation && isAssignment(parent) && parent.right.kind === ts.SyntaxKind.TrueKeyword
  if (!isOn || !ts.isPropertyAccessExpression(target) || !STANDING_EFFECTS.test(fn.name?.getText() ?? ''))
    return undefined
  const isTurnedOff = references.members(target.name.text).some((use) => {
    const place = ts.isPropertyAccessExpression(use.parent) ? use.parent : use
    return (
      isAssignment(place.parent)
      && place.parent.left === place
      && place.parent.right.kind === ts.SyntaxKind.FalseKeyword
      && enclosingFunction(place) !== fn
    )
  })
  return isTurnedOff ? firstAct(fn, guard.condition.end, endOf(write)) : undefined
}

/** The first call waited for between two places that does not only look something up. */
function firstAct(fn: FunctionNode, first: number, last: number): ts.CallExpression | undefined {
  let found: ts.CallExpression | undefined
  forEachOwnNode(fn, (node) => {
    if (found || !ts.isAwaitExpression(node) || node.pos < first || node.end > last) return
    const call = unwrap(node.expression)
    const name = ts.isCallExpression(call) ? (calleeName(call) ?? '') : ''
    if (ts.isCallExpression(call) && !LOOKUP_NAMES.test(name) && !HARMLESS_EFFECTS.test(name)) found = call
  })
  return found
}
