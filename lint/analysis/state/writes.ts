import ts from 'typescript'
import type { Guard, Read, Write } from '../flow/flowFacts.ts'
import { concerns } from '../flow/flowRecorder.ts'
import { isNothing } from '../flow/guardMeaning.ts'
import { isAssignment, isFunctionNode, isMethodCall, unwrap } from '../code/syntax.ts'

/** Whether check and write speak of the same place: the same variable, or the same key of the same collection. */
export function isSameEntry({ read, condition }: Guard, write: Write): boolean {
  if (/\.(?:length|size)$/u.test(read.location.key) && concerns(read.location, write.location)) return true
  if (!write.mutation)
    return read.location.key === write.location.key || isPropertyTest(read, write) || isKeyTest(read.node, write)
  if (read.location.key !== write.location.key) return false
  const access = read.node.parent
  const isOwn = ts.isPropertyAccessExpression(access) && access.expression === read.node
  const test = unwrap(isOwn ? (access.parent as ts.Expression) : condition)
  if (!isMethodCall(test)) return false
  const key = test.arguments[0]?.getText()
  return isMethodCall(write.mutation, 'push', 'unshift') || key === write.mutation.arguments[0]?.getText()
}

/** `this.client?.isOpen` before `this.client = …`, `models[name]` before `models = { [name]: … }`: what was asked is replaced. */
function isPropertyTest({ location }: Read, write: Write): boolean {
  const isPart = ['.', '['].some((part) => location.key.startsWith(`${write.location.key}${part}`))
  return isPart && write.location.computedKeys.length === 0
}

/** `key in cache`, `Object.hasOwn(cache, key)` before `cache[key] = …`. */
function isKeyTest(read: ts.Node, write: Write): boolean {
  const target = unwrap(write.node)
  if (!ts.isElementAccessExpression(target) || target.expression.getText() !== read.getText()) return false
  const key = unwrap(target.argumentExpression).getText()
  const test = read.parent
  if (ts.isBinaryExpression(test)) return unwrap(test.left).getText() === key
  return ts.isCallExpression(test) && test.arguments.some((argument) => argument.getText() === key)
}

/** Where a write is over, as an offset. */
export function endOf(write: Write): number {
  return write.mutation ? write.mutation.end : write.node.parent.end
}

/** What is put into the place. */
export function valueOf(write: Write): ts.Expression | undefined {
  if (write.mutation) return write.mutation.arguments.at(-1)
  const { parent } = write.node
  return isAssignment(parent) ? parent.right : undefined
}

/** Whether the write puts something in, rather than clearing the place. */
export function fills(write: Write): boolean {
  if (write.mutation) return isMethodCall(write.mutation, 'set', 'add', 'push', 'unshift')
  const { parent } = write.node
  return isAssignment(parent) && parent.left === write.node && !isNothing(parent.right)
}

/** Whether a place is reached only when something has failed. */
export function isInCatch(node: ts.Node): boolean {
  return ts.findAncestor(node, (at) => (isFunctionNode(at) ? 'quit' : ts.isCatchClause(at))) !== undefined
}
