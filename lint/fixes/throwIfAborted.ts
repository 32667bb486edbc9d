import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import type { ReachableSignal } from '../analysis/signals.ts'
import type { Fix } from '../model.ts'
import { indentOf, styleOf } from './style.ts'

/**
 * Leaves a block at its start when the signal has been aborted. None where the signal's type is too old to have
 * `throwIfAborted`, or where no block is there to put it in.
 */
export function throwIfAborted(body: ts.Statement, signal: ReachableSignal, analysis: FileAnalysis): Fix | undefined {
  const type = signal.type()
  const isOld = type !== undefined && !(type.flags & ts.TypeFlags.Any) && type.getNonNullableType().getProperty('throwIfAborted') === undefined
  if (isOld || !ts.isBlock(body)) return undefined
  const mayBeMissing = signal.optional || type === undefined || analysis.types.mayBeMissing(type)
  const statement = `${signal.text}${mayBeMissing ? '?' : ''}.throwIfAborted()`
  return {
    title: `Stop here when \`${signal.text}\` is aborted`,
    edits: () => {
      const { semicolon, newLine, indent } = styleOf(analysis.sourceFile)
      const start = body.getStart()
      const [first] = body.statements
      if (first && !analysis.sourceFile.text.slice(start, first.getStart()).includes('\n')) {
        return [{ start: start + 1, end: start + 1, text: ` ${statement};` }]
      }
      const inner = first ? indentOf(first) : indentOf(body) + indent
      const rest = body.getText() !== '{}' ? '' : `${newLine}${indentOf(body)}`
      return [{ start: start + 1, end: start + 1, text: `${newLine}${inner}${statement}${semicolon}${rest}` }]
    },
  }
}
