import ts from 'typescript'
import type { References } from '../analysis/code/references.ts'
import { isFunctionNode } from '../analysis/code/syntax.ts'
import type { TextEdit } from '../model.ts'

/**
 * The first of `name`, `name2`, `name3` … that can be declared in a scope: nothing in it is called so, and nothing that
 * can be seen from it, since one variable that hides another is what nobody wants to read.
 *
 * @param scope Where it is declared: a block, a function for a parameter, the file for an import.
 */
export function freeName(name: string, references: References, scope: ts.Node): string {
  let candidate = name
  const isTaken = (): boolean => references.named(candidate).some((use) => !isMemberName(use) && meets(use, scope))
  for (let suffix = 2; isTaken(); suffix++) candidate = `${name}${String(suffix)}`
  return candidate
}

/** Where what is declared beside a statement can be seen: the list of statements that it stands in. */
export function scopeOf({ parent }: ts.Statement): ts.Node {
  return ts.isCaseOrDefaultClause(parent) ? parent.parent : parent
}

/**
 * An edit that changes no text, for a fix that declares a name beside a statement. A free name is free in the file as it is;
 * two fixes of one pass could bring the same into one scope. With this, both reach to the end of the scope: one of them waits.
 */
export function holdScope(statement: ts.Statement): TextEdit {
  const scope = scopeOf(statement)
  const end = ts.isSourceFile(scope) ? scope.endOfFileToken.end : scope.end - 1
  return { start: end, end, text: '' }
}

/** Whether something else of the same name hides, at this place, what the file declares at its top. */
export function isHidden(name: string, at: ts.Node, references: References): boolean {
  return references.named(name).some((use) => {
    const scope = isDeclared(use) ? surroundings(use) : undefined
    return scope !== undefined && !ts.isSourceFile(scope) && contains(scope, at)
  })
}

function isDeclared(use: ts.Identifier): boolean {
  const { parent } = use
  return (
    (ts.isVariableDeclaration(parent)
      || ts.isParameter(parent)
      || ts.isBindingElement(parent)
      || ts.isFunctionDeclaration(parent)
      || ts.isFunctionExpression(parent)
      || ts.isClassLike(parent))
    && parent.name === use
  )
}

/** Whether a use lies in a scope, or speaks of what can be seen from there. */
function meets(use: ts.Identifier, scope: ts.Node): boolean {
  return contains(scope, use) || contains(surroundings(use), scope)
}

/** The innermost scope around a name, which is where it is declared if it is a declaration; a function's own name is outside. */
function surroundings(use: ts.Identifier): ts.Node {
  const isOwnName = ts.isFunctionDeclaration(use.parent) || ts.isClassDeclaration(use.parent)
  const from = isOwnName ? use.parent.parent : use.parent
  return (
    ts.findAncestor(
      from,
      (at) =>
        ts.isBlock(at)
        || ts.isCaseBlock(at)
        || ts.isModuleBlock(at)
        || ts.isCatchClause(at)
        || ts.isClassLike(at)
        || ts.isIterationStatement(at, false)
        || isFunctionNode(at),
    ) ?? use.getSourceFile()
  )
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end
}

/** Whether a name is that of a member, which no variable can hide: `this.retry`, `{ retry: 3 }`, `retry() {}` in a class. */
function isMemberName(use: ts.Identifier): boolean {
  const { parent } = use
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) return parent.name === use
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent)) return parent.propertyName === use
  return (ts.isClassElement(parent) || ts.isTypeElement(parent) || ts.isJsxAttribute(parent)) && parent.name === use
}
