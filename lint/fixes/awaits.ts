import ts from 'typescript'
import type { FileAnalysis } from '../analysis/fileAnalysis.ts'
import { canAwaitAt, enclosingFunction } from '../analysis/code/syntax.ts'

/** Whether an `await` may come in at this place, also by the options that the program is built with. */
export function canAddAwait(node: ts.Node, { sourceFile, types }: FileAnalysis): boolean {
  if (!canAwaitAt(node)) return false
  return (
    enclosingFunction(node) !== undefined
    || (types.awaitsAtTop() && sourceFile.impliedNodeFormat !== ts.ModuleKind.CommonJS)
  )
}

/** A handler that ignores a failure; one that gives `undefined` would be an implicit `any` without `strictNullChecks`. */
export const IGNORING = '() => {}'
