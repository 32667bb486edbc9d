import type { FileStatus } from '@forkline/server/messages'
import * as vscode from 'vscode'
import { COMMANDS } from './commandIds.ts'
import { DOCUMENT_SELECTOR } from './languages.ts'
import { statusText } from './statusText.ts'

/** The entry in the language status that tells about the file in the active editor. */
export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.languages.createLanguageStatusItem('forkline', DOCUMENT_SELECTOR)
  readonly #statuses = new Map<string, FileStatus>()
  readonly #subscriptions: vscode.Disposable

  constructor() {
    this.#item.name = 'Forkline'
    this.#item.command = { command: COMMANDS.showOutput, title: 'Show Output' }
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.#show()
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.#statuses.delete(keyOf(document.uri))
      }),
    )
    this.#show()
  }

  update(status: FileStatus): void {
    this.#statuses.set(keyOf(vscode.Uri.parse(status.uri)), status)
    this.#show()
  }

  /** The server stopped, so that what it told no longer counts. */
  reset(): void {
    this.#statuses.clear()
    this.#show()
  }

  dispose(): void {
    this.#subscriptions.dispose()
    this.#item.dispose()
  }

  #show(): void {
    const uri = vscode.window.activeTextEditor?.document.uri
    const { text, detail, warning } = statusText(uri && this.#statuses.get(keyOf(uri)))
    this.#item.text = text
    this.#item.detail = detail
    this.#item.severity = warning ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information
  }
}

/** The server spells URIs as the protocol does; VS Code's own spelling makes the two comparable. */
function keyOf(uri: vscode.Uri): string {
  return uri.toString()
}
