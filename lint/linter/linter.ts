import type ts from 'typescript'
import type { PackageRoles } from '../analysis/knowledge/packageRoles.ts'
import { type Finding, type Level, reaches } from '../model.ts'
import type { Rule } from '../rule.ts'
import { rules as allRules } from '../rules/index.ts'
import { inlineConfigOf } from './inlineConfig.ts'
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
  /** By bare rule id; a rule that is not named runs with its defaults, unless it is one to opt in to. */
  readonly rules?: Readonly<Record<string, RuleSetting>>
  /** What is known of packages where the project adds to it; the table alone when left out. */
  readonly knowledge?: PackageRoles | undefined
}

export interface LintResult {
  readonly findings: readonly Finding[]
  /** Findings that a suppression comment silenced, with its reason. */
  readonly suppressed: readonly { readonly finding: Finding; readonly justification: string }[]
  /** What comments of the file set, by bare rule id; goes before the settings and the severity of a level. */
  readonly severities: ReadonlyMap<string, Severity>
  /** Suppression comments that silence nothing, or cannot be read. */
  readonly directiveProblems: readonly DirectiveProblem[]
  readonly crashes: readonly RuleCrash[]
}

/**
 * All findings of one file of a program, less those that a comment suppresses or that do not reach the level.
 * Settings in comments of the file go before those in `options`.
 */
export function lint(
  program: ts.Program,
  sourceFile: ts.SourceFile,
  options: LintOptions,
  rules: readonly Rule[] = allRules,
): LintResult {
  const ids = rules.map((rule) => rule.id)
  const inline = inlineConfigOf(sourceFile, ids)
  const settings = rules.map((rule) => ({ rule, setting: { ...options.rules?.[rule.id], ...inline.rules[rule.id] } }))
  const setups = settings
    .filter(({ rule, setting }) => (setting.severity ?? (rule.meta.optIn ? 'off' : 'default')) !== 'off')
    .map(({ rule, setting }) => ({
      rule,
      options: { ...(rule.defaultOptions as object), ...(setting.options as object | undefined) },
    }))
  const raw = runRules(program, sourceFile, setups, options.knowledge)
  const crashed = new Set(raw.crashes.map((crash) => crash.ruleId))
  const complete = setups.map(({ rule }) => rule.id).filter((id) => !crashed.has(id))
  const kept = applySuppressions(sourceFile, raw.findings, complete, ids)
  // Who names a rule that is off otherwise wants to see what it finds, however sure.
  const askedFor = new Set(setups.filter(({ rule }) => rule.meta.optIn).map(({ rule }) => rule.id))
  const severities = Object.entries(inline.rules).map(([id, { severity }]) => [id, severity] as const)
  return {
    findings: kept.findings.filter(({ ruleId, level }) => reaches(level, options.level) || askedFor.has(ruleId)),
    suppressed: kept.suppressed,
    severities: new Map(severities),
    directiveProblems: [...inline.problems, ...kept.problems].sort((a, b) => a.start - b.start),
    crashes: raw.crashes,
  }
}
