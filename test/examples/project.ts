import { resolve } from 'node:path'
import ts from 'typescript'

/** A TypeScript project on disk whose files can be given other texts, one version of the project at a time. */
export class ExampleProject {
  readonly #folder: string
  readonly #options: ts.CompilerOptions
  readonly #names: readonly string[]
  readonly #original: ts.Program

  /** @param folder holds the project's tsconfig.json. */
  constructor(folder: string) {
    const path = resolve(folder, 'tsconfig.json')
    const parsed = present(
      ts.getParsedCommandLineOfConfigFile(path, undefined, {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
          throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'))
        },
      }),
    )
    this.#folder = folder
    // The runtime's sources, since its bundle need not have been built.
    this.#options = { ...parsed.options, customConditions: ['source'] }
    this.#names = parsed.fileNames
    this.#original = ts.createProgram({ rootNames: this.#names, options: this.#options, host: this.#host() })
  }

  get program(): ts.Program {
    return this.#original
  }

  /** The files that belong to the project itself, without libraries and typings. */
  get sourceFiles(): readonly ts.SourceFile[] {
    return this.#names.map((name) => present(this.#original.getSourceFile(name)))
  }

  /** The project as it would be if `fileName` held `text`. */
  with(fileName: string, text: string): ts.Program {
    const host = this.#host()
    const readFile = host.getSourceFile.bind(host)
    host.getSourceFile = (name, languageVersion) => {
      if (name === fileName) return ts.createSourceFile(name, text, languageVersion, true)
      return this.#original.getSourceFile(name) ?? readFile(name, languageVersion)
    }
    return ts.createProgram({
      rootNames: this.#names,
      options: this.#options,
      host,
      oldProgram: this.#original,
    })
  }

  /** The compiler's complaints about the project's own files, one a line. */
  typeErrors(program: ts.Program): readonly string[] {
    return this.#names.flatMap((name) => {
      const file = present(program.getSourceFile(name))
      const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
      return diagnostics.map(({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
    })
  }

  /** As when the folder itself is what the editor opened or the terminal stands in. */
  #host(): ts.CompilerHost {
    const host = ts.createCompilerHost(this.#options)
    host.getCurrentDirectory = () => this.#folder
    return host
  }
}

/** The name of the nearest function or method around an offset that has one. */
export function functionAround(sourceFile: ts.SourceFile, offset: number): string | undefined {
  let name: string | undefined
  const visit = (node: ts.Node): void => {
    if (offset < node.getStart(sourceFile) || offset >= node.end) return
    if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) name = node.name?.getText(sourceFile)
    ts.forEachChild(node, visit)
  }
  visit(sourceFile)
  return name
}

/** @throws {Error} When there is none. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('Expected the project to hold this')
  return value
}
