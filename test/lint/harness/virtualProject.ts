import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, posix, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** Where the files of a case live; no such folder exists on disk. */
export const ROOT = '/project'

const HARNESS = dirname(fileURLToPath(import.meta.url))
const LIBRARY = dirname(ts.getDefaultLibFilePath({}))

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'],
  types: ['node'],
  strict: true,
  allowJs: true,
  checkJs: true,
  jsx: ts.JsxEmit.Preserve,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
}

/** Files that every case can import: real ones, shown inside the case's `node_modules`. */
const INSTALLED = new Map<string, string>([
  ...mount(join(HARNESS, 'fixtures/typings'), `${ROOT}/node_modules`),
  ...mount(resolve(HARNESS, '../../../runtime/src'), `${ROOT}/node_modules/@forkline/runtime/src`),
])
const RUNTIME_MANIFEST = `${ROOT}/node_modules/@forkline/runtime/package.json`
const WRITTEN = new Map<string, string>([
  [`${ROOT}/package.json`, '{ "name": "project", "type": "module" }'],
  [RUNTIME_MANIFEST, '{ "name": "@forkline/runtime", "type": "module", "exports": { ".": "./src/index.ts" } }'],
])
const FOLDERS = new Set([...INSTALLED.keys(), ...WRITTEN.keys()].flatMap(parents))

/** A virtual file's absolute name. */
export function absolute(name: string): string {
  return posix.resolve(ROOT, name)
}

/** Those on disk, which do not change while the tests run. */
const sourceFiles = new Map<string, ts.SourceFile>()
const programs = new Map<string, ts.Program>()
let latest: ts.Program | undefined

/**
 * A program over in-memory files, with strict options, the `esnext` and `dom` libraries and a small
 * set of typings for Node, p-limit, p-map, p-queue and the runtime. Unchanged files are parsed once in
 * the life of the process, so that hundreds of cases run in seconds.
 *
 * @param files Texts by file name, relative to the project.
 */
export function programOf(files: Readonly<Record<string, string>>): ts.Program {
  const key = JSON.stringify(files)
  const known = programs.get(key)
  if (known !== undefined) return known
  const texts = new Map(Object.entries(files).map(([name, text]) => [absolute(name), text]))
  const program = ts.createProgram({
    rootNames: [...texts.keys()].filter((name) => !name.endsWith('.json')),
    options: OPTIONS,
    host: hostOf(texts),
    ...(latest && { oldProgram: latest }),
  })
  latest = program
  programs.set(key, program)
  if (programs.size > KEPT_PROGRAMS) programs.delete(programs.keys().next().value as string)
  return program
}

/** Enough for both faces and all fixes of a case; a program holds a checker's worth of memory. */
const KEPT_PROGRAMS = 12

function hostOf(texts: ReadonlyMap<string, string>): ts.CompilerHost {
  const folders = new Set([...texts.keys()].flatMap(parents))
  const read = (name: string): string | undefined => {
    const written = texts.get(name) ?? WRITTEN.get(name)
    if (written !== undefined) return written
    const path = INSTALLED.get(name) ?? (name.startsWith(LIBRARY) ? name : undefined)
    return path === undefined ? undefined : ts.sys.readFile(path)
  }
  return {
    getSourceFile: (name, version) => sourceFileOf(name, version, texts.get(name) ?? (() => read(name))),
    getDefaultLibFileName: () => join(LIBRARY, 'lib.esnext.full.d.ts'),
    getDefaultLibLocation: () => LIBRARY,
    getCurrentDirectory: () => ROOT,
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => undefined,
    fileExists: (name) =>
      texts.has(name)
      || WRITTEN.has(name)
      || INSTALLED.has(name)
      || (name.startsWith(LIBRARY) && ts.sys.fileExists(name)),
    readFile: read,
    directoryExists: (name) => folders.has(name) || FOLDERS.has(name),
    getDirectories: (name) => [...FOLDERS].filter((folder) => dirname(folder) === name).map((f) => posix.basename(f)),
  }
}

function sourceFileOf(
  name: string,
  version: ts.ScriptTarget | ts.CreateSourceFileOptions,
  text: string | (() => string | undefined),
): ts.SourceFile | undefined {
  if (typeof text === 'string') return ts.createSourceFile(name, text, version, true)
  const known = sourceFiles.get(name)
  if (known !== undefined) return known
  const content = text()
  if (content === undefined) return undefined
  const sourceFile = ts.createSourceFile(name, content, version, true)
  sourceFiles.set(name, sourceFile)
  return sourceFile
}

function mount(folder: string, at: string): [string, string][] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [at + path.slice(folder.length), path])
}

function parents(name: string): string[] {
  const parent = posix.dirname(name)
  return parent === name ? [] : [parent, ...parents(parent)]
}

/** What a person would see underlined: syntax and type errors of one file, as `TS2304: Cannot find name 'x'.` */
export function compilerErrors(
  program: ts.Program,
  name: string,
): { readonly syntax: string[]; readonly types: string[] } {
  const sourceFile = program.getSourceFile(absolute(name))
  if (sourceFile === undefined) throw new Error(`Expected ${name} in the program of the case`)
  const print = ({ code, messageText }: ts.Diagnostic): string =>
    `TS${String(code)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  return {
    syntax: program.getSyntacticDiagnostics(sourceFile).map(print),
    types: program.getSemanticDiagnostics(sourceFile).map(print),
  }
}
