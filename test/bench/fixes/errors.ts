import type { FileResult } from '@forkline/lint'
import ts from 'typescript'

/**
 * What parser and checker say against a file, without places, which a change moves. Only what breaks counts: a
 * name that is no longer used does not.
 */
export function errorsOf({ program, sourceFile }: Extract<FileResult, { kind: 'ready' }>): readonly string[] {
  const found = [...program.getSyntacticDiagnostics(sourceFile), ...program.getSemanticDiagnostics(sourceFile)]
  return (
    found
      .filter(
        ({ category, reportsUnnecessary }) =>
          category === ts.DiagnosticCategory.Error && reportsUnnecessary === undefined,
      )
      // The checker guesses at what was meant a few times only; which errors get a guess depends on those before.
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ').replace(/ Did you mean .*$/u, ''))
  )
}

/** The errors that there are more often than before. */
export function newErrors(before: readonly string[], after: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const error of before) left.set(error, (left.get(error) ?? 0) + 1)
  return after.filter((error) => {
    const count = left.get(error) ?? 0
    left.set(error, count - 1)
    return count <= 0
  })
}
