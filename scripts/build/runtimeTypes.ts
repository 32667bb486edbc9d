import { join } from 'node:path'
import ts from 'typescript'

/**
 * Emits the runtime's declarations beside its bundle.
 *
 * @throws {Error} When the runtime's configuration cannot be read, or it has type errors that stop the emit.
 */
export function emitRuntimeTypes(root: string): void {
  const folder = join(root, 'runtime')
  const { config, error } = ts.readConfigFile(join(folder, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    readonly config?: unknown
    readonly error?: ts.Diagnostic
  }
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'))
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder)
  delete options.tsBuildInfoFile
  const entries = ['index.ts', 'browser.ts', 'threads/unavailable.ts', 'trace/record.ts'].map((file) =>
    join(folder, 'src', file),
  )
  const program = ts.createProgram(entries, {
    ...options,
    composite: false,
    declaration: true,
    incremental: false,
    rootDir: join(folder, 'src'),
    outDir: join(folder, 'dist'),
  })
  const [problem] = program.emit(undefined, (path, text) => {
    ts.sys.writeFile(path, namedAsEmitted(text))
  }).diagnostics
  if (problem !== undefined) throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'))
}

/** Declarations keep the names of the sources, which are not what lies beside them. */
function namedAsEmitted(declarations: string): string {
  return declarations.replaceAll(/((?:from|import\() ?['"]\.{1,2}\/[^'"]+)\.ts(?=['"])/gu, '$1.js')
}
