import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import type { ReachableSignal } from '../analysis/cancellation/signals.ts'
import { SIGNALS } from '../analysis/knowledge/cancelProtocols.ts'
import type { Fix } from '../model.ts'
import { indentOf, lineEndAfter, styleOf } from './style.ts'

/**
 * Leaves a block at its start when the signal has been aborted. None where the signal's type is too old to have
 * `throwIfAborted`, where no block is there to put it in, or for a token: what to throw then is each project's own.
 */
export function throwIfAborted(body: ts.Statement, signal: ReachableSignal, analysis: FileAnalysis): Fix | undefined {
  if (signal.protocol !== SIGNALS) return undefined
  const type = signal.type()
  const isOld =
    type !== undefined
    && !(type.flags & ts.TypeFlags.Any)
    && type.getNonNullableType().getProperty('throwIfAborted') === undefined
  if (isOld || !ts.isBlock(body)) return undefined
  const mayBeMissing = signal.optional || type === undefined || analysis.types.mayBeMissing(type)
  const statement = `${signal.text}${mayBeMissing ? '?' : ''}.throwIfAborted()`
  return {
    title: `Stop here when \`${signal.text}\` is aborted`,
    edits: () => {
      const { semicolon, newLine, indent } = styleOf(analysis.sourceFile)
      const { sourceFile } = analysis
      const open = body.getStart() + 1
      const [first] = body.statements
      const content = sourceFile.text.slice(open, first ? first.getStart() : body.end - 1)
      if (first && !content.includes('\n')) return [{ start: open, end: open, text: ` ${statement};` }]
      const inner = first ? indentOf(first) : indentOf(body) + indent
      if (first) {
        // A comment on the line of the brace is about the block.
        const at = lineEndAfter(sourceFile, open)
        return [{ start: at, end: at, text: `${newLine}${inner}${statement}${semicolon}` }]
      }
      const at = open + content.trimEnd().length
      if (content.trim() !== '' && !content.includes('\n')) return [{ start: at, end: at, text: ` ${statement}` }]
      return [
        { start: at, end: body.end - 1, text: `${newLine}${inner}${statement}${semicolon}${newLine}${indentOf(body)}` },
      ]
    },
  }
}
