import path from 'node:path'
import { listLive, type LiveProgram } from '@forkline/runtime/live'
import * as vscode from 'vscode'

interface Item extends vscode.QuickPickItem {
  readonly program: LiveProgram
}

/**
 * Asks which of the programs that are recorded live is to be shown, those of the workspace first.
 *
 * @returns Its recording; undefined when there is none, which is said, or none was picked.
 */
export async function pickLiveProgram(): Promise<vscode.Uri | undefined> {
  const items = listLive()
    .map(itemOf)
    .sort((one, other) => Number(isHere(other)) - Number(isHere(one)))
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      'No program is recorded live. Start one in a terminal with `forkline run --live -- node app.js`.',
    )
    return undefined
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Attach to a Running Program',
    matchOnDescription: true,
    matchOnDetail: true,
  })
  return picked === undefined ? undefined : vscode.Uri.file(picked.program.file)
}

function itemOf(program: LiveProgram): Item {
  const { command, cwd, pid, started } = program
  const [executable = '', ...words] = command
  const shown = [
    path.basename(executable),
    ...words.map((word) => (path.isAbsolute(word) ? relative(cwd, word) : word)),
  ]
  return {
    program,
    label: shown.join(' '),
    description: `process ${String(pid)}, since ${new Date(started).toLocaleTimeString()}`,
    detail: cwd,
  }
}

/** As it would be written where the program runs, unless that is longer. */
function relative(cwd: string, file: string): string {
  const from = path.relative(cwd, file)
  return from.length < file.length ? from : file
}

function isHere({ program }: Item): boolean {
  return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(program.cwd)) !== undefined
}
