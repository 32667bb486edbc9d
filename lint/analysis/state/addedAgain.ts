import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import { locationOf } from '../flow/locations.ts'
import {
  dottedName,
  type FunctionNode,
  isAssignment,
  isFunctionExpression,
  isFunctionNode,
  isMethodCall,
  someNode,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** Methods that add to a list whatever is in it already; a set or a map takes the same only once. */
const ADDING = ['push', 'unshift'] as const

/** What is pushed to, and is no list: `this.push(chunk)` of a stream, `router.push('/home')`, `git.push(branch)`. */
const NO_LIST = /^this$|(?:router|history|navigation|navigator|stream|git|repo(?:sitory)?|client|remote|notifier)$/iu

/** So many calls deep is looked for what a function adds. */
const MAX_DEPTH = 1

/**
 * The call by which code of a function adds to a list that outlives it, so that a second run adds the same once more:
 * `this.rows.push(row)`, `this.files = this.files.concat(found)`, or a function of the same file that does. Lists that the
 * function empties do not count.
 *
 * @param first Where to begin, as an offset into the file.
 * @param last Where to end.
 */
export function addedAgainIn(
  fn: FunctionNode,
  first: number,
  last: number,
  types: TypeQuestions,
): ts.CallExpression | undefined {
  const visit = (node: ts.Node): ts.CallExpression | undefined => {
    if (ts.isClassLike(node) || (isFunctionNode(node) && !isRunAtOnce(node))) return undefined
    if (node.end < first || node.pos > last) return undefined
    if (ts.isCallExpression(node) && node.getStart() >= first && node.end <= last && adds(node, fn, types, 0))
      return node
    return forEachChild(node, visit)
  }
  return fn.body && forEachChild(fn.body, visit)
}

function adds(call: ts.CallExpression, fn: FunctionNode, types: TypeQuestions, depth: number): boolean {
  if (isMethodCall(call, ...ADDING)) return isKept(call.expression.expression, fn, types)
  if (isMethodCall(call, 'concat')) return isPutBack(call, fn, types)
  if (depth >= MAX_DEPTH) return false
  const callee = types.functionOf(call.expression)
  if (callee?.body === undefined || callee.getSourceFile() !== fn.getSourceFile()) return false
  // `other.add(row)` adds to what is its own.
  const isOwn = !isMethodCall(call) || unwrap(call.expression.expression).kind === ts.SyntaxKind.ThisKeyword
  return isOwn && someNode(callee.body, (at) => ts.isCallExpression(at) && adds(at, callee, types, depth + 1))
}

/** `all.forEach((one) => this.rows.push(one))`: part of the function that hands it over. */
function isRunAtOnce(fn: FunctionNode): boolean {
  return isFunctionExpression(fn) && isMethodCall(wrapperOf(fn).parent, 'forEach', 'map')
}

/** Whether a list belongs to the instance, the module, or a function around, and is not begun anew here. */
function isKept(list: ts.Expression, fn: FunctionNode, types: TypeQuestions): boolean {
  if (NO_LIST.test(dottedName(list)?.split('.').at(-1) ?? '')) return false
  const location = locationOf(list, fn, types)
  if (location === undefined || location.ownership === 'local' || location.ownership === 'parameter') return false
  const text = unwrap(list).getText()
  return (
    fn.body !== undefined
    && !someNode(
      fn.body,
      (at) =>
        (isAssignment(at)
          && (at.left.getText() === text || at.left.getText() === `${text}.length`)
          && !at.right.getText().includes(text))
        || (isMethodCall(at, 'splice', 'clear') && at.expression.expression.getText() === text),
    )
  )
}

/** `this.files = found.concat(this.files)`. */
function isPutBack(call: ts.CallExpression, fn: FunctionNode, types: TypeQuestions): boolean {
  const { parent } = wrapperOf(call)
  return (
    isAssignment(parent)
    && parent.right === wrapperOf(call)
    && isKept(parent.left, fn, types)
    && someNode(call, (at) => at.getText() === parent.left.getText())
  )
}
