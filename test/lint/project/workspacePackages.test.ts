import { describe, expect, it } from 'vitest'
import { Folder } from './folder.ts'

const CONFIG = JSON.stringify({
  compilerOptions: { module: 'esnext', moduleResolution: 'bundler', strict: true },
  include: ['src'],
})
const ENGINE = 'export async function start(): Promise<number> { return 1 }\n'
const USE = 'import { start } from "@acme/engine"\nexport const started = start()\n'

/** A monorepo of an app and an engine, with nothing installed. */
function monorepo(files: Readonly<Record<string, string>> = {}): Folder {
  return new Folder({
    'package.json': JSON.stringify({ private: true, workspaces: ['packages/*'] }),
    'packages/app/package.json': '{ "name": "app" }',
    'packages/app/tsconfig.json': CONFIG,
    'packages/app/src/main.ts': USE,
    'packages/engine/package.json': JSON.stringify({
      name: '@acme/engine',
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    }),
    'packages/engine/src/index.ts': ENGINE,
    ...files,
  })
}

const manifest = (rest: object): string => JSON.stringify({ name: '@acme/engine', ...rest })

describe('an import of a package of the workspace that is not installed', () => {
  it('finds its sources', () => {
    using folder = monorepo()
    expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('Promise<number>')
  })

  it.each([
    ['an object of globs', { 'package.json': JSON.stringify({ workspaces: { packages: ['./packages/*/'] } }) }],
    [
      'globs with exceptions',
      {
        'package.json': JSON.stringify({ workspaces: ['packages/**', '!packages/old/**'] }),
        'packages/old/package.json': manifest({}),
      },
    ],
    ['other means, below a private root', { 'package.json': JSON.stringify({ private: true }) }],
    [
      'Rush',
      {
        'package.json': '',
        'rush.json':
          '{\n  // "projectFolder": "nowhere"\n  "projects": [{ "packageName": "@acme/engine", "projectFolder": "packages/engine" }]\n}\n',
      },
    ],
    [
      'pnpm',
      {
        'package.json': '{}',
        'pnpm-workspace.yaml':
          'packages:\n  # all of them\n  - "packages/*" # here\n\n  - \'tools/*\'\ncatalog:\n  - x\n',
      },
    ],
  ])('where the root names its packages by %s', (_, files) => {
    using folder = monorepo(files)
    expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('Promise<number>')
  })

  it.each([
    ['source', { source: './code/begin.ts', main: './dist/x.js' }, 'code/begin.ts'],
    [
      'a condition with the source',
      { exports: { '.': { source: './code/begin.ts', import: './dist/x.mjs' } } },
      'code/begin.ts',
    ],
    ['types in a folder of built files', { types: './dist/api/begin.d.ts' }, 'src/api/begin.ts'],
    ['main, built for two module systems', { main: './dist/cjs/begin.cjs' }, 'src/begin.ts'],
    ['exports as one string', { exports: './lib/begin.js' }, 'src/begin.ts'],
    ['nothing, with the source at the top', {}, 'index.ts'],
  ])('where the package says where it begins by %s', (_, rest, file) => {
    using folder = monorepo({
      'packages/engine/package.json': manifest(rest),
      [`packages/engine/${file}`]: 'export const start = () => "here"\n',
    })
    if (file !== 'src/index.ts') folder.remove('packages/engine/src/index.ts')
    expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('string')
  })

  it.each([['src/work.ts'], ['src/work/index.ts'], ['work/src/index.ts'], ['work/index.ts']])(
    'finds a part of it in %s',
    (file) => {
      using folder = monorepo({
        'packages/app/src/main.ts': USE.replace('engine', 'engine/work'),
        [`packages/engine/${file}`]: ENGINE,
      })
      expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('Promise<number>')
    },
  )

  it.each([
    [
      'a pattern for all of them',
      { './*': { types: './dist/public/*.d.ts', node: './dist/public/*.js' } },
      'src/public/work.ts',
    ],
    [
      'a name of its own',
      { './work': './dist/tasks/begin.js', './package.json': './package.json' },
      'src/tasks/begin.ts',
    ],
    ['a name that lies where it says', { './work': { import: null } }, 'src/work.ts'],
    ['one pattern, and lies beside what that says', { './*': './dist/public/*.js' }, 'src/work/index.ts'],
  ])('finds a part of it that is exported under %s', (_, exports, file) => {
    using folder = monorepo({
      'packages/app/src/main.ts': USE.replace('engine', 'engine/work'),
      'packages/engine/package.json': manifest({ exports }),
      [`packages/engine/${file}`]: ENGINE,
    })
    expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('Promise<number>')
  })

  it.each([
    ['in a file', 'work.ts', {}],
    ['in a file with JSX', 'work.tsx', {}],
    ['in a folder', 'work/index.ts', {}],
    [
      'where the config file looks for what is not there',
      'work.ts',
      { paths: { '@acme/engine/*': ['../engine/src/public/*'] } },
    ],
  ])('finds a part of it %s where imports mean what Node finds', (_, file, options) => {
    using folder = monorepo({
      'packages/app/package.json': '{ "name": "app", "type": "module" }',
      'packages/app/tsconfig.json': JSON.stringify({
        compilerOptions: { module: 'nodenext', jsx: 'preserve', strict: true, ...options },
        include: ['src'],
      }),
      'packages/app/src/main.ts': USE.replace('engine', 'engine/work'),
      'packages/engine/package.json': manifest({ type: 'module', exports: { './*': './dist/public/*.js' } }),
      [`packages/engine/src/public/${file}`]: ENGINE,
    })
    expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('Promise<number>')
  })

  it('follows the package when it is edited, comes and goes', () => {
    using folder = monorepo()
    expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('Promise<number>')
    folder.save('packages/engine/src/index.ts', 'export const start = () => true\n')
    expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('boolean')
    folder.remove('packages/engine')
    expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('any')
    folder.write('packages/engine/src/index.ts', ENGINE)
    folder.save('packages/engine/package.json', manifest({}))
    expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('Promise<number>')
  })
})

