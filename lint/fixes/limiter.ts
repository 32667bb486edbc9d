import ts from 'typescript'
import { signalsInReach } from '../analysis/cancellation/signals.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import type { TextEdit } from '../model.ts'
import { findImport, importName, mayImportModules } from './imports.ts'
import { isHidden } from './names.ts'
import { indentOf, movedText, styleOf } from './style.ts'

/** How many calls a rewrite lets run at once: few enough for any service, and easy to find and change. */
export const DEFAULT_CONCURRENCY = 8

/** A way to run a callback over items a few at a time; nothing is worked out before someone asks for the edits. */
export interface BoundedMap {
  /** What it is built with, for the title of the fix. */
  readonly by: string
  /**
   * The edits that put a call in place of a node, import included: it runs `callback` over `items` and gives a promise of
   * all results, in order. `prefix` stands before the call.
   */
  replace(node: ts.Node, items: string, callback: ts.Expression, prefix?: string): readonly TextEdit[]
}

/**
 * The limiter that fits the file: the one it imports already, else `pool` of the runtime where it can be imported.
 *
 * @param at Where it is to be called.
 * @param callbackTakesOne Whether the callback reads its first parameter only: the pool passes the task as second.
 */
export function boundedMap(analysis: FileAnalysis, at: ts.Node, callbackTakesOne: boolean): BoundedMap | undefined {
  const { sourceFile } = analysis
  const pMap = findImport(analysis, 'p-map', 'default', at)
  if (pMap !== undefined) {
    return {
      by: 'p-map',
      replace: (node, items, callback, prefix = '') => [
        replacement(
          node,
          `${prefix}${pMap}(${items}, ${movedText(callback, indentOf(node))}, { concurrency: ${String(DEFAULT_CONCURRENCY)} })`,
        ),
      ],
    }
  }
  if (!callbackTakesOne || !mayImportModules(sourceFile)) return undefined
  return {
    by: '`pool`',
    replace: (node, items, callback, prefix = '') => {
      const pool = importName(analysis, '@forkline/runtime', 'pool', at)
      const head = `${prefix}${pool.name}({ concurrency: ${String(DEFAULT_CONCURRENCY)}${signalFor(at, analysis)} }).map(${items}, `
      return [...pool.edits, replacement(node, head + callbackText(callback, node, head))]
    },
  }
}

/** The signal that the function was given: who aborts it wants no more of the items to be begun either. */
function signalFor(at: ts.Node, analysis: FileAnalysis): string {
  const signal = signalsInReach(at, analysis).find(({ source }) => source === 'parameter')
  if (!signal) return ''
  return signal.text === 'signal' ? ', signal' : `, signal: ${signal.text}`
}

/**
 * The callback as the last argument of a call that takes the place of a node, and the parenthesis behind it. A body that is an
 * expression and begins on a line of its own ends on one, too; so does one for which the line would get too long.
 */
function callbackText(callback: ts.Expression, node: ts.Node, head: string): string {
  const file = callback.getSourceFile()
  const { newLine, trailingComma, indent, width } = styleOf(file)
  const outer = indentOf(node)
  const text = movedText(callback, outer)
  if (!ts.isArrowFunction(callback) || ts.isBlock(callback.body)) return `${text})`
  const [start, arrow, body] = [
    callback.getStart(file),
    callback.equalsGreaterThanToken.end,
    callback.body.getStart(file),
  ]
  const close = `${trailingComma}${newLine}${outer})`
  if (file.text.slice(arrow, body).includes('\n')) return text + close
  const line = file.text.slice(file.text.lastIndexOf('\n', node.getStart(file)) + 1, node.getStart(file)) + head + text
  if (text.includes('\n') || line.length + 2 <= width) return `${text})`
  return `${text.slice(0, arrow - start)}${newLine}${outer}${indent}${text.slice(body - start)}${close}`
}

function replacement(node: ts.Node, text: string): TextEdit {
  return { start: node.getStart(), end: node.end, text }
}

/** A variable of the file that holds a limiter made by p-limit, and can be seen at a place: `const limit = pLimit(5)` at its top. */
export function existingLimit(analysis: FileAnalysis, at: ts.Node): string | undefined {
  const { sourceFile, references } = analysis
  const pLimit = findImport(analysis, 'p-limit', 'default', sourceFile)
  if (pLimit === undefined) return undefined
  for (const statement of sourceFile.statements) {
    if (!ts.isVariableStatement(statement)) continue
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (
        initializer
        && ts.isCallExpression(initializer)
        && initializer.expression.getText() === pLimit
        && ts.isIdentifier(name)
        && !isHidden(name.text, at, references)
      )
        return name.text
    }
  }
  return undefined
}
