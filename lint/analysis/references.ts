import ts from 'typescript'
import type { TypeQuestions } from './typeQuestions.ts'

/** Every use of a name in a file, so that what becomes of a variable can be read off without searching the tree again. */
export class References {
  readonly #sourceFile: ts.SourceFile
  readonly #types: TypeQuestions
  #byName: Map<string, ts.Identifier[]> | undefined
  readonly #privateNames = new Map<string, ts.PrivateIdentifier[]>()

  constructor(sourceFile: ts.SourceFile, types: TypeQuestions) {
    this.#sourceFile = sourceFile
    this.#types = types
  }

  /** All identifiers with this text, declarations and property names included, in source order. */
  named(name: string): readonly ts.Identifier[] {
    this.#byName ??= this.#index()
    return this.#byName.get(name) ?? []
  }

  /** The places where a member of this name is spoken of; a private one's name begins with `#`. */
  members(name: string): readonly ts.MemberName[] {
    this.#byName ??= this.#index()
    return name.startsWith('#') ? (this.#privateNames.get(name) ?? []) : this.named(name)
  }

  /** The uses of a declared name, its declaration left out. */
  of(declaration: ts.Identifier): readonly ts.Identifier[] {
    const symbol = this.#types.localSymbol(declaration)
    if (symbol === undefined) return []
    const scope = scopeOf(declaration)
    return this.named(declaration.text).filter(
      (use) =>
        use !== declaration &&
        scope.pos <= use.pos &&
        use.end <= scope.end &&
        !isPropertyName(use) &&
        this.#types.localSymbol(use) === symbol,
    )
  }

  #index(): Map<string, ts.Identifier[]> {
    const index = new Map<string, ts.Identifier[]>()
    const walk = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) {
        const list = index.get(node.text)
        if (list) list.push(node)
        else index.set(node.text, [node])
      } else if (ts.isPrivateIdentifier(node)) {
        const list = this.#privateNames.get(node.text)
        if (list) list.push(node)
        else this.#privateNames.set(node.text, [node])
      }
      ts.forEachChild(node, walk)
    }
    walk(this.#sourceFile)
    return index
  }
}

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
