import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import * as vscode from 'vscode'
import { fileUri, writeToDisk } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { test } from '../harness.ts'
import { forkline, listen, PROGRAM, tasksShown, timelineTabs } from '../timeline.ts'

test('shows a recording, at the task that its address or a link names', async () => {
  const told = await listen()
  const program = await writeToDisk('recorded/program.mjs', PROGRAM)
  const out = fileUri('recorded/program.fltrace')
  await forkline('run', '--out', out.fsPath, '--', 'node', program.fsPath)

  await vscode.commands.executeCommand('forkline.openTimeline', out.with({ fragment: 'task=2' }))
  await eventually('the timeline to be on the screen', () => tasksShown(told, 'program') >= 3)
  assert.equal(timelineTabs().length, 1)
  await eventually('the task to be selected', () => told.places.at(-1)?.state.task === 2)

  // VS Code asks before it follows a link to an extension, unless it has been told.
  await vscode.workspace
    .getConfiguration('extensions')
    .update('confirmedUriHandlerExtensionIds', ['forkline.forkline'], vscode.ConfigurationTarget.Global)
  const link = new URLSearchParams({ file: out.fsPath, task: '1' }).toString()
  await vscode.commands.executeCommand(
    'vscode.open',
    vscode.Uri.parse(`${vscode.env.uriScheme}://forkline.forkline/timeline?${link}`),
  )
  await eventually('the task of the link to be selected', () => told.places.at(-1)?.state.task === 1)
})

test('records a task of tasks.json, each time into a file of its own', async () => {
  const told = await listen()
  const program = await writeToDisk('tasks/program.mjs', PROGRAM)
  const definition = { type: 'forkline', command: ['node', program.fsPath], out: 'tasks/task.fltrace' }
  await writeToDisk(
    '.vscode/tasks.json',
    JSON.stringify({ version: '2.0.0', tasks: [{ ...definition, label: 'program' }] }),
  )
  for (const name of ['task.fltrace', 'task-2.fltrace']) {
    const task = await eventually('the task', async () =>
      (await vscode.tasks.fetchTasks({ type: 'forkline' })).find((one) => one.definition['out'] === definition.out),
    )
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
