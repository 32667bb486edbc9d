import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { SLEEP_NAMES } from '../knowledge/names.ts'
import {
  calleeName,
  enclosingFunction,
  enclosingStatement,
  isMethodCall,
  isPromiseCombinator,
  isWithin,
  someOwnNode,
  suspends,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'

/** The `setTimeout` whose callback does nothing but abort the controller that a name stands for, and perhaps log that. */
export function deadlineOf(use: ts.MemberName): ts.CallExpression | undefined {
  const holder = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
  const abort = holder.parent.parent
  if (!isMethodCall(abort, 'abort') || abort.expression.expression !== holder) return undefined
  const statement = abort.parent
  const isAll =
    ts.isExpressionStatement(statement)
    && ts.isBlock(statement.parent)
    && statement.parent.statements.every((other) => other === statement || isLogging(other))
  const callback = isAll ? statement.parent.parent : statement
  if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) return undefined
  const timer = callback.parent
  const isTimer =
    ts.isCallExpression(timer) && ts.isIdentifier(unwrap(timer.expression)) && calleeName(timer) === 'setTimeout'
  return isTimer ? timer : undefined
}

function isLogging(statement: ts.Statement): boolean {
  return (
    ts.isExpressionStatement(statement)
    && /^(?:this\.)?#?_?(?:console|log(?:ger)?|debug)\b/iu.test(statement.expression.getText())
  )
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
 *
 * @param mayFail Which waits count, where not all may throw.
 */
export function clearedOnSuccessOnly(
  timer: ts.CallExpression,
  analysis: FileAnalysis,
  mayFail = suspends,
): ClearedOnSuccess | undefined {
  const fn = enclosingFunction(timer)
  const handle = handleOf(timer, analysis)
  if (!fn?.body || !handle) return undefined
  const clears: ts.CallExpression[] = []
  for (const use of analysis.references.of(handle)) {
    const call = use.parent
    if (ts.isBinaryExpression(call) && call.left === use && call === holderOf(timer)) continue
    if (ts.isIfStatement(call) && call.expression === use) continue
    if (
      !ts.isCallExpression(call)
      || calleeName(call) !== 'clearTimeout'
      || enclosingFunction(call) !== fn
      || isOnFailure(call, fn)
    )
      return undefined
    clears.push(call)
  }
  const [clear] = clears
  const wait = clear && waitBetween(fn.body, timer, clear, mayFail)
  return wait && { clear, wait }
}

/** The local that holds a timer: declared with it, or set to it in the same function. */
function handleOf(timer: ts.CallExpression, analysis: FileAnalysis): ts.Identifier | undefined {
  const parent = holderOf(timer)
  if (ts.isVariableDeclaration(parent)) return ts.isIdentifier(parent.name) ? parent.name : undefined
  const isSet =
    ts.isBinaryExpression(parent)
    && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
    && ts.isExpressionStatement(parent.parent)
  const declaration =
    isSet && ts.isIdentifier(parent.left) ? analysis.types.localSymbol(parent.left)?.valueDeclaration : undefined
  if (
    !declaration
    || !ts.isVariableDeclaration(declaration)
    || enclosingFunction(declaration) !== enclosingFunction(timer)
  )
    return undefined
  return ts.isIdentifier(declaration.name) ? declaration.name : undefined
}

/** What a timer's handle goes to; `limit ? setTimeout(…) : undefined` goes where the timer would. */
function holderOf(timer: ts.CallExpression): ts.Node {
  const { parent } = wrapperOf(timer)
  return ts.isConditionalExpression(parent) ? wrapperOf(parent).parent : parent
}

function isOnFailure(call: ts.Node, fn: ts.Node): boolean {
  return (
    ts.findAncestor(call, (at) =>
      at === fn ? 'quit' : ts.isCatchClause(at) || (ts.isTryStatement(at.parent) && at.parent.finallyBlock === at),
    ) !== undefined
  )
}

/** A wait between two places, or a throw, that no handler keeps from leaving the function. */
function waitBetween(body: ts.Node, start: ts.Node, end: ts.Node, leaves = suspends): ts.Node | undefined {
  const visit = (node: ts.Node): ts.Node | undefined => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || node.end <= start.end || node.pos >= end.pos)
      return undefined
    if (
      ts.isTryStatement(node)
      && node.catchClause
      && !isWithin(end, node.tryBlock)
      && !someOwnNode(node.catchClause.block, leavesFunction)
    )
      return undefined
    if (leaves(node) && node.pos >= start.end) return node
    return forEachChild(node, visit)
  }
  return visit(body)
}

function leavesFunction(node: ts.Node): boolean {
  return ts.isThrowStatement(node) || ts.isReturnStatement(node)
}

