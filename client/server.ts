import { ENVIRONMENT, type FileStatus, STATUS } from '@forkline/server/messages'
import * as vscode from 'vscode'
import { LanguageClient, RevealOutputChannelOn, TransportKind } from 'vscode-languageclient/node'
import { currentEnvironment, onEnvironmentChange } from './eslintExtension.ts'
import { DOCUMENT_SELECTOR, WATCHED_FILES } from './languages.ts'

export interface ServerOptions {
  /** Absolute path of the server's bundle. */
  readonly module: string
  readonly output: vscode.LogOutputChannel
  readonly onStatus: (status: FileStatus) => void
}

/** The language server's process, and all that is said to it. */
export class Server {
  readonly #client: LanguageClient
  readonly #subscriptions: vscode.Disposable

  constructor({ module, output, onStatus }: ServerOptions) {
    const sources = vscode.workspace.createFileSystemWatcher(WATCHED_FILES)
    // Of a folder that goes away with all in it, only the folder itself is told.
    const deletions = vscode.workspace.createFileSystemWatcher('**/*', true, true, false)
    this.#client = new LanguageClient(
      'forkline',
      'Forkline',
      { module, transport: TransportKind.ipc },
      {
        documentSelector: DOCUMENT_SELECTOR,
        outputChannel: output,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        initializationOptions: currentEnvironment,
        synchronize: { fileEvents: [sources, deletions] },
        diagnosticPullOptions: { onChange: true, onSave: true },
      },
    )
    this.#subscriptions = vscode.Disposable.from(
      sources,
      deletions,
      this.#client.onNotification(STATUS, onStatus),
      onEnvironmentChange((environment) => void this.#client.sendNotification(ENVIRONMENT, environment)),
    )
  }

  /** @throws When the server cannot be started. */
  start(): Promise<void> {
    return this.#client.start()
  }

  /** @throws When the server cannot be stopped or started. */
  restart(): Promise<void> {
    return this.#client.isRunning() ? this.#client.restart() : this.#client.start()
  }

  /** Ends the process, and waits until it has ended. */
  async stop(): Promise<void> {
    this.#subscriptions.dispose()
    await this.#client.dispose()
  }
}
