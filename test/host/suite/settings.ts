import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { configure, expectFindings, findings, openFile } from '../editor.ts'
import { eventually } from '../eventually.ts'
import { test } from '../harness.ts'
import { ASYNC_FOREACH } from '../sources.ts'

test('forkline.enable turns everything off and on', async () => {
  const { document } = await openFile('enabled.ts', ASYNC_FOREACH)
  await expectFindings(document.uri, ['no-async-foreach'])
  try {
    await configure('enable', false)
    await expectFindings(document.uri, [])
  } finally {
    await configure('enable', undefined)
  }
  await expectFindings(document.uri, ['no-async-foreach'])
})

test('forkline.rules turns one rule off, or changes how it shows', async () => {
  const { document } = await openFile('ruled.ts', ASYNC_FOREACH)
  await expectFindings(document.uri, ['no-async-foreach'])
  try {
    await configure('rules', { 'no-async-foreach': 'off' })
    await expectFindings(document.uri, [])
    await configure('rules', { 'no-async-foreach': 'error' })
    await eventually(
      'the finding as an error',
      () => findings(document.uri)[0]?.severity === vscode.DiagnosticSeverity.Error,
    )
  } finally {
    await configure('rules', undefined)
  }
  await eventually(
    'the finding as a warning',
    () => findings(document.uri)[0]?.severity === vscode.DiagnosticSeverity.Warning,
  )
})

test('forkline.level keeps what is less sure away', async () => {
  const text = `export async function loadAll(urls: string[]): Promise<Response[]> {
  return Promise.all(urls.map((url) => fetch(url)))
}
`
  const { document } = await openFile('levels.ts', ASYNC_FOREACH + text)
  const [certain] = await expectFindings(document.uri, ['no-async-foreach', 'no-unbounded-concurrency'])
  assert.ok(certain)
  try {
    await configure('level', 'certain')
    await expectFindings(document.uri, ['no-async-foreach'])
  } finally {
    await configure('level', undefined)
  }
  await expectFindings(document.uri, ['no-async-foreach', 'no-unbounded-concurrency'])
})

test('a setting that cannot be understood leaves the others at work', async () => {
  const { document } = await openFile('misspelt.ts', ASYNC_FOREACH)
  try {
    await configure('rules', { 'no-such-rule': 'error', 'no-async-foreach': 'error' })
    await eventually(
      'the finding as an error',
      () => findings(document.uri)[0]?.severity === vscode.DiagnosticSeverity.Error,
    )
  } finally {
    await configure('rules', undefined)
  }
})
