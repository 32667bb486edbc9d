import { type Finding, ruleUrl, type Severity } from '@forkline/lint'
import {
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  type CancellationToken,
  type Range,
} from 'vscode-languageserver/node'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import type { Linter, Run } from './linter.ts'
import type { OpenDocuments } from './openDocuments.ts'
import { uriOf } from './paths.ts'
import type { RuleSeverity } from './settings.ts'

export const SOURCE = 'forkline'
/** The code of what we say about suppression comments, which is no rule's. */
export const DIRECTIVE_CODE = 'suppression-comment'

const SEVERITY_OF_LEVEL = {
  certain: DiagnosticSeverity.Warning,
  likely: DiagnosticSeverity.Information,
  possible: DiagnosticSeverity.Hint,
} as const

const SEVERITY_OF_SETTING: Readonly<Partial<Record<RuleSeverity | Severity, DiagnosticSeverity>>> = {
  hint: DiagnosticSeverity.Hint,
  info: DiagnosticSeverity.Information,
  warn: DiagnosticSeverity.Warning,
  warning: DiagnosticSeverity.Warning,
  error: DiagnosticSeverity.Error,
}

interface Answer {
  readonly resultId: string
  readonly version: number
  readonly items: readonly Diagnostic[]
}

/** Answers the client's pulls for diagnostics. */
export class Diagnostics {
  readonly #linter: Linter
  readonly #documents: OpenDocuments
  readonly #answers = new Map<string, Answer>()
  #results = 0

  constructor(linter: Linter, documents: OpenDocuments) {
    this.#linter = linter
    this.#documents = documents
  }

  closed(uri: string): void {
    this.#answers.delete(uri)
  }

  /** @throws {ResponseError} `RequestCancelled` once `token` is cancelled. */
  async pull(params: DocumentDiagnosticParams, token: CancellationToken): Promise<DocumentDiagnosticReport> {
    const { uri } = params.textDocument
    const last = this.#answers.get(uri)
    if (await this.#waitsForSave(uri)) {
      if (last && last.resultId === params.previousResultId) return { kind: 'unchanged', resultId: last.resultId }
      return { kind: 'full', items: [] }
    }
    const outcome = await this.#linter.current(uri, token)
    const document = this.#documents.get(uri)
    if (!outcome || !document) return { kind: 'full', items: [] }
    const items = outcome.kind === 'run' ? toDiagnostics(outcome, document.text) : []
    return this.#report(uri, document.text.version, items, params.previousResultId)
  }

  async #waitsForSave(uri: string): Promise<boolean> {
    const { run } = await this.#linter.settingsOf(uri)
    if (run !== 'onSave') return false
    const document = this.#documents.get(uri)
    return document !== undefined && document.text.version !== document.savedVersion
  }

  #report(
    uri: string,
    version: number,
    items: Diagnostic[],
    previousResultId: string | undefined,
  ): DocumentDiagnosticReport {
    const last = this.#answers.get(uri)
    // Squiggles move with the text, so that equal items are only the same while the text is.
    if (
      last
      && last.resultId === previousResultId
      && last.version === version
      && JSON.stringify(last.items) === JSON.stringify(items)
    ) {
      return { kind: 'unchanged', resultId: last.resultId }
    }
    const resultId = String(++this.#results)
    this.#answers.set(uri, { resultId, version, items })
    return { kind: 'full', resultId, items }
  }
}

/** Asks the client to pull again, once for all changes that come together. */
export class Refresher {
  readonly #connection: Connection
  #timer: NodeJS.Timeout | undefined
  #supported = false

  constructor(connection: Connection) {
    this.#connection = connection
  }

  initialize(supported: boolean): void {
    this.#supported = supported
  }

  request(): void {
    if (!this.#supported || this.#timer) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#connection.languages.diagnostics.refresh().catch((error: unknown) => {
        this.#connection.console.warn(`The client could not refresh its diagnostics: ${String(error)}`)
      })
    }, 100)
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#supported = false
  }
}

function toDiagnostics(run: Run, document: TextDocument): Diagnostic[] {
  const findings = run.result.findings.map((finding) => toDiagnostic(finding, run, document))
  const directives = run.result.directiveProblems.map((problem): Diagnostic => ({
    range: rangeOf(problem, document),
    message: problem.message,
    source: SOURCE,
    code: DIRECTIVE_CODE,
    severity: DiagnosticSeverity.Information,
  }))
  return [...findings, ...directives]
}

function toDiagnostic(finding: Finding, run: Run, document: TextDocument): Diagnostic {
  const inline = SEVERITY_OF_SETTING[run.result.severities.get(finding.ruleId) ?? 'default']
  const setting = SEVERITY_OF_SETTING[run.settings.rules[finding.ruleId] ?? 'default']
  return {
    range: rangeOf(finding, document),
    message: finding.message,
    source: SOURCE,
    code: finding.ruleId,
    codeDescription: { href: ruleUrl(finding.ruleId) },
    severity: inline ?? setting ?? SEVERITY_OF_LEVEL[finding.level],
    data: { family: finding.family, level: finding.level },
    ...(finding.related.length > 0 && { relatedInformation: toRelated(finding, run, document) }),
  }
}

function toRelated(finding: Finding, run: Run, document: TextDocument) {
  return finding.related.map((related) => {
    if (related.filePath === run.sourceFile.fileName) {
      return { location: { uri: document.uri, range: rangeOf(related, document) }, message: related.message }
    }
    const start = { line: related.line - 1, character: related.column - 1 }
    // The other file may span lines that we do not hold; its source file in the program does.
    const other = run.program.getSourceFile(related.filePath)
    const end = other ? other.getLineAndCharacterOfPosition(related.end) : start
    return { location: { uri: uriOf(related.filePath), range: { start, end } }, message: related.message }
  })
}

/** The range of UTF-16 offsets in a document. */
export function rangeOf(span: { readonly start: number; readonly end: number }, document: TextDocument): Range {
  return { start: document.positionAt(span.start), end: document.positionAt(span.end) }
}
