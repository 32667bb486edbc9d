import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import {
  enclosingFunction,
  enclosingStatement,
  type FunctionNode,
  isAsync,
  someOwnNode,
  suspends,
} from '../analysis/code/syntax.ts'
import type { Fix } from '../model.ts'
import { insertBefore } from './insertBefore.ts'
import { freeName } from './names.ts'
import { braces, indentOf, lineEndAfter, styleOf } from './style.ts'

/**
 * Lets an effect ignore the answers of its earlier runs: a flag that the clean-up sets, and a look at it before the write.
 * None where the effect returns something already, or the write is no statement of its own in a block.
 */
export function ignoreOlder(write: ts.Node, effect: FunctionNode, analysis: FileAnalysis): Fix | undefined {
  const statement = enclosingStatement(write)
  const { body } = effect
  // The look must come after the answer: a write that awaits it itself, or is handed to `then` by name, has no place for one.
  if (ts.isIdentifier(write) || (statement && someOwnNode(statement, suspends))) return undefined
  // Each further wait would call for a look of its own before what is written behind it.
  const fn = enclosingFunction(write)
  if (fn?.body && someOwnNode(fn.body, (at) => suspends(at) && at.pos > write.end)) return undefined
  if (!statement || !ts.isBlock(statement.parent) || !body || !ts.isBlock(body) || isAsync(effect)) return undefined
  const [first] = body.statements
  const last = body.statements.at(-1)
  if (!first || !last || someOwnNode(body, ts.isReturnStatement)) return undefined
  return {
    title: 'Ignore the answer when the effect has run again',
    edits: () => {
      const { semicolon, newLine } = styleOf(analysis.sourceFile)
      const { open, close } = braces(analysis.sourceFile, first.getStart())
      const isOneLine = !body.getText().includes('\n')
      const name = freeName('ignore', analysis.references, body)
      const outer = isOneLine ? `${last.getText().endsWith(';') ? '' : ';'} ` : `${newLine}${indentOf(first)}`
      const before = insertBefore(first, `let ${name} = false`)
      const look = insertBefore(statement, `if (${name}) return`)
      const behind = lineEndAfter(analysis.sourceFile, last.end)
      const after = {
        start: behind,
        end: behind,
        text: `${outer}return () => ${open}${name} = true${close}${semicolon}`,
      }
      return [before, look, after]
    },
  }
}
