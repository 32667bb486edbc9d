import { defineRule, type Rule } from '@forkline/lint'
import ts from 'typescript'
import { type CodeAction, CodeActionRequest } from 'vscode-languageserver/node'
import { expect, test } from 'vitest'
import { Editor } from './editor.ts'
import { noBarePromise, noName, noWrap } from './rules.ts'

const rules = [noBarePromise()]
const titles = (actions: readonly CodeAction[]) => actions.map(({ title }) => title)
const FIX_ALL = 'source.fixAll.forkline'

test('the fix comes first and is preferred, then suggestions, then ways to silence it and its page', async () => {
  await using editor = await Editor.start({ rules })
  await editor.open('app.ts', 'Promise.resolve()\n')
  const actions = await editor.actions('app.ts', 'Promise')
  expect(titles(actions)).toEqual([
    'Await the call',
    'Mark it with `void`',
    'Disable forkline/no-bare-promise for this line',
    'Disable forkline/no-bare-promise for the entire file',
    'Show documentation for forkline/no-bare-promise',
  ])
  expect(actions.map(({ isPreferred }) => isPreferred ?? false)).toEqual([true, false, false, false, false])
  expect(new Set(actions.map(({ kind }) => kind))).toEqual(new Set(['quickfix']))
  expect(actions.every(({ edit }) => edit === undefined)).toBe(true)
  expect(actions.every(({ diagnostics }) => diagnostics?.[0]?.code === 'no-bare-promise')).toBe(true)
  expect(actions.at(-1)?.command).toMatchObject({
    command: 'vscode.open',
    arguments: ['https://github.com/forkline/forkline/blob/main/docs/rules/no-bare-promise.md'],
  })
})

test.each(['Await the call', 'Mark it with `void`'])('"%s" mends the finding', async (title) => {
  await using editor = await Editor.start({ rules })
  await editor.open('app.ts', 'Promise.resolve()\n')
  await editor.pick('app.ts', 'Promise', title)
  expect(await editor.diagnostics('app.ts')).toEqual([])
})

test('nothing is offered where there is no finding', async () => {
  await using editor = await Editor.start({ rules })
  await editor.open('app.ts', 'let a = 1\nPromise.resolve()\n')
  expect(await editor.actions('app.ts', 'let a')).toEqual([])
})

test('all findings of a rule are fixed together where there are several', async () => {
  await using editor = await Editor.start({ rules: [...rules, noWrap], settings: { level: 'possible' } })
  await editor.open('app.ts', 'Promise.resolve()\nPromise.reject()\nwrap(1)\n')
  expect(await editor.pick('app.ts', 'Promise', 'Fix all no-bare-promise problems in this file')).toBe(
    'await Promise.resolve()\nawait Promise.reject()\nwrap(1)\n',
  )
  expect(titles(await editor.actions('app.ts', 'wrap'))).not.toContain('Fix all no-wrap problems in this file')
})

test('fix all applies what overlaps in passes, and no suggestions', async () => {
  await using editor = await Editor.start({
    rules: [...rules, noWrap, noName('here')],
    settings: { level: 'possible' },
  })
  await editor.open('app.ts', 'here = wrap(wrap(wrap(1)))\nPromise.resolve()\n')
  const [action, ...others] = await editor.actions('app.ts', undefined, [FIX_ALL])
  expect(others).toEqual([])
  expect(action).toMatchObject({ kind: FIX_ALL })
  const text = await editor.apply('app.ts', await editor.resolve(action as CodeAction))
  expect(text).toBe('here = 1\nawait Promise.resolve()\n')
  expect((await editor.diagnostics('app.ts')).map(({ code }) => code)).toEqual(['no-name'])
})

test('fix all is offered to who asks for source actions, and only to them', async () => {
  await using editor = await Editor.start({ rules })
  await editor.open('app.ts', 'Promise.resolve()\n')
  const kinds = async (only?: string[]) =>
    new Set((await editor.actions('app.ts', undefined, only)).map(({ kind }) => kind))
  expect(await kinds()).toEqual(new Set(['quickfix']))
  expect(await kinds(['quickfix'])).toEqual(new Set(['quickfix']))
  expect(await kinds(['source'])).toEqual(new Set([FIX_ALL]))
  expect(await kinds(['source.fixAll'])).toEqual(new Set([FIX_ALL]))
  expect(await kinds(['source.fixAll.eslint'])).toEqual(new Set())
  expect(await kinds(['refactor'])).toEqual(new Set())
})

