import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import * as vscode from 'vscode'
import { fileUri, openFile, show, writeToDisk } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { test } from '../harness.ts'
import {
  accept,
  askInTheEditor,
  cliPath,
  forkline,
  listen,
  tasksShown,
  timelineTabs,
  untilThereIs,
} from '../timeline.ts'

test('attaches to a program that runs, follows it, and saves what it has when told to stop', async () => {
  const told = await listen()
  await askInTheEditor()
  const programs = fileUri('programs').fsPath
  process.env['FORKLINE_LIVE_DIR'] = programs
  const stop = fileUri('attached/stop').fsPath
  const program = await writeToDisk('attached/turns.mjs', untilThereIs(stop))
  const out = fileUri('attached/attached.fltrace').fsPath
  const running = spawn('node', [cliPath(), 'run', '--live', '--out', out, '--', 'node', program.fsPath])
  const ended = once(running, 'exit')
  try {
    await eventually(
      'the program to make itself known',
      () => existsSync(programs) && readdirSync(programs).some((name) => name.endsWith('.json')),
    )
    const attached = vscode.commands.executeCommand('forkline.attach')
    await accept('the program to be picked from the list', () => timelineTabs().length === 1)
    await attached
    await eventually('first tasks on the screen', () => tasksShown(told, 'attached') >= 2)
    const first = tasksShown(told, 'attached')
    await eventually('more tasks on the screen, while the program runs', () => tasksShown(told, 'attached') > first)

    const stopped = vscode.commands.executeCommand('forkline.stopRecording')
    const saved = fileUri('attached.fltrace').fsPath
    await accept('the recording to be saved', () => existsSync(saved))
    await stopped
    assert.equal(running.exitCode, null, 'a program that was only attached to must not be ended')
    const copy = await readFile(saved)
    assert.deepEqual(copy, (await readFile(out)).subarray(0, copy.length))
    const summary = JSON.parse(await forkline('trace', 'summary', '--format', 'json', saved)) as {
      tasks: { total: number }
    }
    assert.ok(
      summary.tasks.total >= first,
      `${String(summary.tasks.total)} tasks were saved, and ${String(first)} seen`,
    )
  } finally {
    await writeFile(stop, '')
    await ended
    delete process.env['FORKLINE_LIVE_DIR']
  }
})

test('follows the program that it has started, interrupts it when told to stop, and saves what it did', async () => {
  const told = await listen()
  await askInTheEditor()
  const { process: program } = await recordEndless('stopped')
  await eventually('first tasks on the screen', () => tasksShown(told, 'stopped') >= 2)
  const first = tasksShown(told, 'stopped')
  await eventually('more tasks on the screen, while the program runs', () => tasksShown(told, 'stopped') > first)
  const stopped = vscode.commands.executeCommand('forkline.stopRecording')
  await accept('the recording to be saved', () =>
    readdirSync(fileUri('.').fsPath).some((name) => name.startsWith('stopped') && name.endsWith('.fltrace')),
  )
  await stopped
  assert.equal(isAlive(program), false)
  await eventually('the task to end', () => vscode.tasks.taskExecutions.length === 0)
})

test('a program ends with the terminal that it is recorded in', async () => {
  const { process: program } = await recordEndless('closed')
  for (const execution of vscode.tasks.taskExecutions) execution.terminate()
  await eventually('the program to end', () => !isAlive(program))
})

/** Records a program that does not end by itself. */
async function recordEndless(name: string): Promise<{ readonly process: number }> {
  const pid = fileUri(`${name}/pid`).fsPath
  const code = untilThereIs(fileUri(`${name}/never`).fsPath)
    .replace('{ existsSync }', '{ existsSync, writeFileSync }')
    .replace('while', `writeFileSync(${JSON.stringify(pid)}, String(process.pid))\nwhile`)
  const { document } = await openFile(`${name}/${name}.mjs`, code)
  await show(document.uri)
  await vscode.commands.executeCommand('forkline.recordFile')
  // The file is there before the number is in it.
  const number = (): number => (existsSync(pid) ? Number(readFileSync(pid, 'utf8')) : 0)
  return { process: await eventually('the program to run', () => number() > 0 && number()) }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