/** A controller that ends what runs in the background, by a plain statement behind the work. */
export interface AbortedOnSuccess {
  /** `controller.abort()`. */
  readonly abort: ts.CallExpression
  /** A wait, or a throw, between the controller and its abort that leaves the function without it. */
  readonly exit: ts.Node
}

/**
 * Whether a failure leaves running what a controller is there to end: the only abort follows the work in the controller's own
 * block, no `finally`, handler or callback has another, and something was given the signal that nobody waits for at once.
 */
export function abortedOnSuccessOnly(name: ts.Identifier, analysis: FileAnalysis): AbortedOnSuccess | undefined {
  const fn = enclosingFunction(name)
  const block = enclosingStatement(name)?.parent
  if (!fn?.body || !block) return undefined
  const uses = analysis.references.of(name)
  const aborts = uses.map((use) => use.parent.parent).filter((call) => isMethodCall(call, 'abort'))
  const [abort] = aborts
  const statement = abort && enclosingStatement(abort)
  if (!abort || aborts.length > 1 || enclosingFunction(abort) !== fn || statement?.parent !== block) return undefined
  const reads = uses.filter((use) => use.parent !== abort.expression).map(signalReadBy)
  if (reads.includes(undefined)) return undefined
  const given = reads.filter((read) => read !== undefined && isGivenAway(read, analysis))
  // One that is waited for with others has failed itself where the wait fails, and leaves nothing behind.
  if (given.length < 2 && given.every((read) => read && isAwaitedWithin(read, fn))) return undefined
  // Where success may leave before it too, the abort is for something else, such as a time limit that has passed.
  const isWayOut = (node: ts.Node): boolean => ts.isReturnStatement(node) && !ts.findAncestor(node, ts.isCatchClause)
  if (waitBetween(fn.body, name, abort, isWayOut)) return undefined
  const exit = waitBetween(fn.body, name, abort, mayThrow)
  return exit && { abort, exit }
}

function isAwaitedWithin(node: ts.Node, fn: ts.Node): boolean {
  return ts.findAncestor(node, (at) => (at === fn ? 'quit' : ts.isAwaitExpression(at))) !== undefined
}

/** What stands for the signal where a controller is used for nothing else: `controller.signal`, `{ signal }` out of it. */
function signalReadBy(controller: ts.Identifier): ts.Node | undefined {
  const { parent } = controller
  if (ts.isPropertyAccessExpression(parent))
    return parent.expression === controller && parent.name.text === 'signal' ? parent : undefined
  if (!ts.isVariableDeclaration(parent) || !ts.isObjectBindingPattern(parent.name)) return undefined
  const [element, ...others] = parent.name.elements
  return element && others.length === 0 && (element.propertyName ?? element.name).getText() === 'signal'
    ? element
    : undefined
}

/** Whether something is given the signal that the function does not wait for then and there. */
function isGivenAway(read: ts.Node, analysis: FileAnalysis, depth = 0): boolean {
  const ofName = (name: ts.BindingName): boolean =>
    depth < 3
    && ts.isIdentifier(name)
    && analysis.references.of(name).some((use) => isGivenAway(use, analysis, depth + 1))
  if (ts.isBindingElement(read)) return ofName(read.name)
  let at = wrapperOf(read)
  while (ts.isPropertyAssignment(at.parent) || ts.isObjectLiteralExpression(at.parent)) at = wrapperOf(at.parent)
  const { parent } = at
  if (ts.isShorthandPropertyAssignment(parent)) return isGivenAway(parent, analysis, depth)
  if (ts.isVariableDeclaration(parent)) return ofName(parent.name)
  if (isMethodCall(parent.parent, 'addEventListener') && parent.parent.expression === parent) return true
  if ((!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) || parent.expression === at) return false
  let chain = wrapperOf(parent)
  while (ts.isPropertyAccessExpression(chain.parent) && ts.isCallExpression(chain.parent.parent))
    chain = wrapperOf(chain.parent.parent)
  return !ts.isAwaitExpression(chain.parent) && !ts.isReturnStatement(chain.parent)
}

/** A wait that can fail, or a throw; not a pause, nor one for what reports failures as values. */
function mayThrow(node: ts.Node): boolean {
  if (ts.isThrowStatement(node)) return true
  if (!suspends(node)) return false
  const awaited = ts.isAwaitExpression(node) ? unwrap(node.expression) : undefined
  if (!awaited || !ts.isCallExpression(awaited)) return true
  return (
    !isPromiseCombinator(awaited, 'allSettled')
    && !isMethodCall(awaited, 'catch')
    && !SLEEP_NAMES.test(calleeName(awaited) ?? '')
  )
}
