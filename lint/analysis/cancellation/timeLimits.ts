import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import type { FileAnalysis } from '../fileAnalysis.ts'
import {
  findNode,
  enclosingFunction,
  type FunctionNode,
  isFunctionExpression,
  isFunctionNode,
  isPromiseCombinator,
  isWithin,
  someNode,
  someOwnNode,
  suspends,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import { timerOfExecutor } from './timers.ts'

/** A time limit written by hand into a promise that something else may settle as well. */
export interface TimeLimit {
  /** The `setTimeout` that settles the promise when the time is up, and that nothing clears. */
  readonly timer: ts.CallExpression
  /** Where it settles otherwise. */
  readonly other: ts.Node
}

/**
 * The time limit of `new Promise((resolve, reject) => { setTimeout(() => reject(…), limit); socket.once('open', resolve) })`:
 * a race in all but name, whose timer runs on when the event has won. A promise that stands in a race itself is that race's
 * business.
 */
export function timeLimitOf(made: ts.NewExpression, analysis: FileAnalysis): TimeLimit | undefined {
  const executor = made.arguments?.[0] && unwrap(made.arguments[0])
  if (!executor || !isFunctionExpression(executor) || executor.parameters.length === 0) return undefined
  const timer = timerOfExecutor(made, analysis)
  const callback = timer?.arguments[0] && unwrap(timer.arguments[0])
  if (!timer || !callback || isRaced(made, analysis)) return undefined
  const settlers = settlersOf(executor, analysis)
  const isSettling = (node: ts.Node): boolean => ts.isIdentifier(node) && settles(node, settlers, analysis)
  if (!someNode(callback, isSettling)) return undefined
  const other = findNode(
    executor.body,
    (node) =>
      isSettling(node) && !isWithin(node, timer) && isOtherWay(node as ts.Identifier, timer, executor, settlers),
  )
  return other && { timer, other }
}

/** What settles a promise: the executor's parameters, and functions of the executor that use them. */
type Settlers = ReadonlyMap<ts.Node, FunctionNode | undefined>

function settlersOf(executor: FunctionNode, analysis: FileAnalysis): Settlers {
  const found = new Map<ts.Node, FunctionNode | undefined>(
    executor.parameters.map((parameter) => [parameter, undefined]),
  )
  const visit = (node: ts.Node): void => {
    const own = ts.isVariableDeclaration(node) && node.initializer ? unwrap(node.initializer) : node
    if (own.kind !== ts.SyntaxKind.Parameter && isFunctionNode(own) && (own !== node || ts.isFunctionDeclaration(node)))
      if (someNode(own, (at) => ts.isIdentifier(at) && settles(at, found, analysis))) found.set(node, own)
    forEachChild(node, visit)
  }
  if (executor.body) visit(executor.body)
  return found
}

function settles(name: ts.Identifier, settlers: Settlers, { types }: FileAnalysis): boolean {
  const declaration = types.localSymbol(name)?.declarations?.[0]
  return declaration !== undefined && settlers.has(declaration) && name.parent !== declaration
}

/**
 * Whether a use of a settler lets something else settle the promise later: it is handed on, or called in a callback, or by an
 * async executor that has waited since the timer began. What a function of the executor does with it counts where that function is used.
 */
function isOtherWay(use: ts.Identifier, timer: ts.Node, executor: FunctionNode, settlers: Settlers): boolean {
  const { parent } = wrapperOf(use)
  // A callback that fails is no event that ends the wait: time is what that takes.
  if (ts.findAncestor(use, (at) => (at === executor ? 'quit' : isCatchOfCallback(at, executor)))) return false
  const isDeclared = ts.isVariableDeclaration(parent) && parent.name === use
  const isInSettler = [...settlers.values()].some((fn) => fn !== undefined && isWithin(use, fn))
  if (isDeclared || isInSettler) return false
  const isCalled = ts.isCallExpression(parent) && parent.expression === wrapperOf(use)
  if (!isCalled || enclosingFunction(use) !== executor) return true
  return (
    executor.body !== undefined
    && someOwnNode(executor.body, (node) => suspends(node) && node.pos >= timer.end && node.end <= parent.end)
  )
}

/** Whether a node is a handler in a callback of the executor. */
function isCatchOfCallback(node: ts.Node, executor: FunctionNode): boolean {
  return ts.isCatchClause(node) && enclosingFunction(node) !== executor
}

/** Whether a promise stands among others in a race, itself or by the name that holds it. */
function isRaced(made: ts.NewExpression, { references }: FileAnalysis): boolean {
  const isInRace = (node: ts.Node): boolean =>
    ts.findAncestor(node, (at) => (ts.isStatement(at) ? 'quit' : isPromiseCombinator(at, 'race', 'any'))) !== undefined
  if (isInRace(made)) return true
  const holder = wrapperOf(made).parent
  return ts.isVariableDeclaration(holder) && ts.isIdentifier(holder.name) && references.of(holder.name).some(isInRace)
}
