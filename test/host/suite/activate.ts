import assert from 'node:assert/strict'
import { extension, expectFindings, openFile } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { test } from '../harness.ts'
import { ASYNC_FOREACH } from '../sources.ts'

test('stays asleep until a TypeScript or JavaScript file is open', async () => {
  const { document } = await openFile('notes.md', '# Notes\n')
  assert.equal(document.languageId, 'markdown')
  assert.equal(extension().isActive, false)

  await openFile('first.ts', ASYNC_FOREACH)
  await eventually('the extension to become active', () => extension().isActive)
})

test('needs no trust to parse, and says so', async () => {
  const { capabilities, extensionKind } = extension().packageJSON as {
    capabilities: { untrustedWorkspaces: { supported: unknown; description: unknown } }
    extensionKind: unknown
  }
  assert.equal(capabilities.untrustedWorkspaces.supported, 'limited')
  assert.equal(typeof capabilities.untrustedWorkspaces.description, 'string')
  assert.deepEqual(extensionKind, ['workspace'])

  const { document } = await openFile('parsed.ts', ASYNC_FOREACH)
  await expectFindings(document.uri, ['no-async-foreach'])
})
