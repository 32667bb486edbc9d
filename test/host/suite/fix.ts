import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { choose, codeActions, expectFindings, openFile } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { test } from '../harness.ts'
import { ASYNC_FOREACH, DROPPED_ARRAY, TWO_DROPPED_ARRAYS } from '../sources.ts'

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('forkline')

test('mends a finding with one click, and takes it back with one undo', async () => {
  const { document } = await openFile('rebuild.ts', DROPPED_ARRAY)
  const [finding] = await expectFindings(document.uri, ['no-dropped-promise-array'])
  assert.ok(finding)

  const offered = await codeActions(document.uri, finding.range, vscode.CodeActionKind.QuickFix)
  const [first] = offered.filter(({ isPreferred }) => isPreferred === true)
  assert.ok(first, `no preferred action among: ${offered.map(({ title }) => title).join('; ')}`)
  assert.equal(offered[0]?.title, first.title, 'the preferred action comes first')
  await choose(first)
  assert.match(document.getText(), /await Promise\.all\(\s*entries\.map\(/u)
  await expectFindings(document.uri, [])

  await vscode.commands.executeCommand('undo')
  assert.equal(document.getText(), DROPPED_ARRAY)
  await expectFindings(document.uri, ['no-dropped-promise-array'])
})

test('every way out of an async forEach leaves code without it', async () => {
  const { document } = await openFile('ways.ts', ASYNC_FOREACH)
  const range = async (): Promise<vscode.Range> => {
    const [finding] = await expectFindings(document.uri, ['no-async-foreach'])
    assert.ok(finding)
    return finding.range
  }
  const mending = async (): Promise<vscode.CodeAction[]> =>
    (await codeActions(document.uri, await range(), vscode.CodeActionKind.QuickFix)).filter(
      ({ edit, title }) => edit !== undefined && !title.startsWith('Disable'),
    )
  const count = (await mending()).length
  assert.ok(count > 0, 'nothing is offered')
  for (let index = 0; index < count; index++) {
    const action = (await mending())[index]
    assert.ok(action)
    await choose(action)
    assert.doesNotMatch(document.getText(), /forEach/u, action.title)
    await eventually(
      `no-async-foreach to go after "${action.title}"`,
      () =>
        !vscode.languages
          .getDiagnostics(document.uri)
          .some(
            ({ source, code }) =>
              source === 'forkline' && typeof code === 'object' && code.value === 'no-async-foreach',
          ),
    )
    await vscode.commands.executeCommand('undo')
    assert.equal(document.getText(), ASYNC_FOREACH)
  }
})

test('mends all that is safe in the file at once', async () => {
  const { document } = await openFile('replace.ts', TWO_DROPPED_ARRAYS)
  await expectFindings(document.uri, ['no-dropped-promise-array', 'no-dropped-promise-array'])

  const whole = new vscode.Range(0, 0, document.lineCount, 0)
  const [fixAll, ...others] = await codeActions(document.uri, whole, FIX_ALL)
  assert.ok(fixAll)
  assert.deepEqual(
    others.map(({ title }) => title),
    [],
  )
  await choose(fixAll)
  assert.equal(document.getText().match(/await Promise\.all\(/gu)?.length, 2)
  await expectFindings(document.uri, [])
})

test('mends on save where the user asked for it', async () => {
  const editorSettings = vscode.workspace.getConfiguration('editor')
  await editorSettings.update(
    'codeActionsOnSave',
    { 'source.fixAll.forkline': 'explicit' },
    vscode.ConfigurationTarget.Workspace,
  )
  try {
    const { document } = await openFile('saved.ts', `${DROPPED_ARRAY}\n`)
    await expectFindings(document.uri, ['no-dropped-promise-array'])
    const edit = new vscode.WorkspaceEdit()
    edit.insert(document.uri, new vscode.Position(0, 0), '// edited\n')
    await vscode.workspace.applyEdit(edit)
    await document.save()
    await eventually(
      'the file to be saved mended',
      () => !document.isDirty && /await Promise\.all\(/u.test(document.getText()),
      () => document.getText(),
    )
  } finally {
    await editorSettings.update('codeActionsOnSave', undefined, vscode.ConfigurationTarget.Workspace)
  }
})

test('offers the page of the rule', async () => {
  const { document } = await openFile('page.ts', ASYNC_FOREACH)
  const [finding] = await expectFindings(document.uri, ['no-async-foreach'])
  assert.ok(finding)
  const offered = await codeActions(document.uri, finding.range)
  const page = offered.find(({ title }) => title === 'Show documentation for forkline/no-async-foreach')
  assert.ok(page?.command, offered.map(({ title }) => title).join('; '))
})
