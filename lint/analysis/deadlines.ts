import ts from 'typescript'
import type { FileAnalysis } from './fileAnalysis.ts'
import { calleeName, enclosingFunction, isMethodCall, isWithin, suspends, unwrap, wrapperOf } from './syntax.ts'

/** The `setTimeout` whose callback does nothing but abort the controller that a name stands for. */
export function deadlineOf(use: ts.MemberName): ts.CallExpression | undefined {
  const holder = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
  const abort = holder.parent.parent
  if (!isMethodCall(abort, 'abort') || abort.expression.expression !== holder) return undefined
  const statement = abort.parent
  const callback = ts.isExpressionStatement(statement) && ts.isBlock(statement.parent) && statement.parent.statements.length === 1
    ? statement.parent.parent
    : statement
  if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) return undefined
  const timer = callback.parent
  const isTimer = ts.isCallExpression(timer) && ts.isIdentifier(unwrap(timer.expression)) && calleeName(timer) === 'setTimeout'
  return isTimer ? timer : undefined
}

/** Whether nobody keeps the handle of a timer. */
export function isHandleDropped(timer: ts.CallExpression): boolean {
  const { parent } = wrapperOf(timer)
  return ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)
}

/** A timer that is cleared where the work has ended well, and what a failure before that skips. */
export interface ClearedOnSuccess {
  /** `clearTimeout(…)`. */
  readonly clear: ts.CallExpression
  /** A wait between the two that may throw. */
  readonly wait: ts.Node
}

/**
 * Whether a throw leaves a timer running: it is cleared by plain statements behind a wait, and by no `finally`, handler or
 * callback. A handle that does anything else is somebody's business elsewhere.
 */
export function clearedOnSuccessOnly(timer: ts.CallExpression, analysis: FileAnalysis): ClearedOnSuccess | undefined {
  const declaration = wrapperOf(timer).parent
  const fn = enclosingFunction(timer)
  if (!fn?.body || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined
  const clears: ts.CallExpression[] = []
  for (const use of analysis.references.of(declaration.name)) {
    const call = use.parent
    if (!ts.isCallExpression(call) || calleeName(call) !== 'clearTimeout' || enclosingFunction(call) !== fn || isOnFailure(call, fn)) return undefined
    clears.push(call)
  }
  const [clear] = clears
  const wait = clear && waitBetween(fn.body, timer, clear)
  return wait && { clear, wait }
}

function isOnFailure(call: ts.Node, fn: ts.Node): boolean {
  return ts.findAncestor(call, (at) => at === fn ? 'quit' : ts.isCatchClause(at) || (ts.isTryStatement(at.parent) && at.parent.finallyBlock === at)) !== undefined
}

/** A wait between the timer and its clearing that no handler keeps from leaving the function. */
function waitBetween(body: ts.Node, timer: ts.Node, clear: ts.Node): ts.Node | undefined {
  const visit = (node: ts.Node): ts.Node | undefined => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || node.end <= timer.end || node.pos >= clear.pos) return undefined
    if (ts.isTryStatement(node) && node.catchClause && !isWithin(clear, node.tryBlock)) return undefined
    if (suspends(node) && node.pos >= timer.end) return node
    return ts.forEachChild(node, visit)
  }
  return visit(body)
}
