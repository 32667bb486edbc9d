import ts from 'typescript'
import type { FileStore } from './fileStore.ts'

/** What TypeScript keeps in its trees and says of them, although its public types leave it out. */
interface Tree extends ts.SourceFile {
  readonly version: string
  /** Of a file that stands in for the same file of the same package, installed elsewhere. */
  readonly redirectInfo?: unknown
}

/**
 * Spares the compiler hosts that a language service makes, one for each program, what an edit leaves as it was: a look
 * into the registry for each of the hundreds of files, and finding out anew what the imports of the edited one lead to.
 */
export class CompilerHosts {
  readonly #store: FileStore
  #program: ts.Program | undefined
  #resolutions: ts.ModuleResolutionCache | undefined
  /** What the resolutions above hold for. */
  #options: ts.CompilerOptions | undefined
  #revision = -1

  constructor(store: FileStore) {
    this.#store = store
  }

  /** What an edit starts from: the service's newest program. */
  built(program: ts.Program): void {
    this.#program = program
  }

  /** Takes in the host of the next program, with these options. */
  prepare(host: ts.CompilerHost, options: ts.CompilerOptions): void {
    this.#reuseTrees(host, options)
    this.#reuseResolutions(host, options)
  }

  #reuseTrees(host: ts.CompilerHost, options: ts.CompilerOptions): void {
    const before = this.#program
    const open = host.getSourceFileByPath?.bind(host)
    // Other options may ask for other trees of the same text.
    if (before?.getCompilerOptions() !== options || open === undefined) return
    host.getSourceFileByPath = (fileName, path, language, onError, anew) => {
      const known = before.getSourceFileByPath(path) as Tree | undefined
      const isCurrent =
        known !== undefined
        && anew !== true
        && known.redirectInfo === undefined
        && known.version === this.#store.get(fileName)?.version
        && known.impliedNodeFormat === formatIn(language)
      return isCurrent ? known : open(fileName, path, language, onError, anew)
    }
  }

  #reuseResolutions(host: ts.CompilerHost, options: ts.CompilerOptions): void {
    if (
      this.#resolutions === undefined
      || this.#options !== options
      || this.#revision !== this.#store.resolutionRevision
    ) {
      this.#resolutions = ts.createModuleResolutionCache(
        host.getCurrentDirectory(),
        (name) => host.getCanonicalFileName(name),
        options,
      )
      this.#options = options
      this.#revision = this.#store.resolutionRevision
    }
    const cache = this.#resolutions
    host.getModuleResolutionCache = () => cache
    host.resolveModuleNameLiterals = (literals, containingFile, redirect, own, sourceFile) =>
      literals.map((literal) =>
        ts.resolveModuleName(
          literal.text,
          containingFile,
          own,
          host,
          cache,
          redirect,
          ts.getModeForUsageLocation(sourceFile, literal, own),
        ),
      )
  }
}

function formatIn(language: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.ResolutionMode {
  return typeof language === 'object' ? language.impliedNodeFormat : undefined
}
