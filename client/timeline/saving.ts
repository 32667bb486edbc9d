import path from 'node:path'
import * as vscode from 'vscode'
import { filesOfRun } from './runFiles.ts'

/**
 * Asks where a file is to go.
 *
 * @param name A file name to propose, in the first folder of the workspace.
 * @returns Undefined when the answer was none.
 */
export async function askWhereTo(name: string, title: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  const defaultUri = folder === undefined ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder, name)
  return vscode.window.showSaveDialog({ defaultUri, title })
}

/**
 * Copies a recording, and those of the other processes of its run, as far as they have been written. The copies lie
 * side by side as the files themselves do, so that they are read as one run again.
 *
 * @throws What the file system says when one cannot be read or written.
 */
export async function saveRecording(recording: string, target: vscode.Uri): Promise<void> {
  const [stem = ''] = path.basename(recording).split('.')
  const { name, base } = path.parse(target.path)
  for (const { path: file } of await filesOfRun(recording)) {
    const own = file === recording
    const rest = path.basename(file).slice(stem.length)
    // The one that was asked for may be that of another process than the first, whose name is the shortest.
    const beside = `${name}${rest}` === base ? `${name}.0${rest}` : `${name}${rest}`
    const copy = own ? target : vscode.Uri.joinPath(target, '..', beside)
    await vscode.workspace.fs.copy(vscode.Uri.file(file), copy, { overwrite: true })
  }
}
