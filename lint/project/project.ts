import ts from 'typescript'
import { CompilerHosts } from './compilerHost.ts'
import type { ConfigFile } from './configFile.ts'
import type { FileStore } from './fileStore.ts'
import { toFileName } from './paths.ts'

/** In TypeScript files no type comes from a doc comment, so most are not parsed; registry and services must agree. */
export const JSDOC = ts.JSDocParsingMode.ParseForTypeErrors

/** What a project is made of; asked for again each time its program is. */
export interface ProjectContent {
  readonly options: ts.CompilerOptions
  readonly roots: readonly string[]
  readonly references: readonly ts.ProjectReference[]
  readonly configPath: string | undefined
}

export interface ProjectHost {
  readonly store: FileStore
  readonly registry: ts.DocumentRegistry
  /** The config file of a referenced project. */
  config(path: string): ConfigFile | undefined
}

/** Hooks of compiler hosts that the language service passes on, although its own public type leaves them out. */
interface CompilerHostHooks {
  /** Redirects imports of a referenced project to its sources, so that it need not be built. */
  useSourceOfProjectReferenceRedirect(): boolean
  hasInvalidatedResolutions(): boolean
  /** Told of the compiler host for the next program, before that is made. */
  setCompilerHost(host: ts.CompilerHost): void
}

/** One incremental program. */
export class Project {
  readonly #store: FileStore
  readonly #service: ts.LanguageService
  readonly #hosts: CompilerHosts
  #content: ProjectContent
  #contentRevision = 0
  #resolutionRevision: number

  constructor(content: ProjectContent, folder: string, host: ProjectHost) {
    this.#content = content
    this.#store = host.store
    this.#resolutionRevision = host.store.resolutionRevision
    this.#hosts = new CompilerHosts(host.store)
    this.#service = ts.createLanguageService(this.#serviceHost(folder, host), host.registry)
  }

  get configPath(): string | undefined {
    return this.#content.configPath
  }

  update(content: ProjectContent): void {
    if (content === this.#content) return
    this.#content = content
    this.#contentRevision++
  }

  /**
   * The program over the current texts. Earlier programs of this project must not be used any more:
   * their trees are taken apart for the new one.
   */
  program(): ts.Program {
    const program = this.#service.getProgram()
    if (program === undefined) throw new Error('TypeScript gave no program')
    this.#resolutionRevision = this.#store.resolutionRevision
    this.#hosts.built(program)
    return program
  }

  dispose(): void {
    this.#service.dispose()
  }

  #serviceHost(folder: string, projects: ProjectHost): ts.LanguageServiceHost {
    const { store } = projects
    const host: ts.LanguageServiceHost & CompilerHostHooks = {
      getCompilationSettings: () => this.#content.options,
      getProjectVersion: () => `${String(store.revision)}.${String(this.#contentRevision)}`,
      getScriptFileNames: () => [...this.#content.roots],
      getScriptVersion: (fileName) => store.get(fileName)?.version ?? '',
      getScriptSnapshot: (fileName) => store.get(fileName)?.snapshot,
      getProjectReferences: () => this.#content.references,
      getParsedCommandLine: (path) => {
        const file = toFileName(path)
        return store.fileExists(file) ? projects.config(file)?.parsed : undefined
      },
      useSourceOfProjectReferenceRedirect: () => true,
      getCurrentDirectory: () => folder,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      fileExists: (fileName) => store.fileExists(fileName),
      readFile: (fileName) => store.get(fileName)?.snapshot.text,
      directoryExists: (path) => store.directoryExists(path),
      getDirectories: (path) => store.getDirectories(path),
      readDirectory: (...args) => ts.sys.readDirectory(...args),
      realpath: (path) => store.realpath(path),
      hasInvalidatedResolutions: () => this.#resolutionRevision !== store.resolutionRevision,
      setCompilerHost: (compilerHost) => {
        this.#hosts.prepare(compilerHost, this.#content.options)
      },
      jsDocParsingMode: JSDOC,
    }
    return host
  }
}
