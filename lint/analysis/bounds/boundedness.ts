import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import { isOpenEndedName } from '../knowledge/collectionNames.ts'
import {
  BODY_READERS,
  LISTED_FIELDS,
  PAGING_WORDS,
  REQUEST_BODIES,
  REQUEST_READERS,
  SMALL_NAMES,
} from '../knowledge/names.ts'
import { pageAskedFor } from './pageSizes.ts'
import type { References } from '../code/references.ts'
import { limitBySchema } from './schemaLimits.ts'
import { believe, CONFIGURED, LIMITED, ONE_CHUNK, sizeBySchema, type SizeQuestion } from './sizeQuestion.ts'
import { isCheckedAgainstLimit, isCountNamedForLimit } from './sizeChecks.ts'
import { isChunked, sizeOfParameter } from './sizeOfParameter.ts'
import { sizeOfCall } from './sizeOfCall.ts'
import { bounded, open, type Size, UNKNOWN, widest } from './sizes.ts'
import {
  calleeName,
  dottedName,
  enclosingFunction,
  excerpt,
  isFunctionExpression,
  isMethodCall,
  type MethodCall,
  someOwnNode,
  unwrap,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

const CONSTANT = bounded('a constant')

const CHUNK_NAMES = /(?:^|[a-z_])(?:batch|chunk|slice|page|window|group|bucket)$/iu
const CAPITALS = /^[A-Z][A-Z\d_]+$/u

const NOTHING: ReadonlySet<ts.Node> = new Set()

/** Steps from one expression to the next, each await and each method of a chain being one. */
const MAX_DEPTH = 14

/**
 * Where the number of items in an expression comes from. Follows variables, fields, calls of functions in the program, and
 * from a parameter to the callers where all of them are in sight.
 *
 * @param references The names of the file; without them callers, assignments and checks of the size are not seen.
 */
export function sizeOf(expression: ts.Expression, types: TypeQuestions, references?: References): Size {
  return sizeAt(expression, { types, references, depth: 0, asked: NOTHING, sizeOf: sizeAt })
}

function sizeAt(expression: ts.Expression, from: SizeQuestion): Size {
  const node = unwrap(expression)
  if (from.depth > MAX_DEPTH) return UNKNOWN
  const at: SizeQuestion = { ...from, depth: from.depth + 1 }
  if (ts.isAwaitExpression(node)) return sizeAt(node.expression, at)
  if (ts.isArrayLiteralExpression(node)) return sizeOfLiteral(node, at)
  if (ts.isObjectLiteralExpression(node)) return bounded('an object literal')
  if (ts.isConditionalExpression(node)) return widest(sizeAt(node.whenTrue, at), sizeAt(node.whenFalse, at))
  if (ts.isBinaryExpression(node)) {
    const right = sizeAt(node.right, at)
    const isSecond =
      node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
      || node.operatorToken.kind === ts.SyntaxKind.CommaToken
    return isSecond ? right : widest(sizeAt(node.left, at), right)
  }
  if (ts.isNewExpression(node)) return sizeOfNew(node, at)
  if (ts.isCallExpression(node)) return sizeOfCall(node, at)
  if (ts.isIdentifier(node)) return sizeOfVariable(node, at)
  if (ts.isPropertyAccessExpression(node)) return sizeOfProperty(node, at)
  if (ts.isElementAccessExpression(node)) return CAPITALS.test(dottedName(node.expression) ?? '') ? CONSTANT : UNKNOWN
  return UNKNOWN
}

function sizeOfLiteral(node: ts.ArrayLiteralExpression, at: SizeQuestion): Size {
  const spreads = node.elements.filter(ts.isSpreadElement)
  return spreads.map((spread) => sizeAt(spread.expression, at)).reduce(widest, bounded('an array literal'))
}

function sizeOfNew(node: ts.NewExpression, at: SizeQuestion): Size {
  const [argument] = node.arguments ?? []
  const made = calleeName(node) ?? ''
  if (!argument) return UNKNOWN
  if (made === 'Set' || made === 'Map') return sizeAt(argument, at)
  return made === 'Array' && isCountNamedForLimit(argument) ? bounded('a fixed length') : UNKNOWN
}

function sizeOfVariable(node: ts.Identifier, from: SizeQuestion): Size {
  if (CHUNK_NAMES.test(node.text)) return ONE_CHUNK
  if (CAPITALS.test(node.text)) return CONSTANT
  const declaration = from.types.localSymbol(node)?.declarations?.[0]
  if (declaration === undefined || from.asked.has(declaration)) return UNKNOWN
  const at: SizeQuestion = { ...from, asked: new Set([...from.asked, declaration]) }
  if (ts.isEnumDeclaration(declaration) || ts.isImportSpecifier(declaration) || ts.isImportClause(declaration))
    return bounded('a static table')
  if (at.references && isCheckedAgainstLimit(node, at.references)) return bounded('a checked length')
  const holder = ts.isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration
  const size = ts.isVariableDeclaration(holder)
    ? holder === declaration
      ? sizeOfDeclaration(holder, node, at)
      : sizeOfDestructured(holder, node, at)
    : ts.isParameter(holder)
      ? sizeOfParameter(holder, declaration, node, at)
      : UNKNOWN
  return size.kind !== 'bounded' && at.types.isFixedTuple(node) ? bounded('a tuple') : size
}

function sizeOfDestructured(holder: ts.VariableDeclaration, node: ts.Identifier, at: SizeQuestion): Size {
  const described = sizeBySchema(node, at)
  if (described) return described
  if (holder.initializer && isOpenEndedName(node.text) && isRequestBody(holder.initializer, at))
    return open('request', node, node.text)
  return holder.initializer ? believe(sizeAt(holder.initializer, at), node) : UNKNOWN
}

/** `req.body`, `await request.json()`, `readBody(event)`, and a variable that holds one of them. */
function isRequestBody(value: ts.Expression, at: SizeQuestion): boolean {
  let node = unwrap(value)
  if (ts.isIdentifier(node)) {
    const declaration = at.types.localSymbol(node)?.valueDeclaration
    if (
      !declaration
      || !ts.isVariableDeclaration(declaration)
      || declaration.name.kind !== ts.SyntaxKind.Identifier
      || !declaration.initializer
    )
      return false
    node = unwrap(declaration.initializer)
  }
  if (ts.isAwaitExpression(node)) node = unwrap(node.expression)
  if (!ts.isCallExpression(node)) return REQUEST_BODIES.test(`${dottedName(node) ?? ''}.`)
  if (isMethodCall(node, 'json', 'formData')) return REQUEST_READERS.test(dottedName(node.expression.expression) ?? '')
  return BODY_READERS.test(calleeName(node) ?? '')
}

function sizeOfDeclaration(declaration: ts.VariableDeclaration, use: ts.Identifier, at: SizeQuestion): Size {
  const loop = declaration.parent.parent
  if (ts.isForOfStatement(loop)) return isChunked(loop.expression) ? ONE_CHUNK : UNKNOWN
  const values = [...(declaration.initializer ? [declaration.initializer] : []), ...assignedTo(declaration, at)]
  const [first, ...others] = values.map((value) => sizeAt(value, at))
  // What it is given later, in a file whose names nobody has looked up, may be anything.
  const isGivenMore = at.references === undefined && !(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)
  if (first === undefined || (isGivenMore && first.kind === 'bounded')) return UNKNOWN
  const size = others.reduce(widest, first)
  const initial = declaration.initializer && unwrap(declaration.initializer)
  const isGrown =
    initial
    && ts.isArrayLiteralExpression(initial)
    && enclosingFunction(declaration) !== undefined
    && size.kind === 'bounded'
  if (isGrown) return sizeOfGrown(declaration, use, at) ?? size
  return believe(size.kind === 'unknown' && initial ? sizeOfDerived(initial, use, at) : size, use)
}

/** What a `let` is given after its declaration. */
function assignedTo(declaration: ts.VariableDeclaration, at: SizeQuestion): ts.Expression[] {
  if (!at.references || !ts.isIdentifier(declaration.name) || ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)
    return []
  return at.references
    .of(declaration.name)
    .flatMap(({ parent }) =>
      ts.isBinaryExpression(parent)
      && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
      && parent.left.getText() === declaration.name.getText()
        ? [parent.right]
        : [],
    )
}

/** `const packed = repack(chunks)`: what is made of many is many, where its name says so too. */
function sizeOfDerived(value: ts.Expression, use: ts.Identifier, at: SizeQuestion): Size {
  const made = ts.isAwaitExpression(value) ? unwrap(value.expression) : value
  if (!ts.isCallExpression(made) || !isOpenEndedName(use.text)) return UNKNOWN
  return made.arguments.map((argument) => sizeAt(argument, at)).find(({ kind }) => kind === 'open') ?? UNKNOWN
}

/** An array that starts as a literal and is filled later has the size of the loops that fill it. */
function sizeOfGrown(declaration: ts.VariableDeclaration, use: ts.Identifier, at: SizeQuestion): Size | undefined {
  const scope = enclosingFunction(declaration)?.body
  if (scope === undefined) return undefined
  let size: Size | undefined
  const visit = (node: ts.Node, loop: ts.Node | undefined, isPaged: boolean): void => {
    if (isMethodCall(node, 'push', 'unshift') && node.expression.expression.getText() === use.text) {
      const grown = isPaged
        ? open('pages', node, use.text)
        : loop !== undefined
          ? turnsAt(loop, at)
          : enclosingFunction(node) === enclosingFunction(declaration)
            ? spreadSize(node, at)
            : // A callback runs as often as somebody calls it.
              UNKNOWN
      size = size ? widest(size, grown) : grown
    }
    const isIn = isPaged || isPaging(node, use)
    forEachChild(node, (child) => {
      visit(child, isRepeated(node) ? node : loop, isIn)
    })
  }
  visit(scope, undefined, false)
  return size && believe(size, use)
}

/** `while (next) { const page = await load(next); rows.push(...page.rows); … }`, with nothing that looks how many there are by now. */
function isPaging(loop: ts.Node, list: ts.Identifier): boolean {
  const isEndless = ts.isWhileStatement(loop) || ts.isDoStatement(loop) || (ts.isForStatement(loop) && !loop.condition)
  if (!isEndless || !PAGING_WORDS.test(loop.getText())) return false
  const isWatched = someOwnNode(
    loop,
    (at) =>
      ts.isPropertyAccessExpression(at)
      && at.expression.getText() === list.text
      && ['length', 'size'].includes(at.name.text)
      && ts.isBinaryExpression(at.parent),
  )
  return !isWatched && someOwnNode(loop, ts.isAwaitExpression)
}

function isRepeated(node: ts.Node): boolean {
  return ts.isIterationStatement(node, false) || (isFunctionExpression(node) && isMethodCall(node.parent, 'forEach'))
}

/** How many turns a loop takes: that of a `for`, or of the callback of `forEach`. */
export function turnsOf(loop: ts.Node, types: TypeQuestions, references?: References): Size {
  return turnsAt(loop, { types, references, depth: 0, asked: NOTHING, sizeOf: sizeAt })
}

function turnsAt(loop: ts.Node, at: SizeQuestion): Size {
  if (isFunctionExpression(loop))
    return isMethodCall(loop.parent, 'forEach') ? sizeAt(loop.parent.expression.expression, at) : UNKNOWN
  if (ts.isForOfStatement(loop)) {
    const size = sizeAt(loop.expression, at)
    return size.kind !== 'bounded' && loop.awaitModifier
      ? open('stream', loop.expression, excerpt(loop.expression))
      : size
  }
  if (ts.isForInStatement(loop)) return sizeAt(loop.expression, at)
  if (!ts.isForStatement(loop) || !loop.condition || !ts.isBinaryExpression(loop.condition)) return UNKNOWN
  const last = unwrap(loop.condition.right)
  if (ts.isPropertyAccessExpression(last) && ['length', 'size'].includes(last.name.text))
    return sizeAt(last.expression, at)
  return isCountNamedForLimit(last) ? bounded('a fixed number of turns') : UNKNOWN
}

function spreadSize(push: MethodCall, at: SizeQuestion): Size {
  return push.arguments
    .filter(ts.isSpreadElement)
    .map((spread) => sizeAt(spread.expression, at))
    .reduce(widest, bounded('a push'))
}

function sizeOfProperty(node: ts.PropertyAccessExpression, at: SizeQuestion): Size {
  const name = node.name.text
  if (CHUNK_NAMES.test(name)) return ONE_CHUNK
  if (SMALL_NAMES.test(name)) return CONFIGURED
  if (CAPITALS.test(name)) return CONSTANT
  const owner = dottedName(node.expression)
  if (owner !== undefined && CHUNK_NAMES.test(owner)) return sizeOfPage(node.expression, at)
  if (isInStaticTable(node, at)) return bounded('a static table')
  if (LISTED_FIELDS.has(name)) {
    const listing = sizeAt(node.expression, at)
    if (listing.kind === 'open' && listing.source === 'listing') return listing
  }
  if (!isOpenEndedName(name)) return UNKNOWN
  if (at.references && isCheckedAgainstLimit(node, at.references)) return bounded('a checked length')
  const limit = limitBySchema(node, at.types)
  if (limit?.isLimited) return LIMITED
  if (at.types.isFixedTuple(node)) return bounded('a tuple')
  return open(
    limit?.isSent === true || isRequestBody(node.expression, at) || REQUEST_BODIES.test(`${owner ?? ''}.`)
      ? 'request'
      : 'field',
    node,
    name,
  )
}

/** What one page holds: as good as everything where a thousand were asked for. */
function sizeOfPage(page: ts.Expression, at: SizeQuestion): Size {
  const inner = unwrap(page)
  const declaration = ts.isIdentifier(inner) ? at.types.localSymbol(inner)?.valueDeclaration : undefined
  const value =
    declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
      ? unwrap(declaration.initializer)
      : undefined
  const call = value && ts.isAwaitExpression(value) ? unwrap(value.expression) : value
  const isLarge = call && ts.isCallExpression(call) && pageAskedFor(call, at.types) === 'large'
  return isLarge ? open('listing', call, calleeName(call) ?? inner.getText()) : bounded('one page')
}

/** A static field or an entry of a constant object that is written as a literal. */
function isInStaticTable(node: ts.PropertyAccessExpression, at: SizeQuestion): boolean {
  for (const declaration of at.types.symbol(node.name)?.declarations ?? []) {
    const isTable =
      (ts.isPropertyDeclaration(declaration)
        && ts.getModifiers(declaration)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword))
      || (ts.isPropertyAssignment(declaration) && enclosingFunction(declaration) === undefined)
    const value =
      isTable && 'initializer' in declaration ? (declaration.initializer as ts.Expression | undefined) : undefined
    const inner = value && unwrap(value)
    if (
      inner
      && ts.isArrayLiteralExpression(inner)
      && inner.elements.length > 0
      && !inner.elements.some(ts.isSpreadElement)
    )
      return true
  }
  return false
}
