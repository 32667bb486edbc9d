import assert from 'node:assert/strict'
import type * as vscode from 'vscode'
import { choose, codeActions, expectFindings, openFile } from '../editor.ts'
import { test } from '../harness.ts'
import { ASYNC_FOREACH, TWO_DROPPED_ARRAYS } from '../sources.ts'

test('disables a rule for a line', async () => {
  const { document } = await openFile('line.ts', TWO_DROPPED_ARRAYS)
  const dropped = 'no-dropped-promise-array'
  const [first] = await expectFindings(document.uri, [dropped, dropped])
  assert.ok(first)
  await choose(await disableAction(document, first, 'line'))
  assert.match(
    document.getText(),
    /^ {2}\/\/ eslint-disable-next-line forkline\/no-dropped-promise-array\n {2}removed/mu,
  )
  await expectFindings(document.uri, [dropped])
})

test('disables a rule for the entire file', async () => {
  const { document } = await openFile('entire.ts', TWO_DROPPED_ARRAYS)
  const dropped = 'no-dropped-promise-array'
  const [first] = await expectFindings(document.uri, [dropped, dropped])
  assert.ok(first)
  await choose(await disableAction(document, first, 'file'))
  assert.match(document.getText(), /^\/\* eslint-disable forkline\/no-dropped-promise-array \*\/\n/u)
  await expectFindings(document.uri, [])
})

test('honours a comment that was there before, with its reason', async () => {
  const text = ASYNC_FOREACH.replace(
    '  ids.forEach',
    '  // eslint-disable-next-line forkline/no-async-foreach -- the caller does not wait\n  ids.forEach',
  )
  const quiet = await openFile('reason.ts', text)
  const loud = await openFile('loud.ts', ASYNC_FOREACH)
  await expectFindings(loud.document.uri, ['no-async-foreach'])
  await expectFindings(quiet.document.uri, [])
})

async function disableAction(
  document: vscode.TextDocument,
  finding: vscode.Diagnostic,
  where: 'line' | 'file',
): Promise<vscode.CodeAction> {
  const offered = await codeActions(document.uri, finding.range)
  const found = offered.find(({ title }) => title.startsWith('Disable') && title.includes(where))
  assert.ok(found, `nothing disables for the ${where} among: ${offered.map(({ title }) => title).join('; ')}`)
  return found
}
