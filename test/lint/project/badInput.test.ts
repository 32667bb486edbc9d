import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Folder, TSCONFIG } from './folder.ts'

describe('config files that are wrong', () => {
  it('uses what parses of a config file with a syntax error, and says where it is', () => {
    using folder = new Folder({
      'tsconfig.json': '{\n  "compilerOptions": { "strict": true },\n  "include": ["src"\n}\n',
      'src/index.ts': 'export const value = Math.random() > 1 ? null : 1',
    })
    expect(folder.typeOf('src/index.ts', 'value')).toBe('1 | null')
    const [problem] = folder.workspace.configProblems()
    expect(problem).toMatchObject({ path: folder.path('tsconfig.json'), line: 4 })
    expect(problem?.message).toContain('expected')
  })

  const NONSENSE = ['[1, 2]', '', '\0\u0001', '{ "compilerOptions": 7, "files": "x" }']

  it.each(NONSENSE)('survives a config file of %j', (text) => {
    using folder = new Folder({ 'tsconfig.json': text, 'index.ts': 'export const value = Promise.resolve(1)' })
    expect(folder.typeOf('index.ts', 'value')).toBe('Promise<number>')
  })

  it('goes on without a config file that it extends, and says so', () => {
    using folder = new Folder({
      'tsconfig.json': '{\n  "extends": "@company/tsconfig",\n  "compilerOptions": { "strict": true }\n}\n',
      'index.ts': 'export const value = Math.random() > 1 ? null : 1',
    })
    expect(folder.typeOf('index.ts', 'value')).toBe('1 | null')
    const problems = folder.workspace.configProblems()
    expect(problems).toMatchObject([{ path: folder.path('tsconfig.json'), line: 2 }])
    expect(problems[0]?.message).toContain('@company/tsconfig')
    folder.write('node_modules/@company/tsconfig/package.json', '{ "name": "@company/tsconfig", "version": "1.0.0" }')
    folder.save('node_modules/@company/tsconfig/tsconfig.json', '{}')
    expect(folder.ready('index.ts').configPath).toBe(folder.path('tsconfig.json'))
    expect(folder.workspace.configProblems()).toEqual([])
  })

  it('survives config files that extend and reference each other in a circle', () => {
    using folder = new Folder({
      'tsconfig.json': '{ "extends": "./a/tsconfig.json", "files": [], "references": [{ "path": "./a" }] }',
      'a/tsconfig.json': '{ "extends": "../tsconfig.json", "include": ["*.ts"], "references": [{ "path": ".." }] }',
      'a/index.ts': 'export const value = 1',
      'loose.ts': 'export const value = 1',
    })
    expect(folder.typeOf('a/index.ts', 'value')).toBe('1')
    expect(folder.typeOf('loose.ts', 'value')).toBe('1')
    expect(
      folder.workspace
        .configProblems()
        .map((problem) => problem.message)
        .join(),
    ).toMatch(/circular/iu)
  })

  it('says which referenced project is missing', () => {
    using folder = new Folder({
      'tsconfig.json': '{\n  "references": [\n    { "path": "./gone" }\n  ]\n}',
      'index.ts': 'export const value = 1',
    })
    expect(folder.typeOf('index.ts', 'value')).toBe('1')
    expect(folder.workspace.configProblems()).toMatchObject([
      { path: folder.path('tsconfig.json'), line: 3, message: "Referenced project './gone' not found." },
    ])
  })
})

