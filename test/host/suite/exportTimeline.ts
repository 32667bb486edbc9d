import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import * as vscode from 'vscode'
import { fileUri, writeToDisk } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { test } from '../harness.ts'
import { accept, askInTheEditor, forkline, listen, PROGRAM, tasksShown } from '../timeline.ts'

const PNG = Buffer.from('89504e470d0a1a0a', 'hex')

test('exports what is seen, and all of it for other tools', async () => {
  const told = await listen()
  await askInTheEditor()
  const program = await writeToDisk('exported/program.mjs', PROGRAM)
  const recording = fileUri('exported/side-by-side.fltrace')
  await forkline('run', '--out', recording.fsPath, '--', 'node', program.fsPath)
  await vscode.commands.executeCommand('forkline.openTimeline', recording)
  await eventually('the timeline to be on the screen', () => tasksShown(told, 'side-by-side') >= 3)

  const png = await exported('png', '.png')
  assert.deepEqual(png.subarray(0, PNG.length), PNG)
  assert.ok(png.readUInt32BE(16) > 200 && png.readUInt32BE(20) > 200, 'the picture is as large as what is seen')

  const svg = (await exported('svg', '.svg')).toString()
  assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/u)
  assert.ok((svg.match(/<rect /gu) ?? []).length >= 3, 'every task has its bar')

  const report = (await exported('report', '.html')).toString()
  assert.match(report, /<title>side-by-side\.fltrace<\/title>/u)
  assert.match(report, /class="forkline-recording"/u)

  for (const [format, ending] of [
    ['perfetto', '.pftrace'],
    ['chrome', '.json'],
    ['otlp', '.jsonl'],
  ] as const) {
    const byTerminal = fileUri(`exported/terminal${ending}`).fsPath
    await forkline('trace', 'export', recording.fsPath, '--to', format, '-o', byTerminal)
    assert.deepEqual(await exported(format, ending), await readFile(byTerminal), `as by the terminal: ${format}`)
  }
  assert.deepEqual(await exported('recording', '.fltrace'), await readFile(recording.fsPath))
})

/** Exports the timeline in front, and gives what has come to lie in the workspace. */
async function exported(format: string, ending: string): Promise<Buffer> {
  const { fsPath } = fileUri(`side-by-side${ending}`)
  const done = vscode.commands.executeCommand('forkline.exportTimeline', format)
  await accept(`the export as ${format}`, () => existsSync(fsPath))
  await done
  return eventually(`all of the export as ${format}`, async () => {
    const bytes = await readFile(fsPath)
    return bytes.length > 0 && bytes
  })
}
