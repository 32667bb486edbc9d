import path from 'node:path'
import * as vscode from 'vscode'
import type { Programs } from './programs.ts'
import { processOf } from './runFiles.ts'

/** The sort of task that records a program. */
export const TASK_TYPE = 'forkline'

/** What a task of this sort says in `tasks.json`. */
interface RecordTask extends vscode.TaskDefinition {
  readonly command: readonly string[]
  readonly out?: string
}

/** Records programs: runs them in a terminal under `forkline run`, as tasks of VS Code. */
export class Recorder implements vscode.TaskProvider {
  readonly #cli: string
  readonly #programs: Programs
  readonly #ended = new Map<vscode.TaskExecution, () => void>()

  constructor(context: vscode.ExtensionContext, programs: Programs) {
    this.#cli = context.asAbsolutePath('dist/cli.js')
    this.#programs = programs
  }

  /** Makes tasks of this sort known to VS Code, and shows what they record, whoever starts them. */
  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.tasks.registerTaskProvider(TASK_TYPE, this),
      vscode.tasks.onDidStartTask(({ execution }) => {
        this.#started(execution)
      }),
      vscode.tasks.onDidEndTask(({ execution }) => {
        this.#ended.get(execution)?.()
        this.#ended.delete(execution)
      }),
    )
  }

  /** Which scripts could be recorded is for the command to ask: as tasks they would be there twice. */
  provideTasks(): vscode.Task[] {
    return []
  }

  async resolveTask({ definition, name, scope }: vscode.Task): Promise<vscode.Task> {
    const { command, out } = definition as RecordTask
    const folder =
      typeof scope === 'object' ? scope.uri.fsPath : (vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '.')
    const file =
      out === undefined ? await this.#programs.newFile(name) : this.#programs.unused(path.resolve(folder, out))
    const task = this.#task(name, command, folder, file)
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
    // The command line knows how a script of its kind is run.
    await this.#record(path.basename(uri.fsPath), [uri.fsPath], folderOf(uri))
  }

  /** The command *Record npm Script…*. */
  async recordScript(): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]
    const scripts = folder === undefined ? {} : await scriptsOf(folder.uri)
    if (folder === undefined || Object.keys(scripts).length === 0) {
      void vscode.window.showInformationMessage(
        'No package.json with scripts was found in the first folder of the workspace.',
      )
      return
    }
    const picked = await vscode.window.showQuickPick(
      Object.entries(scripts).map(([label, description]) => ({ label, description })),
      { title: 'Record an npm Script' },
    )
    if (picked !== undefined)
      await this.#record(`npm run ${picked.label}`, ['npm', 'run', picked.label], folder.uri.fsPath)
  }

  #task(name: string, command: readonly string[], cwd: string, out: string): vscode.Task {
    const execution = new vscode.ProcessExecution('node', [this.#cli, 'run', '--out', out, '--', ...command], { cwd })
    const task = new vscode.Task(
      { type: TASK_TYPE, command: [...command] },
      vscode.TaskScope.Workspace,
      `Record ${name}`,
      'Forkline',
      execution,
      [],
    )
    task.presentationOptions = { clear: true, reveal: vscode.TaskRevealKind.Always, focus: false }
    return task
  }

  async #record(name: string, command: readonly string[], cwd: string): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage('Recording runs the program: trust this workspace first.')
      return
    }
    await vscode.tasks.executeTask(this.#task(name, command, cwd, await this.#programs.newFile(name)))
  }

  #started(execution: vscode.TaskExecution): void {
    const file = outOf(execution.task)
    if (file === undefined) return
    const asked = { before: false }
    const stop = async (): Promise<void> => {
      if (asked.before || !(await interrupt(file))) execution.terminate()
      asked.before = true
    }
    this.#ended.set(execution, this.#programs.started({ file, stop }))
  }
}

/**
 * Does to the program that writes a recording what Ctrl+C does: it may tidy up, and its terminal stays, with what it
 * has printed. Whoever asks again wants it gone.
 *
 * @returns Whether there was a process to interrupt.
 */
async function interrupt(recording: string): Promise<boolean> {
  try {
    const pid = await processOf(recording)
    return pid !== undefined && process.kill(pid, 'SIGINT')
  } catch {
    // It has just ended, or has not begun to record.
    return false
  }
}

/** Where a task of this sort records to; undefined for any other. */
function outOf({ definition, execution }: vscode.Task): string | undefined {
  if (definition.type !== TASK_TYPE || !(execution instanceof vscode.ProcessExecution)) return undefined
  const at = execution.args.indexOf('--out')
  return at < 0 ? undefined : execution.args[at + 1]
}

function folderOf(uri: vscode.Uri): string {
  return vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? path.dirname(uri.fsPath)
}

async function scriptsOf(folder: vscode.Uri): Promise<Readonly<Record<string, string>>> {
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'package.json'))
    const { scripts } = JSON.parse(Buffer.from(bytes).toString()) as {
      readonly scripts?: Readonly<Record<string, string>>
    }
    return scripts ?? {}
  } catch {
    return {}
  }
}
