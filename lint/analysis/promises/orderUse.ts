import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import type { ConcurrentRegion } from '../flow/concurrentRegion.ts'
import type { References } from '../code/references.ts'
import { isFunctionExpression, isFunctionNode, isMethodCall, isWithin, unwrap, wrapperOf } from '../code/syntax.ts'

/** How the order of a collected array matters to those who read it. */
export interface OrderUse {
  /**
   * - `paired`: read by the index of the input, so a wrong order pairs the wrong items;
   * - `ordered`: read by position;
   * - `open`: handed on, and what comes of it is not seen.
   */
  readonly kind: 'paired' | 'ordered' | 'open'
  readonly node: ts.Node | undefined
}

/** Methods that read positions. */
const POSITIONAL = new Set(['at', 'indexOf', 'findIndex', 'entries', 'join', 'shift', 'pop', 'reverse', 'toReversed'])
/** Options of queries that ask whether a value is among these: `where: { id: { in: ids } }`. */
const MEMBERSHIP = new Set(['in', 'notIn', 'not_in', 'hasSome', 'hasEvery', '$in', '$nin', '$all', '_in', '_nin'])
const SORTING = new Set(['sort', 'toSorted'])

/** What the readers of a sink make of its order; undefined where none of them can tell the difference. */
export function orderUseOf(
  sink: ts.Expression,
  region: ConcurrentRegion,
  references: References,
): OrderUse | undefined {
  const inner = unwrap(sink)
  if (!ts.isIdentifier(inner)) return { kind: 'open', node: undefined }
  const declaration = references
    .named(inner.text)
    .find(
      (name) =>
        ts.isVariableDeclaration(name.parent) && name.parent.name === name && references.of(name).includes(inner),
    )
  if (declaration === undefined) return { kind: 'open', node: undefined }
  const readers = references.of(declaration).filter((use) => !isWithin(use, region.callback))
  if (readers.some(isSorted)) return undefined
  if (isOfModule(declaration) && readers.some(isTaken)) return { kind: 'open', node: undefined }
  let found: OrderUse | undefined
  for (const use of readers) {
    const order = orderAt(use, region)
    if (order && (found === undefined || RANK[order.kind] > RANK[found.kind])) found = order
  }
  return found
}

const RANK = { open: 0, ordered: 1, paired: 2 }

function isSorted(use: ts.Identifier): boolean {
  const access = wrapperOf(use).parent
  return ts.isPropertyAccessExpression(access) && SORTING.has(access.name.text)
}

/** `jobs.shift()` of a list at the top of a module: a queue, in which each waits its turn from the time that it came. */
function isTaken(use: ts.Identifier): boolean {
  const access = wrapperOf(use).parent
  return isMethodCall(access.parent, 'shift') && access.parent.expression === access
}

function isOfModule(name: ts.Node): boolean {
  return ts.findAncestor(name, ts.isVariableStatement)?.parent.kind === ts.SyntaxKind.SourceFile
}

function orderAt(use: ts.Identifier, region: ConcurrentRegion): OrderUse | undefined {
  const node = wrapperOf(use)
  const { parent } = node
  if (ts.isElementAccessExpression(parent) && parent.expression === node) {
    return { kind: isIndexOfInput(parent, region) ? 'paired' : 'ordered', node: parent }
  }
  if (ts.isPropertyAccessExpression(parent)) return orderOfMethod(parent)
  if (ts.isVariableDeclaration(parent) && ts.isArrayBindingPattern(parent.name))
    return { kind: 'ordered', node: parent.name }
  if (ts.isPropertyAssignment(parent) && MEMBERSHIP.has(nameOf(parent.name))) return undefined
  if (ts.isReturnStatement(parent) || ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent))
    return { kind: 'open', node: parent }
  if (ts.isCallExpression(parent) && parent.arguments.includes(node as ts.Expression))
    return { kind: 'open', node: parent }
  return undefined
}

function orderOfMethod(access: ts.PropertyAccessExpression): OrderUse | undefined {
  const name = access.name.text
  if (name === 'join' && isForPeople(access.parent)) return undefined
  if (POSITIONAL.has(name)) return { kind: 'ordered', node: access }
  const call = access.parent
  const callback = ts.isCallExpression(call) && call.expression === access ? call.arguments[0] : undefined
  const readsIndex =
    callback !== undefined
    && isFunctionExpression(callback)
    && callback.parameters.length >= 2
    && isMethodCall(call, 'map', 'forEach', 'filter', 'flatMap')
  return readsIndex ? { kind: 'paired', node: access } : undefined
}

function nameOf(name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : ''
}

const LOGGING = /^(?:log|error|warn|info|debug|trace|verbose|fatal|fail)$/u

/** Part of what is logged or thrown, which people read: `logger.error(`Failed to delete ${ids.join(', ')}`)`. */
function isForPeople(joined: ts.Node): boolean {
  const teller = ts.findAncestor(joined, (at) =>
    isFunctionNode(at) || ts.isBlock(at)
      ? 'quit'
      : ts.isThrowStatement(at) || (isMethodCall(at) && LOGGING.test(at.expression.name.text)),
  )
  return teller !== undefined
}

/** `results[i]` beside `items[i]`, or inside a callback over the input that names its index. */
function isIndexOfInput(access: ts.ElementAccessExpression, region: ConcurrentRegion): boolean {
  const index = unwrap(access.argumentExpression)
  if (!ts.isIdentifier(index) || !isMethodCall(region.origin)) return false
  const input = region.origin.expression.expression.getText()
  const scope = ts.findAncestor(access, (at) => ts.isIterationStatement(at, false) || isFunctionExpression(at))
  if (scope === undefined) return false
  const holder = wrapperOf(scope).parent
  if (isFunctionExpression(scope) && isMethodCall(holder) && holder.expression.expression.getText() === input)
    return true
  const visit = (node: ts.Node): boolean =>
    (ts.isElementAccessExpression(node)
      && node.expression.getText() === input
      && node.argumentExpression.getText() === index.text)
    || (ts.isForOfStatement(node) && node.expression.getText().startsWith(`${input}.entries`))
    || (forEachChild(node, visit) ?? false)
  return visit(scope)
}
