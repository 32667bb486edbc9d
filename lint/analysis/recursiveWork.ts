import ts from 'typescript'
import { enclosingFunction, type FunctionNode, isFunctionNode, isWithin, someNode, unwrap } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/**
 * Whether what is started for each item starts the same again for what lies below it: `visit` in
 * `const visit = (node) => Promise.all(node.children.map(async (child) => { await load(child); await visit(child) }))`. However few
 * lie at one place, all of the tree is under way together.
 *
 * @param call What each item starts. It must stand in the function that goes on below, or in one that it calls: what lies
 * deeper is something that a few of the items come to.
 */
export function isRecursive(work: ts.Expression, call: ts.CallExpression, types: TypeQuestions): boolean {
  const fn = startedAgain(work, types)
  if (fn === undefined) return false
  const holder = enclosingFunction(call)
  return isWithin(call, fn) || (holder !== undefined && calls(fn, holder, types))
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
