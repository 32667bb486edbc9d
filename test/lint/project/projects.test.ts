import fs from 'node:fs'
import { Workspace } from '@forkline/lint'
import { describe, expect, it } from 'vitest'
import { Folder, TSCONFIG } from './folder.ts'

const composite = (references: readonly string[] = []): string =>
  JSON.stringify({
    compilerOptions: { composite: true, strict: true, outDir: 'dist', rootDir: 'src', module: 'nodenext', types: [] },
    include: ['src'],
    references: references.map((path) => ({ path })),
  })

describe('config files', () => {
  it('takes the nearest config file that names the file', () => {
    using folder = new Folder({
      'tsconfig.json': '{ "compilerOptions": { "strict": false } }',
      'a/tsconfig.json': '{ "compilerOptions": { "strict": true }, "exclude": ["tests"] }',
      'a/index.ts': 'export const value = Math.random() > 1 ? null : 1',
      'a/tests/index.ts': 'export const value = Math.random() > 1 ? null : 1',
    })
    expect(folder.ready('a/index.ts').configPath).toBe(folder.path('a/tsconfig.json'))
    expect(folder.typeOf('a/index.ts', 'value')).toBe('1 | null')
    expect(folder.ready('a/tests/index.ts').configPath).toBe(folder.path('tsconfig.json'))
    expect(folder.typeOf('a/tests/index.ts', 'value')).toBe('1')
  })

  it('takes a file in that the nearest config file reaches only by an import', () => {
    using folder = new Folder({
      'tsconfig.json': '{ "files": ["index.ts"] }',
      'index.ts': `import './lib/used.ts'`,
      'lib/used.ts': 'export const value = 1',
      'lib/unused.ts': 'export const value = 1',
    })
    expect(folder.ready('lib/used.ts').configPath).toBe(folder.path('tsconfig.json'))
    expect(folder.ready('lib/unused.ts').configPath).toBeUndefined()
  })

  it('follows references from a solution file', () => {
    using folder = new Folder({
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./tools" }] }',
      'tsconfig.app.json': '{ "compilerOptions": { "composite": true }, "include": ["src"] }',
      'tools/tsconfig.json': '{ "compilerOptions": { "composite": true } }',
      'src/app.ts': 'export const value = 1',
      'tools/tool.ts': 'export const value = 1',
    })
    expect(folder.ready('src/app.ts').configPath).toBe(folder.path('tsconfig.app.json'))
    expect(folder.ready('tools/tool.ts').configPath).toBe(folder.path('tools/tsconfig.json'))
  })

  it('reads the sources of a referenced project that was never built', () => {
    using folder = new Folder({
      'core/tsconfig.json': composite(),
      'core/package.json': '{ "name": "core", "version": "1.0.0", "types": "dist/index.d.ts" }',
      'core/src/index.ts': 'export function load() { return 1 }',
      'app/tsconfig.json': composite(['../core']),
      'app/src/index.ts': `import { load } from 'core'\nexport const value = load()`,
    })
    fs.mkdirSync(folder.path('node_modules'))
    fs.symlinkSync(folder.path('core'), folder.path('node_modules/core'), 'junction')
    expect(folder.typeOf('app/src/index.ts', 'value')).toBe('number')
    folder.workspace.openDocument(folder.path('core/src/index.ts'), 1, 'export async function load() { return 1 }')
    expect(folder.typeOf('app/src/index.ts', 'value')).toBe('Promise<number>')
  })

  it('reads a config file again when it or one it extends changes', () => {
    using folder = new Folder({
      'base.json': '{ "compilerOptions": { "strict": false } }',
      'tsconfig.json': '{ "extends": "./base.json" }',
      'index.ts': 'export const value = Math.random() > 1 ? null : 1',
    })
    expect(folder.typeOf('index.ts', 'value')).toBe('1')
    expect(folder.save('base.json', '{ "compilerOptions": { "strict": true } }')).toEqual({ configChanged: true })
    expect(folder.typeOf('index.ts', 'value')).toBe('1 | null')
    expect(folder.save('tsconfig.json', '{ "compilerOptions": { "strict": false } }')).toEqual({ configChanged: true })
    expect(folder.typeOf('index.ts', 'value')).toBe('1')
    expect(folder.remove('tsconfig.json')).toEqual({ configChanged: true })
    expect(folder.ready('index.ts').configPath).toBeUndefined()
  })

  it('takes a created file into the config file that includes its folder', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/a.ts': 'export const value = 1' })
    expect(folder.ready('src/a.ts').program.getRootFileNames()).toHaveLength(1)
    folder.save('src/b.ts', 'export const value = 2')
    expect(folder.ready('src/b.ts').configPath).toBe(folder.path('tsconfig.json'))
  })

  it('uses the one config file it was told to', () => {
    using folder = new Folder({
      'tsconfig.json': '{ "compilerOptions": { "strict": true } }',
      'tsconfig.loose.json': '{ "compilerOptions": { "strict": false } }',
      'index.ts': 'export const value = Math.random() > 1 ? null : 1',
    })
    folder.open({ tsconfig: folder.path('tsconfig.loose.json') })
    expect(folder.typeOf('index.ts', 'value')).toBe('1')
  })

  it('says so when the one config file does not exist', () => {
    using folder = new Folder({ 'index.ts': 'export const value = 1' })
    const workspace = folder.open({ tsconfig: folder.path('missing.json') })
    expect(folder.typeOf('index.ts', 'value')).toBe('1')
    expect(workspace.configProblems()).toMatchObject([{ path: folder.path('missing.json'), line: 1 }])
  })
})

