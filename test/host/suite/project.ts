import { readFile, rm } from 'node:fs/promises'
import * as vscode from 'vscode'
import { expectFindings, fileUri, openFile, replace, show, writeToDisk } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { test } from '../harness.ts'
import { ASYNC_FOREACH } from '../sources.ts'

const ASYNC_LOAD = 'export async function load(id: string): Promise<string> {\n  return await Promise.resolve(id)\n}\n'
const SYNC_LOAD = 'export function load(id: string): string {\n  return id\n}\n'

/** A caller of `load` in another file. Each test names a file of its own: VS Code keeps what a test opened for minutes. */
const loadAllFrom = (file: string): string => `import { load } from './${file}.js'

export async function loadAll(ids: string[]): Promise<void> {
  ids.map((id) => load(id))
}
`

test('follows an unsaved edit of another file', async () => {
  const load = await openFile('load.ts', ASYNC_LOAD)
  const { document } = await openFile('loadAll.ts', loadAllFrom('load'))
  await expectFindings(document.uri, ['no-dropped-promise-array'])

  await replace(await show(load.document.uri), ASYNC_LOAD, SYNC_LOAD)
  await show(document.uri)
  await expectFindings(document.uri, [])

  await replace(await show(load.document.uri), SYNC_LOAD, ASYNC_LOAD)
  await show(document.uri)
  await expectFindings(document.uri, ['no-dropped-promise-array'])
})

test('follows a change of another file on disk, which no editor has open', async () => {
  await writeToDisk('stored.ts', ASYNC_LOAD)
  const { document } = await openFile('loadAllStored.ts', loadAllFrom('stored'))
  await expectFindings(document.uri, ['no-dropped-promise-array'])

  await writeToDisk('stored.ts', SYNC_LOAD)
  await expectFindings(document.uri, [])

  await writeToDisk('stored.ts', ASYNC_LOAD)
  await expectFindings(document.uri, ['no-dropped-promise-array'])
})

test('follows a file that comes to be, and one that goes away', async () => {
  const { document } = await openFile('loadAllComing.ts', loadAllFrom('coming') + ASYNC_FOREACH)
  await expectFindings(document.uri, ['no-async-foreach'])

  const watcher = vscode.workspace.createFileSystemWatcher('**/coming.ts')
  let created = false
  watcher.onDidCreate(() => {
    created = true
  })
  try {
    const load = await writeToDisk('coming.ts', ASYNC_LOAD)
    await expectFindings(document.uri, ['no-async-foreach', 'no-dropped-promise-array'])

    // VS Code tells nothing of a file that goes before it told that the file came.
    await eventually('VS Code to see coming.ts', () => created)
    await rm(load.fsPath)
    await expectFindings(document.uri, ['no-async-foreach'])
  } finally {
    watcher.dispose()
  }
})

test('leaves nothing behind of a file that is deleted while it is open', async () => {
  const { document } = await openFile('doomed.ts', ASYNC_FOREACH)
  await expectFindings(document.uri, ['no-async-foreach'])

  await rm(document.uri.fsPath)
  await vscode.commands.executeCommand('workbench.action.closeAllEditors')
  await expectFindings(document.uri, [])
})

test('goes on when tsconfig.json is broken, and when it is mended', async () => {
  const { document } = await openFile('configured.ts', ASYNC_FOREACH)
  await expectFindings(document.uri, ['no-async-foreach'])
  const whole = await readFile(fileUri('tsconfig.json').fsPath, 'utf8')
  try {
    await writeToDisk('tsconfig.json', '{ "compilerOptions": { "target": ')
    const later = await openFile('later.ts', ASYNC_FOREACH)
    await expectFindings(later.document.uri, ['no-async-foreach'])
  } finally {
    await writeToDisk('tsconfig.json', whole)
  }
  await expectFindings(document.uri, ['no-async-foreach'])
})
