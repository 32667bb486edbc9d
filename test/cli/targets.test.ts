import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { matching } from './matching.ts'
import { Sandbox } from './sandbox.ts'

const lintedIn = async (sandbox: Sandbox, ...args: string[]): Promise<string[]> => [
  ...(await sandbox.lintJson(...args)).reports.keys(),
]

describe('in folders', () => {
  it('finds every kind of source, with the working folder as default', async () => {
    const names = ['a.cjs', 'a.cts', 'a.js', 'a.jsx', 'a.mjs', 'a.mts', 'a.ts', 'a.tsx']
    const sandbox = new Sandbox(Object.fromEntries([...names, 'a.json', 'a.md'].map((name) => [name, ''])))
    expect(await lintedIn(sandbox)).toEqual(names)
  })

  it('leaves out what nobody wrote by hand', async () => {
    const sandbox = new Sandbox({
      'node_modules/a/index.js': '',
      'dist/a.js': '',
      'pkg/dist/a.js': '',
      'coverage/a.js': '',
      'a.min.js': '',
      'types.d.ts': '',
      'types.d.mts': '',
      '.cache/a.js': '',
      'package.json': '{}',
      'build/a.js': '',
      'out/a.js': '',
      'src/build/kept.ts': '',
      'long.js': `wrong;${'a;'.repeat(5000)}`,
      'kept.ts': '',
    })
    const { reports, stderr } = await sandbox.lintJson()
    expect([...reports.keys()]).toEqual(['kept.ts', 'src/build/kept.ts'])
    expect(stderr).toContain(`${sandbox.path('long.js')} was left out because it looks minified`)
  })

  it('respects .gitignore files of the folder, below it, and above it in the repository', async () => {
    const sandbox = new Sandbox({
      '.git/HEAD': '',
      '.gitignore': '/generated\n*.gen.ts\n',
      'generated/a.ts': '',
      'app/a.gen.ts': '',
      'app/.gitignore': '!kept.gen.ts\nlocal/\n',
      'app/kept.gen.ts': '',
      'app/local/a.ts': '',
      'app/a.ts': '',
    })
    expect(await lintedIn(sandbox, 'app')).toEqual(['app/a.ts', 'app/kept.gen.ts'])
    expect(await lintedIn(sandbox)).toEqual(['app/a.ts', 'app/kept.gen.ts'])
  })

  it('lints an ignored folder that is named', async () => {
    const sandbox = new Sandbox({ '.git/HEAD': '', '.gitignore': 'generated', 'generated/a.ts': '', 'dist/b.ts': '' })
    expect(await lintedIn(sandbox, 'generated', 'dist')).toEqual(['dist/b.ts', 'generated/a.ts'])
  })

  it('does not go round in a circle of links', async () => {
    const sandbox = new Sandbox({ 'src/a.ts': '' })
    fs.symlinkSync(sandbox.folder, sandbox.path('src/loop'), 'junction')
    expect(await lintedIn(sandbox)).toEqual(['src/a.ts'])
  })
})

describe('named files', () => {
  it('are linted wherever they lie, and once', async () => {
    const sandbox = new Sandbox({
      '.gitignore': '*',
      'node_modules/a.js': 'wrong',
      'b.min.js': 'wrong',
      'c d.ts': 'wrong',
    })
    const args = ['node_modules/a.js', 'b.min.js', 'c d.ts', './c d.ts', sandbox.path('c d.ts')]
    const { reports } = await sandbox.lintJson(...args)
    expect([...reports].map(([name, { errorCount }]) => [name, errorCount])).toEqual([
      ['b.min.js', 1],
      ['c d.ts', 1],
      ['node_modules/a.js', 1],
    ])
  })

  it('get a warning when they hold no source code', async () => {
    const sandbox = new Sandbox({ 'README.md': '#', 'stream.ts': Buffer.from([71, 0, 0, 1, 2]) })
    const { reports, exitCode } = await sandbox.lintJson('README.md', 'stream.ts')
    expect(reports.get('README.md')?.messages).toMatchObject([
      { ruleId: null, fatal: false, severity: 1, message: matching('is not a TypeScript or JavaScript source file') },
    ])
    expect(reports.get('stream.ts')?.messages).toMatchObject([{ severity: 1, message: matching('is binary') }])
    expect(exitCode).toBe(0)
  })

  it('that are binary are only mentioned on stderr when they come from a folder', async () => {
    const sandbox = new Sandbox({ 'stream.ts': Buffer.from([71, 0, 0, 1, 2]), 'a.ts': '' })
    const { reports, stderr } = await sandbox.lintJson()
    expect([...reports.keys()]).toEqual(['a.ts'])
    expect(stderr).toContain(`${sandbox.path('stream.ts')} was left out because it is binary`)
  })
})

describe('patterns', () => {
  it('are expanded where the shell did not', async () => {
    const sandbox = new Sandbox({ 'src/a.ts': '', 'src/b/c.ts': '', 'src/b/c.js': '', 'node_modules/d.ts': '' })
    expect(await lintedIn(sandbox, '**/*.ts')).toEqual(['src/a.ts', 'src/b/c.ts'])
  })

  const none = ['missing.ts', 'missing/', 'nothing/*.ts', 'empty', 'gone.ts/a.ts']

  it.each(none)('%s stands for no file: exit 2', async (arg) => {
    const sandbox = new Sandbox({ 'a.ts': '', 'empty/README.md': '' })
    const ran = await sandbox.run(['lint', 'a.ts', arg])
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' })
    expect(ran.stderr).toContain(`No files matching '${arg}' were found`)
  })

  it('may hold brackets that are part of a folder name', async () => {
    const sandbox = new Sandbox({ 'app/[id]/page.tsx': '' })
    expect(await lintedIn(sandbox, 'app/[id]', 'app/[id]/page.tsx')).toEqual(['app/[id]/page.tsx'])
  })
})
