import ts from 'typescript'

export interface SyntaxError {
  readonly start: number
  readonly message: string
}

/** TypeScript's complaints about TypeScript-only syntax in JavaScript files, which parses all the same. */
const TYPES_IN_JAVASCRIPT = { from: 8000, below: 9000 }

/** The first place where the file does not parse. */
export function firstSyntaxError(program: ts.Program, sourceFile: ts.SourceFile): SyntaxError | undefined {
  const first = program
    .getSyntacticDiagnostics(sourceFile)
    .filter(({ code }) => code < TYPES_IN_JAVASCRIPT.from || code >= TYPES_IN_JAVASCRIPT.below)
    .reduce<ts.DiagnosticWithLocation | undefined>((a, b) => (a && a.start <= b.start ? a : b), undefined)
  return first && { start: first.start, message: ts.flattenDiagnosticMessageText(first.messageText, ' ') }
}
