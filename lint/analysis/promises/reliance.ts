import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { waitFedBy } from './fedWaits.ts'
import { sameCallAwaited } from './likePromise.ts'
import { CHECK_NAMES, RISKY_IO, WAITING_TAKERS } from '../knowledge/names.ts'
import {
  calleeName,
  enclosingFunction,
  isAsync,
  isFunctionExpression,
  isFunctionNode,
  isLastAct,
  isMethodCall,
  isPromiseCombinator,
  someOwnNode,
  suspends,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'

/** A sign that somebody counts on a call that nobody waits for. */
export type Reliance =
  /** What is waited for further down ends only when it has done its work. */
  | { readonly kind: 'feeds'; readonly node: ts.Node }
  /**
   * It stands in a `try` whose handler never sees its failure. A `try` for many things is for what is awaited there, and
   * says of this call only where something backs it: the block ends with it, another call of it is awaited, or it changes
   * something.
   */
  | { readonly kind: 'handler'; readonly node: ts.Node; readonly isBacked: boolean }
  /** It ends an async callback that waits for nothing, and whoever takes the callback waits for that. */
  | { readonly kind: 'taker'; readonly node: ts.CallExpression }
  /** Another call of the same function is awaited. */
  | { readonly kind: 'awaited'; readonly node: ts.Node }
  /** All that it does is to fail where something is wrong. */
  | { readonly kind: 'check' }
  /** It makes one promise of many, which is for waiting. */
  | { readonly kind: 'join' }
  /** It changes something that what follows may read. */
  | { readonly kind: 'change' }
  /** It reaches a network, a database, a process or a file. */
  | { readonly kind: 'io' }

/** What says that somebody counts on a call that nobody waits for; the strongest sign comes first. */
export function relianceOn(call: ts.CallExpression, analysis: FileAnalysis): Reliance | undefined {
  const fed = waitFedBy(call, analysis)
  if (fed) return { kind: 'feeds', node: fed }
  const handler = handlerAround(call)
  if (handler) return { kind: 'handler', node: handler, isBacked: isBacked(call, analysis) }
  if (isCheck(call, analysis)) return { kind: 'check' }
  if (isPromiseCombinator(call, 'all')) return { kind: 'join' }
  const taker = takerWaiting(call, analysis)
  if (taker) return { kind: 'taker', node: taker }
  const awaited = awaitedElsewhere(call, analysis)
  if (awaited) return { kind: 'awaited', node: awaited }
  if (changesState(call)) return { kind: 'change' }
  return reachesOut(call, analysis) ? { kind: 'io' } : undefined
}

/** Whether a sign is one that the habits of the code may outweigh: it says that the work matters, not that its end does. */
export function isWeak(reliance: Reliance): boolean {
  const { kind } = reliance
  return kind === 'awaited' || kind === 'change' || kind === 'io' || (kind === 'handler' && !reliance.isBacked)
}

/**
 * What says so of a call that each turn of a loop starts. Work on many things that changes something is for whoever comes
 * after the loop, also where nothing else is waited for.
 */
export function relianceOnTurns(call: ts.CallExpression, analysis: FileAnalysis): Reliance | undefined {
  return relianceOn(call, analysis) ?? (WRITES.test(calleeName(call) ?? '') ? { kind: 'change' } : undefined)
}

/** The `catch` of the `try` that a node stands in. */
export function handlerAround(node: ts.Node): ts.Node | undefined {
  for (let at: ts.Node = node; !isFunctionNode(at.parent) && !ts.isSourceFile(at.parent); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at && at.parent.catchClause)
      return at.parent.catchClause.variableDeclaration ?? at.parent.catchClause
  }
  return undefined
}

/** The `catch` that stands there for one call: the block comes to it in the end, and nothing before it is likely to throw. */
export function handlerForAlone(call: ts.CallExpression): ts.Node | undefined {
  const block = endsTry(call) ? wrapperOf(call).parent.parent : undefined
  return block && ts.isBlock(block) && !block.statements.slice(0, -1).some(mayThrow) ? handlerAround(call) : undefined
}

/** Whether a call is what a block with a `catch` comes to in the end. */
export function endsTry(call: ts.CallExpression): boolean {
  const statement = wrapperOf(call).parent
  const block = statement.parent
  if (!ts.isExpressionStatement(statement) || !ts.isBlock(block) || block.statements.at(-1) !== statement) return false
  return ts.isTryStatement(block.parent) && block.parent.tryBlock === block && block.parent.catchClause !== undefined
}

function isBacked(call: ts.CallExpression, analysis: FileAnalysis): boolean {
  return isEndOfTry(call) || WRITES.test(calleeName(call) ?? '') || awaitedElsewhere(call, analysis) !== undefined
}

