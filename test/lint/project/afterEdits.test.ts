import { lint, Workspace } from '@forkline/lint'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Folder, TSCONFIG } from './folder.ts'

/** What may stand at each place of two files; the first of each is what a session begins with. */
const LOAD = [
  'export async function load(id: string): Promise<string> { await pause(); return id }',
  'export function load(id: string): Promise<string> { return Promise.resolve(id) }',
  'export function load(id: string): string { return id }',
  'export function load(id: string): Promise<string>[] { return [Promise.resolve(id)] }',
]
const PUT = [
  'async put(id: string): Promise<void> { await pause(); this.size += id.length }',
  'put(id: string): void { this.size += id.length }',
  'async *put(id: string) { yield id }',
  'static async put(id: string): Promise<void> { await pause() }\n  put(id: string): number { return id.length }',
]
const IMPORT = [
  `import { load, Store } from './store.js'`,
  `import { load } from './other.js'\nimport { Store } from './store.js'`,
  `import { load, Store } from './missing.js'`,
]
const COUNT = [
  'running += 1; try { await load(id) } finally { running -= 1 }',
  'if (running > 0) return; await load(id); running += 1',
  'const before = running; await load(id); running = before + 1',
  'running += (await load(id)).length',
]
const DROPPED = [
  'ids.forEach(async (one) => { await load(one) })',
  'ids.map((one) => store.put(one))',
  'load(id)',
  'store.put(id)',
  'unknown.save(id).then(() => store.put(id))',
]
const PLACES = [LOAD, PUT, IMPORT, COUNT, DROPPED] as const

const OTHER = 'export function load(id: string): number { return id.length }'

/** The two files, with one of the variants at each place. */
function texts([load, put, imports, count, dropped]: readonly number[]): Readonly<Record<string, string>> {
  return {
    'src/store.ts': `declare function pause(): Promise<void>
${LOAD[load ?? 0] ?? ''}
export class Store {
  size = 0
  ${PUT[put ?? 0] ?? ''}
}
`,
    'src/use.ts': `${IMPORT[imports ?? 0] ?? ''}
declare const unknown: any
const store = new Store()
let running = 0
export async function work(ids: readonly string[], id: string): Promise<void> {
  ${COUNT[count ?? 0] ?? ''}
}
export async function start(ids: readonly string[], id: string): Promise<void> {
  ${DROPPED[dropped ?? 0] ?? ''}
  await work(ids, id)
}
`,
  }
}

/** All that is found in the files, as words. */
function findingsOf(workspace: Workspace, folder: Folder): readonly unknown[] {
  return ['src/store.ts', 'src/use.ts'].flatMap((name) => {
    const file = workspace.file(folder.path(name))
    if (file.kind === 'skipped') throw new Error(`${name} ${file.reason}`)
    const { findings, crashes } = lint(file.program, file.sourceFile, { level: 'possible' })
    expect(crashes).toEqual([])
    return findings.map(({ ruleId, level, message, start, end, fix, suggestions }) => {
      const fixes = [...(fix ? [fix] : []), ...suggestions].map((one) => ({ title: one.title, edits: one.edits() }))
      return { name, ruleId, level, message, start, end, fixes }
    })
  })
}

describe('after an edit', () => {
  it('the findings are those of a workspace that sees the texts for the first time', () => {
    const edit = fc
      .nat(PLACES.length - 1)
      .chain((place) => fc.tuple(fc.constant(place), fc.nat((PLACES[place]?.length ?? 1) - 1)))
    let most = 0
    fc.assert(
      fc.property(fc.array(edit, { minLength: 3, maxLength: 6 }), (edits) => {
        const state = PLACES.map(() => 0)
        using folder = new Folder({ 'tsconfig.json': TSCONFIG, 'src/other.ts': OTHER, ...texts(state) })
        const openAll = (workspace: Workspace, version: number): Workspace => {
          for (const [name, text] of Object.entries(texts(state)))
            workspace.openDocument(folder.path(name), version, text)
          return workspace
        }
        findingsOf(openAll(folder.workspace, 1), folder)
        for (const [index, [place, variant]] of edits.entries()) {
          state[place] = variant
          const edited = findingsOf(openAll(folder.workspace, index + 2), folder)
          const fresh = openAll(new Workspace({ folders: [folder.root] }), 1)
          expect(edited).toEqual(findingsOf(fresh, folder))
          fresh.dispose()
          most = Math.max(most, edited.length)
        }
      }),
      { numRuns: 6 },
    )
    expect(most).toBeGreaterThan(1)
  })

  it('a package.json that says what its modules are decides anew what their imports lead to', () => {
    using folder = new Folder({
      'tsconfig.json': TSCONFIG,
      'package.json': '{ "type": "commonjs" }',
      'src/load.ts': 'export function load() { return 1 }',
      'src/use.ts': `import { load } from './load'\nexport const value = load()`,
    })
    const edit = (version: number): void => {
      folder.workspace.openDocument(
        folder.path('src/use.ts'),
        version,
        `import { load } from './load'\nexport const value = load() // ${String(version)}`,
      )
    }
    expect(folder.typeOf('src/use.ts', 'value')).toBe('number')
    edit(1)
    expect(folder.typeOf('src/use.ts', 'value')).toBe('number')
    folder.save('package.json', '{ "type": "module" }')
    expect(folder.typeOf('src/use.ts', 'value')).toBe('any')
    edit(2)
    expect(folder.typeOf('src/use.ts', 'value')).toBe('any')
    folder.save('package.json', '{ "type": "commonjs" }')
    edit(3)
    expect(folder.typeOf('src/use.ts', 'value')).toBe('number')
  })

  it('an import that is written anew leads to its own file, and the files that did not change keep their trees', () => {
    const use = (from: string): string => `import { one } from '${from}'\nexport const value = one`
    using folder = new Folder({
      'tsconfig.json': TSCONFIG,
      'src/a.ts': 'export const one = 1',
      'src/b.ts': `export const one = 'b'`,
      'src/use.ts': use('./a.js'),
    })
    const tree = folder.ready('src/use.ts').program.getSourceFile(folder.path('src/b.ts'))
    expect(folder.typeOf('src/use.ts', 'value')).toBe('1')
    folder.workspace.openDocument(folder.path('src/use.ts'), 1, use('./b.js'))
    expect(folder.typeOf('src/use.ts', 'value')).toBe('"b"')
    expect(folder.ready('src/use.ts').program.getSourceFile(folder.path('src/b.ts')) === tree).toBe(true)
  })
})
