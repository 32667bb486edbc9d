import ts from 'typescript'
import { isOpenEndedName } from '../knowledge/collectionNames.ts'
import { importOrigin, rootIdentifier } from '../code/imports.ts'
import {
  ALL_CALLS,
  LISTING_CALLS,
  LISTING_COMMANDS,
  LISTING_PACKAGES,
  PROGRAM_OUTPUT,
  QUERY_CALLS,
  QUERY_CHAIN,
  REQUEST_READERS,
  SMALL_FOLDERS,
  WORKSPACE_PATTERNS,
} from '../knowledge/names.ts'
import { walksTree } from './listings.ts'
import { pageAskedFor } from './pageSizes.ts'
import { isCountNamedForLimit } from './sizeChecks.ts'
import { CHUNKING, CONFIGURED, type SizeQuestion } from './sizeQuestion.ts'
import { bounded, open, type Size, UNKNOWN, widest } from './sizes.ts'
import {
  calleeName,
  dottedName,
  forEachOwnNode,
  type FunctionNode,
  isFunctionExpression,
  isMethodCall,
  isPromiseCombinator,
  type MethodCall,
  unwrap,
} from '../code/syntax.ts'

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
/** Functions that go through a list that they are given first, with a function that they are given next. */
const GOING_THROUGH = /^(?:map|filter|(?:async|concurrent|parallel|promise|p)(?:Map|Filter)|(?:map|filter)Async)$/u
/** What goes through no list and gives back what it waits for. */
const SETTLING = new Set(['catch', 'finally'])
const TAKING = new Set(['take', 'takeRight', 'takeLast', 'sampleSize', 'topK', 'takeWhile'])

/** Calls that give all chunks of a list, as many as it has items for: not the next one alone. */
const CHUNK_LISTS =
  /(?:chunks|batches|partitions)$|^(?:chunk|batch|partition)(?:Array|List|Items|By|ed)?$|^(?:split|divide)/iu

/** How many items a call gives: by what it is called, by what it is given, and by what the function called returns. */
export function sizeOfCall(call: ts.CallExpression, at: SizeQuestion): Size {
  const name = calleeName(call) ?? ''
  const [first] = call.arguments
  if (isMethodCall(call)) {
    const known = sizeOfMethod(call, name, at)
    if (known) return known
  }
  if (TAKING.has(name)) return bounded('as many as it takes')
  if (PASSING_FUNCTIONS.has(name) && first) return at.sizeOf(first, at)
  const [, second] = call.arguments
  if (first && second && GOING_THROUGH.test(name) && isFunctionExpression(unwrap(second))) return at.sizeOf(first, at)
  if (CHUNKING.test(name)) {
    const whole = first && CHUNK_LISTS.test(name) ? at.sizeOf(first, at) : UNKNOWN
    return whole.kind === 'open' ? { ...whole, inChunks: true } : bounded('a chunk')
  }
  const origin = importOrigin(call.expression, at.types)
  const callee = at.types.functionOf(call.expression)
  if (
    LISTING_CALLS.test(name)
    || (origin && LISTING_PACKAGES.test(origin.specifier))
    || (callee && walksTree(callee, at.types))
  ) {
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
  const size = callee ? sizeOfResult(callee, call, at) : UNKNOWN
  return size.kind === 'unknown' && ALL_CALLS.test(name) && isOpenEndedName(name.replace(ALL_CALLS, ''))
    ? open('query', call, name)
    : size
}

function sizeOfMethod(call: MethodCall, name: string, at: SizeQuestion): Size | undefined {
  const receiver = call.expression.expression
  const [first, second] = call.arguments
  if (isPromiseCombinator(call, 'all', 'allSettled') && first) return at.sizeOf(first, at)
  if (ts.isIdentifier(receiver) && ['Object', 'Array'].includes(receiver.text)) return sizeOfStatic(call, name, at)
  if (SETTLING.has(name)) return at.sizeOf(receiver, at)
  if (name === 'limit' && first) return bounded('as many as it takes')
  if (QUERY_CHAIN.test(name)) {
    const size = at.sizeOf(receiver, at)
    if (size.kind !== 'unknown') return size
  }
  // What comes before is the size of the parameter, which the callback hands on or makes something of.
  if (name === 'then' && first && isFunctionExpression(unwrap(first)))
    return sizeOfResult(unwrap(first) as ts.ArrowFunction | ts.FunctionExpression, call, at)
  if (name === 'slice' || name === 'splice') {
    const toTheEnd = second
      ? second.getText().endsWith('.length') || isMaybeInfinite(second, at)
      : !(name === 'slice' && first && ts.isPrefixUnaryExpression(unwrap(first)))
    return toTheEnd ? at.sizeOf(receiver, at) : bounded('a slice')
  }
  if (name === 'split' && PROGRAM_OUTPUT.test(receiver.getText()))
    return open('output', call, rootIdentifier(receiver)?.text ?? name)
  if (name === 'flatMap' || name === 'flat') return widest(at.sizeOf(receiver, at), UNKNOWN)
  if (name === 'concat')
    return call.arguments.map((argument) => at.sizeOf(argument, at)).reduce(widest, at.sizeOf(receiver, at))
  if (PASSING.has(name) || name === 'globGenerator') return at.sizeOf(receiver, at)
  if ((name === 'json' || name === 'formData') && REQUEST_READERS.test(dottedName(receiver) ?? ''))
    return open('request', call, name)
  return undefined
}

/** `const most = limit ?? Infinity`: no end where nobody sets one. */
function isMaybeInfinite(end: ts.Expression, at: SizeQuestion): boolean {
  const name = unwrap(end)
  const declaration = ts.isIdentifier(name) ? at.types.localSymbol(name)?.valueDeclaration : undefined
  const value = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined
  return /\b(?:Infinity|POSITIVE_INFINITY|MAX_SAFE_INTEGER)\b/u.test((value ?? name).getText())
}

function sizeOfStatic(call: MethodCall, name: string, at: SizeQuestion): Size {
  const [argument] = call.arguments
  if (argument === undefined) return bounded('an empty array')
  const inner = unwrap(argument)
  if (name !== 'from' || !ts.isObjectLiteralExpression(inner)) return at.sizeOf(inner, at)
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
function sizeOfResult(fn: FunctionNode, call: ts.CallExpression, at: SizeQuestion): Size {
  if (!fn.body) return UNKNOWN
  const inside: SizeQuestion = {
    ...at,
    references: fn.getSourceFile() === call.getSourceFile() ? at.references : undefined,
    depth: at.depth + 2,
  }
  const returned: ts.Expression[] = []
  if (ts.isBlock(fn.body)) {
    forEachOwnNode(fn.body, (node) => {
      if (ts.isReturnStatement(node) && node.expression) returned.push(node.expression)
    })
  } else returned.push(fn.body)
  const [first, ...others] = returned.map((value) => inside.sizeOf(value, inside))
  const size = others.reduce(widest, first ?? UNKNOWN)
  if (size.kind !== 'open') return size
  if (size.source === 'parameter')
    return call.arguments.map((argument) => at.sizeOf(argument, at)).find(({ kind }) => kind === 'open') ?? UNKNOWN
  return size.source === 'field' ? UNKNOWN : size
}
