import ts from 'typescript'
import { calleeName, enclosingFunction, forEachOwnNode, type FunctionNode, isFunctionExpression, isMethodCall, unwrap, wrapperOf } from './syntax.ts'

const LOCKING = /^(?:lock|acquire|acquireLock|withLock|runExclusive|runInLock|synchronized|serialize|exclusive|waitForUnlock|enter)$/iu
const LOCK_HOLDER = /mutex|lock|semaphore|exclusive|serial|queue|transaction/iu

/** Whether a function's body runs under a lock: inside a callback of one, or after taking one before the given place. */
export function isUnderLock(fn: FunctionNode, before: ts.Node): boolean {
  for (let at: FunctionNode | undefined = fn; at !== undefined; at = enclosingFunction(at)) {
    const { parent } = wrapperOf(at)
    if (isFunctionExpression(at) && ts.isCallExpression(parent) && (isLockCall(parent) || isChained(parent))) return true
  }
  let locked = false
  forEachOwnNode(fn, (node) => {
    if (ts.isCallExpression(node) && node.pos < before.pos && isLockCall(node) && !isOverBefore(node, fn, before)) locked = true
  })
  return locked
}

/**
 * Whether the lock is given back before a place is reached: `await mutex.runExclusive(() => …)`, or a `finally` that
 * ends before it and releases what the call gave.
 */
function isOverBefore(call: ts.CallExpression, fn: FunctionNode, before: ts.Node): boolean {
  if (call.arguments.some((argument) => isFunctionExpression(unwrap(argument)))) return true
  const awaited = wrapperOf(call).parent
  const holder = ts.isAwaitExpression(awaited) ? wrapperOf(awaited).parent : awaited
  const held = ts.isVariableDeclaration(holder) ? holder.name.getText() : isMethodCall(call) ? call.expression.expression.getText() : undefined
  let isOver = false
  forEachOwnNode(fn, (node) => {
    if (!ts.isTryStatement(node) || !node.finallyBlock || node.pos < call.end || node.end > before.pos) return
    isOver ||= node.finallyBlock.statements.some((statement) => held !== undefined && isReleaseOf(held, statement))
  })
  return isOver
}

/** `release()`, `lock.release()`, `mutex.unlock()`. */
function isReleaseOf(held: string, statement: ts.Statement): boolean {
  if (!ts.isExpressionStatement(statement)) return false
  const node = unwrap(statement.expression)
  const call = ts.isAwaitExpression(node) ? unwrap(node.expression) : node
  if (!ts.isCallExpression(call)) return false
  return call.expression.getText() === held || (isMethodCall(call, 'release', 'unlock', 'dispose') && call.expression.expression.getText() === held)
}

function isLockCall(call: ts.CallExpression): boolean {
  const name = calleeName(call)
  if (name === undefined) return false
  if (LOCKING.test(name)) return true
  return isMethodCall(call) ? LOCK_HOLDER.test(call.expression.expression.getText()) : LOCK_HOLDER.test(name)
}

/** `this.tail = this.tail.then(async () => …)`: a promise chain runs one callback after another. */
function isChained(call: ts.CallExpression): boolean {
  const { parent } = wrapperOf(call)
  return (
    isMethodCall(call, 'then') &&
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    call.expression.expression.getText().startsWith(parent.left.getText())
  )
}
