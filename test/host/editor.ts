import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import * as vscode from 'vscode'
import { eventually } from './eventually.ts'

const EXTENSION = 'forkline.forkline'
/** What belongs to the workspace rather than to one test. */
const KEPT = ['tsconfig.json', '.vscode']

/** The extension under test. */
export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension(EXTENSION)
  if (found === undefined) throw new Error(`${EXTENSION} is not loaded`)
  return found
}

/** The folder that VS Code has open. */
export function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]
  if (folder === undefined) throw new Error('No folder is open')
  return folder.uri
}

/** A file of the workspace by its relative path. */
export function fileUri(name: string): vscode.Uri {
  return vscode.Uri.joinPath(workspaceFolder(), name)
}

/** Writes a file straight to disk, behind the editor's back. */
export async function writeToDisk(name: string, text: string): Promise<vscode.Uri> {
  const uri = fileUri(name)
  await mkdir(path.dirname(uri.fsPath), { recursive: true })
  await writeFile(uri.fsPath, text)
  return uri
}

/** Writes a file and shows it. */
export async function openFile(name: string, text: string): Promise<vscode.TextEditor> {
  return show(await writeToDisk(name, text))
}

/** Shows a file that is on disk. */
export async function show(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false })
}

/** Types `after` in place of the only occurrence of `before`, without saving. */
export async function replace(editor: vscode.TextEditor, before: string, after: string): Promise<void> {
  const range = rangeOf(editor.document, before)
  const done = await editor.edit((edit) => {
    edit.replace(range, after)
  })
  if (!done) throw new Error(`The editor did not take the edit of ${editor.document.uri.fsPath}`)
}

/** Where `text` first stands in the document. */
export function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  const start = document.getText().indexOf(text)
  if (start === -1) throw new Error(`Expected \`${text}\` in:\n${document.getText()}`)
  return new vscode.Range(document.positionAt(start), document.positionAt(start + text.length))
}

/** What Forkline says of a file at this moment. */
export function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'forkline')
}

/** The rule that a finding comes from. */
export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code).replace(/^forkline\//u, '')
}

/**
 * Waits until the findings of a file are of exactly these rules, in any order, and gives them.
 *
 * @throws {Error} With what is found instead, after 30 seconds.
 */
export async function expectFindings(uri: vscode.Uri, rules: readonly string[]): Promise<vscode.Diagnostic[]> {
  const wanted = rules.toSorted().join(', ')
  const found = (): string => findings(uri).map(ruleOf).toSorted().join(', ')
  await eventually(
    `[${wanted}] in ${path.basename(uri.fsPath)}`,
    () => found() === wanted,
    () => `it shows [${found()}]`,
  )
  return findings(uri)
}

/** The code actions that the menu would offer at a range, complete with their edits. */
export async function codeActions(
  uri: vscode.Uri,
  range: vscode.Range,
  kind?: vscode.CodeActionKind,
): Promise<vscode.CodeAction[]> {
  const resolveAll = 100
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    kind?.value,
    resolveAll,
  )
}

/** Does what choosing the action from the menu does. */
export async function choose(action: vscode.CodeAction): Promise<void> {
  if (action.edit !== undefined && !(await vscode.workspace.applyEdit(action.edit))) {
    throw new Error(`The editor did not take the edit of "${action.title}"`)
  }
  if (action.command !== undefined) {
    await vscode.commands.executeCommand(action.command.command, ...((action.command.arguments ?? []) as unknown[]))
  }
}

/** Changes a `forkline.*` setting of the workspace; `undefined` takes it back. */
export async function configure(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('forkline').update(name, value, vscode.ConfigurationTarget.Workspace)
}

/** Forgets unsaved changes, closes all editors, and removes what the test wrote. */
export async function closeAndRemove(): Promise<void> {
  while (vscode.window.activeTextEditor !== undefined) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors')
  const folder = workspaceFolder().fsPath
  for (const name of await readdir(folder)) {
    if (!KEPT.includes(name)) await rm(path.join(folder, name), { recursive: true, force: true })
  }
}
