import { type Finding, mergeEdits, type Rule, ruleUrl, type TextEdit, type Workspace } from '@forkline/lint'
import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
} from 'vscode-languageserver/node'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import { rangeOf, SOURCE } from './diagnostics.ts'
import { type EditsOf, fixAll } from './fixAll.ts'
import type { Linter, Run } from './linter.ts'
import type { OpenDocument, OpenDocuments } from './openDocuments.ts'
import { disableForFile, disableForLine } from './suppressionEdits.ts'

export const FIX_ALL_KIND = `${CodeActionKind.SourceFixAll}.forkline`

/** What an action will do, sent with it and given back when a person picks it. */
type Plan =
  | { readonly do: 'fix' | 'suggestion'; readonly finding: FindingKey; readonly index: number }
  | { readonly do: 'fix-all'; readonly ruleId?: string }
  | { readonly do: 'disable-line' | 'disable-file'; readonly finding: FindingKey }

interface FindingKey {
  readonly ruleId: string
  readonly start: number
  readonly end: number
}

interface ActionData {
  readonly uri: string
  readonly version: number
  readonly plan: Plan
}

export interface CodeActionsParts {
  readonly linter: Linter
  readonly documents: OpenDocuments
  readonly workspace: Workspace
  readonly rules: readonly Rule[]
  /** To be called when edits cannot be computed, which is a rule's mistake. */
  readonly onFailure: (what: string, error: unknown) => void
}

/** Offers what can be done about findings, and computes the edits of the action that is picked. */
export class CodeActions {
  readonly #parts: CodeActionsParts

  constructor(parts: CodeActionsParts) {
    this.#parts = parts
  }

  /** @throws {ResponseError} `RequestCancelled` once `token` is cancelled. */
  async list(params: CodeActionParams, token: CancellationToken): Promise<CodeAction[]> {
    const { uri } = params.textDocument
    const { only, diagnostics } = params.context
    const wanted = (kind: string) => !only || only.some((filter) => kind === filter || kind.startsWith(`${filter}.`))
    const explicitSource = only?.some((filter) => filter.startsWith(CodeActionKind.Source)) ?? false
    const quickFixes = wanted(CodeActionKind.QuickFix)
    const sourceFixAll = explicitSource && wanted(FIX_ALL_KIND)
    if (!quickFixes && !sourceFixAll) return []

    // A save waits for us, so that only the menu of a place waits for the typing to end.
    const run = await this.#parts.linter.current(uri, token, !sourceFixAll)
    const document = this.#parts.documents.get(uri)?.text
    if (run?.kind !== 'run' || !document) return []
    const actions = sourceFixAll ? this.#fixAllAction(run, document) : []
    if (!quickFixes) return actions
    const from = document.offsetAt(params.range.start)
    const to = document.offsetAt(params.range.end)
    const touched = run.result.findings.filter(({ start, end }) => start <= to && from <= end)
    return [...actions, ...this.#quickFixes(run, document, touched, diagnostics)]
  }

  /**
   * Completes the action that a person picked. One that was offered for another version of the document
   * comes back without edits: wrong ones would be worse.
   *
   * @throws {ResponseError} `RequestCancelled` once `token` is cancelled.
   */
  async resolve(action: CodeAction, token: CancellationToken): Promise<CodeAction> {
    const data = action.data as ActionData | undefined
    if (!data) return action
    const run = await this.#parts.linter.current(data.uri, token, false)
    const document = this.#parts.documents.get(data.uri)
    if (run?.kind !== 'run' || document?.text.version !== data.version) return action
    const edits = this.#edits(data.plan, run, document)
    return edits.length === 0 ? action : { ...action, edit: toWorkspaceEdit(edits, document.text) }
  }

  #quickFixes(
    run: Run,
    document: TextDocument,
    touched: readonly Finding[],
    known: readonly Diagnostic[],
  ): CodeAction[] {
    const fixes: CodeAction[] = []
    const others: CodeAction[] = []
    const offered = new Set<string>()
    const { text } = run.sourceFile
    for (const finding of touched) {
      const diagnostics = known.filter((diagnostic) => isAbout(diagnostic, finding, document))
      const offer = (title: string, plan: Plan, isPreferred = false): CodeAction => ({
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics,
        data: { uri: document.uri, version: document.version, plan } satisfies ActionData,
        ...(isPreferred && { isPreferred }),
      })
      const { ruleId } = finding
      const key: FindingKey = { ruleId, start: finding.start, end: finding.end }
      const fix = finding.fix
      if (fix && this.#editsOf(fix, finding, text).length > 0) {
        fixes.push(offer(fix.title, { do: 'fix', finding: key, index: 0 }, true))
      }
      finding.suggestions.forEach((suggestion, index) => {
        if (this.#editsOf(suggestion, finding, text).length === 0) return
        fixes.push(offer(suggestion.title, { do: 'suggestion', finding: key, index }))
      })

      if (!offered.has(ruleId)) {
        const fixable = run.result.findings.filter((other) => other.ruleId === ruleId && other.fix)
        if (fixable.length > 1) others.push(offer(`Fix all ${ruleId} problems in this file`, { do: 'fix-all', ruleId }))
      }
      others.push(offer(`Disable forkline/${ruleId} for this line`, { do: 'disable-line', finding: key }))
      if (offered.has(ruleId)) continue
      offered.add(ruleId)
      others.push(
        offer(`Disable forkline/${ruleId} for the entire file`, { do: 'disable-file', finding: key }),
        showDocumentation(ruleId, diagnostics),
      )
    }
    return [...fixes, ...others]
  }

  #fixAllAction(run: Run, document: TextDocument): CodeAction[] {
    if (!run.result.findings.some(({ fix }) => fix)) return []
    const data: ActionData = { uri: document.uri, version: document.version, plan: { do: 'fix-all' } }
    return [{ title: 'Fix all Forkline problems that are safe to fix', kind: FIX_ALL_KIND, data }]
  }

