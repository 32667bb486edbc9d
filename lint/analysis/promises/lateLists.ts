import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { resultsOf } from '../code/callbacks.ts'
import { isKept } from './droppedWork.ts'
import { handlesRejection } from '../flow/promiseFate.ts'
import {
  enclosingFunction,
  isFunctionNode,
  isLoop,
  isMethodCall,
  isPromiseCombinator,
  isWithin,
  type MethodCall,
  someOwnNode,
  suspends,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'

/** Promises in a list that has no handler for them yet while something else is waited for. */
export interface LateList {
  /** What starts one of them, or all. */
  readonly started: ts.CallExpression
  /** What is waited for in the meantime. */
  readonly between: ts.Node
  /** What handles their rejections in the end. */
  readonly join: ts.Node
}

/** `all.push(save(row))` in a loop that waits for something in its turns, with `Promise.all(all)` behind the loop. */
export function pushedBeforeAwait(push: MethodCall, analysis: FileAnalysis): LateList | undefined {
  const { types, references, summaries } = analysis
  const [value, ...others] = push.arguments
  const list = unwrap(push.expression.expression)
  const started = value && unwrap(value)
  if (!started || !ts.isCallExpression(started) || others.length > 0 || !ts.isIdentifier(list)) return undefined
  if (!ts.isExpressionStatement(wrapperOf(push).parent)) return undefined
  if (handlesRejection(started) || isKept(started, types)) return undefined
  if (!loopsAround(push).some(suspensionIn)) return undefined
  const declared = types.localSymbol(list)?.valueDeclaration
  if (!declared || !ts.isVariableDeclaration(declared) || !ts.isIdentifier(declared.name)) return undefined
  if (enclosingFunction(declared) !== enclosingFunction(push)) return undefined
  const loop = loopsAround(push).findLast((around) => !isWithin(declared, around))
  const between = loop && suspensionIn(loop)
  if (!between) return undefined
  const joins = references.of(declared.name).filter((use) => !isFilling(use))
  const [join] = joins
  // Who looks into the list in the meantime may handle what is in it.
  if (!join || join.pos < loop.end || !isJoin(join)) return undefined
  if (types.thenable(started) !== 'always' || !summaries.callCanReject(started)) return undefined
  return { started, between, join }
}

/** `for await (const text of texts)` and `for (const text of texts) { await text }`, over promises that run already. */
export function awaitedInTurn(loop: ts.ForOfStatement, analysis: FileAnalysis): LateList | undefined {
  const { types, references } = analysis
  const iterated = unwrap(loop.expression)
  const declared = ts.isIdentifier(iterated) ? types.localSymbol(iterated)?.valueDeclaration : undefined
  const variable = declared && ts.isVariableDeclaration(declared) ? declared : undefined
  const made = variable ? variable.initializer && unwrap(variable.initializer) : iterated
  if (!made || !startsMany(made, analysis)) return undefined
  const between = loop.awaitModifier ?? awaitOfItem(loop)
  if (!between) return undefined
  // Who speaks of the list elsewhere may handle what is in it.
  if (variable && (!ts.isIdentifier(variable.name) || references.of(variable.name).length > 1)) return undefined
  return { started: made, between, join: loop.expression }
}

/** `items.map((item) => load(item))`: a list of promises that may reject, and have no handler. */
export function startsMany(node: ts.Expression, { types, summaries }: FileAnalysis): node is MethodCall {
  const callback = isMethodCall(node, 'map') ? node.arguments[0] : undefined
  if (!callback || !types.isPromiseArray(node)) return false
  const fn = types.functionOf(callback)
  if (fn === undefined) return true
  const results = resultsOf(fn).map(unwrap)
  const areKept = results.length > 0 && results.every((result) => ts.isCallExpression(result) && isKept(result, types))
  return !areKept && summaries.rejections.causeIn(fn) !== undefined
}

/** The loops of the same function around a node, innermost first. */
function loopsAround(node: ts.Node): readonly ts.IterationStatement[] {
  const loops: ts.IterationStatement[] = []
  for (let { parent: at } = node; !isFunctionNode(at) && !ts.isSourceFile(at); at = at.parent)
    if (isLoop(at)) loops.push(at)
  return loops
}

/** What a loop waits for in its turns, other than the list itself. */
function suspensionIn(loop: ts.IterationStatement): ts.Node | undefined {
  if (ts.isForOfStatement(loop) && loop.awaitModifier) return loop.expression
  let found: ts.Node | undefined
  someOwnNode(loop.statement, (node) => {
    if (suspends(node) && !ts.isYieldExpression(node)) found = node
    return found !== undefined
  })
  return found
}

/** `all.push(…)` and `all.length`. */
function isFilling(use: ts.Identifier): boolean {
  const { parent } = wrapperOf(use)
  if (!ts.isPropertyAccessExpression(parent)) return false
  return parent.name.text === 'length' || (parent.name.text === 'push' && isMethodCall(parent.parent, 'push'))
}

/** `await Promise.all(all)`, `return Promise.allSettled(all)`, also with the list spread in another. */
function isJoin(use: ts.Identifier): boolean {
  let at = wrapperOf(use)
  if (ts.isSpreadElement(at.parent) && ts.isArrayLiteralExpression(at.parent.parent)) at = at.parent.parent
  return isPromiseCombinator(at.parent)
}

/** `await text`, of the variable of the loop. */
function awaitOfItem({ initializer, statement }: ts.ForOfStatement): ts.Node | undefined {
  const name = ts.isVariableDeclarationList(initializer) ? initializer.declarations[0]?.name : undefined
  if (!name || !ts.isIdentifier(name)) return undefined
  let found: ts.Node | undefined
  someOwnNode(statement, (node) => {
    const isItem = ts.isAwaitExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name.text
    if (isItem) found = node
    return isItem
  })
  return found
}
