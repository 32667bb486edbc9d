import { setTimeout } from 'node:timers/promises'
import { lint, type LintOptions, type LintResult, type Rule, type Workspace } from '@forkline/lint'
import type ts from 'typescript'
import type { CancellationToken } from 'vscode-languageserver/node'
import type { EslintOverlap } from './eslintOverlap.ts'
import type { Folders } from './folders.ts'
import { cancelled, throwIfCancelled, yieldToMessages } from './guard.ts'
import type { OpenDocument, OpenDocuments } from './openDocuments.ts'
import { lintOptions, type Settings } from './settings.ts'
import type { SettingsStore } from './settingsStore.ts'

/** How long a person must have stopped typing before rules run, in milliseconds. */
const QUIET_MS = 200

/** What one look at one document showed. */
export interface Run {
  readonly kind: 'run'
  readonly uri: string
  readonly version: number
  readonly settings: Settings
  /** What the project adds to the table of packages. */
  readonly knowledge: LintOptions['knowledge']
  readonly program: ts.Program
  readonly sourceFile: ts.SourceFile
  readonly result: LintResult
  readonly programMs: number
  readonly lintMs: number
  /** Whether its project was loaded for it. */
  readonly cold: boolean
}

/** Why a document was not looked at. */
export interface Quiet {
  readonly kind: 'quiet'
  readonly reason: string
}

export interface LinterParts {
  readonly workspace: Workspace
  readonly documents: OpenDocuments
  readonly folders: Folders
  readonly settings: SettingsStore
  readonly overlap: EslintOverlap
  readonly rules: readonly Rule[]
  readonly onOutcome: (uri: string, outcome: Run | Quiet) => void
}

/** Lints open documents when asked, and keeps each result for as long as it holds. */
export class Linter {
  readonly #parts: LinterParts
  readonly #runs = new Map<string, { run: Run; stamp: number }>()
  readonly #loadedProjects = new Set<string>()
  #stamp = 0

  constructor(parts: LinterParts) {
    this.#parts = parts
  }

  /** To be told of every change to a document, a file or a setting: what was found may no longer hold. */
  changed(): void {
    this.#stamp++
  }

  closed(uri: string): void {
    this.#runs.delete(uri)
  }

  /**
   * Whether nothing has changed since. Only then may a finding's edits be asked for: the program takes
   * the trees of the one before it apart.
   */
  isCurrent(run: Run): boolean {
    const kept = this.#runs.get(run.uri)
    return kept?.run === run && kept.stamp === this.#stamp
  }

  /**
   * The result for the document as it is now.
   *
   * @param wait Whether to wait until the person stops typing.
   * @returns Undefined for a document that is not open.
   * @throws {ResponseError} `RequestCancelled` once `token` is cancelled.
   */
  async current(uri: string, token: CancellationToken, wait = true): Promise<Run | Quiet | undefined> {
    for (;;) {
      if (wait) await this.#untilQuiet(token)
      await yieldToMessages(token)
      const stamp = this.#stamp
      const document = this.#parts.documents.get(uri)
      if (!document) return undefined
      const kept = this.#runs.get(uri)
      if (kept?.stamp === stamp) return kept.run

      const settings = await this.#settingsOf(document)
      const reason = await this.#reasonForQuiet(document, settings)
      throwIfCancelled(token)
      if (this.#stamp !== stamp) continue
      const outcome =
        reason === undefined ? await this.#run(document, settings, token) : { kind: 'quiet' as const, reason }
      if (!outcome) continue
      if (outcome.kind === 'quiet') this.#runs.delete(uri)
      this.#parts.onOutcome(uri, outcome)
      return outcome
    }
  }

  /** Undefined when something changed meanwhile. */
  async #run(document: OpenDocument, settings: Settings, token: CancellationToken): Promise<Run | Quiet | undefined> {
    const stamp = this.#stamp
    const { uri } = document.text
    const started = performance.now()
    const file = this.#parts.workspace.file(document.path)
    const programMs = performance.now() - started
    if (file.kind === 'skipped') return { kind: 'quiet', reason: `This file ${file.reason}` }

    await yieldToMessages(token)
    if (this.#stamp !== stamp) return undefined
    const kept = this.#runs.get(uri)?.run
    const isSameFile = kept?.program === file.program && kept.sourceFile === file.sourceFile
    if (isSameFile && kept.settings === settings && kept.knowledge === file.knowledge) {
      // The text may have been typed anew without becoming another one.
      const run = { ...kept, version: document.text.version }
      this.#runs.set(uri, { run, stamp })
      return run
    }

    const lintStarted = performance.now()
    const result = lint(
      file.program,
      file.sourceFile,
      { ...lintOptions(settings), knowledge: file.knowledge },
      this.#parts.rules,
    )
    const lintMs = performance.now() - lintStarted
    const project = file.configPath ?? ''
    const cold = !this.#loadedProjects.has(project)
    this.#loadedProjects.add(project)
    const { version } = document.text
    const { program, sourceFile, knowledge } = file
    const run: Run = {
      kind: 'run',
      uri,
      version,
      settings,
      knowledge,
      program,
      sourceFile,
      result,
      programMs,
      lintMs,
      cold,
    }
    this.#runs.set(uri, { run, stamp })
    return run
  }

  /** The settings that hold for a document. */
  settingsOf(uri: string): Promise<Settings> {
    const document = this.#parts.documents.get(uri)
    return document ? this.#settingsOf(document) : this.#parts.settings.of(undefined)
  }

  #settingsOf(document: OpenDocument): Promise<Settings> {
    return this.#parts.settings.of(this.#parts.folders.of(document.path)?.uri)
  }

  async #reasonForQuiet(document: OpenDocument, settings: Settings): Promise<string | undefined> {
    if (!settings.enable) return 'The setting `forkline.enable` is off'
    const folder = this.#parts.folders.of(document.path)
    if (folder && !settings.alongsideEslint && (await this.#parts.overlap.covers(folder.path))) {
      return 'ESLint reports these findings here; set `forkline.alongsideEslint` to see them from both'
    }
    return undefined
  }

  async #untilQuiet(token: CancellationToken): Promise<void> {
    for (;;) {
      throwIfCancelled(token)
      const remaining = this.#parts.documents.lastChange + QUIET_MS - performance.now()
      if (remaining <= 0) return
      const controller = new AbortController()
      const listener = token.onCancellationRequested(() => {
        controller.abort()
      })
      try {
        await setTimeout(remaining, undefined, { signal: controller.signal })
      } catch {
        throw cancelled()
      } finally {
        listener.dispose()
      }
    }
  }
}
