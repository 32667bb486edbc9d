import path from 'node:path'
import { globSync } from 'tinyglobby'
import type { FileStore } from './fileStore.ts'
import { ancestors, directoryOf } from './paths.ts'

/** What a package.json says that resolving its package needs. */
interface Manifest {
  readonly name?: unknown
  readonly private?: unknown
  readonly workspaces?: unknown
  readonly source?: unknown
  readonly types?: unknown
  readonly typings?: unknown
  readonly module?: unknown
  readonly main?: unknown
  readonly exports?: unknown
}

interface Member {
  readonly name: string
  readonly folder: string
  readonly manifest: Manifest
  /** Where its parts have their sources: asked for by every config file around. */
  readonly parts: readonly [string, string[]][]
}

type Paths = Readonly<Record<string, string[]>>

const NONE: Paths = {}

/** Folders that a build fills from the sources. */
const BUILT = /(?:^|\/)(?:dist|lib|build|out|esm|cjs)(?=\/)/u
/** Where packages lie in a repository that does not say where. */
const CUSTOMARY = ['packages/*', 'packages/*/*', 'packages/*/*/*', 'libs/*', 'libs/*/*', 'apps/*']
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts']
/**
 * What follows the name of a part. Where imports mean what Node finds, TypeScript adds nothing to it, but takes the source for
 * what is built from it; with the ending of a source it would take the import itself for one that has that ending.
 */
const ENDINGS = ['', '.js', '/index.js']

/**
 * Where the packages of a monorepo have their sources, for those that an import would not find: because nothing is
 * installed, or because what is installed is a link to a package that is not built. Without them all that comes from a
 * neighbour is of type `any`.
 */
export class WorkspacePackages {
  readonly #store: FileStore
  /** By folder of a workspace's root. */
  readonly #members = new Map<string, readonly Member[]>()

  constructor(store: FileStore) {
    this.#store = store
  }

  /** What to add to the option `paths` of a config file in this folder. */
  pathsFor(folder: string): Paths {
    const members = this.#membersAround(folder).filter((member) => !this.#isFound(member, folder))
    if (members.length === 0) return NONE
    return Object.fromEntries(
      members.flatMap((member): [string, string[]][] => {
        const source = this.#sourceOf(member)
        return source === undefined ? [...member.parts] : [[member.name, [source]], ...member.parts]
      }),
    )
  }

  /** Reads all manifests again when next needed. */
  clear(): void {
    this.#members.clear()
  }

  #membersAround(folder: string): readonly Member[] {
    for (const root of ancestors(`${folder}/package.json`)) {
      const known = this.#members.get(root)
      if (known) return known
      const patterns = this.#patternsOf(root)
      if (patterns.length === 0) continue
      const members = this.#read(root, patterns)
      this.#members.set(root, members)
      return members
    }
    return this.#membersOfUnnamed(folder)
  }

  /** Lerna, Nx and Bazel name packages elsewhere; they lie in the folders that everyone uses, below a private root. */
  #membersOfUnnamed(folder: string): readonly Member[] {
    const root = [...ancestors(`${folder}/package.json`)].findLast(
      (above) => this.#manifest(`${above}/package.json`)?.private === true,
    )
    if (root === undefined) return []
    const members = this.#read(root, CUSTOMARY)
    this.#members.set(root, members)
    return members
  }

  /** The globs by which a folder says that it is the root of a workspace, of npm, yarn, bun, pnpm or Rush. */
  #patternsOf(root: string): readonly string[] {
    const workspaces = this.#manifest(`${root}/package.json`)?.workspaces
    const listed: unknown =
      typeof workspaces === 'object' && workspaces !== null && 'packages' in workspaces
        ? workspaces.packages
        : workspaces
    if (Array.isArray(listed)) return (listed as readonly unknown[]).filter((pattern) => typeof pattern === 'string')
    const ofRush = projectsOf(this.#text(`${root}/rush.json`) ?? '')
    return ofRush.length > 0 ? ofRush : packagesOf(this.#text(`${root}/pnpm-workspace.yaml`) ?? '')
  }

  #read(root: string, patterns: readonly string[]): readonly Member[] {
    const files = globSync(
      patterns.map((pattern) => `${pattern.replace(/\/+$/u, '')}/package.json`),
      {
        cwd: root,
        absolute: true,
        ignore: ['**/node_modules/**'],
        expandDirectories: false,
      },
    )
    return files.flatMap((file) => {
      const manifest = this.#manifest(file)
      if (typeof manifest?.name !== 'string') return []
      const { name } = manifest
      const folder = directoryOf(file)
      return [{ name, folder, manifest, parts: partsOf(name, folder, manifest) }]
    })
  }

  /** Whether TypeScript would find the types of a package by itself. */
  #isFound({ name, manifest }: Member, folder: string): boolean {
    for (const above of ancestors(`${folder}/package.json`)) {
      const installed = `${above}/node_modules/${name}`
      if (!this.#store.directoryExists(installed)) continue
      const entries = [manifest.types, manifest.typings, ...leavesOf(manifest.exports), manifest.main].filter(
        (entry) => typeof entry === 'string',
      )
      return (
        entries.length === 0
        || entries.some((entry) => !entry.includes('*') && this.#store.fileExists(path.posix.join(installed, entry)))
      )
    }
    return false
  }

  /** The source that a package's own name stands for. */
  #sourceOf({ folder, manifest }: Member): string | undefined {
    const { exports } = manifest
    const main: unknown = typeof exports === 'object' && exports !== null && '.' in exports ? exports['.'] : exports
    const entries = [
      manifest.source,
      ...leavesOf(main),
      manifest.types,
      manifest.typings,
      manifest.module,
      manifest.main,
    ]
    const bases = entries.flatMap((entry) => (typeof entry === 'string' ? sourcesOf(entry) : []))
    for (const base of [...bases, 'src/index', 'index', 'src/main']) {
      for (const extension of EXTENSIONS) {
        const file = path.posix.join(folder, base + extension)
        if (this.#store.fileExists(file)) return file
      }
    }
    return undefined
  }

  #manifest(file: string): Manifest | undefined {
    const text = this.#text(file)
    if (text === undefined) return undefined
    try {
      const manifest: unknown = JSON.parse(text)
      return typeof manifest === 'object' && manifest !== null ? manifest : undefined
    } catch {
      // Half-written while somebody types; its package is one that nobody knows of then.
      return undefined
    }
  }

  #text(file: string): string | undefined {
    return this.#store.fileExists(file) ? this.#store.get(file)?.snapshot.text : undefined
  }
}

