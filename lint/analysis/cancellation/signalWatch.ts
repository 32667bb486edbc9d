import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { ATTEMPT_NAMES, LOOP_END_NAMES } from '../knowledge/names.ts'
import { carriesSignal } from './signalCarriers.ts'
import { forEachOwnNode, someNode } from '../code/syntax.ts'

/**
 * How a loop minds being called off:
 * - `minds`: it looks at a signal or a token, or hands it to something that does, so that an abort gets out;
 * - `swallows`: the abort rejects what it waits for, and a handler inside the loop takes the rejection for any other;
 * - `ignores`: nothing in it speaks of cancellation.
 */
export type LoopWatch =
  | { readonly kind: 'minds' | 'ignores' }
  | { readonly kind: 'swallows'; readonly call: ts.CallExpression; readonly clause: ts.CatchClause }

export function watchOf(loop: ts.IterationStatement, analysis: FileAnalysis): LoopWatch {
  const speaking = mentions(loop, analysis)
  const [first] = speaking
  if (!first) return { kind: 'ignores' }
  const clause = swallowing(first, loop)
  if (!clause || speaking.some((node) => swallowing(node, loop) !== clause)) return { kind: 'minds' }
  const call = ts.findAncestor(first, (node) =>
    node === loop ? 'quit' : ts.isCallExpression(node) && ts.isAwaitExpression(node.parent),
  )
  return call && ts.isCallExpression(call) ? { kind: 'swallows', call, clause } : { kind: 'minds' }
}

/** The names in a loop that speak of cancellation, and the arguments that hold a signal under another name. */
function mentions(loop: ts.IterationStatement, analysis: FileAnalysis): ts.Node[] {
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (isNameOf(node)) found.push(node)
    else if (ts.isCallExpression(node)) {
      for (const argument of node.arguments) {
        if (!someNode(argument, isNameOf) && carriesSignal(argument, analysis)) found.push(argument)
      }
    }
    forEachChild(node, visit)
  }
  forEachChild(loop, visit)
  return found
}

function isNameOf(node: ts.Node): boolean {
  return (
    (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && LOOP_END_NAMES.test(node.text.replace(/^[#_]+/u, ''))
  )
}

/** The handler, inside the loop, that takes what an awaited call at this place throws, and lets the loop go on. */
function swallowing(node: ts.Node, loop: ts.Node): ts.CatchClause | undefined {
  if (ts.isIdentifier(node) && /^(?:aborted|is\w*abort\w*|is\w*cancel\w*)$/iu.test(node.text)) return undefined
  for (let at = node; at !== loop; at = at.parent) {
    const { parent } = at
    if (!ts.isTryStatement(parent) || parent.tryBlock !== at || !parent.catchClause) continue
    return letsGoOn(parent.catchClause) ? parent.catchClause : undefined
  }
  return undefined
}

/** Whether a handler goes on whatever the error is: it does not leave, or leaves for reasons that the error has no part in. */
function letsGoOn({ block, variableDeclaration }: ts.CatchClause): boolean {
  const error = variableDeclaration?.name.getText()
  let leaves = false
  forEachOwnNode(block, (node) => {
    if (!ts.isThrowStatement(node) && !ts.isReturnStatement(node) && !ts.isBreakStatement(node)) return
    const condition = ts.findAncestor(node.parent, (at) => (at === block ? 'quit' : ts.isIfStatement(at)))
    if (!condition || !ts.isIfStatement(condition)) leaves = true
    else if (error !== undefined && someNode(condition.expression, (at) => ts.isIdentifier(at) && at.text === error))
      leaves = true
    // A verdict on the error that was reached before: `const fatal = isFatal(error); if (fatal) throw error`.
    else if (error !== undefined && !ATTEMPT_NAMES.test(condition.expression.getText())) leaves = true
  })
  return !leaves
}
