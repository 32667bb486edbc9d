import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { lint, rules } from '@forkline/lint'
import { IO_KINDS } from '../../lint/analysis/knowledge/names.ts'
import { PackageRoles } from '../../lint/analysis/knowledge/packageRoles.ts'
import { PACKAGES } from '../../lint/analysis/knowledge/packages.ts'
import { readConfiguration } from '../../lint/configuration.ts'
import { absolute, programOf } from './harness/virtualProject.ts'

describe('reading a configuration', () => {
  test('the table itself has the shape that users write', () => {
    expect(readConfiguration({ packages: PACKAGES }).problems).toEqual([])
  })

  test.each<[string, unknown, string, string]>([
    ['a list', [], '', 'Expected an object, got an array.'],
    ['nothing', undefined, '', 'Expected an object, got nothing.'],
    ['an unknown key', { limiter: [] }, 'limiter', 'There is no such key.'],
    ['a name in place of a list', { detached: 'spawnTask' }, 'detached', 'Expected an array, got `spawnTask`.'],
    ['a number in a list', { locks: ['a', 3] }, 'locks.1', 'Expected a string, got 3.'],
    [
      'an unknown kind',
      { packages: { pg: { io: { query: 'db' } } } },
      'packages.pg.io.query',
      'Expected one of `network`, `model`, `database`, `process`, `file`, `stat`, `timer`, `memory`, got `db`.',
    ],
    [
      'a slot without a position',
      { packages: { got: { signals: { get: { property: 'signal' } } } } },
      'packages.got.signals.get.index',
      'Expected `index`, got nothing.',
    ],
    [
      'a slot before the first',
      { packages: { got: { signals: { get: { index: -1 } } } } },
      'packages.got.signals.get.index',
      'Expected >=0, got -1.',
    ],
  ])('%s is told of, with its place', (_, raw, place, message) => {
    expect(readConfiguration(raw).problems.map((problem) => [problem.path.join('.'), problem.message])).toEqual([
      [place, message],
    ])
  })

  test('what is right beside it holds', () => {
    const { knowledge, problems } = readConfiguration({
      packages: { a: { io: { '*': 'network' } }, b: { io: 1 } },
      detached: 7,
      limiters: ['viaGateway'],
    })
    expect(problems).toHaveLength(2)
    expect(knowledge).toEqual({ packages: { a: { io: { '*': 'network' } } }, limiters: ['viaGateway'] })
  })
})

describe('what a project adds', () => {
  test('goes before the table, name by name', () => {
    const roles = new PackageRoles({ packages: { axios: { io: { get: 'memory' }, limiters: ['throttled'] } } })
    expect(roles.of('axios')?.io).toMatchObject({ get: 'memory', '*': 'network' })
    expect(roles.of('axios')?.limiters).toEqual(['throttled'])
    expect(new PackageRoles().of('axios')?.io?.['get']).toBeUndefined()
  })

  test.each([
    ['a core module by its full name', 'node:fs', 'fs'],
    ['a subpath by its package', 'openai/resources/chat', 'openai'],
    ['a subpath with a row of its own', 'fs/promises', 'fs/promises'],
    ['any package of a scope', '@aws-sdk/client-s3', '@aws-sdk/*'],
    ['a package of a scope that has a row', '@google/genai', '@google/genai'],
  ])('%s', (_, specifier, row) => {
    expect(new PackageRoles().of(specifier)).toBe(PACKAGES[row])
  })

  const CODE = `import { get } from '@acme/http'
declare function viaGateway<T>(work: T): T
declare function updateIndex(id: string): Promise<void>
export async function load(urls: string[]) { return Promise.all(urls.map((url) => get(url))) }
export async function loadSlowly(urls: string[]) { return Promise.all(urls.map((url) => viaGateway(get(url)))) }
export async function warm(ids: string[]) { for (const id of ids) updateIndex(id) }
`
  const found = (knowledge: PackageRoles | undefined): string[] => {
    const program = programOf({ 'file.ts': CODE })
    const sourceFile = program.getSourceFile(absolute('file.ts'))
    if (!sourceFile) throw new Error('Expected the program to hold file.ts')
    const { findings } = lint(program, sourceFile, { level: 'likely', knowledge }, rules)
    return findings.map(
      ({ ruleId, start }) => `${ruleId}:${String(sourceFile.getLineAndCharacterOfPosition(start).line + 1)}`,
    )
  }

  test('changes what rules see, in one program with and without it', () => {
    expect(found(undefined)).toEqual(['no-fire-and-forget-loop:6'])
    const network = { '@acme/http': { io: { '*': 'network' } } } as const
    expect(found(new PackageRoles({ packages: network }))).toEqual([
      'no-unbounded-concurrency:4',
      'no-unbounded-concurrency:5',
      'no-fire-and-forget-loop:6',
    ])
    expect(found(new PackageRoles({ packages: network, limiters: ['viaGateway'], detached: ['updateIndex'] }))).toEqual(
      ['no-unbounded-concurrency:4'],
    )
    expect(found(undefined)).toEqual(['no-fire-and-forget-loop:6'])
  })
})

test('the schema that editors read knows the same keys and kinds', () => {
  const text = readFileSync(new URL('../../schemas/forkline.schema.json', import.meta.url), 'utf8')
  const { properties } = JSON.parse(text) as {
    properties: Record<
      string,
      { additionalProperties?: { properties: Record<string, { additionalProperties?: { enum?: string[] } }> } }
    >
  }
  expect(Object.keys(properties).sort()).toEqual(['$schema', 'detached', 'limiters', 'locks', 'packages'])
  const row = properties['packages']?.additionalProperties?.properties ?? {}
  const used = new Set(Object.values(PACKAGES).flatMap((known) => Object.keys(known)))
  expect(Object.keys(row).sort()).toEqual([...used].sort())
  expect(row['io']?.additionalProperties?.enum).toEqual([...IO_KINDS])
})
