import type ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { Folder } from './folder.ts'

const config = (options: object): string =>
  JSON.stringify({
    compilerOptions: { lib: ['es2022'], module: 'esnext', moduleResolution: 'bundler', types: [], ...options },
    include: ['*.ts', '../typed.d.ts', '../shared.ts'],
  })

/** Two projects that disagree on all that TypeScript takes to matter for trees. */
const TWO_PROJECTS = {
  'typed.d.ts': 'declare const fromTypings: { readonly size: number }',
  'shared.ts': 'export const shared = 1',
  'a/tsconfig.json': config({ strict: true, target: 'es2022', moduleDetection: 'force', jsx: 'react-jsx' }),
  'a/index.ts': 'export const value = fromTypings',
  'b/tsconfig.json': config({ strict: false, target: 'es2020', alwaysStrict: false, allowUnreachableCode: true }),
  'b/index.ts': 'export const value = fromTypings',
}

function tree(folder: Folder, project: string, ending: string): ts.SourceFile {
  const found = folder
    .ready(`${project}/index.ts`)
    .program.getSourceFiles()
    .find(({ fileName }) => fileName.endsWith(ending))
  if (found === undefined) throw new Error(`${project} holds no ${ending}`)
  return found
}

describe('projects with different options', () => {
  it('share the trees of the library and of typings, and of nothing else', () => {
    using folder = new Folder(TWO_PROJECTS)
    for (const name of ['/lib.es5.d.ts', '/typed.d.ts']) expect(tree(folder, 'a', name)).toBe(tree(folder, 'b', name))
    expect(tree(folder, 'a', '/shared.ts')).not.toBe(tree(folder, 'b', '/shared.ts'))
  })

  it('all see typings that change', () => {
    using folder = new Folder(TWO_PROJECTS)
    const types = (): string[] => ['a', 'b', 'a'].map((project) => folder.typeOf(`${project}/index.ts`, 'value'))
    expect(types()).toEqual(Array(3).fill('{ readonly size: number; }'))
    for (const type of ['string', 'readonly string[]', 'bigint']) {
      folder.save('typed.d.ts', `declare const fromTypings: ${type}`)
      expect(types()).toEqual([type, type, type])
    }
    expect(tree(folder, 'a', '/typed.d.ts')).toBe(tree(folder, 'b', '/typed.d.ts'))
  })

  it('keep the trees that others let go of', () => {
    using folder = new Folder(TWO_PROJECTS)
    const library = tree(folder, 'a', '/lib.es5.d.ts')
    expect(folder.typeOf('b/index.ts', 'value')).toBe('{ readonly size: number; }')
    folder.save('a/tsconfig.json', config({ target: 'es2015', noLib: true, lib: undefined }))
    expect(folder.ready('a/index.ts').program.getSourceFiles()).not.toContain(library)
    folder.save('typed.d.ts', 'declare const fromTypings: boolean')
    expect(folder.typeOf('b/index.ts', 'value')).toBe('boolean')
    folder.save('a/tsconfig.json', config({ target: 'es2015' }))
    expect(tree(folder, 'a', '/lib.es5.d.ts')).toBe(library)
    expect(folder.typeOf('a/index.ts', 'value')).toBe('boolean')
  })
})
