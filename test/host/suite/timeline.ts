import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import * as vscode from 'vscode'
import { extension, fileUri, openFile, show, writeToDisk } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { test } from '../harness.ts'

interface Shown {
  readonly uri: vscode.Uri
  readonly tasks: number
  readonly problems: number
}

const PROGRAM = `const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
await Promise.all([10, 20, 30].map(async (ms) => { await sleep(ms) }))
`

/** Gathers what timelines say that they show. */
async function listen(): Promise<readonly Shown[]> {
  const { onDidShowTimeline } = (await extension().activate()) as { onDidShowTimeline: vscode.Event<Shown> }
  const shown: Shown[] = []
  onDidShowTimeline((event) => shown.push(event))
  return shown
}

function timelineTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputCustom && input.viewType === 'forkline.timeline')
}

test('shows a recording', async () => {
  const shown = await listen()
  const program = await writeToDisk('recorded/program.mjs', PROGRAM)
  const out = fileUri('recorded/program.fltrace')
  const cli = path.join(extension().extensionPath, 'dist/cli.js')
  const ran = spawnSync('node', [cli, 'run', '--out', out.fsPath, '--', 'node', program.fsPath], { encoding: 'utf8' })
  assert.equal(ran.status, 0, ran.stderr)

  await vscode.commands.executeCommand('forkline.openTimeline', out)
  await eventually('the timeline to be on the screen', () => shown.some(({ uri, tasks }) => uri.fsPath === out.fsPath && tasks >= 3))
  assert.equal(timelineTabs().length, 1)
})

test('records the file in front, and shows it while it runs and afterwards', async () => {
  const shown = await listen()
  const { document } = await openFile('live/slow.mjs', PROGRAM.replace('30', '1500'))
  await show(document.uri)
  await Promise.all([
    vscode.commands.executeCommand('forkline.recordFile'),
    eventually('all tasks of the program to be on the screen', () =>
      shown.some(({ uri, tasks }) => uri.fsPath.includes('slow') && tasks >= 3)),
  ])
})

test('follows a program while it runs', async () => {
  const shown = await listen()
  const stop = fileUri('live/stop')
  const { document } = await openFile('live/turns.mjs', `import { existsSync } from 'node:fs'
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
while (!existsSync(${JSON.stringify(stop.fsPath)})) await Promise.all([sleep(20), sleep(10)])
`)
  await show(document.uri)
  const tasks = (): number => shown.findLast(({ uri }) => uri.fsPath.includes('turns'))?.tasks ?? 0
  await vscode.commands.executeCommand('forkline.recordFile')
  await eventually('first tasks on the screen', () => tasks() >= 2)
  const first = tasks()
  await eventually('more tasks on the screen, while the program runs', () => tasks() > first)
  await writeFile(stop.fsPath, '')
  await eventually('the program to end', () => vscode.tasks.taskExecutions.length === 0)
})

test('says why a file is no recording, rather than show nothing', async () => {
  const before = timelineTabs().length
  const file = fileUri('foreign.fltrace')
  await writeFile(file.fsPath, 'hello')
  await vscode.commands.executeCommand('vscode.openWith', file, 'forkline.timeline')
  await eventually('the editor to open', () => timelineTabs().length === before + 1)
})
