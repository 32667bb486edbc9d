import ts from 'typescript'
import { argumentsOfCallers } from './callers.ts'
import { isOpenEndedName } from './collectionNames.ts'
import { importOrigin, rootIdentifier } from './imports.ts'
import {
  BODY_READERS,
  LISTED_FIELDS,
  LISTING_CALLS,
  LISTING_COMMANDS,
  LISTING_PACKAGES,
  PAGING_WORDS,
  PROGRAM_OUTPUT,
  QUERY_CALLS,
  REQUEST_BODIES,
  REQUEST_READERS,
  SMALL_FOLDERS,
  SMALL_NAMES,
  WORKSPACE_PATTERNS,
} from './knowledge.ts'
import { pageAskedFor } from './pageSizes.ts'
import type { References } from './references.ts'
import { limitBySchema } from './schemaLimits.ts'
import { isCheckedAgainstLimit, isCountNamedForLimit } from './sizeChecks.ts'
import { bounded, open, type Size, UNKNOWN, widest } from './sizes.ts'
import {
  calleeName,
  dottedName,
  enclosingFunction,
  excerpt,
  forEachOwnNode,
  type FunctionNode,
  isFunctionExpression,
  isFunctionNode,
  isMethodCall,
  isPromiseCombinator,
  type MethodCall,
  someOwnNode,
  unwrap,
  wrapperOf,
} from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

const CONFIGURED = bounded('what is registered or configured')
const ONE_CHUNK = bounded('one chunk')
const CONSTANT = bounded('a constant')
const LIMITED = bounded('a length limited by its schema')

/** Methods and functions whose result has at most as many items as the receiver or the first argument. */
const PASSING = new Set([
  'filter',
  'map',
  'sort',
  'reverse',
  'toSorted',
  'toReversed',
  'values',
  'keys',
  'entries',
  'with',
  'toSpliced',
  'fill',
])
const PASSING_FUNCTIONS = new Set([
  'uniq',
  'uniqBy',
  'unique',
  'compact',
  'sortBy',
  'orderBy',
  'shuffle',
  'dedupe',
  'toArray',
  'reject',
  'difference',
  'intersection',
])
const TAKING = new Set(['take', 'takeRight', 'takeLast', 'sampleSize', 'topK', 'takeWhile'])

const CHUNK_NAMES = /(?:^|[a-z_])(?:batch|chunk|slice|page|window|group|bucket)$/iu
const CHUNKING = /chunk|batch|partition|window|paginate/iu
/** Calls that give all chunks of a list, as many as it has items for: not the next one alone. */
const CHUNK_LISTS =
  /(?:chunks|batches|partitions)$|^(?:chunk|batch|partition)(?:Array|List|Items|By|ed)?$|^(?:split|divide)/iu
const CAPITALS = /^[A-Z][A-Z\d_]+$/u

const MAX_DEPTH = 8

interface Context {
  readonly types: TypeQuestions
  /** The uses of names in the file that the question is about. */
  readonly references: References | undefined
  readonly depth: number
}

/**
 * Where the number of items in an expression comes from. Follows variables, fields, calls of functions in the program, and
 * from a parameter to the callers where all of them are in sight.
 *
 * @param references The names of the file; without them callers, assignments and checks of the size are not seen.
 */
export function sizeOf(expression: ts.Expression, types: TypeQuestions, references?: References): Size {
  return sizeAt(expression, { types, references, depth: 0 })
}

