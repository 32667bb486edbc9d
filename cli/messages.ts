import path from 'node:path'
import {
  type DirectiveProblem,
  type Finding,
  type Fix,
  type LintResult,
  mergeEdits,
  type RuleSetting,
  type TextEdit,
} from '@forkline/lint'
import type ts from 'typescript'
import { qualifiedId } from './ruleSettings.ts'
import type { Message, MessageFix, MessageSeverity } from './results.ts'

/** The edits of a finding's fix or suggestion; empty when it is not sound or fails. */
export type EditsOf = (fix: Fix, finding: Finding) => readonly TextEdit[]

export interface MessageOptions {
  /** By bare rule id, from the command line. */
  readonly rules: Readonly<Record<string, RuleSetting>>
  /** Whether text may be changed at all: not where the file does not parse. */
  readonly mendable: boolean
  readonly editsOf: EditsOf
}

/** A comment in the file goes before `--rule`, and that before the level: 2 for certain, 1 for the others. */
export function severityOf(
  finding: Finding,
  inline: LintResult['severities'],
  rules: Readonly<Record<string, RuleSetting>>,
): MessageSeverity {
  const set = inline.get(finding.ruleId) ?? rules[finding.ruleId]?.severity
  if (set === 'error') return 2
  if (set === 'warn') return 1
  return finding.level === 'certain' ? 2 : 1
}

/** A finding as a message, its fixes computed, so that nothing holds on to the program. */
export function toMessage(
  finding: Finding,
  sourceFile: ts.SourceFile,
  inline: LintResult['severities'],
  options: MessageOptions,
): Message {
  const toFix = (fix: Fix): MessageFix | undefined =>
    options.mendable ? mergeEdits(sourceFile.text, options.editsOf(fix, finding)) : undefined
  const fix = finding.fix && toFix(finding.fix)
  const suggestions = finding.suggestions.flatMap((suggestion) => {
    const edit = toFix(suggestion)
    return edit ? [{ desc: suggestion.title, fix: edit }] : []
  })
  return {
    ruleId: qualifiedId(finding.ruleId),
    severity: severityOf(finding, inline, options.rules),
    message: finding.message,
    ...place(sourceFile, finding),
    ...(fix && { fix }),
    ...(suggestions.length > 0 && { suggestions }),
    family: finding.family,
    level: finding.level,
    related: finding.related.map(({ filePath, line, column, message }) => ({
      filePath: path.normalize(filePath),
      line,
      column,
      message,
    })),
  }
}

/** What is wrong with a comment that configures or suppresses rules. Severity 2, as ESLint has it. */
export function directiveMessage(problem: DirectiveProblem, sourceFile: ts.SourceFile): Message {
  return { ruleId: null, severity: 2, message: problem.message, ...place(sourceFile, problem) }
}

/** ESLint's message for a file that cannot be parsed. */
export function parsingError(sourceFile: ts.SourceFile, start: number, text: string): Message {
  const { line, column } = place(sourceFile, { start, end: start })
  return { ruleId: null, fatal: true, severity: 2, message: `Parsing error: ${text}`, line, column }
}

/** ESLint's message for a file that was named but cannot be linted. */
export function ignoredMessage(reason: string): Message {
  return { ruleId: null, fatal: false, severity: 1, message: `File ignored because it ${reason}.`, line: 1, column: 1 }
}

export function byPlace(a: Message, b: Message): number {
  return a.line - b.line || a.column - b.column
}

type Place = Required<Pick<Message, 'line' | 'column' | 'endLine' | 'endColumn'>>

function place(sourceFile: ts.SourceFile, range: { readonly start: number; readonly end: number }): Place {
  const start = sourceFile.getLineAndCharacterOfPosition(range.start)
  const end = sourceFile.getLineAndCharacterOfPosition(range.end)
  return { line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 }
}
