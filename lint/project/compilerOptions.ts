import ts from 'typescript'

/** What we change in everyone's options: types only, nothing written, no checks that no one asked for. */
const OURS: ts.CompilerOptions = {
  noEmit: true,
  skipLibCheck: true,
  skipDefaultLibCheck: true,
  composite: false,
  incremental: false,
  declaration: false,
  declarationMap: false,
  sourceMap: false,
  inlineSourceMap: false,
  // Reading untyped packages' JavaScript costs more memory than its types are worth.
  maxNodeModuleJsDepth: 0,
}

/** A config file's options as our programs use them. */
export function programOptions(options: ts.CompilerOptions): ts.CompilerOptions {
  const result: ts.CompilerOptions = { ...options, ...OURS }
  delete result.tsBuildInfoFile
  // TypeScript 6 takes in no ambient types unless told so; projects written for earlier versions rely on all of them.
  result.types ??= ['*']
  return result
}

/**
 * Options for files that no config file takes in: those of the nearest config file where there is one,
 * because path aliases and libraries are likely to hold for its neighbours too.
 */
export function inferredOptions(nearest: ts.CompilerOptions | undefined): ts.CompilerOptions {
  const defaults: ts.CompilerOptions = {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.Preserve,
    strict: true,
    esModuleInterop: true,
    allowImportingTsExtensions: true,
  }
  return programOptions({
    ...(nearest ?? defaults),
    allowJs: true,
    checkJs: false,
    // Loose files that happen to lie side by side do not share globals.
    moduleDetection: ts.ModuleDetectionKind.Force,
  })
}
