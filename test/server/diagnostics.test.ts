import { CancellationTokenSource, DiagnosticSeverity, LSPErrorCodes } from 'vscode-languageserver/node'
import { expect, test, vi } from 'vitest'
import { Editor } from './editor.ts'
import { alwaysThrows, noBarePromise, noName } from './rules.ts'

const CONFIG = '{ "compilerOptions": { "strict": true, "target": "es2022", "module": "esnext", "types": [] } }'
const FILES = {
  'tsconfig.json': CONFIG,
  'lib.ts': 'export function load() { return 1 }\n',
  'app.ts': "import { load } from './lib'\nload()\n",
}
const rules = [noBarePromise()]
const messages = async (editor: Editor, name: string) => (await editor.diagnostics(name)).map(({ message }) => message)

test('a finding carries its place, rule, page, second place and level', async () => {
  await using editor = await Editor.start({
    rules,
    files: { ...FILES, 'lib.ts': 'export async function load() { return 1 }\n' },
  })
  await editor.open('app.ts')
  expect(await editor.diagnostics('app.ts')).toEqual([
    {
      range: { start: { line: 1, character: 0 }, end: { line: 1, character: 6 } },
      message: 'This promise is dropped.',
      source: 'forkline',
      code: 'no-bare-promise',
      codeDescription: { href: 'https://github.com/forkline/forkline/blob/main/docs/rules/no-bare-promise.md' },
      severity: DiagnosticSeverity.Warning,
      data: { family: 'fan-out', level: 'certain' },
      relatedInformation: [
        {
          location: {
            uri: editor.uri('lib.ts'),
            range: { start: { line: 0, character: 0 }, end: { line: 0, character: 41 } },
          },
          message: 'It comes from here.',
        },
      ],
    },
  ])
})

test('an edit in another unsaved buffer changes the findings', async () => {
  await using editor = await Editor.start({ rules, files: FILES })
  await editor.open('app.ts')
  await editor.open('lib.ts')
  expect(await messages(editor, 'app.ts')).toEqual([])
  await editor.change('lib.ts', 'export async function load() { return 1 }\n')
  expect(await messages(editor, 'app.ts')).toEqual(['This promise is dropped.'])
  await editor.close('lib.ts')
  expect(await messages(editor, 'app.ts')).toEqual([])
})

test('a change on disk refreshes the editor and changes the findings', async () => {
  await using editor = await Editor.start({ rules, files: FILES })
  await editor.open('app.ts')
  expect(await messages(editor, 'app.ts')).toEqual([])
  await editor.writeOnDisk('lib.ts', 'export async function load() { return 1 }\n')
  await vi.waitUntil(() => editor.refreshes === 1)
  expect(await messages(editor, 'app.ts')).toEqual(['This promise is dropped.'])
})

test('a change of tsconfig.json refreshes the editor', async () => {
  await using editor = await Editor.start({ rules, files: FILES })
  await editor.open('app.ts')
  await editor.diagnostics('app.ts')
  await editor.writeOnDisk('tsconfig.json', CONFIG.replace('true', 'false'))
  await vi.waitUntil(() => editor.refreshes === 1)
})

test('a deleted file takes its types with it, also while it is open', async () => {
  await using editor = await Editor.start({ rules, files: { ...FILES, 'lib.ts': 'export async function load() {}\n' } })
  await editor.open('app.ts')
  expect(await messages(editor, 'app.ts')).toHaveLength(1)
  await editor.deleteOnDisk('lib.ts')
  expect(await messages(editor, 'app.ts')).toEqual([])
  await editor.deleteOnDisk('app.ts')
  expect(await messages(editor, 'app.ts')).toEqual([])
  await editor.close('app.ts')
  expect(await messages(editor, 'app.ts')).toEqual([])
})

