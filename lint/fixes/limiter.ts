import ts from 'typescript'
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
      const call = `${pool.name}({ concurrency: ${String(DEFAULT_CONCURRENCY)} }).map(${items}, ${movedText(callback, indentOf(node))}${behind(callback, node)})`
      return [...pool.edits, replacement(node, `${prefix}${call}`)]
    },
  }
}

/** What stands between a callback and the parenthesis behind it: one whose body begins on a line of its own ends on one, too. */
function behind(callback: ts.Expression, node: ts.Node): string {
  if (!ts.isArrowFunction(callback) || ts.isBlock(callback.body)) return ''
  const file = callback.getSourceFile()
  if (!file.text.slice(callback.equalsGreaterThanToken.end, callback.body.getStart(file)).includes('\n')) return ''
  const { newLine, trailingComma } = styleOf(file)
  return `${trailingComma}${newLine}${indentOf(node)}`
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