describe('files that are wrong', () => {
  const reason = (folder: Folder, name: string): string => {
    const result = folder.workspace.file(folder.path(name))
    return result.kind === 'skipped' ? result.reason : 'ready'
  }

  it('reads through syntax errors', () => {
    using folder = new Folder({ 'index.ts': 'const value = Promise.resolve(1)\nfunction ( {{{ async ] await\n`' })
    expect(folder.typeOf('index.ts', 'value')).toBe('Promise<number>')
  })

  it('leaves out what is no source, does not exist or is a folder', () => {
    using folder = new Folder({ 'data.json': '{}', 'folder.ts/index.ts': '', 'types.d.ts': '' })
    expect(reason(folder, 'data.json')).toBe('is not a TypeScript or JavaScript source file')
    expect(reason(folder, 'types.d.ts')).toBe('is not a TypeScript or JavaScript source file')
    expect(reason(folder, 'gone.ts')).toBe('does not exist')
    expect(reason(folder, 'folder.ts')).toBe('does not exist')
  })

  it('leaves out binary files, as themselves and in programs', () => {
    const index = `import './video.js'\nexport const value = 1`
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/index.ts': index })
    folder.write(
      'src/video.ts',
      Uint8Array.from({ length: 1000 }, (_, position) => position % 7),
    )
    expect(reason(folder, 'src/video.ts')).toMatch(/^is binary/u)
    expect(folder.typeOf('src/index.ts', 'value')).toBe('1')
    expect(folder.ready('src/index.ts').program.getSourceFile(folder.path('src/video.ts'))?.text).toBe('')
  })

  it('leaves out files over 5 MB', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/index.ts': 'export const value = 1' })
    folder.write('src/data.ts', `export const data = '${'x'.repeat(5_000_000)}'`)
    expect(reason(folder, 'src/data.ts')).toBe('is larger than 5 MB')
    expect(folder.typeOf('src/index.ts', 'value')).toBe('1')
  })

  it('takes a file of 50,000 lines', () => {
    using folder = new Folder()
    const line = 'async function f() { await Promise.resolve(1) }\n'
    folder.write('long.ts', `${line.repeat(50_000)}const value = f()`)
    expect(folder.ready('long.ts').sourceFile.getLineStarts()).toHaveLength(50_001)
  })

  it('reads UTF-16 with a byte order mark, and gets over bytes that are no UTF-8', () => {
    using folder = new Folder()
    folder.write('utf16.ts', Buffer.from('\uFEFFexport const value = "grüße"', 'utf16le'))
    folder.write('latin1.ts', Buffer.from('export const value = 1 // grüße', 'latin1'))
    expect(folder.typeOf('utf16.ts', 'value')).toBe('"grüße"')
    expect(folder.typeOf('latin1.ts', 'value')).toBe('1')
  })

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('leaves out files it may not read', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/index.ts': 'export const value = 1' })
    fs.chmodSync(folder.write('src/secret.ts', 'export {}'), 0)
    expect(reason(folder, 'src/secret.ts')).toBe('cannot be read')
    expect(folder.typeOf('src/index.ts', 'value')).toBe('1')
  })

  it('leaves out a file whose text cannot be read, whatever the cause', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/index.ts': 'export const value = 1' })
    fs.symlinkSync('nowhere.ts', folder.path('src/dangling.ts'))
    fs.symlinkSync('self.ts', folder.path('src/self.ts'))
    expect(reason(folder, 'src/dangling.ts')).toBe('does not exist')
    expect(reason(folder, 'src/self.ts')).toBe('does not exist')
    expect(folder.typeOf('src/index.ts', 'value')).toBe('1')
  })

  it('ends in a loop of linked folders', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/index.ts': 'export const value = 1' })
    fs.symlinkSync(folder.path('src'), folder.path('src/again'), 'junction')
    expect(folder.typeOf('src/index.ts', 'value')).toBe('1')
    expect(reason(folder, 'src/again/again/index.ts')).toBe('ready')
  })

  it('keeps the text of a file that is deleted while open, until it is closed', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/index.ts': 'export const value = 1' })
    folder.workspace.openDocument(folder.path('src/index.ts'), 1, 'export const value = 2')
    expect(folder.typeOf('src/index.ts', 'value')).toBe('2')
    folder.remove('src/index.ts')
    expect(folder.typeOf('src/index.ts', 'value')).toBe('2')
    folder.workspace.closeDocument(folder.path('src/index.ts'))
    expect(reason(folder, 'src/index.ts')).toBe('does not exist')
  })
})
