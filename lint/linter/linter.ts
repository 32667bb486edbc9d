import type ts from 'typescript'
import { type Finding, type Level, reaches } from '../model.ts'
import type { Rule } from '../rule.ts'
import { rules as allRules } from '../rules/index.ts'
import { type RuleCrash, runRules } from './lintFile.ts'
import { applySuppressions, type DirectiveProblem } from './suppressions.ts'

/** ESLint's three severities; `default` leaves the choice to the face, by level. */
export type Severity = 'off' | 'warn' | 'error' | 'default'

export interface RuleSetting {
  readonly severity: Severity
  readonly options?: unknown
}

export interface LintOptions {
  /** The least sure level to report. */
  readonly level: Level
  /** By bare rule id; a rule that is not named runs with its defaults. */
  readonly rules?: Readonly<Record<string, RuleSetting>>
}

export interface LintResult {
  readonly findings: readonly Finding[]
  /** Findings that a suppression comment silenced, with its reason. */
  readonly suppressed: readonly { readonly finding: Finding; readonly justification: string }[]
  /** Suppression comments that silence nothing, or cannot be read. */
  readonly directiveProblems: readonly DirectiveProblem[]
  readonly crashes: readonly RuleCrash[]
}

/** All findings of one file of a program, less those that a comment suppresses or that do not reach the level. */
export function lint(program: ts.Program, sourceFile: ts.SourceFile, options: LintOptions, rules: readonly Rule[] = allRules): LintResult {
  const active = rules.filter((rule) => options.rules?.[rule.id]?.severity !== 'off')
  const setups = active.map((rule) => ({ rule, options: { ...(rule.defaultOptions as object), ...(options.rules?.[rule.id]?.options as object | undefined) } }))
  const raw = runRules(program, sourceFile, setups)
  const kept = applySuppressions(sourceFile, raw.findings, active.map((rule) => rule.id))
  return {
    findings: kept.findings.filter((finding) => reaches(finding.level, options.level)),
    suppressed: kept.suppressed,
    directiveProblems: kept.problems,
    crashes: raw.crashes,
  }
}
