import { isLintable } from '@forkline/lint'
import { describe, expect, it } from 'vitest'
import { Folder, TSCONFIG } from './folder.ts'

const SYNC = 'export function load() { return 1 }\n'
const ASYNC = 'export async function load() { return 1 }\n'
const USE = `import { load } from './load.js'\nexport const value = load()\n`

describe('a file that imports another', () => {
  it('sees an edit in another unsaved buffer', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/load.ts': SYNC, 'src/use.ts': USE })
    folder.workspace.openDocument(folder.path('src/use.ts'), 1, USE)
    folder.workspace.openDocument(folder.path('src/load.ts'), 1, SYNC)
    expect(folder.typeOf('src/use.ts', 'value')).toBe('number')
    folder.workspace.changeDocument(folder.path('src/load.ts'), 2, ASYNC)
    expect(folder.typeOf('src/use.ts', 'value')).toBe('Promise<number>')
  })

  it('sees the text on disk again when the other buffer is closed unsaved', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/load.ts': SYNC, 'src/use.ts': USE })
    folder.workspace.openDocument(folder.path('src/load.ts'), 1, ASYNC)
    expect(folder.typeOf('src/use.ts', 'value')).toBe('Promise<number>')
    folder.workspace.closeDocument(folder.path('src/load.ts'))
    expect(folder.typeOf('src/use.ts', 'value')).toBe('number')
  })

  it('sees a change on disk', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/load.ts': SYNC, 'src/use.ts': USE })
    folder.workspace.openDocument(folder.path('src/use.ts'), 1, USE)
    expect(folder.typeOf('src/use.ts', 'value')).toBe('number')
    expect(folder.save('src/load.ts', ASYNC)).toEqual({ configChanged: false })
    expect(folder.typeOf('src/use.ts', 'value')).toBe('Promise<number>')
  })

  it('prefers the buffer to a change on disk', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/load.ts': SYNC, 'src/use.ts': USE })
    folder.workspace.openDocument(folder.path('src/load.ts'), 1, ASYNC)
    folder.save('src/load.ts', 'export const load = () => "text"')
    expect(folder.typeOf('src/use.ts', 'value')).toBe('Promise<number>')
  })

  it('finds a module once it is created, and loses it once it is deleted', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/use.ts': USE })
    expect(folder.typeOf('src/use.ts', 'value')).toBe('any')
    folder.save('src/load.ts', ASYNC)
    expect(folder.typeOf('src/use.ts', 'value')).toBe('Promise<number>')
    folder.remove('src/load.ts')
    expect(folder.typeOf('src/use.ts', 'value')).toBe('any')
  })

  it('finds a module that exists only as an unsaved buffer', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/use.ts': USE })
    expect(folder.typeOf('src/use.ts', 'value')).toBe('any')
    folder.workspace.openDocument(folder.path('src/load.ts'), 1, ASYNC)
    expect(folder.typeOf('src/use.ts', 'value')).toBe('Promise<number>')
    folder.workspace.closeDocument(folder.path('src/load.ts'))
    expect(folder.typeOf('src/use.ts', 'value')).toBe('any')
  })

  it('loses a module when the whole folder above it is deleted', () => {
    using folder = new Folder({
      'tsconfig.json': TSCONFIG,
      'src/deep/load.ts': SYNC,
      'src/use.ts': USE.replace('./load', './deep/load'),
    })
    expect(folder.typeOf('src/use.ts', 'value')).toBe('number')
    folder.remove('src/deep')
    expect(folder.typeOf('src/use.ts', 'value')).toBe('any')
  })

  it('finds a package once it is installed, and follows its package.json', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/use.ts': USE.replace('./load.js', 'loader') })
    expect(folder.typeOf('src/use.ts', 'value')).toBe('any')
    folder.write('node_modules/loader/a.d.ts', 'export declare function load(): number')
    folder.write('node_modules/loader/b.d.ts', 'export declare function load(): Promise<string>')
    folder.save('node_modules/loader/package.json', '{ "name": "loader", "version": "1.0.0", "types": "a.d.ts" }')
    expect(folder.typeOf('src/use.ts', 'value')).toBe('number')
    const change = folder.save(
      'node_modules/loader/package.json',
      '{ "name": "loader", "version": "1.0.0", "types": "b.d.ts" }',
    )
    expect(change).toEqual({ configChanged: true })
    expect(folder.typeOf('src/use.ts', 'value')).toBe('Promise<string>')
  })

  it('keeps its program when files come and go that are no source', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/load.ts': SYNC, 'src/use.ts': USE })
    const { program } = folder.ready('src/use.ts')
    folder.save('src/notes.txt', 'text')
    folder.remove('src/notes.txt')
    expect(folder.ready('src/use.ts').program).toBe(program)
  })

  it('reparses only the edited file, and builds nothing when nothing changed', () => {
    using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/load.ts': SYNC, 'src/use.ts': USE })
    const before = folder.ready('src/use.ts')
    expect(folder.ready('src/load.ts').program).toBe(before.program)
    const loadBefore = before.program.getSourceFile(folder.path('src/load.ts'))
    folder.workspace.openDocument(folder.path('src/use.ts'), 1, USE)
    expect(folder.ready('src/use.ts').program).toBe(before.program)
    folder.workspace.changeDocument(folder.path('src/use.ts'), 2, `${USE}// end\n`)
    const after = folder.ready('src/use.ts')
    expect(after.program).not.toBe(before.program)
    expect(after.program.getSourceFile(folder.path('src/load.ts'))).toBe(loadBefore)
    expect(after.sourceFile.text).toBe(`${USE}// end\n`)
  })
})

describe('isLintable', () => {
  it.each(['a.ts', 'a.tsx', 'a.mts', 'a.cts', 'a.js', 'a.jsx', 'a.mjs', 'a.cjs', 'C:\\src\\a.ts', 'a.d.b.js'])(
    'takes %s',
    (path) => {
      expect(isLintable(path)).toBe(true)
    },
  )

  it.each(['a.d.ts', 'a.d.mts', 'a.d.css.ts', 'a.json', 'a.vue', 'ts', 'a.ts.md', 'a.mtsx'])(
    'leaves out %s',
    (path) => {
      expect(isLintable(path)).toBe(false)
    },
  )
})