it('follows the file in which pnpm names the packages, and that alone, as it is written, edited and removed', () => {
  using folder = monorepo({ 'package.json': '{}' })
  const started = (): string => folder.typeOf('packages/app/src/main.ts', 'started')
  expect(started()).toBe('any')
  expect(folder.save('pnpm-workspace.yaml', 'packages:\n  - packages/*\n')).toEqual({ configChanged: true })
  expect(started()).toBe('Promise<number>')
  folder.save('pnpm-workspace.yaml', 'packages:\n  - apps/*\n')
  expect(started()).toBe('any')
  folder.save('pnpm-workspace.yaml', 'packages:\n  - packages/*\n')
  expect(started()).toBe('Promise<number>')
  folder.remove('pnpm-workspace.yaml')
  expect(started()).toBe('any')
})

describe('sources stay aside', () => {
  it('where the package is installed and built', () => {
    using folder = monorepo({
      'node_modules/@acme/engine/package.json': manifest({ types: './dist/index.d.ts' }),
      'node_modules/@acme/engine/dist/index.d.ts': 'export declare function start(): "installed"\n',
    })
    expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('"installed"')
  })

  it('where the config file says itself what the name stands for', () => {
    using folder = monorepo({
      'packages/app/tsconfig.json': JSON.stringify({
        compilerOptions: { module: 'esnext', moduleResolution: 'bundler', paths: { '@acme/engine': ['./src/own.ts'] } },
        include: ['src'],
      }),
      'packages/app/src/own.ts': 'export const start = () => 1n\n',
    })
    expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('bigint')
  })

  it('where the root does not name the package', () => {
    using folder = monorepo({ 'package.json': JSON.stringify({ workspaces: ['apps/*'] }) })
    expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('any')
  })

  it('where a manifest is no JSON, or has no name', () => {
    using folder = monorepo({
      'packages/engine/package.json': '{ "name": ',
      'packages/other/package.json': '[]',
      'packages/third/package.json': '{}',
    })
    expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('any')
  })
})

it('where it is installed as a link to a package that is not built, the sources count', () => {
  using folder = monorepo({ 'node_modules/@acme/engine/package.json': manifest({ types: './dist/index.d.ts' }) })
  expect(folder.typeOf('packages/app/src/main.ts', 'started')).toBe('Promise<number>')
})
