import ts from 'typescript'
import type { IoKind } from '../knowledge/names.ts'
import type { Summaries } from '../flow/summaries.ts'
import {
  enclosingFunction,
  type FunctionNode,
  isFunctionExpression,
  isFunctionNode,
  isWithin,
  someNode,
  unwrap,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/**
 * Whether what is started for each item starts the same again for what lies below it: `visit` in
 * `const visit = (node) => Promise.all(node.children.map(async (child) => { await load(child); await visit(child) }))`. However few
 * lie at one place, all of the tree is under way together.
 *
 * @param reached What each item starts. It must be what the function that goes on below does itself, or in a function that it
 * calls, or come of what it does on every way: to the rest come only a few of the items.
 */
export function isRecursive(
  work: ts.Expression,
  reached: { readonly kind: IoKind; readonly call: ts.CallExpression },
  types: TypeQuestions,
  summaries: Summaries,
): boolean {
  const fn = startedAgain(work, types)
  if (fn === undefined) return false
  const holder = enclosingFunction(reached.call)
  if (isWithin(reached.call, fn) || (holder !== undefined && calls(fn, holder, types))) return true
  return someNode(
    fn,
    (at) =>
      ts.isCallExpression(at)
      && isOnEveryWay(at, fn)
      && types.functionOf(at.expression) !== fn
      && summaries.ioOf(at).has(reached.kind),
  )
}

/** The function around some work that the work itself calls. */
function startedAgain(work: ts.Expression, types: TypeQuestions): FunctionNode | undefined {
  const started = unwrap(work)
  const given =
    ts.isIdentifier(started) || ts.isPropertyAccessExpression(started) ? types.functionOf(started) : undefined
  for (let at: ts.Node = work.parent; !ts.isSourceFile(at); at = at.parent)
    if (isFunctionNode(at) && (given === at || calls(started, at, types))) return at
  return undefined
}

function calls(code: ts.Node, fn: FunctionNode, types: TypeQuestions): boolean {
  return someNode(code, (at) => ts.isCallExpression(at) && types.functionOf(at.expression) === fn)
}

/** Whether nothing in the function, callbacks included, decides whether it comes to a call; early returns left out. */
function isOnEveryWay(call: ts.CallExpression, fn: FunctionNode): boolean {
  for (let at: ts.Node = call; at.parent !== fn; at = at.parent) {
    const { parent } = at
    if (ts.isIfStatement(parent) && parent.expression !== at) return false
    if (ts.isConditionalExpression(parent) && parent.condition !== at) return false
    if (ts.isCaseOrDefaultClause(parent) || ts.isCatchClause(parent) || ts.isClassLike(parent)) return false
    if (isFunctionNode(parent) && !isFunctionExpression(parent)) return false
  }
  return true
}
