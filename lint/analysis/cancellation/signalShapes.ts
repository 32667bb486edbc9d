import ts from 'typescript'
import { calledDeclarations } from '../code/calledDeclarations.ts'
import { isFunctionNode, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'
import { type CancelProtocol, SIGNALS } from '../knowledge/cancelProtocols.ts'

/** Types of the language that are no signal and hold none under a name. */
const PLAIN_TYPES = new Set([
  'Array',
  'ReadonlyArray',
  'Promise',
  'PromiseLike',
  'Map',
  'ReadonlyMap',
  'Set',
  'ReadonlySet',
  'WeakMap',
  'WeakSet',
  'Date',
  'RegExp',
  'Error',
  'URL',
  'Buffer',
  'Uint8Array',
  'ArrayBuffer',
  'Iterable',
  'AsyncIterable',
  'Iterator',
  'AsyncIterator',
  'Function',
  'Symbol',
])

const MAX_DEPTH = 4

/**
 * Whether a value declared with this type may be a signal or hold one as a property, as far as the syntax of the declarations
 * tells. `false` is sure; it costs a look at names, where the checker would have to work out the whole type.
 */
function mayHoldSignal(type: ts.TypeNode, types: TypeQuestions, protocol: CancelProtocol, depth = 0): boolean {
  if (ts.isParenthesizedTypeNode(type)) return mayHoldSignal(type.type, types, protocol, depth)
  if (ts.isTypeOperatorNode(type))
    return type.operator === ts.SyntaxKind.ReadonlyKeyword && mayHoldSignal(type.type, types, protocol, depth)
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type))
    return type.types.some((part) => mayHoldSignal(part, types, protocol, depth))
  if (ts.isTypeLiteralNode(type)) return type.members.some((member) => isSignalMember(member, protocol))
  if (!ts.isTypeReferenceNode(type)) return !isPlain(type)
  const { typeName } = type
  if (ts.isIdentifier(typeName) && PLAIN_TYPES.has(typeName.text)) return false
  if (depth >= MAX_DEPTH || type.typeArguments) return true
  const declarations = types.symbol(ts.isIdentifier(typeName) ? typeName : typeName.right)?.declarations
  return (
    declarations === undefined
    || declarations.some((declaration) => mayDeclareSignal(declaration, types, protocol, depth + 1))
  )
}

function isPlain(type: ts.TypeNode): boolean {
  switch (type.kind) {
    case ts.SyntaxKind.StringKeyword:
    case ts.SyntaxKind.NumberKeyword:
    case ts.SyntaxKind.BooleanKeyword:
    case ts.SyntaxKind.BigIntKeyword:
    case ts.SyntaxKind.SymbolKeyword:
    case ts.SyntaxKind.VoidKeyword:
    case ts.SyntaxKind.UndefinedKeyword:
    case ts.SyntaxKind.NeverKeyword:
    case ts.SyntaxKind.LiteralType:
    case ts.SyntaxKind.TemplateLiteralType:
    case ts.SyntaxKind.ArrayType:
    case ts.SyntaxKind.TupleType:
    case ts.SyntaxKind.FunctionType:
    case ts.SyntaxKind.ConstructorType:
    case ts.SyntaxKind.TypePredicate:
      return true
    default:
      return false
  }
}

function mayDeclareSignal(
  declaration: ts.Declaration,
  types: TypeQuestions,
  protocol: CancelProtocol,
  depth: number,
): boolean {
  if (ts.isEnumDeclaration(declaration) || ts.isEnumMember(declaration)) return false
  if (ts.isTypeAliasDeclaration(declaration)) return mayHoldSignal(declaration.type, types, protocol, depth)
  if (!ts.isInterfaceDeclaration(declaration) && !ts.isClassDeclaration(declaration)) return true
  if (
    declaration.name?.text === protocol.type
    || declaration.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)
  )
    return true
  return declaration.members.some(
    (member: ts.ClassElement | ts.TypeElement) =>
      isSignalMember(member, protocol)
      || (ts.isConstructorDeclaration(member)
        && member.parameters.some((parameter) => protocol.holders.test(parameter.name.getText()))),
  )
}

function isSignalMember(member: ts.ClassElement | ts.TypeElement, { holders }: CancelProtocol): boolean {
  return member.name !== undefined && holders.test(member.name.getText())
}

/**
 * Whether a call may take a signal, as far as the syntax of what is called tells: not when every parameter of each of its
 * declarations is of a plain type.
 */
export function mayTakeSignal(
  call: ts.CallExpression,
  types: TypeQuestions,
  protocol: CancelProtocol = SIGNALS,
): boolean {
  const declarations = calledDeclarations(unwrap(call.expression), types)
  return (
    declarations.length === 0
    || declarations.some(
      (declaration) => parametersOf(declaration)?.some((parameter) => mayBeSlot(parameter, types, protocol)) ?? true,
    )
  )
}

function parametersOf(declaration: ts.Declaration): ts.NodeArray<ts.ParameterDeclaration> | undefined {
  if (isFunctionNode(declaration) || ts.isMethodSignature(declaration)) return declaration.parameters
  const isHolder =
    ts.isVariableDeclaration(declaration)
    || ts.isPropertyDeclaration(declaration)
    || ts.isPropertySignature(declaration)
  if (!isHolder) return undefined
  if (declaration.type) return ts.isFunctionTypeNode(declaration.type) ? declaration.type.parameters : undefined
  const value =
    !ts.isPropertySignature(declaration) && declaration.initializer ? unwrap(declaration.initializer) : undefined
  return value && isFunctionNode(value) ? value.parameters : undefined
}

function mayBeSlot(
  { type, initializer }: ts.ParameterDeclaration,
  types: TypeQuestions,
  protocol: CancelProtocol,
): boolean {
  if (type) return mayHoldSignal(type, types, protocol)
  return initializer === undefined || !isPlainValue(initializer)
}

/** Whether a name may stand for a signal or for an object that holds one, as far as its declarations tell. */
export function mayNameSignal(name: ts.Identifier, types: TypeQuestions, protocol: CancelProtocol = SIGNALS): boolean {
  const declarations = types.localSymbol(name)?.declarations
  return (
    declarations === undefined
    || declarations.some((declaration) => {
      if (isFunctionNode(declaration)) return false
      if (!ts.isVariableDeclaration(declaration) && !ts.isParameter(declaration)) return true
      if (declaration.type) return mayHoldSignal(declaration.type, types, protocol)
      return declaration.initializer === undefined || !isPlainValue(declaration.initializer)
    })
  )
}

function isPlainValue(value: ts.Expression): boolean {
  const inner = unwrap(value)
  return (
    ts.isLiteralExpression(inner)
    || ts.isTemplateExpression(inner)
    || ts.isArrayLiteralExpression(inner)
    || isFunctionNode(inner)
    || ts.isPrefixUnaryExpression(inner)
    || inner.kind === ts.SyntaxKind.TrueKeyword
    || inner.kind === ts.SyntaxKind.FalseKeyword
    || inner.kind === ts.SyntaxKind.NullKeyword
  )
}
