import ts from 'typescript'
import { type FunctionNode, isFunctionNode, someNode, unwrap } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/**
 * Whether what is started for each item starts the same again for what lies below it: `visit` in
 * `const visit = (node) => Promise.all(node.children.map(async (child) => { await load(child); await visit(child) }))`. However few
 * lie at one place, all of the tree is under way together.
 */
export function isRecursive(work: ts.Expression, types: TypeQuestions): boolean {
  const around = new Set<FunctionNode>()
  for (let at: ts.Node = work.parent; !ts.isSourceFile(at); at = at.parent) if (isFunctionNode(at)) around.add(at)
  const started = unwrap(work)
  const given =
    ts.isIdentifier(started) || ts.isPropertyAccessExpression(started) ? types.functionOf(started) : undefined
  if (given && around.has(given)) return true
  return someNode(started, (at) => {
    const callee = ts.isCallExpression(at) ? types.functionOf(at.expression) : undefined
    return callee !== undefined && around.has(callee)
  })
}
