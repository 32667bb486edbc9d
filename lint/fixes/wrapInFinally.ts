import ts from 'typescript'
import type { HeldSpan } from '../analysis/state/heldSpans.ts'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import type { Fix } from '../model.ts'
import { lineBefore } from './comments.ts'
import { deeper, indentOf, lineEndAfter, styleOf } from './style.ts'

/**
 * `take(); work(); give()` becomes `take(); try { work() } finally { give() }`. None where a name declared in between is
 * used behind it.
 */
export function wrapInFinally(
  span: Pick<HeldSpan, 'taken' | 'between' | 'given'>,
  analysis: FileAnalysis,
  title = 'Give it back in `finally`',
): Fix | undefined {
  const [first] = span.between
  const last = span.between.at(-1)
  // What is declared with `using` would be released before what was taken earlier is given back, rather than after it.
  if (span.between.some(isUsing)) return undefined
  if (
    first === undefined
    || last === undefined
    || span.between.some((statement) => declaresForOutside(statement, first.pos, last.end, analysis))
  )
    return undefined
  const { text } = analysis.sourceFile
  // Comments that tools read go with the line that they are about.
  const start = lineBefore(first)
  // The comment on the line of the last statement belongs to it; what stands above the release goes with the release.
  const end = lineEndAfter(analysis.sourceFile, last.end)
  if (end > span.given.getStart()) return undefined
  return {
    title,
    edits: () => {
      const { newLine, indent } = styleOf(analysis.sourceFile)
      const outer = indentOf(span.taken)
      const inner = deeper(analysis.sourceFile, start, end)
      const before = deeper(analysis.sourceFile, end, span.given.getStart()).trimStart()
      const givenEnd = lineEndAfter(analysis.sourceFile, span.given.end)
      const given = text.slice(span.given.getStart(), givenEnd)
      return [
        {
          start,
          end: givenEnd,
          text: `try {${newLine}${outer}${indent}${inner}${newLine}${outer}} finally {${newLine}${outer}${indent}${before}${given}${newLine}${outer}}`,
        },
      ]
    },
  }
}

function isUsing(statement: ts.Statement): boolean {
  return ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Using) !== 0
}

function declaresForOutside(statement: ts.Statement, start: number, end: number, analysis: FileAnalysis): boolean {
  const names: ts.Identifier[] = []
  const collect = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.push(name)
    else for (const element of name.elements) if (!ts.isOmittedExpression(element)) collect(element.name)
  }
  if (ts.isVariableStatement(statement)) for (const { name } of statement.declarationList.declarations) collect(name)
  else if (ts.isDeclarationStatement(statement) && statement.name && ts.isIdentifier(statement.name))
    names.push(statement.name)
  return names.some((name) => analysis.references.of(name).some((use) => use.pos > end || use.end <= start))
}
