import { rules as allRules, type Rule, Workspace } from '@forkline/lint'
import {
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  type DocumentDiagnosticReport,
  type CodeAction,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node'
import { CodeActions, FIX_ALL_KIND } from './codeActions.ts'
import { Diagnostics, Refresher, SOURCE } from './diagnostics.ts'
import { concernsEslint, EslintOverlap } from './eslintOverlap.ts'
import { Folders } from './folders.ts'
import { guarded } from './guard.ts'
import { Linter } from './linter.ts'
import { ENVIRONMENT, type Environment } from './messages.ts'
import { OpenDocuments } from './openDocuments.ts'
import { SettingsStore } from './settingsStore.ts'
import { StatusReporter } from './statusReporter.ts'
import { toFileChanges } from './watching.ts'

export interface SessionOptions {
  /** The rules to run; all of Forkline's by default. */
  readonly rules?: readonly Rule[]
}

/** Serves one client over a connection, from `initialize` to `exit`. */
export function serve(connection: Connection, { rules = allRules }: SessionOptions = {}): void {
  const guard = guarded(connection.console)
  const folders = new Folders()
  const documents = new OpenDocuments()
  const overlap = new EslintOverlap()
  const status = new StatusReporter(connection)
  const settings = new SettingsStore(
    connection,
    rules.map(({ id }) => id),
  )
  const refresher = new Refresher(connection)
  const workspace = new Workspace({
    folders: [],
    log: (message) => {
      connection.console.info(message)
    },
  })
  const linter = new Linter({
    workspace,
    documents,
    folders,
    settings,
    overlap,
    rules,
    onOutcome: (uri, outcome) => {
      status.report(uri, outcome, workspace.configProblems())
    },
  })
  const diagnostics = new Diagnostics(linter, documents)
  const codeActions = new CodeActions({
    linter,
    documents,
    workspace,
    rules,
    onFailure: (what, error) => {
      status.fail(what, error)
    },
  })
  const everythingChanged = () => {
    linter.changed()
    refresher.request()
  }

  let registerConfiguration = false
  connection.onInitialize((params): InitializeResult => {
    const { capabilities } = params
    folders.set(params.workspaceFolders ?? [])
    workspace.setFolders(folders.paths)
    overlap.extensionActive = (params.initializationOptions as Environment | undefined)?.eslintExtension ?? false
    settings.initialize(capabilities.workspace?.configuration ?? false)
    refresher.initialize(capabilities.workspace?.diagnostics?.refreshSupport ?? false)
    registerConfiguration = capabilities.workspace?.didChangeConfiguration?.dynamicRegistration ?? false
    return {
      serverInfo: { name: 'Forkline' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        diagnosticProvider: { identifier: SOURCE, interFileDependencies: true, workspaceDiagnostics: false },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL_KIND], resolveProvider: true },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    }
  })
  connection.onInitialized(
    guard('initialized', undefined, async () => {
      if (registerConfiguration) {
        await connection.client.register(DidChangeConfigurationNotification.type, { section: SOURCE })
      }
      connection.workspace.onDidChangeWorkspaceFolders(
        guard('workspace folders', undefined, async () => {
          folders.set((await connection.workspace.getWorkspaceFolders()) ?? [])
          workspace.setFolders(folders.paths)
          settings.clear()
          everythingChanged()
        }),
      )
    }),
  )

  connection.onDidChangeConfiguration(() => {
    settings.clear()
    everythingChanged()
  })
  connection.onDidChangeWatchedFiles(
    guard('watched files', undefined, (params) => {
      const changes = toFileChanges(params)
      if (changes.length === 0) return
      if (changes.some(({ path }) => concernsEslint(path))) overlap.clear()
      workspace.filesChanged(changes)
      everythingChanged()
    }),
  )
  connection.onNotification(ENVIRONMENT, ({ eslintExtension }: Environment) => {
    overlap.extensionActive = eslintExtension
    everythingChanged()
  })
  documents.listen(connection, folders, workspace, (uri) => {
    linter.changed()
    if (documents.get(uri)) return
    linter.closed(uri)
    diagnostics.closed(uri)
    // The disk counts again, and clients pull no other document of their own accord when one closes.
    refresher.request()
  })

  const noFindings: DocumentDiagnosticReport = { kind: 'full', items: [] }
  connection.languages.diagnostics.on(
    guard('diagnostics', noFindings, (params, token) => diagnostics.pull(params, token)),
  )
  connection.onCodeAction(guard('code actions', [] as CodeAction[], (params, token) => codeActions.list(params, token)))
  connection.onCodeActionResolve((action, token) =>
    guard('the code action', action, () => codeActions.resolve(action, token))(),
  )
  connection.onShutdown(() => {
    refresher.dispose()
    workspace.dispose()
  })
}
