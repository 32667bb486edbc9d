import ts from 'typescript'
import { programOptions } from './compilerOptions.ts'
import type { FileStore } from './fileStore.ts'
import { directoryOf, toFileName, toKey } from './paths.ts'
import type { ProjectContent } from './project.ts'
import type { WorkspacePackages } from './workspacePackages.ts'

/** Something wrong with a config file; the rest of it is used all the same. */
export interface ConfigProblem {
  readonly path: string
  readonly message: string
  /** One-based. */
  readonly line: number
}

export interface ConfigFile {
  readonly path: string
  readonly parsed: ts.ParsedCommandLine
  readonly content: ProjectContent
  /** Keys (see `toKey`) of the files that the config file names itself. */
  readonly files: ReadonlySet<string>
  /** Paths of the config files it refers to. */
  readonly references: readonly string[]
  /** Keys of the config files that it extends, found or not. */
  readonly extended: ReadonlySet<string>
  readonly problems: readonly ConfigProblem[]
}

/** A config file that takes in nothing is no mistake: other config files may take in the files at hand. */
const NO_FILES = new Set([18002, 18003])

/** Reads a tsconfig or jsconfig; whatever in it cannot be understood becomes a problem and is left out. */
export function loadConfig(path: string, store: FileStore, packages: WorkspacePackages): ConfigFile {
  const extended = new Set<string>()
  const readFile = (file: string): string | undefined => {
    extended.add(toKey(toFileName(file)))
    return store.get(toFileName(file))?.snapshot.text
  }
  const host: ts.ParseConfigFileHost = {
    useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
    readDirectory: (...args) => ts.sys.readDirectory(...args),
    fileExists: (file) => store.fileExists(file),
    readFile,
    getCurrentDirectory: () => directoryOf(path),
    onUnRecoverableConfigFileDiagnostic: () => undefined,
  }
  const json = ts.readJsonConfigFile(path, readFile)
  const parsed = ts.parseJsonSourceFileConfigFileContent(json, host, directoryOf(path), undefined, path)
  const paths = Object.entries(packages.pathsFor(directoryOf(path)))
  if (paths.length > 0) parsed.options.paths = withPaths(parsed.options.paths ?? {}, paths)
  const diagnostics = new Set([...parsedDiagnostics(json), ...parsed.errors])
  const problems = [...diagnostics]
    .filter((diagnostic) => !NO_FILES.has(diagnostic.code))
    .map((diagnostic) => toProblem(diagnostic, path))
  const references: string[] = []
  for (const reference of parsed.projectReferences ?? []) {
    const target = toFileName(ts.resolveProjectReferencePath(reference))
    if (store.fileExists(target)) references.push(target)
    else problems.push(missingReference(json, path, reference.originalPath ?? reference.path))
  }
  return {
    path,
    parsed,
    content: {
      options: programOptions(parsed.options),
      roots: parsed.fileNames,
      references: parsed.projectReferences ?? [],
      configPath: path,
    },
    files: new Set(parsed.fileNames.map((file) => toKey(toFileName(file)))),
    references,
    extended,
    problems,
  }
}

/** What the config file says of a name itself goes first: it may count on links in node_modules that are not there. */
function withPaths(own: ts.MapLike<string[]>, others: readonly (readonly [string, string[]])[]): ts.MapLike<string[]> {
  const merged: ts.MapLike<string[]> = { ...own }
  for (const [name, places] of others) merged[name] = [...(own[name] ?? []), ...places]
  return merged
}

/** `parseDiagnostics` is where TypeScript keeps the syntax errors of a config file; only its type is not public. */
function parsedDiagnostics(json: ts.TsConfigSourceFile): readonly ts.Diagnostic[] {
  return (json as ts.TsConfigSourceFile & { readonly parseDiagnostics: readonly ts.Diagnostic[] }).parseDiagnostics
}

function toProblem(diagnostic: ts.Diagnostic, path: string): ConfigProblem {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
  const { file, start } = diagnostic
  if (file === undefined || start === undefined) return { path, message, line: 1 }
  return { path: toFileName(file.fileName), message, line: file.getLineAndCharacterOfPosition(start).line + 1 }
}

function missingReference(json: ts.TsConfigSourceFile, path: string, reference: string): ConfigProblem {
  const at = json.text.indexOf(JSON.stringify(reference))
  const line = at === -1 ? 1 : json.getLineAndCharacterOfPosition(at).line + 1
  return { path, line, message: `Referenced project '${reference}' not found.` }
}
