import type { SourcePlace } from '@forkline/viewer/messages'
import * as vscode from 'vscode'

/**
 * Opens a line that a recording names. A recording may come from anywhere: a file outside the workspace is opened
 * only after asking.
 *
 * @param beside Not over the timeline, but where sources are shown already, or in a column of its own.
 * @param from The column of the timeline.
 */
export async function openSource(
  { file, line, column }: SourcePlace,
  beside: boolean,
  from: vscode.ViewColumn | undefined,
): Promise<void> {
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
      viewColumn: beside ? columnBeside(uri, from) : vscode.ViewColumn.Active,
      selection: new vscode.Range(position, position),
      preview: true,
    })
  } catch (error) {
    void vscode.window.showErrorMessage(
      `${file} cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function columnBeside(uri: vscode.Uri, from: vscode.ViewColumn | undefined): vscode.ViewColumn {
  const others = vscode.window.visibleTextEditors.filter(
    ({ viewColumn }) => viewColumn !== undefined && viewColumn !== from,
  )
  const same = others.find(({ document }) => document.uri.toString() === uri.toString())
  return (same ?? others[0])?.viewColumn ?? vscode.ViewColumn.Beside
}
