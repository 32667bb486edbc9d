import ts from 'typescript'
import { resultsOf } from '../code/callbacks.ts'
import {
  enclosingFunction,
  isAsync,
  isFunctionExpression,
  isLastAct,
  isMethodCall,
  type MethodCall,
  wrapperOf,
} from '../code/syntax.ts'

/**
 * The link of a chain that does not wait for a call: `prepare().then(() => { save() })`, where somebody waits for the chain.
 * The callback gives nothing back, so what comes next does not wait for what it starts last.
 */
export function linkThatDrops(call: ts.CallExpression): MethodCall | undefined {
  const callback = enclosingFunction(call)
  if (!callback || !isFunctionExpression(callback) || isAsync(callback) || callback.asteriskToken) return undefined
  const outer = wrapperOf(callback)
  const link = outer.parent
  if (!isMethodCall(link, 'then') || link.arguments[0] !== outer || !isWaitedFor(link)) return undefined
  return isLastAct(call, callback) && resultsOf(callback).length === 0 ? link : undefined
}

/** Whether a chain goes on behind a link, or somebody gets its promise. */
function isWaitedFor(link: ts.Expression): boolean {
  const { parent } = wrapperOf(link)
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return false
  const next = ts.isPropertyAccessExpression(parent) ? parent.parent : undefined
  if (!next || !isMethodCall(next, 'catch', 'finally', 'then')) return true
  return isMethodCall(next, 'then') || isWaitedFor(next)
}
