import ts from 'typescript'

/** Frames of the stack between a real program and its tree, and some more: who passes here must pass there. */
const MARGIN = 60

const OPTIONS: ts.CompilerOptions = { noLib: true, noResolve: true, types: [], allowJs: true }

/**
 * Whether a file alone makes TypeScript fail. Its parser and its binder call themselves once for each level of nesting, and
 * a chain of a thousand calls, which no person writes, is too much for a usual stack. One such file would cost the findings
 * of all the others in its project.
 */
export function isBeyondTypeScript(fileName: string, text: string): boolean {
  try {
    fromDeeper(MARGIN, () => bindAlone(fileName, text))
    return false
  } catch (error) {
    if (error instanceof RangeError) return true
    throw error
  }
}

function fromDeeper(frames: number, act: () => void): void {
  if (frames === 0) act()
  else fromDeeper(frames - 1, act)
}

function bindAlone(fileName: string, text: string): void {
  const sourceFile = ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext)
  const host: ts.CompilerHost = {
    getSourceFile: (name) => (name === fileName ? sourceFile : undefined),
    getDefaultLibFileName: () => '',
    writeFile: () => undefined,
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => name === fileName,
    readFile: () => undefined,
  }
  ts.createProgram([fileName], OPTIONS, host).getTypeChecker()
}
