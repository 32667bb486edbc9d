import ts from 'typescript'
import { FileAnalysis } from '../../../lint/analysis/fileAnalysis.ts'

/** The analysis of a file that needs no library, by its name and text. */
export function analysed(text: string, name = 'a.ts', options: ts.CompilerOptions = {}): FileAnalysis {
  const path = `/${name}`
  const host = ts.createCompilerHost({})
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  host.getSourceFile = (asked) => (asked === path ? file : undefined)
  const program = ts.createProgram([path], { noLib: true, types: [], allowJs: true, ...options }, host)
  return FileAnalysis.of(program, file)
}

/** The first node of a kind in a file. */
export function firstIn<Node extends ts.Node>({ sourceFile }: FileAnalysis, is: (node: ts.Node) => node is Node): Node {
  const visit = (node: ts.Node): Node | undefined => (is(node) ? node : ts.forEachChild(node, visit))
  const found = visit(sourceFile)
  if (!found) throw new Error(`Expected such a node in:\n${sourceFile.text}`)
  return found
}
