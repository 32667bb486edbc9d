import ts from 'typescript'
import { perNode } from './perNode.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** The identifiers below a node, private names included, by their text, in source order. */
type NameIndex = ReadonlyMap<ts.__String, readonly ts.MemberName[]>

/** Every use of a name in a file, so that what becomes of a variable can be read off without searching the tree again. */
export class References {
  readonly #sourceFile: ts.SourceFile
  readonly #types: TypeQuestions
  readonly #found = new Map<string, readonly ts.MemberName[]>()

  constructor(sourceFile: ts.SourceFile, types: TypeQuestions) {
    this.#sourceFile = sourceFile
    this.#types = types
  }

  /** All identifiers with this text, declarations and property names included, in source order. */
  named(name: string): readonly ts.Identifier[] {
    return name.startsWith('#') ? [] : (this.members(name) as readonly ts.Identifier[])
  }

  /** The places where a member of this name is spoken of; a private one's name begins with `#`. */
  members(name: string): readonly ts.MemberName[] {
    let found = this.#found.get(name)
    if (!found) {
      const key = ts.escapeLeadingUnderscores(name)
      found = this.#sourceFile.statements.flatMap((statement) => namesIn(statement).get(key) ?? [])
      this.#found.set(name, found)
    }
    return found
  }

  /** The uses of a declared name, its declaration left out. */
  of(declaration: ts.Identifier): readonly ts.Identifier[] {
    const symbol = this.#types.localSymbol(declaration)
    if (symbol === undefined) return []
    const scope = scopeOf(declaration)
    return this.named(declaration.text).filter(
      (use) =>
        use !== declaration
        && scope.pos <= use.pos
        && use.end <= scope.end
        && !isPropertyName(use)
        && this.#types.localSymbol(use) === symbol,
    )
  }
}

const namesIn = perNode((statement: ts.Statement): NameIndex => {
  const index = new Map<ts.__String, ts.MemberName[]>()
  const walk = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      const list = index.get(node.escapedText)
      if (list) list.push(node)
      else index.set(node.escapedText, [node])
    } else ts.forEachChild(node, walk)
  }
  walk(statement)
  return index
})

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node
  if (ts.isPropertyAssignment(parent)) return parent.name === node
  return false
}

/** A node that holds every use of a name: for a variable, the function around it; for others, the file. */
function scopeOf(declaration: ts.Identifier): ts.Node {
  const { parent } = declaration
  const file = declaration.getSourceFile()
  if (!ts.isVariableDeclaration(parent) && !ts.isBindingElement(parent) && !ts.isParameter(parent)) return file
  return ts.findAncestor(declaration, (node) => ts.isFunctionLike(node)) ?? file
}
