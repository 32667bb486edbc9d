import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import * as vscode from 'vscode'
import { extension, fileUri, writeToDisk } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { test } from '../harness.ts'
import { forkline, listen, tasksShown } from '../timeline.ts'

/** What is compiled from it lacks the types, so its lines are others. */
const SOURCE = `interface Job {
  readonly ms: number
}

type Jobs = readonly Job[]

const jobs: Jobs = [{ ms: 10 }, { ms: 20 }, { ms: 30 }]

await Promise.all(
  jobs.map(async ({ ms }): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, ms))
  }),
)
`

const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'dom'],
    module: 'nodenext',
    types: [],
    strict: true,
    sourceMap: true,
    rootDir: 'src',
    outDir: 'out',
  },
  include: ['src'],
}

test('leads from a task of a compiled program to the line of its TypeScript source', async () => {
  const told = await listen()
  const source = await writeToDisk('compiled/src/program.mts', SOURCE)
  const project = await writeToDisk('compiled/tsconfig.json', JSON.stringify(TSCONFIG))
  const compiler = path.join(extension().extensionPath, 'node_modules/typescript/bin/tsc')
  await promisify(execFile)('node', [compiler, '--project', project.fsPath])
  const recording = fileUri('compiled/compiled.fltrace')
  await forkline('run', '--out', recording.fsPath, '--', 'node', fileUri('compiled/out/program.mjs').fsPath)

  await vscode.commands.executeCommand('forkline.openTimeline', recording.with({ fragment: 'task=2' }))
  await eventually('the timeline to be on the screen', () => tasksShown(told, 'compiled') >= 3)
  await eventually('the task to be selected', () => told.places.at(-1)?.state.task === 2)

  const shown = (): string => vscode.window.activeTextEditor?.document.uri.fsPath ?? 'no text'
  const editor = await eventually(
    'the TypeScript source to be open',
    async () => {
      // Asked again: until the source map has been read, it leads to what ran.
      await vscode.commands.executeCommand('forkline.timeline.openSource')
      return shown() === source.fsPath && vscode.window.activeTextEditor
    },
    () => `it shows ${shown()}`,
  )
  const line = editor.document.lineAt(editor.selection.active.line).text
  assert.equal(line, 'await Promise.all(')
})