test('a file that is deleted while it is open counts until it is closed, and then no more', async () => {
  const lib = 'export async function load() {}\n'
  await using editor = await Editor.start({ rules, files: { ...FILES, 'lib.ts': lib } })
  await editor.open('lib.ts')
  await editor.open('app.ts')
  await editor.deleteOnDisk('lib.ts')
  await vi.waitUntil(() => editor.refreshes === 1)
  expect(await messages(editor, 'app.ts')).toHaveLength(1)
  await editor.close('lib.ts')
  await vi.waitUntil(() => editor.refreshes === 2)
  expect(await messages(editor, 'app.ts')).toEqual([])
})

test('unchanged is said while text and findings stand, and only to who has the last answer', async () => {
  await using editor = await Editor.start({ rules, files: FILES })
  await editor.open('app.ts')
  const first = await editor.pull('app.ts')
  expect(await editor.pull('app.ts', first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId })
  expect(await editor.pull('app.ts', 'of another time')).toMatchObject({ kind: 'full' })
  await editor.writeOnDisk('other.ts', 'export {}')
  expect(await editor.pull('app.ts', (await editor.pull('app.ts')).resultId)).toMatchObject({ kind: 'unchanged' })
})

test('after an edit the whole answer is given even when it is the same', async () => {
  await using editor = await Editor.start({ rules, files: { 'app.ts': 'Promise.resolve()\n' } })
  await editor.open('app.ts')
  const first = await editor.pull('app.ts')
  await editor.change('app.ts', '')
  await editor.change('app.ts', 'Promise.resolve()\n')
  expect(await editor.pull('app.ts', first.resultId)).toMatchObject({
    kind: 'full',
    items: [{ code: 'no-bare-promise' }],
  })
})

test('an answer is always for the latest version', async () => {
  await using editor = await Editor.start({ rules, files: FILES })
  await editor.open('app.ts')
  const early = editor.diagnostics('app.ts')
  await editor.change('app.ts', '\n\nPromise.resolve()\n')
  expect((await early).map(({ range }) => range.start.line)).toEqual([2])
})

test('a request that is taken back is answered as cancelled', async () => {
  await using editor = await Editor.start({ rules, files: FILES })
  await editor.open('app.ts')
  await editor.change('app.ts', 'Promise.resolve()\n')
  const source = new CancellationTokenSource()
  const pull = editor.pull('app.ts', undefined, source.token)
  source.cancel()
  await expect(pull).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled })
  expect(await messages(editor, 'app.ts')).toHaveLength(1)
})

test('the level decides what shows and how', async () => {
  for (const [level, severity] of [
    ['likely', DiagnosticSeverity.Information],
    ['possible', undefined],
  ] as const) {
    await using editor = await Editor.start({ rules: [noBarePromise(level)], files: { 'app.js': 'Promise.resolve()' } })
    await editor.open('app.js')
    expect((await editor.diagnostics('app.js')).map((item) => item.severity)).toEqual(severity ? [severity] : [])
    await editor.configure({ level: 'possible' })
    await vi.waitUntil(() => editor.refreshes === 1)
    expect((await editor.diagnostics('app.js')).map((item) => item.severity)).toEqual([
      severity ?? DiagnosticSeverity.Hint,
    ])
  }
})

test('a rule has the severity that the settings give it', async () => {
  await using editor = await Editor.start({
    rules,
    files: { 'app.js': 'Promise.resolve()' },
    settings: { rules: { 'no-bare-promise': 'error' } },
  })
  await editor.open('app.js')
  expect((await editor.diagnostics('app.js')).map((item) => item.severity)).toEqual([DiagnosticSeverity.Error])
  await editor.configure({ rules: { 'no-bare-promise': 'off' } })
  expect(await messages(editor, 'app.js')).toEqual([])
  await editor.configure({ enable: false })
  expect(await messages(editor, 'app.js')).toEqual([])
  expect(editor.statuses.at(-1)).toMatchObject({
    state: 'quiet',
    reason: expect.stringContaining('forkline.enable') as unknown,
  })
})

