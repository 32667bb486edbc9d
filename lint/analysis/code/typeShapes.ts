import ts from 'typescript'
import type { CancelProtocol } from '../knowledge/cancelProtocols.ts'
import { isAsync, isFunctionNode, isGenerator } from './syntax.ts'
import type { Thenable } from './typeQuestions.ts'

/** Where a call can take a signal, or a token. */
export type SignalSlot =
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'option'; readonly index: number; readonly property: string }

/** A slot that a declaration says is there. */
export interface TypedSlot {
  readonly slot: SignalSlot
  /** Whether every parameter before it may be left out or `undefined`, from the one at this index on. */
  readonly optionalFrom: number
  /** What the slot takes. */
  readonly type: ts.Type
}

/** `string[] & Brand` is an array, unless the rest brings methods of its own, which may well wait for their callbacks. */
export function holds(type: ts.Type, test: (type: ts.Type) => boolean): boolean {
  if (!type.isIntersection()) return test(type)
  const rest = type.types.filter((member) => !test(member))
  return (
    rest.length < type.types.length
    && !rest.some((member) => CALLBACK_METHODS.some((name) => member.getProperty(name) !== undefined))
  )
}

/** Methods by which a collection of somebody's own can be told from a brand. */
const CALLBACK_METHODS = ['forEach', 'map', 'filter', 'some', 'every', 'find', 'reduce']

/** Whether a declaration calls its type by this name: where no library declares that and it may be missing, nothing else is left of it. */
export function isCalledSignal(symbol: ts.Symbol | undefined, name: string): boolean {
  const declaration = symbol?.valueDeclaration
  const mayBeTyped =
    declaration
    && (ts.isParameter(declaration)
      || ts.isPropertySignature(declaration)
      || ts.isPropertyDeclaration(declaration)
      || ts.isVariableDeclaration(declaration))
  const type = mayBeTyped ? declaration.type : undefined
  return type !== undefined && endsWithName(type, name)
}

/**
 * The optional member of a written type that holds a signal, or a token, where the checker knows of none: what a package that is
 * not installed declares makes nothing of all that is put beside it, `Options & { signal?: AbortSignal }`.
 */
export function writtenSignal(
  type: ts.TypeNode,
  protocol: CancelProtocol,
  declarationsOf: (name: ts.Identifier) => readonly ts.Declaration[],
  depth = 0,
): ts.PropertySignature | undefined {
  const within = (part: ts.TypeNode): ts.PropertySignature | undefined =>
    writtenSignal(part, protocol, declarationsOf, depth + 1)
  if (ts.isIntersectionTypeNode(type)) return firstOf(type.types, within)
  if (ts.isTypeLiteralNode(type)) {
    return type.members
      .filter(ts.isPropertySignature)
      .find(
        ({ name, questionToken, type: written }) =>
          questionToken
          && written
          && protocol.properties.includes(name.getText())
          && endsWithName(written, protocol.type),
      )
  }
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName) || depth > 3) return undefined
  return firstOf(declarationsOf(type.typeName), (declaration) =>
    ts.isTypeAliasDeclaration(declaration) ? within(declaration.type) : undefined,
  )
}

function firstOf<T, R>(list: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of list) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

function endsWithName(type: ts.TypeNode, name: string): boolean {
  const parts = ts.isUnionTypeNode(type) ? type.types : [type]
  return parts.some(
    (part) =>
      ts.isTypeReferenceNode(part)
      && (ts.isIdentifier(part.typeName) ? part.typeName : part.typeName.right).text === name,
  )
}

/** Of an async function without a return type, the checker would look through the body. */
export function isAsyncSignature({ declaration }: ts.Signature): boolean {
  return declaration !== undefined && isFunctionNode(declaration) && isAsync(declaration) && !isGenerator(declaration)
}

/** What a promise is for a union of such types. */
export function join(parts: readonly Thenable[]): Thenable {
  const unique = new Set(parts)
  if (unique.size === 1) return parts[0] ?? 'never'
  if (unique.has('always') || unique.has('sometimes')) return 'sometimes'
  return unique.has('unknown') ? 'unknown' : 'never'
}

/** Whether a type is an array, a promise or a plain value whatever the type parameters in it stand for. */
export function isSettled(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.every(isSettled)
  if (!(type.flags & ts.TypeFlags.Object)) return (type.flags & PLAIN) !== 0
  return ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0
}

const PLAIN =
  ts.TypeFlags.StringLike
  | ts.TypeFlags.NumberLike
  | ts.TypeFlags.BigIntLike
  | ts.TypeFlags.BooleanLike
  | ts.TypeFlags.ESSymbolLike
  | ts.TypeFlags.VoidLike
  | ts.TypeFlags.Null
  | ts.TypeFlags.NonPrimitive

/** Methods of arrays that call a callback and give no promise, whatever that gives. */
const ARRAY_METHODS = new Set(['forEach', 'map', 'filter', 'some', 'every'])

/** Whether a property has the name of such a method. */
export function isNamedLikeArrayMethod(node: ts.Expression): node is ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node) && ARRAY_METHODS.has(node.name.text)
}

/** Whether a project declares a member of this name itself, in addition to what the language says of the type. */
export function isAlsoDeclared(type: ts.Type, name: string, isFromLib: (declaration: ts.Node) => boolean): boolean {
  return (type.getSymbol()?.declarations ?? []).some(
    (declaration) =>
      ts.isInterfaceDeclaration(declaration)
      && !isFromLib(declaration)
      && declaration.members.some((member) => member.name?.getText() === name),
  )
}

/** Whether a type of the standard library is a collection, by its name. */
export function isNamedLikeCollection(name: string): boolean {
  return COLLECTIONS.test(name)
}

const COLLECTIONS =
  /^(?:Readonly)?(?:Array|Set|Map)$|^Weak(?:Map|Set)$|^(?:Uint|Int|Float|BigInt|BigUint)\d+(?:Clamped)?Array$|^NodeList(?:Of)?$|^URLSearchParams$|^Headers$|^FormData$/u

/** Whether a type, or one of a union's, is that of signals, or of tokens. */
export function isSignalType(type: ts.Type, { type: name, members }: CancelProtocol): boolean {
  const constituents = type.isUnion() ? type.types : [type]
  // Where no library declares it, the name of the type is all there is.
  return constituents.some(
    (constituent) =>
      (constituent.getSymbol() ?? constituent.aliasSymbol)?.name === name
      || (members.length > 0 && members.every((member) => constituent.getProperty(member) !== undefined)),
  )
}

/** Whether a tuple has as many elements as it is written with. */
export function isOfFixedLength(tuple: ts.Type): boolean {
  return ((tuple as ts.TupleTypeReference).target.combinedFlags & ts.ElementFlags.Variable) === 0
}

/**
 * The name that a chain of calls and properties begins with; where it is of type `any`, all of the chain is. Types that are
 * asserted on the way count, and `require` gives what it loads.
 */
export function startOfChain(node: ts.Expression): ts.Identifier | undefined {
  let at = node
  while (
    ts.isPropertyAccessExpression(at)
    || ts.isElementAccessExpression(at)
    || ts.isCallExpression(at)
    || ts.isParenthesizedExpression(at)
    || ts.isNonNullExpression(at)
  )
    at = at.expression
  return ts.isIdentifier(at) && at.text !== 'require' ? at : undefined
}
