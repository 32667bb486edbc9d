import ts from 'typescript'
import { DOUBLE_NAMES } from '../knowledge/names.ts'
import { isTestBeside } from './programCallers.ts'
import { forEachOwnNode, type FunctionNode, hasModifier, isFunctionNode, unwrap } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** What has members of its own: a class, or an object that is written down. */
type Holder = ts.ClassLikeDeclaration | ts.ObjectLiteralExpression

/** What a file says of who stands behind a name: the name, where it is spoken of, and who does. */
interface Claim {
  readonly name: ts.Identifier
  /** An interface that goes on from the named one has no members to run, and others stand behind it. */
  readonly by: Holder | ts.InterfaceDeclaration
}

/** Past so many nobody can say what a call reaches. */
const MAX_HOLDERS = 12

/** A file keeps its claims for as long as nobody edits it, whatever else in the program changes. */
const byFile = new WeakMap<ts.SourceFile, readonly Claim[]>()
const byProgram = new WeakMap<TypeQuestions, ReadonlyMap<string, readonly Claim[]>>()

/**
 * The functions that may run where a member is called that is only declared: one of an interface, or an abstract one.
 * Those of tests are left out, and so are doubles that do nothing. Empty where the member has a body of its own, or where
 * too many stand behind it.
 */
export function implementationsOf(callee: ts.Expression, types: TypeQuestions): readonly FunctionNode[] {
  const access = unwrap(callee)
  if (!ts.isPropertyAccessExpression(access)) return []
  const declaration = types.symbol(access.name)?.declarations?.[0]
  const owner = declaration && ownerOf(declaration)
  if (!owner || owner.getSourceFile().isDeclarationFile) return []
  const holders = holdersOf(owner, types)
  if (holders.size > MAX_HOLDERS) return []
  return [...holders].flatMap((holder) => {
    const fn = memberOf(holder, access.name.text)
    return fn === undefined || doesNothing(fn) || isDouble(holder) ? [] : [fn]
  })
}

type Owner = (ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ClassLikeDeclaration) & {
  readonly name: ts.Identifier
}

/** The interface, type or abstract class that a member is declared in, where it is given no body. */
function ownerOf(declaration: ts.Declaration): Owner | undefined {
  const { parent } = declaration
  const isSigned = ts.isMethodSignature(declaration) || ts.isPropertySignature(declaration)
  if (isSigned && ts.isInterfaceDeclaration(parent)) return parent
  if (isSigned && ts.isTypeLiteralNode(parent) && ts.isTypeAliasDeclaration(parent.parent)) return parent.parent
  const isAbstract = ts.isClassElement(declaration) && hasModifier(declaration, ts.SyntaxKind.AbstractKeyword)
  return isAbstract && ts.isClassLike(parent) && parent.name ? (parent as Owner) : undefined
}

/** Who says that it stands behind a type: by itself, or behind one that goes on from it. */
function holdersOf(owner: Owner, types: TypeQuestions): ReadonlySet<Holder> {
  const claims = claimsIn(types)
  const holders = new Set<Holder>()
  const seen = new Set<ts.Node>([owner])
  const open: Owner[] = [owner]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const symbol = types.symbol(at.name)
    for (const { name, by } of claims.get(at.name.text) ?? []) {
      if (seen.has(by) || isTestBeside(by.getSourceFile(), owner.getSourceFile())) continue
      if (types.symbol(name) !== symbol) continue
      seen.add(by)
      if (!ts.isInterfaceDeclaration(by)) holders.add(by)
      if (!ts.isObjectLiteralExpression(by) && by.name) open.push(by as Owner)
    }
  }
  return holders
}

function claimsIn(types: TypeQuestions): ReadonlyMap<string, readonly Claim[]> {
  const known = byProgram.get(types)
  if (known) return known
  const claims = new Map<string, Claim[]>()
  for (const file of types.files) {
    for (const claim of claimsOf(file)) {
      const named = claims.get(claim.name.text)
      if (named) named.push(claim)
      else claims.set(claim.name.text, [claim])
    }
  }
  byProgram.set(types, claims)
  return claims
}

/** What the statements of a file say of themselves; what functions hold is theirs, except for what they return. */
function claimsOf(file: ts.SourceFile): readonly Claim[] {
  const known = byFile.get(file)
  if (known) return known
  const claims: Claim[] = []
  const add = (type: ts.Node | undefined, by: Claim['by']): void => {
    const name =
      type
      && (ts.isTypeReferenceNode(type)
        ? type.typeName
        : ts.isExpressionWithTypeArguments(type)
          ? type.expression
          : undefined)
    if (name && ts.isIdentifier(name)) claims.push({ name, by })
  }
  for (const statement of file.statements) {
    if (ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement)) {
      for (const type of statement.heritageClauses?.flatMap((clause) => clause.types) ?? []) add(type, statement)
    } else if (ts.isFunctionDeclaration(statement)) {
      for (const object of returnedBy(statement)) add(statement.type, object)
    } else if (ts.isVariableStatement(statement)) {
      for (const { type, initializer } of statement.declarationList.declarations) {
        const value = initializer && unwrap(initializer)
        if (value && ts.isObjectLiteralExpression(value)) add(type, value)
        else if (value && isFunctionNode(value)) for (const object of returnedBy(value)) add(value.type, object)
      }
    }
  }
  byFile.set(file, claims)
  return claims
}

/** The objects that a function with a declared result returns. */
function returnedBy({ type, body }: FunctionNode): ts.ObjectLiteralExpression[] {
  if (!type || !body) return []
  const objects: ts.ObjectLiteralExpression[] = []
  const add = (value: ts.Expression | undefined): void => {
    const object = value && unwrap(value)
    if (object && ts.isObjectLiteralExpression(object)) objects.push(object)
  }
  if (!ts.isBlock(body)) add(body)
  else
    forEachOwnNode(body, (node) => {
      if (ts.isReturnStatement(node)) add(node.expression)
    })
  return objects
}

function memberOf(holder: Holder, name: string): FunctionNode | undefined {
  const members: readonly ts.Node[] = ts.isObjectLiteralExpression(holder) ? holder.properties : holder.members
  for (const member of members) {
    if ((member as ts.NamedDeclaration).name?.getText() !== name) continue
    if (isFunctionNode(member) && member.body) return member
    const value = ts.isPropertyDeclaration(member) || ts.isPropertyAssignment(member) ? member.initializer : undefined
    const fn = value && unwrap(value)
    if (fn && isFunctionNode(fn)) return fn
  }
  return undefined
}

function isDouble(holder: Holder): boolean {
  return ts.isClassLike(holder) && DOUBLE_NAMES.test(holder.name?.text ?? '')
}

/** `async read() {}`, `read() { throw new Error('not here') }`, `read: async () => undefined`: it stands in for what others do. */
function doesNothing({ body }: FunctionNode): boolean {
  if (!body) return true
  if (!ts.isBlock(body)) return isNothing(body)
  const [first] = body.statements
  if (!first || ts.isThrowStatement(first)) return true
  return ts.isReturnStatement(first) && (first.expression === undefined || isNothing(first.expression))
}

function isNothing(value: ts.Expression): boolean {
  return ts.isLiteralExpression(value) || value.getText() === 'undefined'
}
