import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ViewCommand } from '@forkline/viewer/messages'
import * as vscode from 'vscode'
import { runCli } from './cli.ts'
import { askWhereTo, saveRecording } from './saving.ts'

/** What a timeline can be written as. */
interface Export extends vscode.QuickPickItem {
  readonly id: string
  /** How the file's name ends. */
  readonly ending: string
  /** What the page draws itself, and hands over. */
  readonly drawnBy?: ViewCommand
  /** What the command line writes: its arguments without the files. */
  readonly cli?: readonly string[]
}

const EXPORTS: readonly Export[] = [
  { id: 'png', label: 'PNG', description: 'what is seen, as a picture', ending: '.png', drawnBy: 'exportPng' },
  {
    id: 'svg',
    label: 'SVG',
    description: 'what is seen, as a drawing that scales',
    ending: '.svg',
    drawnBy: 'exportSvg',
  },
  {
    id: 'report',
    label: 'HTML report',
    description: 'all of it, for any browser and people without the extension',
    ending: '.html',
    cli: ['report'],
  },
  {
    id: 'perfetto',
    label: 'Perfetto',
    description: 'for ui.perfetto.dev',
    ending: '.pftrace',
    cli: ['export', '--to', 'perfetto'],
  },
  {
    id: 'chrome',
    label: 'Chrome',
    description: 'for chrome://tracing and the performance panel of its tools',
    ending: '.json',
    cli: ['export', '--to', 'chrome'],
  },
  {
    id: 'otlp',
    label: 'OpenTelemetry',
    description: 'OTLP in JSON, one request on each line',
    ending: '.jsonl',
    cli: ['export', '--to', 'otlp'],
  },
  { id: 'recording', label: 'Recording', description: 'a copy of the recording itself', ending: '.fltrace' },
]

/** What is exported: a recording, and the page that shows it. */
export interface Exportable {
  readonly uri: vscode.Uri
  /** Asks the page. */
  command(command: ViewCommand): void
}

/** Writes recordings for other tools and other people. */
export class Exporter {
  readonly #cli: string

  constructor(context: vscode.ExtensionContext) {
    this.#cli = context.asAbsolutePath('dist/cli.js')
  }

  /**
   * The command *Export Timeline…*.
   *
   * @param id Which of the exports; asked for when there is none of this name.
   */
  async export(timeline: Exportable, id?: string): Promise<void> {
    const chosen =
      EXPORTS.find((one) => one.id === id)
      ?? (await vscode.window.showQuickPick(EXPORTS, { title: 'Export the Timeline as' }))
    if (chosen === undefined) return
    if (chosen.drawnBy !== undefined) {
      timeline.command(chosen.drawnBy)
      return
    }
    const file = timeline.uri.fsPath
    const target = await askWhereTo(`${path.parse(file).name}${chosen.ending}`, `Export as ${chosen.label}`)
    if (target === undefined) return
    if (chosen.cli === undefined) await saveRecording(file, target)
    else await this.#write(chosen, file, target)
    offerToReveal(target)
  }

  async #write({ label, ending, cli = [] }: Export, file: string, target: vscode.Uri): Promise<void> {
    const folder = await mkdtemp(path.join(tmpdir(), 'forkline-export-'))
    try {
      const made = path.join(folder, `export${ending}`)
      await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title: `Exporting as ${label}`, cancellable: true },
        async (_progress, token) => {
          const cancelled = new AbortController()
          token.onCancellationRequested(() => {
            cancelled.abort(new vscode.CancellationError())
          })
          await runCli(this.#cli, ['trace', ...cli, file, '-o', made], cancelled.signal)
        },
      )
      // The command line refuses to write over a file; whoever chose this one has been asked already.
      await vscode.workspace.fs.copy(vscode.Uri.file(made), target, { overwrite: true })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/** Does not wait for the answer: the export is done. */
function offerToReveal(target: vscode.Uri): void {
  const reveal = 'Show in Folder'
  void vscode.window.showInformationMessage(`Exported to ${target.fsPath}`, reveal).then((answer) => {
    if (answer === reveal) void vscode.commands.executeCommand('revealFileInOS', target)
  })
}
