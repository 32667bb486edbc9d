import ts from 'typescript'
import { limiterOf } from './limiters.ts'
import { perNode } from '../code/perNode.ts'
import {
  calleeName,
  dottedName,
  enclosingFunction,
  forEachOwnNode,
  type FunctionNode,
  isFunctionExpression,
  isMethodCall,
  someNode,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

const LOCKING =
  /^[_#]*(?:lock|acquire|(?:acquire|with|runIn|obtain|take)\w*(?:lock|mutex|semaphore)|runExclusive|synchronized|serialize|exclusive|waitForUnlock|enter)$/iu
const LOCK_HOLDER = /mutex|lock|semaphore|exclusive|serial|queue|transaction/iu

/**
 * Whether a function's body runs under a lock: inside a callback of one, or after taking one before the given place. Names
 * tell, and what the project and the table of packages say.
 */
export function isUnderLock(fn: FunctionNode, before: ts.Node, types: TypeQuestions): boolean {
  for (let at: FunctionNode | undefined = fn; at !== undefined; at = enclosingFunction(at)) {
    const { parent } = wrapperOf(at)
    if (
      isFunctionExpression(at)
      && ts.isCallExpression(parent)
      && (isLockCall(parent, types) || isMadeLock(parent, types) || isChained(parent))
    )
      return true
  }
  return locksBefore(fn, before, types).some((call) => !isOverBefore(call, fn, before))
}

/** The same, or had been and let go: activations leave a fair lock in the order in which they came. */
export function hasTakenLock(fn: FunctionNode, before: ts.Node, types: TypeQuestions): boolean {
  return isUnderLock(fn, before, types) || locksBefore(fn, before, types).length > 0
}

/** Whether a function that is called before the given place takes a lock: then those who come from it may keep their order. */
export function callsLockingBefore(fn: FunctionNode, before: ts.Node, types: TypeQuestions): boolean {
  let isFound = false
  forEachOwnNode(fn, (node) => {
    isFound ||=
      ts.isCallExpression(node) && node.pos < before.pos && takesLock(types.functionOf(node.expression), types)
  })
  return isFound
}

function takesLock(callee: FunctionNode | undefined, types: TypeQuestions): boolean {
  return (
    callee?.body !== undefined && someNode(callee.body, (node) => ts.isCallExpression(node) && isLockCall(node, types))
  )
}

function locksBefore(fn: FunctionNode, before: ts.Node, types: TypeQuestions): readonly ts.CallExpression[] {
  return ownCalls(fn).filter((call) => call.pos < before.pos && isLockCall(call, types))
}

const ownCalls = perNode((fn: FunctionNode): readonly ts.CallExpression[] => {
  const calls: ts.CallExpression[] = []
  forEachOwnNode(fn, (node) => {
    if (ts.isCallExpression(node)) calls.push(node)
  })
  return calls
})

/**
 * Whether the lock is given back before a place is reached: `await mutex.runExclusive(() => …)`, or a `finally` that
 * ends before it and releases what the call gave.
 */
function isOverBefore(call: ts.CallExpression, fn: FunctionNode, before: ts.Node): boolean {
  if (call.arguments.some((argument) => isFunctionExpression(unwrap(argument)))) return true
  const awaited = wrapperOf(call).parent
  const holder = ts.isAwaitExpression(awaited) ? wrapperOf(awaited).parent : awaited
  const held = ts.isVariableDeclaration(holder)
    ? holder.name.getText()
    : isMethodCall(call)
      ? call.expression.expression.getText()
      : undefined
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
  return (
    call.expression.getText() === held
    || (isMethodCall(call, 'release', 'unlock', 'dispose') && call.expression.expression.getText() === held)
  )
}

function isLockCall(call: ts.CallExpression, { knowledge }: TypeQuestions): boolean {
  const name = calleeName(call)
  if (name === undefined) return false
  if (LOCKING.test(name)) return true
  const names = [dottedName(call.expression), isMethodCall(call) ? dottedName(call.expression.expression) : undefined]
  if (names.some((known) => known !== undefined && knowledge.isLock(known))) return true
  return isMethodCall(call) ? LOCK_HOLDER.test(call.expression.expression.getText()) : LOCK_HOLDER.test(name)
}

/** A call on what a package makes, such as `lease.run(() => …)`, where the table of packages says that it is a lock. */
function isMadeLock(call: ts.CallExpression, types: TypeQuestions): boolean {
  const lock = isMethodCall(call) ? limiterOf(call.expression.expression, types) : undefined
  return lock !== undefined && lock !== true && (lock.knowledge.locks?.includes(lock.exported) ?? false)
}

/** `this.tail = this.tail.then(async () => …)`: a promise chain runs one callback after another. */
function isChained(call: ts.CallExpression): boolean {
  const { parent } = wrapperOf(call)
  return (
    isMethodCall(call, 'then')
    && ts.isBinaryExpression(parent)
    && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
    && call.expression.expression.getText().startsWith(parent.left.getText())
  )
}