test('a comment in the file goes before the settings', async () => {
  await using editor = await Editor.start({ rules, settings: { rules: { 'no-bare-promise': 'hint' } } })
  await editor.open('app.js', '/* eslint forkline/no-bare-promise: "error" */\nPromise.resolve()\n')
  expect((await editor.diagnostics('app.js')).map((item) => item.severity)).toEqual([DiagnosticSeverity.Error])
})

test('a suppression comment that silences nothing is told of', async () => {
  await using editor = await Editor.start({ rules })
  await editor.open('app.js', '// eslint-disable-next-line forkline/no-bare-promise\nlet a = 1\n')
  expect(await editor.diagnostics('app.js')).toMatchObject([
    { code: 'suppression-comment', range: { start: { line: 0 } } },
  ])
})

test('a setting that cannot be used is told of once, with what holds instead', async () => {
  await using editor = await Editor.start({
    rules,
    files: FILES,
    settings: { level: 'sure', rules: { 'no-such': 'off' } },
  })
  await editor.open('app.ts')
  await editor.diagnostics('app.ts')
  await editor.configure(editor.settings)
  await editor.diagnostics('app.ts')
  expect(editor.log.filter((line) => line.startsWith('forkline.'))).toEqual([
    'forkline.level: expected "certain", "likely", "possible", got "sure"; using "likely"',
    'forkline.rules: there is no rule "no-such"; ignoring it',
  ])
})

test('onSave keeps the findings of the last save while typing', async () => {
  await using editor = await Editor.start({
    rules,
    files: { 'app.ts': 'Promise.resolve()\n' },
    settings: { run: 'onSave' },
  })
  await editor.open('app.ts')
  const first = await editor.pull('app.ts')
  expect(first).toMatchObject({ kind: 'full', items: [{ code: 'no-bare-promise' }] })
  await editor.change('app.ts', 'await Promise.resolve()\n')
  expect(await editor.pull('app.ts', first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId })
  await editor.save('app.ts')
  expect(await editor.pull('app.ts', first.resultId)).toMatchObject({ kind: 'full', items: [] })
})

test('every kind of source file is looked at, and declaration files are not', async () => {
  const text = 'Promise.resolve()\n'
  for (const extension of ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs']) {
    await using editor = await Editor.start({ rules, files: { [`app.${extension}`]: text } })
    await editor.open(`app.${extension}`)
    expect(await messages(editor, `app.${extension}`), extension).toHaveLength(1)
  }
  await using editor = await Editor.start({ rules, files: { 'app.d.ts': 'export {}' } })
  await editor.open('app.d.ts')
  expect(await messages(editor, 'app.d.ts')).toEqual([])
  expect(editor.statuses).toMatchObject([{ state: 'quiet' }])
})

test('an unsaved document is looked at, and can import from the folder', async () => {
  await using editor = await Editor.start({ rules, files: { ...FILES, 'lib.ts': 'export async function load() {}\n' } })
  await editor.open('untitled:Untitled-1', FILES['app.ts'])
  expect(await messages(editor, 'untitled:Untitled-1')).toEqual(['This promise is dropped.'])
})

test('a file outside every folder is looked at', async () => {
  await using other = await Editor.start({ files: { 'app.ts': 'Promise.resolve()\n' } })
  await using editor = await Editor.start({ rules })
  const uri = other.uri('app.ts')
  await editor.open(uri, other.read('app.ts'))
  expect(await messages(editor, uri)).toEqual(['This promise is dropped.'])
})

test('a document that is no file is left alone', async () => {
  await using editor = await Editor.start({ rules })
  await editor.open('git:/app.ts?HEAD', 'Promise.resolve()')
  expect(await messages(editor, 'git:/app.ts?HEAD')).toEqual([])
})

test('findings are given for what can be read of a file with syntax errors', async () => {
  await using editor = await Editor.start({ rules })
  await editor.open('app.ts', 'Promise.resolve()\nfunction ( { ]] `${\n')
  expect(await messages(editor, 'app.ts')).toEqual(['This promise is dropped.'])
})

