import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import { isLimiterCall } from '../flow/limiters.ts'
import type { Summaries } from '../flow/summaries.ts'
import { isContentName } from '../knowledge/collectionNames.ts'
import { calleeName, isMethodCall, someNode, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

const DOWNLOAD_NAMES = /^_*download(?=$|[A-Z_])/u

/**
 * What some work downloads, as the name of a call says, whatever that call is seen to do: `downloadImage(url)`. What is handed to a
 * limiter does not count, here or in the function called.
 */
export function downloadIn(work: ts.Node, types: TypeQuestions, summaries: Summaries): ts.CallExpression | undefined {
  const visit = (at: ts.Node): ts.CallExpression | undefined => {
    if (!ts.isCallExpression(at)) return forEachChild(at, visit)
    if (isLimiterCall(at, types)) return undefined
    if (!DOWNLOAD_NAMES.test(calleeName(at) ?? '')) return forEachChild(at, visit)
    const callee = types.functionOf(at.expression)
    const summary = callee && summaries.of(callee)
    return summary && (summary.limits || summary.handsOver) ? undefined : at
  }
  return visit(work)
}

/**
 * Whether the items are what a text or a page holds, so that whoever wrote it decides how many there are: links and images by
 * their name, or the matches of a pattern.
 *
 * @param input The list, or the first word of the loop that finds them: `while ((match = pattern.exec(text)))`.
 * @param name What the list is called.
 */
export function isFoundInContent(input: ts.Node, name: string): boolean {
  if (isContentName(name)) return true
  const list = ts.isExpression(input) ? unwrap(input) : input
  if (isMethodCall(list, 'matchAll', 'match')) return true
  const { parent } = input
  const condition = ts.isWhileStatement(parent)
    ? parent.expression
    : ts.isForStatement(parent)
      ? parent.condition
      : undefined
  return condition !== undefined && someNode(condition, (at) => isMethodCall(at, 'exec'))
}
