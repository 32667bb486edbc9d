import ts from 'typescript'
import type { PackageRoles } from '../analysis/knowledge/packageRoles.ts'
import { isBeyondTypeScript } from './beyondTypeScript.ts'
import type { ConfigFile, ConfigProblem } from './configFile.ts'
import { ConfigIndex } from './configIndex.ts'
import { ConfigurationFiles } from './configurationFiles.ts'
import { createDocuments } from './documents.ts'
import { FileStore } from './fileStore.ts'
import { InferredProjects } from './inferredProjects.ts'
import { isLintable, toFileName, toKey } from './paths.ts'
import { JSDOC, Project, type ProjectContent } from './project.ts'

export { isLintable } from './paths.ts'

export interface FileChange {
  readonly path: string
  readonly kind: 'created' | 'changed' | 'deleted'
}

export interface WorkspaceOptions {
  /** Absolute paths. Only files that no config file takes in depend on them. */
  readonly folders: readonly string[]
  /** The one config file to use for all files, instead of those found above them. */
  readonly tsconfig?: string
  readonly log?: (message: string) => void
}

export type FileResult =
  | {
      readonly kind: 'ready'
      readonly program: ts.Program
      readonly sourceFile: ts.SourceFile
      /** The tsconfig or jsconfig that takes the file in; `undefined` for a loose file. */
      readonly configPath: string | undefined
      /** What the nearest `forkline.json` adds to the table of packages; `undefined` without one. */
      readonly knowledge: PackageRoles | undefined
    }
  | {
      readonly kind: 'skipped'
      /** A sentence without its subject: "is binary, …". */
      readonly reason: string
    }

/** How many programs stay in memory when none of their files is open. */
const IDLE_PROJECTS = 8

/**
 * The programs over some folders, one per config file, kept up to date with open buffers and with
 * what a file watcher tells. It reads the disk once and believes its memory until `filesChanged`.
 * The workspace's own TypeScript is never loaded.
 */
export class Workspace {
  readonly #store = new FileStore()
  readonly #registry = createDocuments(JSDOC)
  readonly #configs: ConfigIndex
  readonly #configurations = new ConfigurationFiles(this.#store)
  readonly #inferred: InferredProjects
  readonly #log: (message: string) => void
  /** By project key, the least recently used first. */
  readonly #projects = new Map<string, Project>()
  /** By file key: the project that the file was last found in. */
  readonly #assigned = new Map<string, string>()
  readonly #open = new Set<string>()

  constructor(options: WorkspaceOptions) {
    const tsconfig = options.tsconfig === undefined ? undefined : toFileName(options.tsconfig)
    this.#configs = new ConfigIndex(this.#store, tsconfig)
    this.#inferred = new InferredProjects(options.folders.map(toFileName))
    this.#log = options.log ?? (() => undefined)
  }

  /** Shows the editor's text instead of the file on disk. */
  openDocument(path: string, version: number, text: string): void {
    this.#open.add(toKey(toFileName(path)))
    this.changeDocument(path, version, text)
  }

  changeDocument(path: string, _version: number, text: string): void {
    const fileName = toFileName(path)
    const isNew = !this.#store.fileExists(fileName)
    this.#store.setBuffer(fileName, text)
    if (isNew) this.#reassign()
  }

