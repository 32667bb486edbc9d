import assert from 'node:assert/strict'
import { expectFindings, openFile, rangeOf, replace, ruleOf } from '../editor.ts'
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
  const [finding] = await expectFindings(uri, ['no-dropped-promise-array'])
  assert.ok(finding)
  assert.equal(finding.range.start.line, rangeOf(editor.document, 'entries.map').start.line)
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
