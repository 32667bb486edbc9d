import ts from 'typescript'
import type { FileAnalysis } from '../../../../lint/analysis/fileAnalysis.ts'
import { someNode } from '../../../../lint/analysis/code/syntax.ts'
import { marked } from '../marked.ts'

/** A call that is a statement by itself, and what is known of its file. */
export interface DroppedCall {
  readonly call: ts.CallExpression
  readonly analysis: FileAnalysis
}

/**
 * The last call in some code that is a statement by itself.
 *
 * @param code Code with a function called `f`.
 * @param start How the call begins, where others stand by themselves, too.
 * @throws {Error} When there is none.
 */
export function droppedCall(code: string, start = ''): DroppedCall {
  const { analysis } = marked(code)
  let call: ts.CallExpression | undefined
  someNode(analysis.sourceFile, (node) => {
    if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return false
    if (node.getText().startsWith(start)) call = node.expression
    return false
  })
  if (!call) throw new Error('Expected a dropped call in the code')
  return { call, analysis }
}
