import * as vscode from 'vscode'
import { expectFindings, openFile, replace } from '../editor.ts'
import { test } from '../harness.ts'
import { ASYNC_FOREACH } from '../sources.ts'

test('finds the same after a restart of the server, and goes on following edits', async () => {
  const editor = await openFile('restarted.ts', ASYNC_FOREACH)
  const { uri } = editor.document
  await expectFindings(uri, ['no-async-foreach'])

  await vscode.commands.executeCommand('forkline.restartServer')
  await expectFindings(uri, ['no-async-foreach'])

  await replace(editor, 'ids.forEach(async (id) => {\n    await notify(id)\n  })', 'await notify(ids.join())')
  await expectFindings(uri, [])
})

test('shows its log', async () => {
  await openFile('logged.ts', ASYNC_FOREACH)
  await vscode.commands.executeCommand('forkline.showOutput')
})
