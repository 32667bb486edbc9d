import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import * as vscode from 'vscode'
import { extension } from './editor.ts'
import { eventually } from './eventually.ts'

/** What timelines say that they show. */
export interface Shown {
  readonly uri: vscode.Uri
  readonly tasks: number
  readonly problems: number
}

/** Where the reader of a timeline is, as far as tests ask. */
export interface Place {
  readonly uri: vscode.Uri
  readonly state: {
    readonly start: number
    readonly end: number
    readonly task: number | null
    readonly filter: string
    readonly panel: string
  }
}

interface Api {
  readonly onDidShowTimeline: vscode.Event<Shown>
  readonly onDidMoveInTimeline: vscode.Event<Place>
}

/** What timelines have said since; the latest last. */
export interface Told {
  readonly shown: readonly Shown[]
  readonly places: readonly Place[]
}

/** Gathers what timelines say from now on. */
export async function listen(): Promise<Told> {
  const { onDidShowTimeline, onDidMoveInTimeline } = (await extension().activate()) as Api
  const shown: Shown[] = []
  const places: Place[] = []
  onDidShowTimeline((event) => shown.push(event))
  onDidMoveInTimeline((event) => places.push(event))
  return { shown, places }
}

/** How many tasks of a recording are on the screen; the file's name holds `name`. */
export function tasksShown({ shown }: Told, name: string): number {
  return shown.findLast(({ uri }) => path.basename(uri.fsPath).includes(name))?.tasks ?? 0
}

/** The tabs that show timelines. */
export function timelineTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputCustom && input.viewType === 'forkline.timeline')
}

/** The command line that is built beside the extension. */
export function cliPath(): string {
  return path.join(extension().extensionPath, 'dist/cli.js')
}

/**
 * Runs the command line of Forkline.
 *
 * @returns What it printed.
 * @throws {Error} When it did not end with 0.
 */
export async function forkline(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('node', [cliPath(), ...args])
  return stdout
}

/** Three tasks that run side by side. */
export const PROGRAM = `const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
await Promise.all([10, 20, 30].map(async (ms) => { await sleep(ms) }))
`

/** A program that goes on, two tasks at a time, until there is a file. */
export function untilThereIs(file: string): string {
  return `import { existsSync } from 'node:fs'
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
while (!existsSync(${JSON.stringify(file)})) await Promise.all([sleep(20), sleep(10)])
`
}

/** Says yes to the list or the dialog that is open, or will be: again and again, until that has shown. */
export async function accept(expected: string, done: () => boolean): Promise<void> {
  await eventually(expected, async () => {
    if (done()) return true
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem')
    return done()
  })
}

/** Has dialogs for files be lists of the editor's own, which a test can answer, on the desktop too. */
export async function askInTheEditor(): Promise<void> {
  await vscode.workspace
    .getConfiguration('files')
    .update('simpleDialog.enable', true, vscode.ConfigurationTarget.Global)
}
