import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { expectFindings, openFile, rangeOf } from '../editor.ts'
import { test } from '../harness.ts'
import { ASYNC_FOREACH, ASYNC_FOREACH_IN_JAVASCRIPT, CLEAN, DROPPED_ARRAY } from '../sources.ts'

test('shows a finding where it is, as what it is, with a page to read', async () => {
  const { document } = await openFile('notify.ts', ASYNC_FOREACH)
  const [finding] = await expectFindings(document.uri, ['no-async-foreach'])
  assert.ok(finding)
  assert.equal(finding.source, 'forkline')
  assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning)
  assert.match(finding.message, /\S/u)
  const call = rangeOf(document, 'ids.forEach(async (id) => {\n    await notify(id)\n  })')
  assert.ok(call.contains(finding.range), `${JSON.stringify(finding.range)} is not in ${JSON.stringify(call)}`)
  assert.ok(typeof finding.code === 'object')
  assert.equal(finding.code.value, 'no-async-foreach')
  assert.match(finding.code.target.toString(), /no-async-foreach/u)
})

test('finds nothing in a file that is right', async () => {
  const wrong = await openFile('wrong.ts', ASYNC_FOREACH)
  const right = await openFile('right.ts', CLEAN)
  await expectFindings(wrong.document.uri, ['no-async-foreach'])
  await expectFindings(right.document.uri, [])
})

for (const extension of ['ts', 'tsx', 'mts', 'cts']) {
  test(`looks at .${extension} files`, async () => {
    const { document } = await openFile(`kinds/notify.${extension}`, ASYNC_FOREACH)
    await expectFindings(document.uri, ['no-async-foreach'])
  })
}

for (const extension of ['js', 'jsx', 'mjs', 'cjs']) {
  test(`looks at .${extension} files`, async () => {
    const { document } = await openFile(`kinds/notify.${extension}`, ASYNC_FOREACH_IN_JAVASCRIPT)
    await expectFindings(document.uri, ['no-async-foreach'])
  })
}

test('looks at a file that has no name yet', async () => {
  const document = await vscode.workspace.openTextDocument({ language: 'typescript', content: DROPPED_ARRAY })
  await vscode.window.showTextDocument(document)
  await expectFindings(document.uri, ['no-dropped-promise-array'])
})
