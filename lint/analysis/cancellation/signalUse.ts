import ts from 'typescript'
import type { FileAnalysis } from '../fileAnalysis.ts'
import { CLEANUP_NAMES, SLEEP_NAMES } from '../knowledge/names.ts'
import { rootIdentifier } from '../code/imports.ts'
import { carriesSignal } from './signalCarriers.ts'
import type { ReachableSignal } from './signals.ts'
import { nameOf } from '../flow/concurrentRegion.ts'
import {
  findNode,
  calleeName,
  type FunctionNode,
  isAssignment,
  isFunctionExpression,
  isFunctionNode,
  isLoop,
  isMethodCall,
  isPromiseCombinator,
  isWithin,
  someNode,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'

/**
 * What becomes of a call's promise, as far as cancelling it goes:
 * - `awaited`: the function waits for it and for nothing else;
 * - `joined`: it is waited for later, or together with others;
 * - `passed`: another call has it, which may see to the signal;
 * - `guarded`: it races against the signal, or is wrapped by a call that has the signal;
 * - `detached`: nobody waits.
 */
export type CallUse = 'awaited' | 'joined' | 'passed' | 'guarded' | 'detached'

export function useOf(call: ts.CallExpression, analysis: FileAnalysis, depth = 0): CallUse {
  return useOfNode(call, analysis, depth)
}

function useOfNode(expression: ts.Node, analysis: FileAnalysis, depth: number): CallUse {
  const node = wrapperOf(expression)
  const { parent } = node
  if (
    ts.isAwaitExpression(parent)
    || ts.isReturnStatement(parent)
    || (ts.isForOfStatement(parent) && parent.awaitModifier)
  )
    return 'awaited'
  if (ts.isArrowFunction(parent)) return 'awaited'
  if (ts.isVoidExpression(parent) || ts.isExpressionStatement(parent)) return 'detached'
  if (ts.isConditionalExpression(parent) && parent.condition !== node) return useOfNode(parent, analysis, depth)
  if (ts.isBinaryExpression(parent) && /^(?:\?\?|\|\||&&)$/u.test(parent.operatorToken.getText()))
    return useOfNode(parent, analysis, depth)
  if (ts.isPropertyAccessExpression(parent)) {
    return isMethodCall(parent.parent, 'then', 'catch', 'finally')
      ? useOfNode(parent.parent, analysis, depth)
      : 'passed'
  }
  if (ts.isArrayLiteralExpression(parent)) return useInList(parent, node, analysis)
  if (ts.isYieldExpression(parent)) return 'joined'
  if (ts.isCallExpression(parent)) return useAsArgument(parent, node, analysis)
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) && depth < 3)
    return useOfVariable(parent.name, analysis, depth)
  return 'passed'
}

function useInList(list: ts.ArrayLiteralExpression, node: ts.Node, analysis: FileAnalysis): CallUse {
  const call = wrapperOf(list).parent
  if (!isPromiseCombinator(call)) return 'passed'
  const others = list.elements.filter((element) => element !== node)
  const isRace = isPromiseCombinator(call, 'race', 'any')
  return isRace && others.some((other) => mentionsAbort(other, analysis)) ? 'guarded' : 'joined'
}

/** Whether a promise is settled by a signal: it names one, or the variable that holds it was made from one. */
function mentionsAbort(expression: ts.Expression, analysis: FileAnalysis): boolean {
  if (carriesSignal(expression, analysis)) return true
  const root = rootIdentifier(expression)
  const declaration = root && analysis.types.localSymbol(root)?.declarations?.[0]
  return (
    declaration !== undefined
    && ts.isVariableDeclaration(declaration)
    && declaration.initializer !== undefined
    && carriesSignal(declaration.initializer, analysis)
  )
}

function useAsArgument(call: ts.CallExpression, node: ts.Node, analysis: FileAnalysis): CallUse {
  if (isMethodCall(call, 'push')) return 'joined'
  const others = call.arguments.filter((argument) => argument !== node)
  if (others.some((other) => carriesSignal(other, analysis))) return 'guarded'
  return 'passed'
}

function useOfVariable(name: ts.Identifier, analysis: FileAnalysis, depth: number): CallUse {
  const uses = analysis.references.of(name).map((use) => useOfNode(use, analysis, depth + 1))
  if (uses.includes('guarded')) return 'guarded'
  if (uses.includes('awaited') || uses.includes('joined')) return 'joined'
  return uses.includes('passed') ? 'passed' : 'detached'
}

/** Whether a call tidies up, or runs where the work is over or no signal is there: it must not, or cannot, stop with one. */
export function isCleanup(call: ts.CallExpression, owner: FunctionNode, analysis: FileAnalysis): boolean {
  const name = calleeName(call) ?? ''
  if (CLEANUP_NAMES.test(name)) return true
  for (let at: ts.Node = call; at.parent !== owner.parent; at = at.parent) {
    const { parent } = at
    if (ts.isTryStatement(parent) && parent.finallyBlock === at) return true
    if (ts.isCatchClause(at) && !isRetryWait(name, at, owner)) return true
    if (isMethodCall(parent, 'catch', 'finally') && parent.arguments.some((argument) => argument === at)) return true
    if (
      ts.isIfStatement(parent)
      && parent.expression !== at
      && settlesSignal(parent.expression, parent.thenStatement === at, analysis)
    )
      return true
    if (
      ts.isConditionalExpression(parent)
      && parent.condition !== at
      && settlesSignal(parent.condition, parent.whenTrue === at, analysis)
    )
      return true
    if (followsBranchWithSignal(at, analysis)) return true
    if (isFunctionNode(at) && CLEANUP_NAMES.test(nameOf(at)?.text ?? '')) return true
  }
  return CLEANUP_NAMES.test(methodName(owner))
}

