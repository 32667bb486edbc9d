import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import { answerOf } from '../code/answers.ts'
import type { FileAnalysis } from '../fileAnalysis.ts'
import type { Guard, Write } from '../flow/flowFacts.ts'
import { isNothing, meaningOf } from '../flow/guardMeaning.ts'
import { locationOf } from '../flow/locations.ts'
import {
  type FunctionNode,
  isAssignment,
  isAsync,
  isFunctionNode,
  isMethodCall,
  someOwnNode,
  suspends,
  unwrap,
} from '../code/syntax.ts'

/** A call that fills a checked location, but only after it has waited for something. */
export interface LateFill {
  readonly guard: Guard
  readonly call: ts.CallExpression
  readonly callee: FunctionNode
  readonly write: Write
}

/**
 * `if (!this.db) await this.open()`, and `if (this.db) return` before it, where `open` sets `this.db` after an await and
 * does not look at it itself. The functions must stand in the same file, and a method be called on `this`.
 */
export function lateFillsOf(statement: ts.IfStatement, fn: FunctionNode, analysis: FileAnalysis): readonly LateFill[] {
  const fills: LateFill[] = []
  const inside = leavesOf(statement.expression, true).map((leaf) => ({
    ...leaf,
    code: [statement.thenStatement] as readonly ts.Node[],
  }))
  const behind = guardedBy(statement)
  const after =
    behind.length > 0 ? leavesOf(statement.expression, false).map((leaf) => ({ ...leaf, code: behind })) : []
  for (const { condition, holds, code } of [...inside, ...after]) {
    const place = placeOf(condition)
    const calls = place ? awaitedCalls(code) : []
    const location = place && calls.length > 0 ? locationOf(place, fn, analysis.types) : undefined
    if (location === undefined || (location.ownership !== 'this' && location.ownership !== 'module')) continue
    const guard: Guard = { read: { node: condition, location }, condition, holds }
    if (meaningOf(guard) !== 'absent') continue
    for (const call of calls) {
      const callee = calleeOf(call, location.ownership === 'this', analysis)
      const write = callee && fillingWrite(callee, location.key, analysis)
      if (write) fills.push({ guard, call, callee, write })
    }
  }
  return fills
}

interface Leaf {
  readonly condition: ts.Expression
  readonly holds: boolean
}

/** The parts of a condition that have all come out one way where the whole has: of `a && b` if it holds, of `a || b` if not. */
function leavesOf(raw: ts.Expression, holds: boolean): readonly Leaf[] {
  const node = unwrap(raw)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return leavesOf(node.operand, !holds)
  const joint = holds ? ts.SyntaxKind.AmpersandAmpersandToken : ts.SyntaxKind.BarBarToken
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === joint)
    return [...leavesOf(node.left, holds), ...leavesOf(node.right, holds)]
  return [{ condition: node, holds }]
}

/** The place whose presence a condition asks for. */
function placeOf(condition: ts.Expression): ts.Expression | undefined {
  const answer = answerOf(condition)
  if (answer) return answer.field
  const asked = ts.isBinaryExpression(condition) ? unwrap(condition.left) : condition
  return ts.isIdentifier(asked) || ts.isPropertyAccessExpression(asked) ? asked : undefined
}

/** The statements that run where nothing is there yet: what the `if` holds, or what comes after one that leaves. */
function guardedBy(statement: ts.IfStatement): readonly ts.Node[] {
  const { parent } = statement
  if (statement.elseStatement || !ts.isBlock(parent) || !leaves(statement.thenStatement)) return []
  return parent.statements.slice(parent.statements.indexOf(statement) + 1)
}

function leaves(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement
  return last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last))
}

/** Calls that are awaited before anything else is. */
function awaitedCalls(code: readonly ts.Node[]): readonly ts.CallExpression[] {
  const calls: ts.CallExpression[] = []
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) || ts.isClassLike(node)) return
    if (ts.isAwaitExpression(node)) {
      const awaited = unwrap(node.expression)
      if (ts.isCallExpression(awaited)) calls.push(awaited)
    }
    forEachChild(node, visit)
  }
  for (const node of code) visit(node)
  return calls
}

function calleeOf(call: ts.CallExpression, isMethod: boolean, analysis: FileAnalysis): FunctionNode | undefined {
  if (isMethod && !(isMethodCall(call) && call.expression.expression.kind === ts.SyntaxKind.ThisKeyword))
    return undefined
  const callee = analysis.types.functionOf(call.expression)
  return callee && isAsync(callee) && callee.getSourceFile() === analysis.sourceFile ? callee : undefined
}

/** The write by which a function fills a location after waiting, where it does not look at the location first. */
function fillingWrite(callee: FunctionNode, key: string, analysis: FileAnalysis): Write | undefined {
  if (callee.body === undefined || !someOwnNode(callee.body, suspends)) return undefined
  const { writes, reads } = analysis.flow(callee)
  const own = writes.filter(({ location }) => location.key === key)
  const [write] = own
  if (write === undefined || reads.some(({ location }) => location.key === key)) return undefined
  // A flag that it both looks at and sets before it waits shuts others out.
  const claims = writes.some(
    (other) => !other.afterSuspension && reads.some(({ location }) => location.key === other.location.key),
  )
  if (claims || !own.every((other) => other.afterSuspension && isFill(other))) return undefined
  return write
}

function isFill({ node }: Write): boolean {
  return isAssignment(node.parent) && node.parent.left === node && !isNothing(node.parent.right)
}