test('a rule that fails is told of once, and the others go on', async () => {
  await using editor = await Editor.start({ rules: [alwaysThrows, ...rules] })
  await editor.open('app.ts', '\nPromise.resolve()\n')
  expect(await messages(editor, 'app.ts')).toEqual(['This promise is dropped.'])
  await editor.change('app.ts', '\n\nPromise.resolve()\n')
  expect(await messages(editor, 'app.ts')).toEqual(['This promise is dropped.'])
  expect(editor.statuses).toMatchObject(
    [2, 3].map((line) => ({
      state: 'linted',
      failures: [{ ruleId: 'always-throws', line, message: 'a mistake in a rule' }],
    })),
  )
  const told = editor.log.filter((line) => line.includes('always-throws'))
  expect(told).toHaveLength(1)
  expect(told[0]).toContain('app.ts:2')
})

test('the status tells the time, the version and the counts', async () => {
  await using editor = await Editor.start({ rules, files: FILES })
  await editor.open('app.ts', 'Promise.resolve()\n')
  await editor.diagnostics('app.ts')
  await editor.change('app.ts', '// eslint-disable-next-line forkline/no-bare-promise\nPromise.resolve()\n')
  await editor.diagnostics('app.ts')
  expect(editor.statuses).toMatchObject([
    { state: 'linted', version: 1, cold: true, counts: { certain: 1, suppressed: 0 } },
    { state: 'linted', version: 2, cold: false, counts: { certain: 0, suppressed: 1 } },
  ])
  for (const status of editor.statuses) {
    expect(status.state === 'linted' && status.programMs >= 0 && status.lintMs > 0).toBe(true)
  }
})

test('a broken tsconfig.json is told of with file and line, and findings are still given', async () => {
  await using editor = await Editor.start({
    rules,
    files: { 'tsconfig.json': '{\n  "compilerOptions": {{\n}', 'app.ts': 'Promise.resolve()\n' },
  })
  await editor.open('app.ts')
  expect(await messages(editor, 'app.ts')).toEqual(['This promise is dropped.'])
  expect(editor.log.some((line) => /tsconfig\.json:2: /u.test(line))).toBe(true)
})

test('a folder where ESLint reports the same is left to it, unless the settings say otherwise', async () => {
  const files = {
    'app.ts': 'Promise.resolve()\n',
    'package.json': '{ "devDependencies": { "eslint-plugin-forkline": "*" } }',
  }
  await using editor = await Editor.start({ rules, files, environment: { eslintExtension: true } })
  await editor.open('app.ts')
  expect(await messages(editor, 'app.ts')).toEqual([])
  expect(editor.statuses.at(-1)).toMatchObject({ state: 'quiet', reason: expect.stringContaining('ESLint') as unknown })
  await editor.configure({ alongsideEslint: true })
  expect(await messages(editor, 'app.ts')).toHaveLength(1)
  await editor.configure({})
  expect(await messages(editor, 'app.ts')).toEqual([])
  await editor.writeOnDisk('package.json', '{}')
  expect(await messages(editor, 'app.ts')).toHaveLength(1)
  await editor.writeOnDisk('eslint.config.mjs', "import forkline from 'eslint-plugin-forkline'")
  expect(await messages(editor, 'app.ts')).toEqual([])
  await editor.connection.sendNotification('forkline/environment', { eslintExtension: false })
  expect(await messages(editor, 'app.ts')).toHaveLength(1)
})

test('several documents are answered at once', async () => {
  await using editor = await Editor.start({ rules: [noName('here')] })
  const names = ['a.ts', 'b.ts', 'c.ts']
  for (const name of names) await editor.open(name, 'here\n')
  expect(await Promise.all(names.map((name) => messages(editor, name)))).toEqual(names.map(() => ['Found here.']))
})