/** The list under `packages:` of a pnpm-workspace.yaml, which holds plain strings only. */
function packagesOf(yaml: string): readonly string[] {
  const list = /^packages:[ \t]*\r?\n((?:[ \t]*(?:-.*|#.*)?(?:\r?\n|$))*)/mu.exec(yaml)?.[1] ?? ''
  return [...list.matchAll(/^[ \t]*-[ \t]*(?:"([^"]+)"|'([^']+)'|([^\s#]+))/gmu)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  )
}

/** The folders that a rush.json lists, which is JSON with comments. */
function projectsOf(json: string): readonly string[] {
  return [...json.matchAll(/^(?![ \t]*(?:\/\/|\/?\*)).*"projectFolder"\s*:\s*"([^"]+)"/gmu)].map(
    ([, folder]) => folder ?? '',
  )
}

/**
 * Where the parts of a package have their sources: below its folder, or, where it exports them under other names, what is
 * built into the files that these stand for, as `./*` does for `./dist/public/*.js`.
 */
function partsOf(name: string, folder: string, { exports }: Manifest): [string, string[]][] {
  const below = ['src/*', '*/src/index', '*']
  const named = typeof exports === 'object' && exports !== null ? Object.entries(exports) : []
  const parts = new Map([[`${name}/*`, below]])
  for (const [key, entry] of named as [string, unknown][]) {
    if (!key.startsWith('./') || /\.\w+$/u.test(key)) continue
    const sources = leavesOf(entry)
      .filter((file) => file.includes('*') === key.includes('*'))
      .flatMap(sourcesOf)
    parts.set(name + key.slice(1), [...new Set([...sources, ...below.map((file) => file.replace('*', key.slice(2)))])])
  }
  return [...parts].map(([part, files]) => [
    part,
    files.flatMap((file) => ENDINGS.map((ending) => path.posix.join(folder, file) + ending)),
  ])
}

/** The files that an entry of `exports` names under any condition. */
function leavesOf(entry: unknown): readonly string[] {
  if (typeof entry === 'string') return [entry]
  return typeof entry === 'object' && entry !== null ? Object.values(entry).flatMap(leavesOf) : []
}

/** Where the source of a built file may lie, without its extension. */
function sourcesOf(entry: string): readonly string[] {
  const base = entry.replace(/^\.\//u, '').replace(/(?:\.d)?\.[cm]?[jt]sx?$/u, '')
  const inSources = base.replace(/(?:\/|^)(?:dist|lib|build|out)\/(?:esm|cjs|types?|es|node)(?=\/)/u, (built) =>
    built.replace(/\/[^/]+$/u, ''),
  )
  return [base, inSources.replace(BUILT, (built) => `${built.startsWith('/') ? '/' : ''}src`)]
}
