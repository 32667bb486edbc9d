import ts from 'typescript'
import { calleeName, enclosingFunction, forEachOwnNode, type FunctionNode, isFunctionExpression, isMethodCall, wrapperOf } from './syntax.ts'

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
    if (ts.isCallExpression(node) && node.pos < before.pos && isLockCall(node)) locked = true
  })
  return locked
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
