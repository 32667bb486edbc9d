import type { SourcePlace } from '@forkline/viewer/messages'
import * as vscode from 'vscode'

/**
 * Opens a line that a recording names. A recording may come from anywhere: a file outside the workspace is opened
 * only after asking.
 */
export async function openSource({ file, line, column }: SourcePlace, beside: boolean): Promise<void> {
  const uri = vscode.Uri.file(file)
  if (vscode.workspace.getWorkspaceFolder(uri) === undefined) {
    const open = 'Open'
    const detail = 'The recording names this file, and it lies outside the workspace.'
    const answer = await vscode.window.showWarningMessage(`Open ${file}?`, { modal: true, detail }, open)
    if (answer !== open) return
  }
  const position = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1))
  try {
    await vscode.window.showTextDocument(uri, {
      viewColumn: beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
      selection: new vscode.Range(position, position),
      preview: true,
    })
  } catch (error) {
    void vscode.window.showErrorMessage(`${file} cannot be opened: ${error instanceof Error ? error.message : String(error)}`)
  }
}
