import ts from 'typescript'

/**
 * A declaration file without its comments and indentation, its licence and what it refers to left in place. Comments are
 * two thirds of the library's text; nobody sees them, and each start of the compiler would read them.
 */
export function withoutComments(name: string, text: string): string {
  // With parents, or literals would be written anew.
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed })
  return printer.printFile(file).replaceAll(/^ +/gmu, '')
}