/** Whether nothing of the block of a `try` comes after a call, in the branch or the turn of a loop that the call is in. */
function isEndOfTry(call: ts.CallExpression): boolean {
  for (let at = wrapperOf(call).parent; !isFunctionNode(at.parent) && !ts.isSourceFile(at.parent); at = at.parent) {
    const { parent } = at
    if (ts.isTryStatement(parent) && parent.tryBlock === at && parent.catchClause) return true
    if (!ts.isBlock(parent) && !ts.isCaseOrDefaultClause(parent)) continue
    const next = parent.statements[parent.statements.indexOf(at as ts.Statement) + 1]
    if (next && ts.isReturnStatement(next) && !next.expression) return true
    if (next && !ts.isBreakOrContinueStatement(next)) return false
  }
  return false
}

/** Calls whose failure a `try` is often for, in code that does not wait. */
const THROWING_CALLS = /^(?:parse|require|\w+Sync|decode\w*|verify\w*|validate\w*|assert\w*|open|load\w*|read\w*)$/u

function mayThrow(statement: ts.Statement): boolean {
  const test = (node: ts.Node): boolean =>
    ts.isThrowStatement(node)
    || ts.isAwaitExpression(node)
    || ts.isNewExpression(node)
    || (ts.isCallExpression(node) && THROWING_CALLS.test(calleeName(node) ?? ''))
  return test(statement) || someOwnNode(statement, test)
}

/**
 * Whether a call is there only to fail: `assertOpen(order)`, and `checkQuota(user)` where the function throws and gives
 * nothing back. Who drops it goes on whatever is wrong.
 */
function isCheck(call: ts.CallExpression, { types }: FileAnalysis): boolean {
  const name = calleeName(call)
  if (name === undefined) return false
  if (CHECK_NAMES.sure.test(name)) return true
  if (!CHECK_NAMES.maybe.test(name)) return false
  const body = types.functionOf(call.expression)?.body
  return (
    body !== undefined
    && someOwnNode(body, ts.isThrowStatement)
    && !someOwnNode(body, (node) => ts.isReturnStatement(node) && node.expression !== undefined)
  )
}

/** Who waits for the callback that ends with a call: `withProgress(options, async () => { build() })` ends at once. */
export function takerWaiting(call: ts.CallExpression, { types }: FileAnalysis): ts.CallExpression | undefined {
  const callback = enclosingFunction(call)
  if (!callback || !isFunctionExpression(callback) || !isAsync(callback) || someOwnNode(callback.body, suspends))
    return undefined
  const outer = wrapperOf(callback)
  const taker = outer.parent
  if (!ts.isCallExpression(taker) || taker.expression === outer || !isLastAct(call, callback)) return undefined
  return WAITING_TAKERS.test(calleeName(taker) ?? '') || types.expectsPromise(callback, true) ? taker : undefined
}

/** Another call of the same function in this file that is waited for: what is dropped here was not meant to be. */
function awaitedElsewhere(call: ts.CallExpression, analysis: FileAnalysis): ts.Node | undefined {
  const callee = unwrap(call.expression)
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee
  if (!ts.isIdentifier(name)) return undefined
  const symbol = analysis.types.symbol(name)
  if (symbol === undefined) return sameCallAwaited(call, analysis)
  const around = enclosingFunction(call)
  for (const use of analysis.references.named(name.text)) {
    const called = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
    const other = called.parent
    if (
      !ts.isCallExpression(other)
      || other === call
      || other.expression !== called
      || !ts.isAwaitExpression(wrapperOf(other).parent)
    )
      continue
    if (enclosingFunction(other) === around || analysis.types.symbol(use) === symbol) return other.parent
  }
  return undefined
}

const WRITES =
  /^[_#]*(?:set|update|save|write|store|persist|delete|remove|add|append|insert|upsert|create|flush|commit|dispose|close|register|apply|put|patch)(?=$|[A-Z_\d])/u

/** Whether a call changes something, as its name says, in a function that waits for other things: what follows counts on it. */
function changesState(call: ts.CallExpression): boolean {
  const body = enclosingFunction(call)?.body
  if (!WRITES.test(calleeName(call) ?? '') || body === undefined) return false
  return someOwnNode(body, ts.isAwaitExpression) || isAsyncForIt(call)
}

/**
 * Whether a call changes something, and the function around gives its caller something, and waits for nothing at all: then it
 * is async for this call, or for no reason.
 */
export function isAsyncForIt(call: ts.CallExpression): boolean {
  const fn = enclosingFunction(call)
  if (!fn?.body || !WRITES.test(calleeName(call) ?? '')) return false
  return isAsync(fn) && givesValue(fn.body) && !someOwnNode(fn.body, suspends)
}

function givesValue(body: ts.Node): boolean {
  return someOwnNode(
    body,
    (node) =>
      ts.isReturnStatement(node) && node.expression !== undefined && !isMethodCall(unwrap(node.expression), 'then'),
  )
}

function reachesOut(call: ts.CallExpression, analysis: FileAnalysis): boolean {
  return [...analysis.summaries.ioOf(call).keys()].some((kind) => RISKY_IO.has(kind))
}
