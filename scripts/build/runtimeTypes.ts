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
  const program = ts.createProgram([join(folder, 'src/index.ts')], {
    ...options,
    composite: false,
    declaration: true,
    incremental: false,
    rootDir: join(folder, 'src'),
    outDir: join(folder, 'dist'),
  })
  const [problem] = program.emit().diagnostics
  if (problem !== undefined) throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'))
}
