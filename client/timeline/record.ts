import { existsSync } from 'node:fs'
import path from 'node:path'
import * as vscode from 'vscode'
import { TIMELINE } from './timelineEditor.ts'

/** The sort of task that records a program. */
export const TASK_TYPE = 'forkline'

/** How often a program that was started is looked at for its recording, in ms. */
const LOOK_EVERY = 50

/** What a task of this sort says in `tasks.json`. */
interface RecordTask extends vscode.TaskDefinition {
  readonly command: readonly string[]
  readonly out?: string
}

/** Records programs: runs them in a terminal under `forkline run`, and shows the timeline as soon as there is one. */
export class Recorder implements vscode.TaskProvider {
  readonly #cli: string
  readonly #storage: vscode.Uri

  constructor(context: vscode.ExtensionContext) {
    this.#cli = context.asAbsolutePath('dist/cli.js')
    this.#storage = context.storageUri ?? context.globalStorageUri
  }

  /** Makes tasks of this sort known to VS Code. */
  register(): vscode.Disposable {
    return vscode.tasks.registerTaskProvider(TASK_TYPE, this)
  }

  /** Which scripts could be recorded is for the command to ask: as tasks they would be there twice. */
  provideTasks(): vscode.Task[] {
    return []
  }

  async resolveTask({ definition, name, scope }: vscode.Task): Promise<vscode.Task> {
    const { command, out } = definition as RecordTask
    const folder = typeof scope === 'object' ? scope.uri.fsPath : vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '.'
    const task = this.task(name, command, folder, out === undefined ? await this.newFile(name) : path.resolve(folder, out))
    // VS Code takes what is resolved only for the definition that it asked about.
    task.definition = definition
    return task
  }

  /** The command *Record This File*. */
  async recordFile(uri = vscode.window.activeTextEditor?.document.uri): Promise<void> {
    if (uri?.scheme !== 'file') {
      void vscode.window.showInformationMessage('Open the file that starts the program, and record again.')
      return
    }
    await vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString())?.save()
    await this.#record(path.basename(uri.fsPath), ['node', uri.fsPath], folderOf(uri))
  }

  /** The command *Record npm Script…*. */
  async recordScript(): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]
    const scripts = folder === undefined ? {} : await scriptsOf(folder.uri)
    if (folder === undefined || Object.keys(scripts).length === 0) {
      void vscode.window.showInformationMessage('No package.json with scripts was found in the first folder of the workspace.')
      return
    }
    const picked = await vscode.window.showQuickPick(
      Object.entries(scripts).map(([label, description]) => ({ label, description })),
      { title: 'Record an npm Script' },
    )
    if (picked !== undefined) await this.#record(`npm run ${picked.label}`, ['npm', 'run', picked.label], folder.uri.fsPath)
  }

  /** A task that records a command. */
  task(name: string, command: readonly string[], cwd: string, out: string): vscode.Task {
    const execution = new vscode.ProcessExecution('node', [this.#cli, 'run', '--out', out, '--', ...command], { cwd })
    const task = new vscode.Task(
      { type: TASK_TYPE, command: [...command] }, vscode.TaskScope.Workspace, `Record ${name}`, 'Forkline', execution, [],
    )
    task.presentationOptions = { clear: true, reveal: vscode.TaskRevealKind.Always, focus: false }
    return task
  }

  /** Where the next recording goes. */
  async newFile(name: string): Promise<string> {
    const folder = vscode.Uri.joinPath(this.#storage, 'recordings')
    await vscode.workspace.fs.createDirectory(folder)
    const stamp = new Date().toISOString().replace(/\D/gu, '').slice(0, 14)
    return path.join(folder.fsPath, `${name.replace(/[^\w-]+/gu, '-')}-${stamp}.fltrace`)
  }

  async #record(name: string, command: readonly string[], cwd: string): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage('Recording runs the program: trust this workspace first.')
      return
    }
    const out = await this.newFile(name)
    const execution = await vscode.tasks.executeTask(this.task(name, command, cwd, out))
    await this.#showWhenThere(out, execution)
  }

  async #showWhenThere(out: string, execution: vscode.TaskExecution): Promise<void> {
    const program = { running: true }
    const subscription = vscode.tasks.onDidEndTask((event) => {
      if (event.execution === execution) program.running = false
    })
    try {
      while (!existsSync(out) && program.running) await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY) })
    } finally {
      subscription.dispose()
    }
    if (existsSync(out)) await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(out), TIMELINE, vscode.ViewColumn.Beside)
    else void vscode.window.showErrorMessage('The program ended without a recording: the terminal says why.')
  }
}

function folderOf(uri: vscode.Uri): string {
  return vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? path.dirname(uri.fsPath)
}

async function scriptsOf(folder: vscode.Uri): Promise<Readonly<Record<string, string>>> {
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'package.json'))
    const { scripts } = JSON.parse(Buffer.from(bytes).toString()) as { readonly scripts?: Readonly<Record<string, string>> }
    return scripts ?? {}
  } catch {
    return {}
  }
}
