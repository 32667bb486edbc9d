import * as vscode from 'vscode'
import { writeToDisk } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { test } from '../harness.ts'
import { listen, PROGRAM, tasksShown } from '../timeline.ts'

test('records what is debugged, where the configuration asks for it', async () => {
  const told = await listen()
  const program = await writeToDisk('debugged/program.mjs', PROGRAM)
  const [folder] = vscode.workspace.workspaceFolders ?? []
  const launch = { type: 'node', request: 'launch', program: program.fsPath, console: 'internalConsole' }
  await vscode.debug.startDebugging(folder, { ...launch, name: 'debugged', forkline: true })
  await eventually('the tasks of the program to be on the screen', () => tasksShown(told, 'debugged') >= 3)
  await eventually('the program to end', () => vscode.debug.activeDebugSession === undefined)
})
