import ts from 'typescript'
import { importOrigin } from './imports.ts'
import { OPEN_ENDED_NAMES, PAGE_NAMES, SMALL_NAMES } from './knowledge.ts'
import { calleeName, constantNumber, dottedName, enclosingFunction, isMethodCall, unwrap } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** What is known of how many items an input has. */
export type Size =
  | { readonly kind: 'bounded'; readonly why: string }
  /** The outside world decides: `source` says who, `node` is where it comes in. */
  | { readonly kind: 'open'; readonly source: 'parameter' | 'listing' | 'query' | 'field'; readonly node: ts.Node; readonly name: string }
  | { readonly kind: 'unknown' }

const UNKNOWN: Size = { kind: 'unknown' }

function bounded(why: string): Size {
  return { kind: 'bounded', why }
}

/** Methods whose result has at most as many items as their receiver. */
const SHRINKING = new Set(['filter', 'map', 'sort', 'reverse', 'toSorted', 'toReversed', 'values', 'keys', 'entries', 'flat', 'with'])

/** Calls that list what is there, however much it is. */
const LISTINGS = /^(?:readdir|glob|globby|fastGlob|fg|tinyglobby|walk|walkDir|listFiles|findFiles|getFiles|listObjects\w*)$/iu
const LISTING_PACKAGES = /^(?:glob|globby|fast-glob|tinyglobby|fdir|klaw)$/u

/** Calls that ask another system for rows. */
const QUERIES = /^(?:find|findMany|findAll|query|list|listAll|search|select|scan|getAll|fetchAll|loadAll|all|aggregate|paginate)$/u

const CHUNK_NAMES = /(?:^|[a-z_])(?:batch|chunk|slice|page|window|group|bucket)$/iu
const CHUNKING = /chunk|batch|partition|window|paginate/iu

const MAX_DEPTH = 8

/** Where the number of items in an expression comes from. */
export function sizeOf(expression: ts.Expression, types: TypeQuestions, depth = 0): Size {
  const node = unwrap(expression)
  if (depth > MAX_DEPTH) return UNKNOWN
  if (ts.isAwaitExpression(node)) return sizeOf(node.expression, types, depth + 1)
  if (ts.isArrayLiteralExpression(node)) return sizeOfLiteral(node, types, depth)
  if (ts.isObjectLiteralExpression(node)) return bounded('an object literal')
  if (ts.isConditionalExpression(node)) return widest(sizeOf(node.whenTrue, types, depth + 1), sizeOf(node.whenFalse, types, depth + 1))
  if (ts.isBinaryExpression(node)) return widest(sizeOf(node.left, types, depth + 1), sizeOf(node.right, types, depth + 1))
  if (ts.isNewExpression(node)) {
    const [argument] = node.arguments ?? []
    return argument && ['Set', 'Map'].includes(calleeName(node) ?? '') ? sizeOf(argument, types, depth + 1) : UNKNOWN
  }
  if (ts.isCallExpression(node)) return sizeOfCall(node, types, depth)
  if (ts.isIdentifier(node)) return sizeOfVariable(node, types, depth)
  if (ts.isPropertyAccessExpression(node)) return sizeOfProperty(node)
  return UNKNOWN
}

function sizeOfLiteral(node: ts.ArrayLiteralExpression, types: TypeQuestions, depth: number): Size {
  const spreads = node.elements.filter(ts.isSpreadElement)
  return spreads.map((spread) => sizeOf(spread.expression, types, depth + 1)).reduce(widest, bounded('an array literal'))
}

function sizeOfCall(call: ts.CallExpression, types: TypeQuestions, depth: number): Size {
  const name = calleeName(call) ?? ''
  if (isMethodCall(call)) {
    const receiver = call.expression.expression
    if ((name === 'slice' && call.arguments.length >= 2) || (name === 'splice' && call.arguments.length >= 2)) return bounded('a slice')
    if (name === 'flatMap') return widest(sizeOf(receiver, types, depth + 1), UNKNOWN)
    if (ts.isIdentifier(receiver) && ['Object', 'Array'].includes(receiver.text)) return sizeOfStatic(call, name, types, depth)
    if (SHRINKING.has(name) || name === 'slice' || name === 'concat') return sizeOf(receiver, types, depth + 1)
    if (name === 'split' || name === 'match') return UNKNOWN
  }
  if (CHUNKING.test(name)) return bounded('a chunk')
  const origin = importOrigin(call.expression, types)
  if (LISTINGS.test(name) || (origin && LISTING_PACKAGES.test(origin.specifier))) {
    return { kind: 'open', source: 'listing', node: call, name }
  }
  if (QUERIES.test(name)) return isPaged(call) ? bounded('one page') : { kind: 'open', source: 'query', node: call, name }
  return UNKNOWN
}

function sizeOfStatic(call: ts.CallExpression, name: string, types: TypeQuestions, depth: number): Size {
  const [argument] = call.arguments
  if (argument === undefined) return bounded('an empty array')
  const inner = unwrap(argument)
  if (name !== 'from' || !ts.isObjectLiteralExpression(inner)) return sizeOf(inner, types, depth + 1)
  const length = inner.properties.find((property) => property.name?.getText() === 'length')
  if (!length || !ts.isPropertyAssignment(length)) return UNKNOWN
  return isBoundedCount(length.initializer) ? bounded('a fixed length') : { kind: 'unknown' }
}