  #edits(plan: Plan, run: Run, document: OpenDocument): readonly TextEdit[] {
    if (plan.do === 'fix-all') {
      const { workspace, rules, linter } = this.#parts
      const edit = fixAll(workspace, document.path, run, rules, this.#editsOf, plan.ruleId)
      linter.changed()
      return edit ? [edit] : []
    }
    const { ruleId, start, end } = plan.finding
    const { text } = run.sourceFile
    const finding = run.result.findings.find(
      (candidate) => candidate.ruleId === ruleId && candidate.start === start && candidate.end === end,
    )
    if (!finding) return []
    switch (plan.do) {
      case 'fix':
        return finding.fix ? this.#editsOf(finding.fix, finding, text) : []
      case 'suggestion': {
        const suggestion = finding.suggestions[plan.index]
        return suggestion ? this.#editsOf(suggestion, finding, text) : []
      }
      case 'disable-line':
        return [disableForLine(run.sourceFile, start, ruleId)]
      case 'disable-file':
        return [disableForFile(run.sourceFile, ruleId)]
    }
  }

  /** Empty when the fix is not sound here, or its rule fails. */
  readonly #editsOf: EditsOf = (fix, finding, text) => {
    try {
      const edits = fix.edits()
      mergeEdits(text, edits)
      return edits
    } catch (error) {
      this.#parts.onFailure(`The fix "${fix.title}" of ${finding.ruleId}`, error)
      return []
    }
  }
}

function showDocumentation(ruleId: string, diagnostics: Diagnostic[]): CodeAction {
  const title = `Show documentation for forkline/${ruleId}`
  const command = { title, command: 'vscode.open', arguments: [ruleUrl(ruleId)] }
  return { title, kind: CodeActionKind.QuickFix, diagnostics, command }
}

function isAbout(diagnostic: Diagnostic, finding: Finding, document: TextDocument): boolean {
  return (
    diagnostic.source === SOURCE
    && diagnostic.code === finding.ruleId
    && document.offsetAt(diagnostic.range.start) === finding.start
  )
}

function toWorkspaceEdit(edits: readonly TextEdit[], document: TextDocument) {
  // One that changes nothing only keeps other fixes away in a pass; a preview would show it.
  const changes = edits.filter(({ start, end, text }) => start !== end || text !== '')
  // The version makes the client refuse edits for a text that has moved on.
  return {
    documentChanges: [
      {
        textDocument: { uri: document.uri, version: document.version },
        edits: changes.map((edit) => ({ range: rangeOf(edit, document), newText: edit.text })),
      },
    ],
  }
}
