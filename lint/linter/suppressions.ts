import type ts from 'typescript'
import type { Finding } from '../model.ts'
import { type Directive, directivesOf, ruleNames } from './directives.ts'
import { unknownRule } from './inlineConfig.ts'

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

const PREFIX = 'forkline/'

/**
 * From its place on, a rule (or, with `undefined`, every rule) is disabled or enabled.
 * Lines and columns count from 1.
 */
interface Switch {
  readonly disables: boolean
  readonly rule: string | undefined
  readonly line: number
  readonly column: number
  readonly comment: Directive
}

/**
 * Applies the file's `eslint-disable` comments to findings, as ESLint does: comments for blocks first, then
 * those for single lines. A comment that silences nothing is a problem if all the rules it names are ours.
 *
 * @param ruleIds The rules that ran to their end; nothing is said about comments for others.
 * @param knownIds All rules that there are.
 */
export function applySuppressions(
  sourceFile: ts.SourceFile,
  findings: readonly Finding[],
  ruleIds: readonly string[],
  knownIds: readonly string[] = ruleIds,
): Suppressed {
  const problems: DirectiveProblem[] = []
  const blocks: Switch[] = []
  const lines: Switch[] = []
  for (const comment of directivesOf(sourceFile)) {
    if (comment.label === 'eslint') continue
    const from = sourceFile.getLineAndCharacterOfPosition(comment.start)
    const to = sourceFile.getLineAndCharacterOfPosition(comment.end)
    if (comment.label === 'eslint-disable-line' && from.line !== to.line) {
      problems.push(problem(comment, 'An eslint-disable-line comment must not span several lines.'))
      continue
    }
    const names = ruleNames(comment)
    for (const name of names) {
      if (name.startsWith(PREFIX) && !knownIds.includes(name.slice(PREFIX.length))) {
        problems.push(problem(comment, unknownRule(name)))
      }
    }
    for (const rule of names.length > 0 ? names : [undefined]) {
      if (comment.label === 'eslint-disable' || comment.label === 'eslint-enable') {
        const disables = comment.label === 'eslint-disable'
        blocks.push({ disables, rule, line: from.line + 1, column: from.character + 1, comment })
      } else {
        const line = comment.label === 'eslint-disable-line' ? from.line + 1 : to.line + 2
        lines.push({ disables: true, rule, line, column: 1, comment })
        lines.push({ disables: false, rule, line: line + 1, column: 0, comment })
      }
    }
  }
  if (blocks.length === 0 && lines.length === 0) return { findings, suppressed: [], problems }

  lines.sort((a, b) => a.line - b.line || a.column - b.column)
  const kept: Finding[] = []
  const suppressed: { finding: Finding; justification: string }[] = []
  const used = new Set<Switch>(usedEnables(blocks))
  for (const finding of findings) {
    const at = sourceFile.getLineAndCharacterOfPosition(finding.start)
    const silencer = lastDisable(blocks, finding, at) ?? lastDisable(lines, finding, at)
    if (silencer === undefined) {
      kept.push(finding)
    } else {
      used.add(silencer)
      suppressed.push({ finding, justification: silencer.comment.justification })
    }
  }
  const reportable = [...blocks, ...lines.filter((line) => line.disables)]
  return { findings: kept, suppressed, problems: [...problems, ...unused(reportable, used, ruleIds)] }
}

/** The disabling comment in force where the finding starts. `switches` are in the order of the file. */
function lastDisable(switches: readonly Switch[], finding: Finding, at: ts.LineAndCharacter): Switch | undefined {
  let current: Switch | undefined
  for (const change of switches) {
    if (change.line > at.line + 1 || (change.line === at.line + 1 && change.column > at.character + 1)) break
    if (change.rule === undefined || change.rule === PREFIX + finding.ruleId) {
      current = change.disables ? change : undefined
    }
  }
  return current
}

/** The enabling comments before which the rule was disabled. */
function* usedEnables(blocks: readonly Switch[]): Generator<Switch> {
  for (const [index, enable] of blocks.entries()) {
    if (enable.disables) continue
    const before = blocks.slice(0, index).findLast(({ rule }) => rule === undefined || rule === enable.rule)
    if (before?.disables === true) yield enable
  }
}

/** One problem per comment that names only our rules, about those of them that it does nothing for. */
function unused(
  switches: readonly Switch[],
  used: ReadonlySet<Switch>,
  ruleIds: readonly string[],
): DirectiveProblem[] {
  const idle = new Map<Directive, string[]>()
  for (const entry of switches) {
    const { rule, comment } = entry
    if (used.has(entry) || rule === undefined || !ruleIds.includes(rule.slice(PREFIX.length))) continue
    if (!ruleNames(comment).every((name) => name.startsWith(PREFIX))) continue
    idle.set(comment, [...(idle.get(comment) ?? []), `'${rule}'`])
  }
  return [...idle].map(([comment, rules]) => {
    const names = rules.join(' or ')
    return problem(
      comment,
      comment.label === 'eslint-enable'
        ? `Unused eslint-enable directive (no matching eslint-disable directive for ${names}).`
        : `Unused ${comment.label} directive (no findings of ${names}).`,
    )
  })
}

function problem({ start, end }: Directive, message: string): DirectiveProblem {
  return { message, start, end }
}
