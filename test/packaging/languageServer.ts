import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import {
  createProtocolConnection,
  type Diagnostic,
  type DocumentDiagnosticReport,
  DocumentDiagnosticRequest,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type ProtocolConnection,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'

/** A server bundle, run in a process of its own as VS Code runs it. */
export class PackagedServer {
  static async start(script: string, folder: string): Promise<PackagedServer> {
    const child = spawn(process.execPath, [script, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    )
    // The server asks for its settings and to watch files; defaults will do.
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => null))
    connection.onRequest('client/registerCapability', () => null)
    connection.listen()
    const uri = pathToFileURL(folder).href
    await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the protocol's type still asks for it
      rootUri: null,
      workspaceFolders: [{ uri, name: 'project' }],
      capabilities: { textDocument: { diagnostic: {} }, workspace: { configuration: true, workspaceFolders: true } },
    })
    await connection.sendNotification(InitializedNotification.type, {})
    return new PackagedServer(child, connection)
  }

  readonly #child: ChildProcess
  readonly #connection: ProtocolConnection
  private constructor(child: ChildProcess, connection: ProtocolConnection) {
    this.#child = child
    this.#connection = connection
  }

  /** The diagnostics of a file that the editor opens with this text. */
  async open(path: string, text: string): Promise<Diagnostic[]> {
    const uri = pathToFileURL(path).href
    await this.#connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'typescript', version: 1, text },
    })
    const report: DocumentDiagnosticReport = await this.#connection.sendRequest(DocumentDiagnosticRequest.type, {
      textDocument: { uri },
    })
    if (report.kind !== 'full') throw new Error('Expected a full report of a file that was just opened')
    return report.items
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#child, 'close')
    await this.#connection.sendRequest(ShutdownRequest.type)
    await this.#connection.sendNotification(ExitNotification.type)
    await closed
    this.#connection.dispose()
  }
}
