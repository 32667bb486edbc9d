import { describe, expect, it } from 'vitest'
import { Folder } from './folder.ts'

const SOURCE = {
  'tsconfig.json': '{ "include": ["**/*.ts"] }',
  'src/a.ts': 'export const value = 1',
  'b.ts': 'export const value = 1',
}
const withLimiter = (name: string): string => JSON.stringify({ limiters: [name] })

describe('forkline.json', () => {
  it('holds for the files below it; the nearest counts', () => {
    using folder = new Folder({
      ...SOURCE,
      'forkline.json': withLimiter('outer'),
      'src/forkline.json': withLimiter('inner'),
    })
    expect(folder.ready('src/a.ts').knowledge?.isBounding('inner')).toBe(true)
    expect(folder.ready('src/a.ts').knowledge?.isBounding('outer')).toBe(false)
    expect(folder.ready('b.ts').knowledge?.isBounding('outer')).toBe(true)
  })

  it('is the same object until its text changes', () => {
    using folder = new Folder({ ...SOURCE, 'forkline.json': withLimiter('one') })
    const before = folder.ready('b.ts').knowledge
    expect(folder.ready('src/a.ts').knowledge).toBe(before)
    expect(folder.save('forkline.json', withLimiter('two'))).toEqual({ configChanged: true })
    expect(folder.ready('b.ts').knowledge).not.toBe(before)
    expect(folder.ready('b.ts').knowledge?.isBounding('two')).toBe(true)
  })

  it('counts once it appears', () => {
    using folder = new Folder(SOURCE)
    expect(folder.ready('b.ts').knowledge).toBeUndefined()
    expect(folder.save('forkline.json', withLimiter('one'))).toEqual({ configChanged: true })
    expect(folder.ready('b.ts').knowledge?.isBounding('one')).toBe(true)
  })

  it('may hold comments and trailing commas', () => {
    using folder = new Folder({ ...SOURCE, 'forkline.json': '{\n  // ours\n  "limiters": ["one",],\n}' })
    expect(folder.ready('b.ts').knowledge?.isBounding('one')).toBe(true)
    expect(folder.workspace.configProblems()).toEqual([])
  })

  it('that is wrong is told of by line and place, and the rest of it holds', () => {
    const text = '{\n  "limiters": ["one"],\n  "packages": {\n    "pg": {\n      "io": { "query": "db" }\n    }\n  }\n}'
    using folder = new Folder({ ...SOURCE, 'forkline.json': text })
    expect(folder.ready('b.ts').knowledge?.isBounding('one')).toBe(true)
    const [problem, ...others] = folder.workspace.configProblems()
    expect(others).toEqual([])
    expect(problem).toMatchObject({ path: folder.path('forkline.json'), line: 5 })
    expect(problem?.message).toMatch(/^`packages\.pg\.io\.query`: Expected one of .*`database`.*, got `db`\.$/u)
    folder.save('forkline.json', withLimiter('one'))
    folder.ready('b.ts')
    expect(folder.workspace.configProblems()).toEqual([])
  })

  it.each(['', '7', '[1', '\0\u0001', '{ "packages": [] }', 'null'])(
    'of %j leaves the table as it is, and says so',
    (text) => {
      using folder = new Folder({ ...SOURCE, 'forkline.json': text })
      expect(folder.ready('b.ts').knowledge?.of('p-limit')?.limiters).toContain('default')
      expect(folder.workspace.configProblems()).toHaveLength(1)
      expect(folder.workspace.configProblems()).toMatchObject([{ path: folder.path('forkline.json'), line: 1 }])
    },
  )
})