  /** The file on disk counts again. */
  closeDocument(path: string): void {
    const fileName = toFileName(path)
    const key = toKey(fileName)
    this.#open.delete(key)
    this.#inferred.release(fileName)
    this.#store.closeBuffer(fileName)
    if (!this.#store.fileExists(fileName)) this.#reassign()
  }

  /**
   * Takes in what a file watcher saw. Folders that came or went count for all that is in them.
   * `configChanged` tells that any file may now have other findings, not only those that import a changed one.
   */
  filesChanged(changes: readonly FileChange[]): { readonly configChanged: boolean } {
    let configChanged = false
    let layoutChanged = false
    for (const { path, kind } of changes) {
      const fileName = toFileName(path)
      const redirects = REDIRECTING.test(fileName)
      if (kind !== 'changed' && !redirects && !this.#store.concerns(fileName)) continue
      this.#store.fileChanged(fileName)
      if (kind !== 'changed' || redirects) {
        this.#store.layoutChanged(fileName)
        layoutChanged = true
      }
      if (redirects || this.#configs.dependsOn(fileName) || this.#configurations.dependsOn(fileName))
        configChanged = true
    }
    if (configChanged || layoutChanged) this.#reassign()
    return { configChanged }
  }

  setFolders(folders: readonly string[]): void {
    this.#inferred.setFolders(folders.map(toFileName))
    this.#reassign()
  }

  /**
   * Announces files that will be asked for, and gives them back in the order that builds each program once.
   * Loose files that were announced share a program.
   */
  plan(paths: readonly string[]): readonly string[] {
    const byProject = new Map<string, string[]>()
    for (const path of paths) {
      const key = this.#expect(toFileName(path))
      const group = byProject.get(key)
      if (group === undefined) byProject.set(key, [path])
      else group.push(path)
    }
    return [...byProject.values()].flat()
  }

  /**
   * The file's tree and program, up to date with buffers and disk. They must not be used any more once a text
   * has changed and `file` was called again, for any file: trees are taken apart to build the next ones.
   */
  file(path: string): FileResult {
    const fileName = toFileName(path)
    if (!isLintable(fileName)) return skipped('is not a TypeScript or JavaScript source file')
    const stored = this.#store.get(fileName)
    if (stored === undefined) {
      return skipped(this.#store.fileExists(fileName) ? 'cannot be read' : 'does not exist')
    }
    if (stored.problem !== undefined) return skipped(stored.problem)
    try {
      return this.#find(fileName) ?? skipped('is not taken in by any project')
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
      this.#log(`No program for ${fileName}: ${message}`)
      this.#drop(this.#assigned.get(toKey(fileName)))
      if (error instanceof RangeError) {
        const left = this.#store.leaveOut(isBeyondTypeScript, 'nests too deeply for TypeScript to follow')
        if (left.length > 0) {
          this.#log(`Left out, since they nest too deeply for TypeScript to follow: ${left.join(', ')}`)
          return this.file(path)
        }
      }
      return skipped(`made TypeScript fail: ${message.split('\n', 1)[0] ?? ''}`)
    }
  }

  /** What is wrong with the config files read so far. */
  configProblems(): readonly ConfigProblem[] {
    return [...this.#configs.problems(), ...this.#configurations.problems()]
  }

  /** Frees the programs. The workspace must not be used any more. */
  dispose(): void {
    for (const project of this.#projects.values()) project.dispose()
    this.#projects.clear()
    this.#assigned.clear()
  }

  /** The key of the project that is most likely to take the file in. */
  #expect(fileName: string): string {
    if (!isLintable(fileName)) return ''
    const owner = this.#configs.owner(fileName)
    if (owner !== undefined) return owner.path
    const nearest = this.#configs.nearest(fileName)
    this.#inferred.announce(fileName, nearest)
    return this.#inferred.keyOf(fileName, nearest)
  }

  #find(fileName: string): FileResult | undefined {
    const key = toKey(fileName)
    const assigned = this.#assigned.get(key)
    const known = assigned === undefined ? undefined : this.#ask(assigned, fileName)
    if (known !== undefined) return known
    for (const project of this.#candidates(fileName)) {
      this.#assigned.set(key, project)
      const found = this.#ask(project, fileName)
      if (found !== undefined) return found
    }
    this.#assigned.delete(key)
    return undefined
  }

  /** The config file that names the file; else the nearest, if something in it imports the file; else none. */
  *#candidates(fileName: string): Generator<string> {
    const owner = this.#configs.owner(fileName)
    if (owner !== undefined) yield owner.path
    const nearest = this.#configs.nearest(fileName)
    if (nearest !== undefined && nearest.files.size > 0 && mayTakeIn(nearest, fileName)) yield nearest.path
    yield this.#inferred.add(fileName, nearest, this.#open.has(toKey(fileName)))
  }

  #ask(projectKey: string, fileName: string): FileResult | undefined {
    const project = this.#project(projectKey)
    if (project === undefined) return undefined
    const program = project.program()
    const sourceFile = program.getSourceFile(fileName)
    return sourceFile === undefined
      ? undefined
      : {
          kind: 'ready',
          program,
          sourceFile,
          configPath: project.configPath,
          knowledge: this.#configurations.of(fileName),
        }
  }

  #project(key: string): Project | undefined {
    const content = this.#content(key)
    if (content === undefined) {
      this.#drop(key)
      return undefined
    }
    let project = this.#projects.get(key)
    if (project === undefined) {
      this.#log(`Loading ${content.configPath ?? key}`)
      project = new Project(content, this.#inferred.folderOf(key), {
        store: this.#store,
        registry: this.#registry,
        config: (path) => this.#configs.get(path),
      })
    }
    project.update(content)
    this.#projects.delete(key)
    this.#projects.set(key, project)
    this.#dropIdle()
    return project
  }

  #content(key: string): ProjectContent | undefined {
    const inferred = this.#inferred.content(key)
    if (inferred !== undefined) return inferred
    return this.#store.fileExists(key) ? this.#configs.get(key).content : undefined
  }

  #dropIdle(): void {
    if (this.#projects.size <= IDLE_PROJECTS) return
    const inUse = new Set([...this.#open].map((key) => this.#assigned.get(key)))
    const last = [...this.#projects.keys()].at(-1)
    for (const key of this.#projects.keys()) {
      if (this.#projects.size <= IDLE_PROJECTS) return
      if (!inUse.has(key) && key !== last) this.#drop(key)
    }
  }

  #drop(key: string | undefined): void {
    if (key === undefined) return
    this.#projects.get(key)?.dispose()
    this.#projects.delete(key)
  }

  #reassign(): void {
    this.#configs.clear()
    this.#configurations.clear()
    this.#assigned.clear()
  }
}

/** Files that say which folder the name of a package stands for. */
const REDIRECTING = /\/(?:package\.json|pnpm-workspace\.yaml|rush\.json)$/u

function mayTakeIn(config: ConfigFile, fileName: string): boolean {
  return config.content.options.allowJs === true || !/\.[cm]?jsx?$/iu.test(fileName)
}

function skipped(reason: string): FileResult {
  return { kind: 'skipped', reason }
}
