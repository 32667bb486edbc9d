import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import { isLimiterCall } from '../flow/limiters.ts'
import {
  calleeName,
  type FunctionNode,
  isAssignment,
  isLogicalAssignment,
  isMethodCall,
  isWithin,
  someOwnNode,
  suspends,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * Does a callback that is called again and again see to it that its runs do not overlap? By a mark that it sets and looks
 * at, by stopping its own timer, or by a lock or queue.
 */
export function guardsItself(fn: FunctionNode, types: TypeQuestions): boolean {
  const { body } = fn
  if (!body) return false
  const set = new Set<string>()
  const tested = new Set<string>()
  const guards: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (isAssignment(node)) {
      if (!isOfOneRun(node.left, fn, types)) set.add(node.left.getText())
      if (isLogicalAssignment(node)) tested.add(node.left.getText())
    } else if (ts.isIfStatement(node)) {
      addNames(node.expression, tested)
      if (waitsForRunBefore(node)) guards.push(node)
    } else if (ts.isConditionalExpression(node)) addNames(node.condition, tested)
    else if (ts.isBinaryExpression(node) && SHORT_CIRCUITS.has(node.operatorToken.kind)) addNames(node.left, tested)
    else if (ts.isCallExpression(node)) {
      const name = calleeName(node) ?? ''
      if (STOPS.test(name) || LOCKS.test(name) || isLimiterCall(node, types)) guards.push(node)
      if (isMethodCall(node, 'add', 'set')) set.add(node.expression.expression.getText())
      if (isMethodCall(node, 'has', 'get') && node.parent !== body) tested.add(node.expression.expression.getText())
    }
    forEachChild(node, visit)
  }
  visit(body)
  return guards.length > 0 || [...tested].some((name) => set.has(name))
}

/** Whether a variable is one that each run has for itself, so that no run sees what another has set. */
function isOfOneRun(target: ts.Expression, fn: FunctionNode, types: TypeQuestions): boolean {
  const declaration = ts.isIdentifier(target) ? types.localSymbol(target)?.declarations?.[0] : undefined
  return declaration !== undefined && isWithin(declaration, fn)
}

/** `if (this.running) { await this.running; … }`: the promise of the run before, waited for where there is one. */
function waitsForRunBefore({ expression, thenStatement }: ts.IfStatement): boolean {
  const mark = expression.getText()
  return someOwnNode(thenStatement, (node) => ts.isAwaitExpression(node) && node.expression.getText() === mark)
}

/**
 * Whether a function leaves at once while an earlier activation is under way: `if (busy) return` and `busy = true` among its
 * own statements, before it waits for anything.
 */
export function turnsAwaySecondRun({ body }: FunctionNode): boolean {
  if (!body || !ts.isBlock(body)) return false
  const marks = new Set<string>()
  for (const statement of body.statements) {
    if (ts.isIfStatement(statement) && leavesAtOnce(statement.thenStatement)) marks.add(statement.expression.getText())
    const claim =
      ts.isExpressionStatement(statement) && isAssignment(statement.expression) ? statement.expression : undefined
    if (claim?.right.kind === ts.SyntaxKind.TrueKeyword && marks.has(claim.left.getText())) return true
    if (someOwnNode(statement, suspends)) return false
  }
  return false
}

function leavesAtOnce(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement
  return last !== undefined && ts.isReturnStatement(last) && !someOwnNode(statement, suspends)
}

const STOPS = /^clear(?:Interval|Timeout)$/u
const LOCKS = /lock|mutex|exclusive|once$|singleflight|dedupe/iu

const SHORT_CIRCUITS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
])

function addNames(condition: ts.Expression, names: Set<string>): void {
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) names.add(node.getText())
    forEachChild(node, visit)
  }
  visit(condition)
}