/** A constant, a setting in capitals, `Math.min(…)`, or a number named for how many run at once. */
function isBoundedCount(node: ts.Expression): boolean {
  const inner = unwrap(node)
  if (constantNumber(inner) !== undefined) return true
  if (ts.isCallExpression(inner)) return dottedName(inner.expression) === 'Math.min'
  const name = dottedName(inner)
  return name !== undefined && /^[A-Z][A-Z\d_]*$|concurren|workers?|parallel|limit|threads|poolsize/iu.test(name.slice(name.lastIndexOf('.') + 1))
}

function isPaged(call: ts.CallExpression): boolean {
  return call.arguments.some((argument) => {
    const inner = unwrap(argument)
    return ts.isObjectLiteralExpression(inner) && inner.properties.some((property) => PAGE_NAMES.test(property.name?.getText() ?? ''))
  })
}

function sizeOfVariable(node: ts.Identifier, types: TypeQuestions, depth: number): Size {
  if (CHUNK_NAMES.test(node.text)) return bounded('one chunk')
  if (/^[A-Z][A-Z\d_]+$/u.test(node.text)) return bounded('a constant')
  const declaration = types.localSymbol(node)?.declarations?.[0]
  if (declaration === undefined) return UNKNOWN
  if (ts.isVariableDeclaration(declaration)) return sizeOfDeclaration(declaration, node, types, depth)
  const parameter = ts.isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration
  if (ts.isParameter(parameter)) {
    if (parameter.dotDotDotToken) return bounded('rest parameters')
    if (types.isFixedTuple(node)) return bounded('a tuple')
    if (SMALL_NAMES.test(node.text)) return bounded('what is registered or configured')
    return OPEN_ENDED_NAMES.test(node.text) ? { kind: 'open', source: 'parameter', node: declaration, name: node.text } : UNKNOWN
  }
  if (ts.isImportSpecifier(declaration) || ts.isImportClause(declaration)) return bounded('a static table')
  if (ts.isBindingElement(declaration) && ts.isVariableDeclaration(parameter)) {
    return parameter.initializer ? named(sizeOf(parameter.initializer, types, depth + 1), node) : UNKNOWN
  }
  return UNKNOWN
}

function sizeOfDeclaration(declaration: ts.VariableDeclaration, use: ts.Identifier, types: TypeQuestions, depth: number): Size {
  const loop = declaration.parent.parent
  if (ts.isForOfStatement(loop)) return CHUNK_NAMES.test(use.text) ? bounded('one chunk') : UNKNOWN
  if (declaration.initializer === undefined) return UNKNOWN
  const size = sizeOf(declaration.initializer, types, depth + 1)
  const initial = unwrap(declaration.initializer)
  const isGrown = ts.isArrayLiteralExpression(initial) && enclosingFunction(declaration) !== undefined && isPushedTo(declaration)
  if (isGrown) return sizeOfGrown(declaration, use, types, depth)
  if (size.kind === 'unknown' && SMALL_NAMES.test(use.text)) return bounded('what is registered or configured')
  // Most queries find a few rows; it takes a name that speaks of many to believe otherwise.
  if (size.kind === 'open' && size.source === 'query' && !OPEN_ENDED_NAMES.test(use.text)) return UNKNOWN
  return size
}

/** An array that starts as a literal and is filled later has the size of the loops that fill it. */
function sizeOfGrown(declaration: ts.VariableDeclaration, use: ts.Identifier, types: TypeQuestions, depth: number): Size {
  const scope = enclosingFunction(declaration)?.body
  if (scope === undefined) return UNKNOWN
  let size: Size = bounded('pushes outside loops')
  const visit = (node: ts.Node, loop: ts.Expression | 'endless' | undefined): void => {
    if (isMethodCall(node, 'push', 'unshift') && ts.isIdentifier(node.expression.expression) && node.expression.expression.text === use.text) {
      const grown: Size = loop === undefined ? bounded('a push') : loop === 'endless' ? UNKNOWN : sizeOf(loop, types, depth + 1)
      size = widest(size, grown)
    }
    const around = ts.isForOfStatement(node) ? node.expression : ts.isIterationStatement(node, false) ? 'endless' : loop
    ts.forEachChild(node, (child) => { visit(child, around) })
  }
  visit(scope, undefined)
  return size
}

function isPushedTo(declaration: ts.VariableDeclaration): boolean {
  const scope = enclosingFunction(declaration)?.body
  const name = declaration.name.getText()
  const visit = (node: ts.Node): boolean =>
    (isMethodCall(node, 'push', 'unshift') && node.expression.expression.getText() === name) || (ts.forEachChild(node, visit) ?? false)
  return scope !== undefined && visit(scope)
}

function sizeOfProperty(node: ts.PropertyAccessExpression): Size {
  const name = node.name.text
  if (CHUNK_NAMES.test(name)) return bounded('one chunk')
  if (SMALL_NAMES.test(name)) return bounded('what is registered or configured')
  if (/^[A-Z][A-Z\d_]+$/u.test(name)) return bounded('a constant')
  return OPEN_ENDED_NAMES.test(name) ? { kind: 'open', source: 'field', node, name } : UNKNOWN
}

function named(size: Size, node: ts.Identifier): Size {
  return size.kind === 'unknown' && SMALL_NAMES.test(node.text) ? bounded('what is registered or configured') : size
}

function widest(a: Size, b: Size): Size {
  if (a.kind === 'open') return a
  if (b.kind === 'open') return b
  return a.kind === 'unknown' ? a : b
}
