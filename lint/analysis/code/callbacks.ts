import ts from 'typescript'
import { forEachChild } from './children.ts'
import { type FunctionNode, isAsync, isFunctionExpression, unwrap } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/**
 * Does a callback surely give a promise? The function is an async one, written in place or named, or its type says so; a
 * function written in place that is not async is asked about only where its body is a call.
 */
export function givesPromise(callback: ts.Expression, types: TypeQuestions): boolean {
  const fn = unwrap(callback)
  if (isFunctionExpression(fn)) {
    if (isAsync(fn)) return fn.asteriskToken === undefined
    return !ts.isBlock(fn.body) && ts.isCallExpression(unwrap(fn.body)) && types.thenable(fn.body) === 'always'
  }
  return (ts.isIdentifier(fn) || ts.isPropertyAccessExpression(fn)) && types.returnsThenable(fn) === 'always'
}

/** The expressions that a function gives back; its own body where it is written without braces. */
export function resultsOf(fn: FunctionNode): readonly ts.Expression[] {
  if (fn.body === undefined) return []
  if (!ts.isBlock(fn.body)) return [fn.body]
  const results: ts.Expression[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return
    if (ts.isReturnStatement(node) && node.expression) results.push(node.expression)
    forEachChild(node, visit)
  }
  visit(fn.body)
  return results
}
