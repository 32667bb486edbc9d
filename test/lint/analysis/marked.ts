import ts from 'typescript'
import { FileAnalysis } from '../../../lint/analysis/fileAnalysis.ts'
import { KNOWN_ROLES, type PackageRoles } from '../../../lint/analysis/knowledge/packageRoles.ts'
import { type FunctionNode, isFunctionNode } from '../../../lint/analysis/code/syntax.ts'
import { absolute, programOf } from '../harness/virtualProject.ts'

/** Some code with a function called `f` (a declaration, a method, or a constant's value), and what is known of its file. */
export interface Marked {
  readonly analysis: FileAnalysis
  readonly fn: FunctionNode
}

/**
 * @param knowledge What is known of packages and helpers.
 * @throws {Error} When the code has no function `f`.
 */
export function marked(code: string, knowledge: PackageRoles = KNOWN_ROLES): Marked {
  const program = programOf({ 'file.ts': code })
  const sourceFile = program.getSourceFile(absolute('file.ts'))
  if (!sourceFile) throw new Error('Expected the program to hold file.ts')
  let fn: FunctionNode | undefined
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) && nameIn(node) === 'f') fn = node
    ts.forEachChild(node, visit)
  }
  visit(sourceFile)
  if (!fn) throw new Error('Expected a function `f` in the code')
  return { analysis: FileAnalysis.of(program, sourceFile, knowledge), fn }
}

function nameIn(fn: FunctionNode): string | undefined {
  if (fn.name) return fn.name.getText()
  let holder: ts.Node = fn.parent
  while (ts.isCallExpression(holder)) holder = holder.parent
  return ts.isVariableDeclaration(holder) ? holder.name.getText() : undefined
}