test('looking at the edits of fix all leaves the document as it is', async () => {
  await using editor = await Editor.start({ rules, files: { 'lib.ts': 'export async function f() {}\n' } })
  await editor.open('app.ts', "import { f } from './lib'\nf()\nf()\n")
  const [action] = await editor.actions('app.ts', undefined, [FIX_ALL])
  await editor.resolve(action as CodeAction)
  expect(await editor.diagnostics('app.ts')).toHaveLength(2)
})

test('an action of an older version comes back without edits', async () => {
  await using editor = await Editor.start({ rules })
  await editor.open('app.ts', 'Promise.resolve()\nPromise.resolve()\n')
  const actions = await editor.actions('app.ts', 'Promise')
  await editor.change('app.ts', '// a line more\nPromise.resolve()\nPromise.resolve()\n')
  const withData = actions.filter(({ data }) => data !== undefined)
  expect(withData).toHaveLength(5)
  for (const action of withData) expect((await editor.resolve(action)).edit).toBeUndefined()
})

test('an action whose finding went away through another file comes back without edits', async () => {
  await using editor = await Editor.start({ rules, files: { 'lib.ts': 'export async function f() {}\n' } })
  await editor.open('app.ts', "import { f } from './lib'\nf()\n")
  const fix = (await editor.actions('app.ts', 'f()')).find(({ title }) => title === 'Await the call')
  await editor.writeOnDisk('lib.ts', 'export function f() {}\n')
  expect((await editor.resolve(fix as CodeAction)).edit).toBeUndefined()
})

test('an action of a closed document comes back without edits', async () => {
  await using editor = await Editor.start({ rules, files: { 'app.ts': 'Promise.resolve()\n' } })
  await editor.open('app.ts')
  const [fix] = await editor.actions('app.ts', 'Promise')
  await editor.close('app.ts')
  expect((await editor.resolve(fix as CodeAction)).edit).toBeUndefined()
})

test('a fix that fails is left out and told of, and the others are applied', async () => {
  const badFix: Rule = defineRule({
    id: 'bad-fix',
    meta: { family: 'race', level: 'certain', description: 'Offer a bad fix', fixable: true, hasSuggestions: false },
    check: (context) => ({
      [ts.SyntaxKind.CallExpression]: (node: ts.CallExpression) => {
        const edits = () => {
          throw new Error('cannot say')
        }
        context.report({ node, message: 'Bad.', fix: { title: 'Fail', edits } })
      },
    }),
  })
  await using editor = await Editor.start({ rules: [badFix, ...rules] })
  await editor.open('app.ts', 'Promise.resolve()\n')
  expect(titles(await editor.actions('app.ts', 'Promise'))).not.toContain('Fail')
  const [action] = await editor.actions('app.ts', undefined, [FIX_ALL])
  expect(await editor.apply('app.ts', await editor.resolve(action as CodeAction))).toBe('await Promise.resolve()\n')
  expect(editor.log.filter((line) => line.includes('cannot say'))).toHaveLength(1)
})

test('a request that makes no sense is answered with nothing', async () => {
  await using editor = await Editor.start({ rules })
  await editor.open('app.ts', 'Promise.resolve()\n')
  const range = { start: { line: 900, character: 7 }, end: { line: 900, character: 7 } }
  const ask = (uri: string) =>
    editor.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range,
      context: { diagnostics: [] },
    })
  expect(await ask(editor.uri('never-opened.ts'))).toEqual([])
  expect(await ask('file://host/%ff')).toEqual([])
  expect(await ask(editor.uri('app.ts'))).toEqual([])
  const odd = { title: 'odd', data: { uri: editor.uri('app.ts'), version: 1, plan: undefined } }
  expect(await editor.resolve(odd)).toEqual(expect.objectContaining({ title: 'odd' }))
  expect(await editor.diagnostics('app.ts')).toHaveLength(1)
})