function methodName(fn: FunctionNode): string {
  return nameOf(fn)?.text ?? (ts.isPropertyAssignment(fn.parent) ? fn.parent.name.getText() : '')
}

/** A pause between two attempts: `catch { await sleep(backoff) }` in a loop. */
function isRetryWait(name: string, clause: ts.CatchClause, owner: FunctionNode): boolean {
  const loop = ts.findAncestor(clause, (node) => isLoop(node) || isFunctionNode(node))
  return (
    (SLEEP_NAMES.test(name) || name === 'setTimeout') && loop !== undefined && isLoop(loop) && isWithin(loop, owner)
  )
}

/**
 * What a condition says of the branch that a call stands in: that the work is cancelled, or that there is no signal
 * (or another call for when there is one). `if (!signal.aborted)` says neither.
 */
function settlesSignal(condition: ts.Expression, isThen: boolean, analysis: FileAnalysis): boolean {
  const abortTest = findNode(
    condition,
    (node) => ts.isIdentifier(node) && /^(?:aborted|cancell?ed|isAbort\w*|isCancel\w*)$/u.test(node.text),
  )
  if (abortTest) return isThen !== isNegated(abortTest, condition)
  return mentionsAbort(condition, analysis)
}

function isNegated(node: ts.Node, within: ts.Node): boolean {
  let negated = false
  for (let at = node; at !== within.parent; at = at.parent) {
    if (ts.isPrefixUnaryExpression(at) && at.operator === ts.SyntaxKind.ExclamationToken) negated = !negated
  }
  return negated
}

/** Whether an `if` before the call in its block has dealt with the signal's being there, and returned. */
function followsBranchWithSignal(at: ts.Node, analysis: FileAnalysis): boolean {
  if (!ts.isBlock(at.parent)) return false
  return at.parent.statements.some(
    (statement) =>
      statement.end <= at.pos
      && ts.isIfStatement(statement)
      && endsWithReturn(statement.thenStatement)
      && !/\baborted\b/u.test(statement.expression.getText())
      && someNode(
        statement.thenStatement,
        (node) => ts.isCallExpression(node) && node.arguments.some((argument) => carriesSignal(argument, analysis)),
      )
      && carriesSignal(statement.expression, analysis),
  )
}

function endsWithReturn(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement
  return last !== undefined && ts.isReturnStatement(last)
}

/** Whether the function called is a part of the one that has the signal, and sees the signal by itself. */
export function calleeSeesSignal(call: ts.CallExpression, signal: ReachableSignal, analysis: FileAnalysis): boolean {
  const callee = analysis.types.functionOf(call.expression)
  const isOwn = signal.source === 'field' || signal.source === 'spare field'
  if (!callee || callee === signal.owner || !isWithin(callee, isOwn ? signal.owner.parent : signal.owner)) return false
  // What an instance keeps with other options is seen where the callee speaks of the signal among them.
  const names = isOwn ? [signal.root.text, signal.text.slice(signal.text.lastIndexOf('.') + 1)] : [signal.root.text]
  return names.every((name) => someNode(callee, (node) => ts.isMemberName(node) && node.text === name))
}

/**
 * Whether a listener on the signal ends what the call is about: it names the call's result, or what it is called on,
 * and so stops it by another way.
 */
export function isStoppedByListener(call: ts.CallExpression, signal: ReachableSignal, analysis: FileAnalysis): boolean {
  const names = new Set<string>()
  const receiver = rootIdentifier(call.expression)
  if (receiver && ts.isPropertyAccessExpression(call.expression)) names.add(receiver.text)
  const declaration = ts.findAncestor(call, (node) => (ts.isStatement(node) ? 'quit' : ts.isVariableDeclaration(node)))
  if (declaration && ts.isVariableDeclaration(declaration) && ts.isIdentifier(declaration.name))
    names.add(declaration.name.text)
  const listeners = listenersOf(signal, analysis)
  return listeners.some((listener) => someNode(listener, (node) => ts.isIdentifier(node) && names.has(node.text)))
}

/** The handlers that a function attaches to a signal; a handler given by name is followed to its body. */
function listenersOf(signal: ReachableSignal, analysis: FileAnalysis): ts.Node[] {
  const listeners: ts.Node[] = []
  const { root } = signal
  const uses =
    signal.source !== 'field' && signal.source !== 'spare field' && ts.isIdentifier(root)
      ? analysis.references.of(root)
      : analysis.references.members(root.text)
  for (const use of uses) {
    const call = ts.findAncestor(
      use,
      (node) => isMethodCall(node, 'addEventListener', 'onCancellationRequested') || ts.isStatement(node),
    )
    if (!call || !ts.isCallExpression(call)) continue
    const [first, second] = call.arguments
    const handler = isMethodCall(call, 'addEventListener') ? second : first
    if (handler) listeners.push(...handlersOf(handler, analysis))
  }
  return listeners
}

/** The functions that a handler may stand for: its own, or those that a variable is given before it is handed on. */
function handlersOf(handler: ts.Expression, { references, types }: FileAnalysis): readonly ts.Node[] {
  const own = types.functionOf(handler)
  if (own) return [own]
  const name = unwrap(handler)
  const declaration = ts.isIdentifier(name) ? types.localSymbol(name)?.declarations?.[0] : undefined
  if (!declaration || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return [handler]
  const given = references
    .of(declaration.name)
    .map(({ parent }) => parent)
    .filter((parent) => isAssignment(parent) && parent.left.getText() === name.getText())
    .map((parent) => unwrap((parent as ts.BinaryExpression).right))
    .filter(isFunctionExpression)
  return given.length > 0 ? given : [handler]
}
