import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import * as vscode from 'vscode'
import { fileUri, openFile, show, writeToDisk } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { test } from '../harness.ts'
import { forkline, listen, PROGRAM, tasksShown, timelineTabs, untilThereIs } from '../timeline.ts'

test('shows a recording', async () => {
  const told = await listen()
  const program = await writeToDisk('recorded/program.mjs', PROGRAM)
  const out = fileUri('recorded/program.fltrace')
  await forkline('run', '--out', out.fsPath, '--', 'node', program.fsPath)

  await vscode.commands.executeCommand('forkline.openTimeline', out)
  await eventually('the timeline to be on the screen', () => tasksShown(told, 'program') >= 3)
  assert.equal(timelineTabs().length, 1)
})

test('opens a recording at the task that its address or a link names', async () => {
  const told = await listen()
  const program = await writeToDisk('linked/program.mjs', PROGRAM)
  const out = fileUri('linked/linked.fltrace')
  await forkline('run', '--out', out.fsPath, '--', 'node', program.fsPath)

  await vscode.commands.executeCommand('forkline.openTimeline', out.with({ fragment: 'task=2' }))
  await eventually('the task to be selected', () => told.places.at(-1)?.state.task === 2)

  // VS Code asks before it follows a link to an extension, unless it has been told.
  await vscode.workspace.getConfiguration('extensions')
    .update('confirmedUriHandlerExtensionIds', ['forkline.forkline'], vscode.ConfigurationTarget.Global)
  const link = new URLSearchParams({ file: out.fsPath, task: '1' }).toString()
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(`${vscode.env.uriScheme}://forkline.forkline/timeline?${link}`))
  await eventually('the task of the link to be selected', () => told.places.at(-1)?.state.task === 1)
})

test('records the file in front, and shows it while it runs and afterwards', async () => {
  const told = await listen()
  const { document } = await openFile('live/slow.mjs', PROGRAM.replace('30', '1500'))
  await show(document.uri)
  await vscode.commands.executeCommand('forkline.recordFile')
  await eventually('all tasks of the program to be on the screen', () => tasksShown(told, 'slow') >= 3)
})

test('follows a program while it runs', async () => {
  const told = await listen()
  const stop = fileUri('live/stop')
  const { document } = await openFile('live/turns.mjs', untilThereIs(stop.fsPath))
  await show(document.uri)
  await vscode.commands.executeCommand('forkline.recordFile')
  await eventually('first tasks on the screen', () => tasksShown(told, 'turns') >= 2)
  const first = tasksShown(told, 'turns')
  await eventually('more tasks on the screen, while the program runs', () => tasksShown(told, 'turns') > first)
  await writeFile(stop.fsPath, '')
  await eventually('the program to end', () => vscode.tasks.taskExecutions.length === 0)
})

test('records a task of tasks.json, each time into a file of its own', async () => {
  const told = await listen()
  const program = await writeToDisk('tasks/program.mjs', PROGRAM)
  const definition = { type: 'forkline', command: ['node', program.fsPath], out: 'tasks/task.fltrace' }
  await writeToDisk('.vscode/tasks.json', JSON.stringify({ version: '2.0.0', tasks: [{ ...definition, label: 'program' }] }))
  for (const name of ['task.fltrace', 'task-2.fltrace']) {
    const task = await eventually('the task', async () =>
      (await vscode.tasks.fetchTasks({ type: 'forkline' })).find((one) => one.definition['out'] === definition.out))
    await vscode.tasks.executeTask(task)
    await eventually(`${name} to be on the screen`, () => tasksShown(told, name) >= 3)
    await eventually('the program to end', () => vscode.tasks.taskExecutions.length === 0)
  }
})

test('says why a file is no recording, rather than show nothing', async () => {
  const before = timelineTabs().length
  const file = fileUri('foreign.fltrace')
  await writeFile(file.fsPath, 'hello')
  await vscode.commands.executeCommand('vscode.openWith', file, 'forkline.timeline')
  await eventually('the editor to open', () => timelineTabs().length === before + 1)
})
