import assert from 'node:assert/strict'
import { expectFindings, findings, openFile, rangeOf, replace, ruleOf } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { test } from '../harness.ts'
import { ASYNC_FOREACH, CLEAN, DROPPED_ARRAY } from '../sources.ts'

test('follows the text while it is typed, unsaved', async () => {
  const editor = await openFile('typed.ts', CLEAN)
  const { uri } = editor.document
  await expectFindings(uri, [])

  const loop = 'for (const id of ids) {\n    await notify(id)\n  }'
  const forEach = 'ids.forEach(async (id) => {\n    await notify(id)\n  })'
  await replace(editor, loop, forEach)
  await expectFindings(uri, ['no-async-foreach'])

  await replace(editor, forEach, loop)
  await expectFindings(uri, [])
  assert.ok(editor.document.isDirty)
})

test('keeps a finding on its code when lines are inserted above', async () => {
  const editor = await openFile('moved.ts', DROPPED_ARRAY)
  const { uri } = editor.document
  await expectFindings(uri, ['no-dropped-promise-array'])

  await replace(editor, 'declare function commit', '// one\n// two\ndeclare function commit')
  const line = rangeOf(editor.document, 'entries.map').start.line
  await eventually(
    `the finding on line ${String(line + 1)}`,
    () => findings(uri).length === 1 && findings(uri)[0]?.range.start.line === line,
  )
})

test('sees through a syntax error that is being typed', async () => {
  const editor = await openFile('broken.ts', ASYNC_FOREACH)
  const { uri } = editor.document
  await expectFindings(uri, ['no-async-foreach'])

  await replace(editor, 'await notify(id)', 'await notify(id')
  await replace(editor, 'await notify(id', 'await notify(id)')
  const found = await expectFindings(uri, ['no-async-foreach'])
  assert.deepEqual(found.map(ruleOf), ['no-async-foreach'])
})
