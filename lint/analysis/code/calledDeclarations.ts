import ts from 'typescript'
import { hasModifier, isAsync, isFunctionNode, isGenerator, unwrap } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** What is called, found through the members of classes where the code names them, and by the checker elsewhere. */
export function calledDeclarations(callee: ts.Expression, types: TypeQuestions): readonly ts.Declaration[] {
  if (ts.isIdentifier(callee)) return types.symbol(callee)?.declarations ?? []
  if (!ts.isPropertyAccessExpression(callee)) return []
  const own = ownMembers(callee, types)
  return own.length > 0 ? own : (types.symbol(callee.name)?.declarations ?? [])
}

/** The members that a class in the code has under the name of a property; none where only types lead to them. */
function ownMembers(
  { expression, name }: ts.PropertyAccessExpression,
  types: TypeQuestions,
): readonly (ts.ClassElement | ts.TypeElement)[] {
  const holder = classOf(unwrap(expression), types)
  return holder ? membersOf(holder, name.text) : []
}

/**
 * Whether an async function or method is called, as the code says without any types. What types lead to may be a
 * property that was mapped to another type, and still have the declaration of the async method.
 */
export function isCalledAsync(callee: ts.Expression, types: TypeQuestions): boolean {
  const declarations = ts.isPropertyAccessExpression(callee)
    ? ownMembers(callee, types)
    : calledDeclarations(callee, types)
  return (
    declarations.length > 0
    && declarations.every((one) => isFunctionNode(one) && isAsync(one) && !isGenerator(one) && !isStatic(one))
  )
}

function isStatic(member: ts.Node): boolean {
  return hasModifier(member, ts.SyntaxKind.StaticKeyword)
}

/** The class of `this`, or of a field or constant that says what it is: `field: Service`, `field = new Service()`. */
function classOf(
  receiver: ts.Expression,
  types: TypeQuestions,
): ts.ClassLikeDeclaration | ts.InterfaceDeclaration | undefined {
  if (receiver.kind === ts.SyntaxKind.ThisKeyword) return thisClass(receiver)
  const holder = holderOf(receiver, types)
  const value = holder?.initializer && unwrap(holder.initializer)
  const name = holder?.type
    ? ts.isTypeReferenceNode(holder.type) && ts.isIdentifier(holder.type.typeName)
      ? holder.type.typeName
      : undefined
    : value && ts.isNewExpression(value) && ts.isIdentifier(value.expression)
      ? value.expression
      : undefined
  const declarations = name && types.symbol(name)?.declarations
  const [declaration] = declarations?.length === 1 ? declarations : []
  return declaration && (ts.isClassLike(declaration) || ts.isInterfaceDeclaration(declaration))
    ? declaration
    : undefined
}

/** The field of `this`, or the variable, that an object is kept in. */
function holderOf(
  receiver: ts.Expression,
  types: TypeQuestions,
): ts.PropertyDeclaration | ts.VariableDeclaration | undefined {
  if (ts.isIdentifier(receiver)) {
    const declarations = types.localSymbol(receiver)?.declarations
    const [variable] = declarations?.length === 1 ? declarations : []
    return variable
      && ts.isVariableDeclaration(variable)
      && (ts.getCombinedNodeFlags(variable) & ts.NodeFlags.Const) !== 0
      ? variable
      : undefined
  }
  if (!ts.isPropertyAccessExpression(receiver) || receiver.expression.kind !== ts.SyntaxKind.ThisKeyword)
    return undefined
  const [field] = membersOf(thisClass(receiver), receiver.name.text)
  return field && ts.isPropertyDeclaration(field) ? field : undefined
}

/** The class whose instance `this` is where a node stands. */
export function thisClass(node: ts.Node): ts.ClassLikeDeclaration | undefined {
  const owner = ts.findAncestor(node, (at) =>
    ts.isClassLike(at) ? true : ts.isFunctionDeclaration(at) || ts.isFunctionExpression(at) ? 'quit' : false,
  )
  return owner && ts.isClassLike(owner) ? owner : undefined
}

function membersOf(
  owner: ts.ClassLikeDeclaration | ts.InterfaceDeclaration | undefined,
  name: string,
): readonly (ts.ClassElement | ts.TypeElement)[] {
  const members: readonly (ts.ClassElement | ts.TypeElement)[] = owner?.members ?? []
  return members.filter(
    (member) => member.name !== undefined && ts.isMemberName(member.name) && member.name.text === name,
  )
}

/** Whether the declarations of what is called say in so many words that it gives one promise, or a plain value. */
export function saysWhatItGives(call: ts.CallExpression, types: TypeQuestions): boolean {
  const declarations = calledDeclarations(unwrap(call.expression), types)
  return (
    declarations.length > 0
    && declarations.every((declaration) => {
      if (isFunctionNode(declaration) && isAsync(declaration)) return !isGenerator(declaration)
      if (!isFunctionNode(declaration) && !ts.isMethodSignature(declaration)) return false
      const { type } = declaration
      return (
        type !== undefined
        && (PLAIN.has(type.kind)
          || (ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) && type.typeName.text === 'Promise'))
      )
    })
  )
}

const PLAIN: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.VoidKeyword,
  ts.SyntaxKind.StringKeyword,
  ts.SyntaxKind.NumberKeyword,
  ts.SyntaxKind.BooleanKeyword,
  ts.SyntaxKind.ThisType,
])