describe('files without a config file', () => {
  it('types the standard library of browsers and Node alike', () => {
    const index = `export const value = fetch('/')\nexport const signal = AbortSignal.timeout(1)`
    using folder = new Folder({ 'index.js': index })
    expect(folder.ready('index.js').configPath).toBeUndefined()
    expect(folder.typeOf('index.js', 'value')).toBe('Promise<Response>')
    expect(folder.typeOf('index.js', 'signal')).toBe('AbortSignal')
  })

  it('follows their imports, extensionless or not, and required ones', () => {
    using folder = new Folder({
      'a.js': 'export async function load() { return 1 }',
      'b.js': `import { load } from './a'\nexport const value = load()`,
      'c.cjs': `const { load } = require('./d.cjs')\nconst value = load()`,
      'd.cjs': 'exports.load = async () => 1',
    })
    expect(folder.typeOf('b.js', 'value')).toBe('Promise<number>')
    expect(folder.typeOf('c.cjs', 'value')).toBe('Promise<number>')
  })

  it('gives JavaScript beside a TypeScript-only config file a program of its own, with that file’s options', () => {
    using folder = new Folder({
      'tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
      'src/load.ts': 'export async function load() { return 1 }',
      'script.js': `import { load } from '~/load'\nexport const value = load()`,
    })
    expect(folder.ready('script.js').configPath).toBeUndefined()
    expect(folder.typeOf('script.js', 'value')).toBe('Promise<number>')
  })

  it('keeps the globals of neighbouring scripts apart', () => {
    using folder = new Folder({ 'a.js': 'const value = 1', 'b.js': 'const value = "text"' })
    folder.workspace.plan([folder.path('a.js'), folder.path('b.js')])
    expect(folder.typeOf('b.js', 'value')).toBe('"text"')
  })

  it('does not need the node types that a config file asks for', () => {
    using folder = new Folder({
      'tsconfig.json': '{ "compilerOptions": { "types": ["node"], "lib": ["es2023"] } }',
      'index.ts': 'export const value = Promise.resolve(1)\nsetTimeout(() => fetch("/", {}), 1)',
    })
    expect(folder.typeOf('index.ts', 'value')).toBe('Promise<number>')
  })

  it('takes in the ambient types of packages where a config file does not choose', () => {
    using folder = new Folder({
      'tsconfig.json': '{}',
      'node_modules/@types/thing/index.d.ts': 'declare function thing(): Promise<number>',
      'index.ts': 'export const value = thing()',
    })
    expect(folder.typeOf('index.ts', 'value')).toBe('Promise<number>')
  })
})

describe('several folders', () => {
  it('keeps their loose files apart, and follows a change of folders', () => {
    using one = new Folder({ 'index.js': 'export const value = 1' })
    using two = new Folder({ 'index.js': 'export const value = "two"' })
    one.open({ folders: [one.root, two.root] })
    const first = one.ready('index.js').program
    const second = one.workspace.file(two.path('index.js'))
    expect(second).toMatchObject({ kind: 'ready' })
    expect(first.getSourceFile(two.path('index.js'))).toBeUndefined()
    one.workspace.setFolders([one.root])
    expect(one.typeOf('index.js', 'value')).toBe('1')
  })
})

describe('memory', () => {
  const names = Array.from({ length: 12 }, (_, index) => `p${String(index)}`)
  const many = (): Folder => {
    const files = names.flatMap((name) => [
      [`${name}/tsconfig.json`, '{}'],
      [`${name}/index.ts`, 'export const value = 1'],
      [`${name}/other.ts`, 'export const value = 1'],
    ])
    return new Folder(Object.fromEntries(files) as Record<string, string>)
  }

  it('keeps the programs of open files, and loads a dropped one again', () => {
    using folder = many()
    folder.workspace.openDocument(folder.path('p0/index.ts'), 1, 'export const value = 1')
    const open = folder.ready('p0/index.ts').program
    const idle = folder.ready('p1/index.ts').program
    for (const name of names.slice(2)) folder.ready(`${name}/index.ts`)
    expect(folder.ready('p0/index.ts').program).toBe(open)
    expect(folder.ready('p1/index.ts').program).not.toBe(idle)
    expect(folder.typeOf('p1/index.ts', 'value')).toBe('1')
  })

  it('builds each program once when the files come in the planned order', () => {
    using folder = many()
    const files = ['index.ts', 'other.ts'].flatMap((file) => names.map((name) => folder.path(`${name}/${file}`)))
    const planned = folder.workspace.plan(files)
    expect([...planned].sort()).toEqual([...files].sort())
    for (const file of planned) folder.workspace.file(file)
    expect(folder.logged.filter((message) => message.startsWith('Loading'))).toHaveLength(names.length)
  })

  it('frees its programs', () => {
    using folder = new Folder({ 'index.ts': 'export const value = 1' })
    const workspace = new Workspace({ folders: [folder.root] })
    expect(workspace.file(folder.path('index.ts')).kind).toBe('ready')
    expect(() => {
      workspace.dispose()
    }).not.toThrow()
  })
})
