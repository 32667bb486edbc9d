import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { pathToFileURL } from 'node:url'
import type { Rule } from '@forkline/lint'
import { serve } from '@forkline/server'
import { type Environment, type FileStatus, STATUS } from '@forkline/server/messages'
import {
  type CodeAction,
  CodeActionRequest,
  ConfigurationRequest,
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  type DocumentDiagnosticReport,
  DocumentDiagnosticRequest,
  FileChangeType,
  CodeActionResolveRequest,
  InitializedNotification,
  InitializeRequest,
  LogMessageNotification,
  type ProtocolConnection,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentEdit,
  type CancellationToken,
  WorkspaceFoldersRequest,
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'

export interface EditorOptions {
  /** By path below the folder. */
  readonly files?: Readonly<Record<string, string>>
  readonly settings?: Record<string, unknown>
  readonly rules?: readonly Rule[]
  readonly environment?: Environment
}

const LANGUAGES: Readonly<Record<string, string>> = {
  '.tsx': 'typescriptreact',
  '.jsx': 'javascriptreact',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
}

/** An editor as the server sees one: a folder on disk, open buffers, settings, over a pair of streams. */
export class Editor implements AsyncDisposable {
  readonly folder: string
  readonly log: string[] = []
  readonly statuses: FileStatus[] = []
  refreshes = 0
  settings: Record<string, unknown>
  readonly connection: ProtocolConnection
  readonly #documents = new Map<string, TextDocument>()

  private constructor(folder: string, options: EditorOptions) {
    this.folder = folder
    this.settings = options.settings ?? {}
    const toServer = new PassThrough()
    const toClient = new PassThrough()
    const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient))
    serve(server, options.rules ? { rules: options.rules } : {})
    server.listen()
    this.connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer))
    this.connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => this.settings))
    this.connection.onRequest(DiagnosticRefreshRequest.type, () => {
      this.refreshes++
    })
    this.connection.onRequest(RegistrationRequest.type, () => undefined)
    this.connection.onRequest(WorkspaceFoldersRequest.type, () => this.#folders())
    this.connection.onNotification(LogMessageNotification.type, ({ message }) => {
      this.log.push(message)
    })
    this.connection.onNotification(STATUS, (status: FileStatus) => {
      this.statuses.push(status)
    })
    this.connection.listen()
  }

  static async start(options: EditorOptions = {}): Promise<Editor> {
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'forkline-server-')))
    for (const [name, text] of Object.entries(options.files ?? {})) writeFile(path.join(folder, name), text)
    const editor = new Editor(folder, options)
    await editor.connection.sendRequest(InitializeRequest.type, {
      processId: null,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the protocol still requires it
      rootUri: null,
      workspaceFolders: editor.#folders(),
      initializationOptions: options.environment,
      capabilities: {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          didChangeConfiguration: { dynamicRegistration: true },
          diagnostics: { refreshSupport: true },
        },
      },
    })
    await editor.connection.sendNotification(InitializedNotification.type, {})
    return editor
  }

  uri(name: string): string {
    return name.includes(':') ? name : pathToFileURL(path.join(this.folder, name)).href
  }

  async open(name: string, text = this.read(name), languageId?: string): Promise<void> {
    const language = languageId ?? LANGUAGES[path.extname(name)] ?? 'typescript'
    const document = TextDocument.create(this.uri(name), language, 1, text)
    this.#documents.set(name, document)
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri: document.uri, languageId: language, version: 1, text },
    })
  }

  async change(name: string, text: string): Promise<void> {
    const document = this.document(name)
    TextDocument.update(document, [{ text }], document.version + 1)
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri: document.uri, version: document.version },
      contentChanges: [{ text }],
    })
  }

  async save(name: string): Promise<void> {
    const document = this.document(name)
    fs.writeFileSync(path.join(this.folder, name), document.getText())
    await this.connection.sendNotification(DidSaveTextDocumentNotification.type, {
      textDocument: { uri: document.uri },
    })
  }

  async close(name: string): Promise<void> {
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri: this.document(name).uri },
    })
    this.#documents.delete(name)
  }

  /** Writes to disk as another program would, and tells as a file watcher does. */
  async writeOnDisk(name: string, text: string): Promise<void> {
    const file = path.join(this.folder, name)
    const type = fs.existsSync(file) ? FileChangeType.Changed : FileChangeType.Created
    writeFile(file, text)
    await this.#watched(name, type)
  }

  async deleteOnDisk(name: string): Promise<void> {
    fs.rmSync(path.join(this.folder, name), { recursive: true })
    await this.#watched(name, FileChangeType.Deleted)
  }

  async configure(settings: Record<string, unknown>): Promise<void> {
    this.settings = settings
    await this.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null })
  }

  async pull(name: string, previousResultId?: string, token?: CancellationToken): Promise<DocumentDiagnosticReport> {
    const params = {
      textDocument: { uri: this.uri(name) },
      ...(previousResultId !== undefined && { previousResultId }),
    }
    return this.connection.sendRequest(DocumentDiagnosticRequest.type, params, token)
  }

  async diagnostics(name: string): Promise<Diagnostic[]> {
    const report = await this.pull(name)
    if (report.kind !== 'full') throw new Error(`Expected a full report of ${name}`)
    return report.items
  }

  /** The actions offered where `needle` first stands in the document, or on the whole document. */
  async actions(name: string, needle?: string, only?: string[]): Promise<CodeAction[]> {
    const document = this.document(name)
    const text = document.getText()
    const start = needle === undefined ? 0 : text.indexOf(needle)
    const end = needle === undefined ? text.length : start + needle.length
    const range = { start: document.positionAt(start), end: document.positionAt(end) }
    const diagnostics = await this.diagnostics(name)
    const actions = await this.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: document.uri },
      range,
      context: { diagnostics, ...(only && { only }) },
    })
    return (actions ?? []) as CodeAction[]
  }

  resolve(action: CodeAction): Promise<CodeAction> {
    return this.connection.sendRequest(CodeActionResolveRequest.type, action)
  }

  /** Picks the action with this title, and gives the document's text after it. */
  async pick(name: string, needle: string, title: string | RegExp): Promise<string> {
    const actions = await this.actions(name, needle)
    const action = actions.find((candidate) =>
      typeof title === 'string' ? candidate.title === title : title.test(candidate.title),
    )
    if (!action) throw new Error(`No action ${String(title)} among: ${actions.map((other) => other.title).join('; ')}`)
    return this.apply(name, await this.resolve(action))
  }

  /** Applies a resolved action to the document, as an edit of the person's. */
  async apply(name: string, { edit, title }: CodeAction): Promise<string> {
    const change = edit?.documentChanges?.[0] as TextDocumentEdit | undefined
    if (!change) throw new Error(`"${title}" came without an edit`)
    const document = this.document(name)
    if (change.textDocument.version !== document.version) throw new Error(`"${title}" is for another version`)
    const text = TextDocument.applyEdits(document, change.edits as { range: Diagnostic['range']; newText: string }[])
    await this.change(name, text)
    return text
  }

  document(name: string): TextDocument {
    const document = this.#documents.get(name)
    if (!document) throw new Error(`${name} is not open`)
    return document
  }

  read(name: string): string {
    return fs.readFileSync(path.join(this.folder, name), 'utf8')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection.sendRequest(ShutdownRequest.type)
    this.connection.dispose()
    fs.rmSync(this.folder, { recursive: true, force: true })
  }

  #folders() {
    return [{ uri: pathToFileURL(this.folder).href, name: 'test' }]
  }

  async #watched(name: string, type: FileChangeType): Promise<void> {
    await this.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: this.uri(name), type }],
    })
  }
}

function writeFile(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
}
