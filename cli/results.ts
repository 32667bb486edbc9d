import type { Family, Level } from '@forkline/lint'

/** ESLint's numbers: a warning, an error. */
export type MessageSeverity = 1 | 2

export interface MessageFix {
  readonly range: readonly [start: number, end: number]
  readonly text: string
}

export interface RelatedPlace {
  readonly filePath: string
  readonly line: number
  readonly column: number
  readonly message: string
}

export interface SuppressionNote {
  /** `directive` for a comment in the source, `file` for an entry of the suppressions file. */
  readonly kind: 'directive' | 'file'
  readonly justification: string
}

/** One message in ESLint's result format, with what Forkline knows beyond it. Lines and columns count from one. */
export interface Message {
  readonly ruleId: string | null
  readonly fatal?: boolean
  readonly severity: MessageSeverity
  readonly message: string
  readonly line: number
  readonly column: number
  readonly endLine?: number
  readonly endColumn?: number
  readonly fix?: MessageFix
  readonly suggestions?: readonly { readonly desc: string; readonly fix: MessageFix }[]
  readonly family?: Family
  readonly level?: Level
  readonly related?: readonly RelatedPlace[]
  readonly suppressions?: readonly SuppressionNote[]
}

/** One file in ESLint's result format. */
export interface FileReport {
  readonly filePath: string
  readonly messages: readonly Message[]
  readonly suppressedMessages: readonly Message[]
  readonly errorCount: number
  readonly fatalErrorCount: number
  readonly warningCount: number
  readonly fixableErrorCount: number
  readonly fixableWarningCount: number
  /** The text after fixes, where they changed something. */
  readonly output?: string
  /** The text as it is, where there are messages and no `output`. */
  readonly source?: string
  readonly usedDeprecatedRules: readonly never[]
}

/** A file's report with the counts that follow from its messages. */
export function toReport(
  content: Pick<FileReport, 'filePath' | 'messages' | 'suppressedMessages' | 'output'>,
  text: string,
): FileReport {
  const { filePath, messages, suppressedMessages, output } = content
  return {
    filePath,
    messages,
    suppressedMessages,
    ...counts(messages),
    ...(output === undefined ? messages.length > 0 && { source: text } : { output }),
    usedDeprecatedRules: [],
  }
}

/** The same file with other messages. */
export function withMessages(
  report: FileReport,
  messages: readonly Message[],
  suppressedMessages: readonly Message[],
): FileReport {
  return { ...report, messages, suppressedMessages, ...counts(messages) }
}

/** The reports as `--quiet` shows them: errors only, and only the files that have some. */
export function errorsOnly(reports: readonly FileReport[]): FileReport[] {
  const isError = (message: Message): boolean => message.severity === 2
  return reports
    .map((report) => withMessages(report, report.messages.filter(isError), report.suppressedMessages.filter(isError)))
    .filter((report) => report.messages.length > 0)
}

export interface Totals {
  readonly errors: number
  readonly warnings: number
  readonly fixableErrors: number
  readonly fixableWarnings: number
}

export function totals(reports: readonly FileReport[]): Totals {
  const sum = (count: (report: FileReport) => number): number =>
    reports.reduce((total, report) => total + count(report), 0)
  return {
    errors: sum((report) => report.errorCount),
    warnings: sum((report) => report.warningCount),
    fixableErrors: sum((report) => report.fixableErrorCount),
    fixableWarnings: sum((report) => report.fixableWarningCount),
  }
}

type Counts = Pick<
  FileReport,
  'errorCount' | 'fatalErrorCount' | 'warningCount' | 'fixableErrorCount' | 'fixableWarningCount'
>

function counts(messages: readonly Message[]): Counts {
  const errors = messages.filter((message) => message.severity === 2)
  const warnings = messages.filter((message) => message.severity === 1)
  return {
    errorCount: errors.length,
    fatalErrorCount: errors.filter((message) => message.fatal).length,
    warningCount: warnings.length,
    fixableErrorCount: errors.filter((message) => message.fix).length,
    fixableWarningCount: warnings.filter((message) => message.fix).length,
  }
}
