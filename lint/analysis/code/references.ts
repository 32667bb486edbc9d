import ts from 'typescript'
import { forEachChild } from './children.ts'
import { perNode } from './perNode.ts'
import type { FunctionNode } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** The identifiers below a node, private names included, by their text, in source order. */
type NameIndex = ReadonlyMap<ts.__String, readonly ts.MemberName[]>

/** Every use of a name in a file, so that what becomes of a variable can be read off without searching the tree again. */
export class References {
  readonly #sourceFile: ts.SourceFile
  readonly #types: TypeQuestions
  readonly #found = new Map<string, readonly ts.MemberName[]>()
  readonly #byFunction = new Map<string, Map<FunctionNode, ts.MemberName[]>>()

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
    return this.within(declaration.text, scopeOf(declaration)).filter(
      (use) => use !== declaration && !isPropertyName(use) && this.#types.localSymbol(use) === symbol,
    )
  }

  /** The identifiers with this text within a node. A minified file holds the same few names thousands of times. */
  within(name: string, scope: ts.TextRange): readonly ts.Identifier[] {
    const all = this.named(name)
    return all.slice(firstFrom(all, scope.pos), firstFrom(all, scope.end))
  }

  /** The places where something called like a function is spoken of as a member, by what that leads to. */
  membersByFunction(name: string): ReadonlyMap<FunctionNode, readonly ts.MemberName[]> {
    let known = this.#byFunction.get(name)
    if (!known) {
      this.#byFunction.set(name, (known = new Map<FunctionNode, ts.MemberName[]>()))
      for (const use of this.members(name)) {
        const { parent } = use
        const fn = ts.isPropertyAccessExpression(parent) && parent.name === use && this.#types.functionOf(parent)
        if (!fn) continue
        const uses = known.get(fn)
        if (uses) uses.push(use)
        else known.set(fn, [use])
      }
    }
    return known
  }
}

const namesIn = perNode((statement: ts.Statement): NameIndex => {
  const index = new Map<ts.__String, ts.MemberName[]>()
  const walk = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      const list = index.get(node.escapedText)
      if (list) list.push(node)
      else index.set(node.escapedText, [node])
    } else forEachChild(node, walk)
  }
  walk(statement)
  return index
})

/** The index of the first name that begins at a place or after it; names are in source order. */
function firstFrom(names: readonly ts.Node[], place: number): number {
  let low = 0
  let high = names.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const name = names[middle]
    if (name && name.pos < place) low = middle + 1
    else high = middle
  }
  return low
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
