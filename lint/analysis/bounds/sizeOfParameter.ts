import ts from 'typescript'
import { argumentsOfCallers } from '../code/callers.ts'
import { isOpenEndedName } from '../knowledge/collectionNames.ts'
import { SMALL_NAMES } from '../knowledge/names.ts'
import { believe, CHUNKING, CONFIGURED, ONE_CHUNK, sizeBySchema, type SizeQuestion } from './sizeQuestion.ts'
import { bounded, open, type Size, UNKNOWN, widest } from './sizes.ts'
import { calleeName, isFunctionExpression, isFunctionNode, isMethodCall, unwrap, wrapperOf } from '../code/syntax.ts'

/** How many items a function is given: by what a parameter is called, and by who gives it what in the file. */
export function sizeOfParameter(
  parameter: ts.ParameterDeclaration,
  declaration: ts.Declaration,
  use: ts.Identifier,
  at: SizeQuestion,
): Size {
  if (parameter.dotDotDotToken) return bounded('rest parameters')
  if (SMALL_NAMES.test(use.text)) return CONFIGURED
  if (isGivenBatches(parameter.parent)) return ONE_CHUNK
  if (declaration !== parameter && isGivenItems(parameter.parent)) return UNKNOWN
  const settled = settlingAs(parameter)
  if (settled && declaration === parameter) return believe(at.sizeOf(settled, { ...at, depth: at.depth + 1 }), use)
  const given =
    at.references && isFunctionNode(parameter.parent)
      ? argumentsOfCallers(parameter.parent, parameter, declaration, at.references, at.types)
      : undefined
  if (given) {
    const [first, ...others] = given.map((argument) => at.sizeOf(argument, { ...at, depth: at.depth + 3 }))
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

/** Whether a list holds chunks of items, by what made it or by what it is called. */
export function isChunked(list: ts.Expression): boolean {
  let inner = unwrap(list)
  if (ts.isAwaitExpression(inner)) inner = unwrap(inner.expression)
  if (ts.isCallExpression(inner)) return CHUNKING.test(calleeName(inner) ?? '')
  return ts.isIdentifier(inner) && /(?:batches|chunks|slices|pages|groups|buckets|windows)$/iu.test(inner.text)
}