function sizeAt(expression: ts.Expression, from: Context): Size {
  const node = unwrap(expression)
  if (from.depth > MAX_DEPTH) return UNKNOWN
  const at: Context = { ...from, depth: from.depth + 1 }
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

function sizeOfLiteral(node: ts.ArrayLiteralExpression, at: Context): Size {
  const spreads = node.elements.filter(ts.isSpreadElement)
  return spreads.map((spread) => sizeAt(spread.expression, at)).reduce(widest, bounded('an array literal'))
}

function sizeOfNew(node: ts.NewExpression, at: Context): Size {
  const [argument] = node.arguments ?? []
  const made = calleeName(node) ?? ''
  if (!argument) return UNKNOWN
  if (made === 'Set' || made === 'Map') return sizeAt(argument, at)
  return made === 'Array' && isCountNamedForLimit(argument) ? bounded('a fixed length') : UNKNOWN
}

function sizeOfCall(call: ts.CallExpression, at: Context): Size {
  const name = calleeName(call) ?? ''
  const [first] = call.arguments
  if (isMethodCall(call)) {
    const known = sizeOfMethod(call, name, at)
    if (known) return known
  }
  if (TAKING.has(name)) return bounded('as many as it takes')
  if (PASSING_FUNCTIONS.has(name) && first) return sizeAt(first, at)
  if (CHUNKING.test(name)) {
    const whole = first && CHUNK_LISTS.test(name) ? sizeAt(first, at) : UNKNOWN
    return whole.kind === 'open' ? { ...whole, inChunks: true } : bounded('a chunk')
  }
  const origin = importOrigin(call.expression, at.types)
  if (LISTING_CALLS.test(name) || (origin && LISTING_PACKAGES.test(origin.specifier))) {
    if (first && (SMALL_FOLDERS.test(dottedName(first) ?? '') || isWorkspacePattern(first))) return CONFIGURED
    return call.arguments
      .slice(1)
      .some((argument) => isCountNamedForLimit(argument) && !/exclud|ignor|glob|pattern/iu.test(argument.getText()))
      ? bounded('a limited listing')
      : open('listing', call, name)
  }
  const command = name === 'send' && first ? unwrap(first) : undefined
  if (command && ts.isNewExpression(command) && LISTING_COMMANDS.test(calleeName(command) ?? '')) {
    return pageAskedFor(command, at.types) === 'small'
      ? bounded('one page')
      : open('listing', call, calleeName(command) ?? name)
  }
  const isSearch = first !== undefined && isFunctionExpression(unwrap(first))
  if (QUERY_CALLS.test(name) && !isSearch)
    return pageAskedFor(call, at.types) === 'small' ? bounded('one page') : open('query', call, name)
  const callee = at.types.functionOf(call.expression)
  return callee ? sizeOfResult(callee, call, at) : UNKNOWN
}

function sizeOfMethod(call: MethodCall, name: string, at: Context): Size | undefined {
  const receiver = call.expression.expression
  const [first, second] = call.arguments
  if (isPromiseCombinator(call, 'all', 'allSettled') && first) return sizeAt(first, at)
  if (ts.isIdentifier(receiver) && ['Object', 'Array'].includes(receiver.text)) return sizeOfStatic(call, name, at)
  if (name === 'slice' || name === 'splice') {
    const toTheEnd = second
      ? second.getText().endsWith('.length')
      : !(name === 'slice' && first && ts.isPrefixUnaryExpression(unwrap(first)))
    return toTheEnd ? sizeAt(receiver, at) : bounded('a slice')
  }
  if (name === 'split' && PROGRAM_OUTPUT.test(receiver.getText()))
    return open('output', call, rootIdentifier(receiver)?.text ?? name)
  if (name === 'flatMap' || name === 'flat') return widest(sizeAt(receiver, at), UNKNOWN)
  if (name === 'concat')
    return call.arguments.map((argument) => sizeAt(argument, at)).reduce(widest, sizeAt(receiver, at))
  if (PASSING.has(name) || name === 'globGenerator') return sizeAt(receiver, at)
  if ((name === 'json' || name === 'formData') && REQUEST_READERS.test(dottedName(receiver) ?? ''))
    return open('request', call, name)
  return undefined
}

function sizeOfStatic(call: MethodCall, name: string, at: Context): Size {
  const [argument] = call.arguments
  if (argument === undefined) return bounded('an empty array')
  const inner = unwrap(argument)
  if (name !== 'from' || !ts.isObjectLiteralExpression(inner)) return sizeAt(inner, at)
  const length = inner.properties.find((property) => property.name?.getText() === 'length')
  const count =
    length
    && (ts.isPropertyAssignment(length)
      ? length.initializer
      : ts.isShorthandPropertyAssignment(length)
        ? length.name
        : undefined)
  return count && isCountNamedForLimit(count) ? bounded('a fixed length') : UNKNOWN
}

/** A pattern for one file in each package of a repository. */
function isWorkspacePattern(pattern: ts.Expression): boolean {
  const inner = unwrap(pattern)
  return ts.isStringLiteralLike(inner) && WORKSPACE_PATTERNS.test(inner.text)
}

/** The size of what a function of the program returns; where it hands back what it was given, that of the arguments. */
function sizeOfResult(fn: FunctionNode, call: ts.CallExpression, at: Context): Size {
  if (!fn.body) return UNKNOWN
  const inside: Context = {
    types: at.types,
    references: fn.getSourceFile() === call.getSourceFile() ? at.references : undefined,
    depth: at.depth + 2,
  }
  const returned: ts.Expression[] = []
  if (ts.isBlock(fn.body)) {
    forEachOwnNode(fn.body, (node) => {
      if (ts.isReturnStatement(node) && node.expression) returned.push(node.expression)
    })
  } else returned.push(fn.body)
  const [first, ...others] = returned.map((value) => sizeAt(value, inside))
  const size = others.reduce(widest, first ?? UNKNOWN)
  if (size.kind !== 'open') return size
  if (size.source === 'parameter')
    return call.arguments.map((argument) => sizeAt(argument, at)).find(({ kind }) => kind === 'open') ?? UNKNOWN
  return size.source === 'field' ? UNKNOWN : size
}

function sizeOfVariable(node: ts.Identifier, at: Context): Size {
  if (CHUNK_NAMES.test(node.text)) return ONE_CHUNK
  if (CAPITALS.test(node.text)) return CONSTANT
  const declaration = at.types.localSymbol(node)?.declarations?.[0]
  if (declaration === undefined) return UNKNOWN
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

function sizeOfDestructured(holder: ts.VariableDeclaration, node: ts.Identifier, at: Context): Size {
  const described = sizeBySchema(node, at)
  if (described) return described
  if (holder.initializer && isOpenEndedName(node.text) && isRequestBody(holder.initializer, at))
    return open('request', node, node.text)
  return holder.initializer ? believe(sizeAt(holder.initializer, at), node) : UNKNOWN
}

/** `req.body`, `await request.json()`, `readBody(event)`, and a variable that holds one of them. */
function isRequestBody(value: ts.Expression, at: Context): boolean {
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

/** What the schema of a name says: so many at most, or as many as the sender likes. */
function sizeBySchema(node: ts.Identifier, at: Context): Size | undefined {
  const limit = limitBySchema(node, at.types)
  if (limit?.isLimited) return LIMITED
  return limit?.isSent === true && isOpenEndedName(node.text) ? open('request', node, node.text) : undefined
}

function sizeOfParameter(
  parameter: ts.ParameterDeclaration,
  declaration: ts.Declaration,
  use: ts.Identifier,
  at: Context,
): Size {
  if (parameter.dotDotDotToken) return bounded('rest parameters')
  if (SMALL_NAMES.test(use.text)) return CONFIGURED
  if (isGivenBatches(parameter.parent)) return ONE_CHUNK
  if (declaration !== parameter && isGivenItems(parameter.parent)) return UNKNOWN
  const settled = settlingAs(parameter)
  if (settled && declaration === parameter) return believe(sizeAt(settled, { ...at, depth: at.depth + 1 }), use)
  const given =
    at.references && isFunctionNode(parameter.parent)
      ? argumentsOfCallers(parameter.parent, parameter, declaration, at.references, at.types)
      : undefined
  if (given) {
    const [first, ...others] = given.map((argument) => sizeAt(argument, { ...at, depth: at.depth + 1 }))
    const size = others.reduce(widest, first ?? UNKNOWN)
    if (size.kind !== 'unknown') return size
  }
  if (!isOpenEndedName(use.text)) return UNKNOWN
  return sizeBySchema(use, at) ?? open('parameter', declaration, use.text)
}

/** `glob(pattern)` in `glob(pattern).then((paths) => …)`. */
function settlingAs({ parent }: ts.ParameterDeclaration): ts.Expression | undefined {
  const call = isFunctionExpression(parent) ? wrapperOf(parent).parent : undefined
  return call && isMethodCall(call, 'then') && call.arguments[0] && unwrap(call.arguments[0]) === parent
    ? call.expression.expression
    : undefined
}

/** `groups.map(({ paths }) => …)`: no caller decides what one item holds. */
function isGivenItems(fn: ts.Node): boolean {
  return (
    isFunctionExpression(fn)
    && isMethodCall(wrapperOf(fn).parent, 'map', 'forEach', 'flatMap', 'filter', 'some', 'every', 'find')
  )
}

/** A callback that some `findInBatches(…)` calls with one batch after another. */
function isGivenBatches(fn: ts.Node): boolean {
  if (!isFunctionExpression(fn)) return false
  const { parent } = wrapperOf(fn)
  if (!ts.isCallExpression(parent)) return false
  if (CHUNKING.test(calleeName(parent) ?? '')) return true
  return isMethodCall(parent) && isChunked(parent.expression.expression)
}

function isChunked(list: ts.Expression): boolean {
  let inner = unwrap(list)
  if (ts.isAwaitExpression(inner)) inner = unwrap(inner.expression)
  if (ts.isCallExpression(inner)) return CHUNKING.test(calleeName(inner) ?? '')
  return ts.isIdentifier(inner) && /(?:batches|chunks|slices|pages|groups|buckets|windows)$/iu.test(inner.text)
}

function sizeOfDeclaration(declaration: ts.VariableDeclaration, use: ts.Identifier, at: Context): Size {
  const loop = declaration.parent.parent
  if (ts.isForOfStatement(loop)) return isChunked(loop.expression) ? ONE_CHUNK : UNKNOWN
  const values = [...(declaration.initializer ? [declaration.initializer] : []), ...assignedTo(declaration, at)]
  const [first, ...others] = values.map((value) => sizeAt(value, at))
  if (first === undefined) return UNKNOWN
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
function assignedTo(declaration: ts.VariableDeclaration, at: Context): ts.Expression[] {
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
function sizeOfDerived(value: ts.Expression, use: ts.Identifier, at: Context): Size {
  const made = ts.isAwaitExpression(value) ? unwrap(value.expression) : value
  if (!ts.isCallExpression(made) || !isOpenEndedName(use.text)) return UNKNOWN
  return made.arguments.map((argument) => sizeAt(argument, at)).find(({ kind }) => kind === 'open') ?? UNKNOWN
}

/** Most queries find a few rows, and most bodies and streams hold little; it takes a name that speaks of many to believe otherwise. */
function believe(size: Size, use: ts.Identifier): Size {
  if (size.kind === 'unknown' && SMALL_NAMES.test(use.text)) return CONFIGURED
  if (
    size.kind === 'open'
    && ['query', 'pages', 'output', 'request', 'stream'].includes(size.source)
    && !isOpenEndedName(use.text)
  )
    return UNKNOWN
  return size
}

/** An array that starts as a literal and is filled later has the size of the loops that fill it. */
function sizeOfGrown(declaration: ts.VariableDeclaration, use: ts.Identifier, at: Context): Size | undefined {
  const scope = enclosingFunction(declaration)?.body
  if (scope === undefined) return undefined
  let size: Size | undefined
  const visit = (node: ts.Node, loop: ts.Node | undefined, isPaged: boolean): void => {
    if (isMethodCall(node, 'push', 'unshift') && node.expression.expression.getText() === use.text) {
      const grown = isPaged
        ? open('pages', node, use.text)
        : loop === undefined
          ? spreadSize(node, at)
          : turnsAt(loop, at)
      size = size ? widest(size, grown) : grown
    }
    const isIn = isPaged || isPaging(node, use)
    ts.forEachChild(node, (child) => {
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
  return turnsAt(loop, { types, references, depth: 0 })
}

function turnsAt(loop: ts.Node, at: Context): Size {
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

function spreadSize(push: MethodCall, at: Context): Size {
  return push.arguments
    .filter(ts.isSpreadElement)
    .map((spread) => sizeAt(spread.expression, at))
    .reduce(widest, bounded('a push'))
}

function sizeOfProperty(node: ts.PropertyAccessExpression, at: Context): Size {
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
function sizeOfPage(page: ts.Expression, at: Context): Size {
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
function isInStaticTable(node: ts.PropertyAccessExpression, at: Context): boolean {
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
