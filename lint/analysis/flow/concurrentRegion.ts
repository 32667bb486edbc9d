import ts from 'typescript'
import { isLimiterCall, limiterOf } from './limiters.ts'
import { combinatorOf, fateOf } from './promiseFate.ts'
import type { References } from '../code/references.ts'
import {
  calleeName,
  constantNumber,
  enclosingFunction,
  type FunctionNode,
  isFunctionNode,
  isLoop,
  isMethodCall,
  isPromiseCombinator,
  unwrap,
  wrapperOf,
} from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** Why activations of a function overlap, and the code that makes them. */
export interface ConcurrentRegion {
  /**
   * - `fan-out`: one call per item, all started before the first ends;
   * - `callee`: called from such a callback;
   * - `events`: started by a timer, an event or a request, whether or not the last one has ended.
   */
  readonly kind: 'fan-out' | 'callee' | 'events'
  /** The call that starts the activations. */
  readonly origin: ts.CallExpression
  /** The function whose activations overlap at first hand: the callback of the fan-out. */
  readonly callback: FunctionNode
}

const EVENT_METHODS = new Set(['on', 'once', 'addListener', 'addEventListener', 'prependListener'])
const MAX_CALLERS = 3

/** The region that a function's activations form, if anything in this file makes them overlap. */
export function concurrentRegionOf(
  fn: FunctionNode,
  references: References,
  types: TypeQuestions,
  depth = 0,
): ConcurrentRegion | undefined {
  const direct = regionOfCallback(fn, fn, references, types)
  if (direct) return direct
  if (depth >= MAX_CALLERS) return undefined
  for (const use of usesOf(fn, references)) {
    const callback = regionOfCallback(fn, use, references, types)
    if (callback) return callback
    const caller = enclosingFunction(use)
    const called = ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use
    if (
      caller === undefined
      || caller === fn
      || !ts.isCallExpression(called.parent)
      || called.parent.expression !== called
    )
      continue
    const outer = concurrentRegionOf(caller, references, types, depth + 1)
    if (outer && outer.kind !== 'events') return { ...outer, kind: 'callee' }
  }
  return undefined
}

/** The region of a function given as a callback at this place (as a literal, or by its name). */
function regionOfCallback(
  fn: FunctionNode,
  at: ts.Node,
  references: References,
  types: TypeQuestions,
): ConcurrentRegion | undefined {
  const node = wrapperOf(at)
  const { parent } = node
  if (!ts.isCallExpression(parent)) return undefined
  if (parent.expression === node) return regionOfStartedCall(fn, parent, references)
  if (!parent.arguments.some((argument) => argument === node)) return undefined
  const origin = originOfCallback(parent, node, references, types)
  return origin && { kind: origin.kind, origin: origin.call, callback: fn }
}

function originOfCallback(
  call: ts.CallExpression,
  argument: ts.Node,
  references: References,
  types: TypeQuestions,
): { kind: 'fan-out' | 'events'; call: ts.CallExpression } | undefined {
  if (isMethodCall(call, 'map', 'flatMap') && call.arguments[0] === argument) {
    const joined = combinatorOf(call, references)
    const started = joined !== undefined || fateOf(call, references).kind !== 'used'
    return started ? { kind: 'fan-out', call } : undefined
  }
  if (
    isMethodCall(call, 'from')
    && call.arguments[1] === argument
    && call.expression.expression.getText() === 'Array'
  ) {
    return combinatorOf(call, references) ? { kind: 'fan-out', call } : undefined
  }
  if (isMethodCall(call, 'forEach') && call.arguments[0] === argument)
    return types.expectsPromise(argument as ts.Expression) ? undefined : { kind: 'fan-out', call }
  if (isParallelMap(call)) return { kind: 'fan-out', call }
  if (isLimiterCall(call, types)) return fanOutAround(call, references, types)
  const name = calleeName(call)
  if (name === 'setInterval') return { kind: 'events', call }
  if (
    isMethodCall(call)
    && name !== undefined
    && EVENT_METHODS.has(name)
    && call.arguments[1] === argument
    && !listensOnce(call, types)
  )
    return { kind: 'events', call }
  return undefined
}

/** What an emitter does once in its life. */
const ONE_SHOT = /^(?:open|ready|listening|spawn|finish|end|close|exit|load)$/u

/**
 * Whether a call keeps its callback for one event only: by `once`, or for an event of which there is but one, of an emitter
 * that the function around has made for itself. Clients that live longer connect again, and say so each time.
 */
export function listensOnce(call: ts.CallExpression, types: TypeQuestions): boolean {
  if (!isMethodCall(call)) return false
  if (calleeName(call) === 'once') return true
  const [event] = call.arguments
  const emitter = unwrap(call.expression.expression)
  if (!event || !ts.isStringLiteralLike(event) || !ONE_SHOT.test(event.text) || !ts.isIdentifier(emitter)) return false
  const declaration = types.localSymbol(emitter)?.valueDeclaration
  return (
    declaration !== undefined && ts.isVariableDeclaration(declaration) && enclosingFunction(declaration) !== undefined
  )
}

/** `pool({…}).map(items, fn)`, `pMap(items, fn, { concurrency })`: bounded, but still several at once. */
function isParallelMap(call: ts.CallExpression): boolean {
  const name = calleeName(call)
  // `forEachLimit(items, run, { concurrency: 5 })` of whoever it is: its options say what it does.
  if (call.arguments.length === 3 && hasConcurrency(call.arguments[2])) return concurrencyIn(call.arguments[2]) !== 1
  if (
    name !== 'pMap'
    && !(
      isMethodCall(call, 'map', 'forEach', 'mapSettled', 'stream')
      && call.arguments.length >= 2
      && isPool(call.expression.expression)
    )
  )
    return false
  const options = call.arguments[2]
  return !(options && concurrencyIn(options) === 1)
}

function hasConcurrency(options: ts.Expression | undefined): boolean {
  const inner = options && unwrap(options)
  return (
    inner !== undefined
    && ts.isObjectLiteralExpression(inner)
    && inner.properties.some(({ name }) => name?.getText() === 'concurrency')
  )
}

function isPool(node: ts.Expression): boolean {
  const inner = unwrap(node)
  return ts.isCallExpression(inner)
    ? calleeName(inner) === 'pool' && concurrencyIn(inner.arguments[0]) !== 1
    : /pool$/iu.test(inner.getText())
}

function concurrencyIn(options: ts.Expression | undefined): number | undefined {
  const inner = options && unwrap(options)
  if (!inner || !ts.isObjectLiteralExpression(inner)) return undefined
  const property = inner.properties.find((candidate) => candidate.name?.getText() === 'concurrency')
  return property && ts.isPropertyAssignment(property) ? constantNumber(property.initializer) : undefined
}

/** `items.map((item) => limit(async () => …))`: the limiter's callbacks overlap as far as its limit allows. */
function fanOutAround(
  call: ts.CallExpression,
  references: References,
  types: TypeQuestions,
): { kind: 'fan-out'; call: ts.CallExpression } | undefined {
  const around = enclosingFunction(call)
  if (around === undefined || isExclusive(call, types)) return undefined
  const holder = wrapperOf(around).parent
  if (!isMethodCall(holder, 'map', 'flatMap') || holder.arguments[0] !== wrapperOf(around)) return undefined
  return combinatorOf(holder, references) ? { kind: 'fan-out', call: holder } : undefined
}

const EXCLUSIVE = /mutex|lock|exclusive|serial|sequential/iu

/** Whether a limiter lets one run at a time: a lock by its name, or one made with room for one, wherever that is. */
function isExclusive(call: ts.CallExpression, types: TypeQuestions): boolean {
  if (EXCLUSIVE.test(call.expression.getText())) return true
  const callee = unwrap(call.expression)
  const limiter = limiterOf(ts.isPropertyAccessExpression(callee) ? callee.expression : callee, types)
  if (limiter === undefined || limiter === true) return false
  const room = limiter.made.arguments?.[0]
  if (room === undefined) return EXCLUSIVE.test(limiter.exported)
  return constantNumber(room) === 1 || concurrencyIn(room) === 1
}

/** An async function called per turn of a loop and kept in an array that is joined later, or not at all. */
function regionOfStartedCall(
  fn: FunctionNode,
  call: ts.CallExpression,
  references: References,
): ConcurrentRegion | undefined {
  const outer = wrapperOf(call)
  const { parent } = outer
  const loop = ts.findAncestor(call, (node) => isLoop(node) || isFunctionNode(node))
  if (loop === undefined || !isLoop(loop)) return undefined
  const collected = isMethodCall(parent, 'push') && parent.arguments.some((argument) => argument === outer)
  const dropped = fateOf(call, references).kind !== 'used'
  return collected || dropped ? { kind: 'fan-out', origin: call, callback: fn } : undefined
}

/** The places where a named function is used: by name in this file, or through `this` in its class. */
export function usesOf(fn: FunctionNode, references: References): readonly ts.MemberName[] {
  const name = nameOf(fn)
  if (name === undefined) return []
  if (ts.isIdentifier(name) && !ts.isMethodDeclaration(fn) && !ts.isPropertyDeclaration(name.parent))
    return references.of(name)
  return references.membersByFunction(name.text).get(fn) ?? []
}

/** The name under which a function, a method or the arrow function in a field is called. */
export function nameOf(fn: FunctionNode): ts.MemberName | undefined {
  const holder = wrapperOf(fn).parent
  const name =
    fn.name ?? (ts.isVariableDeclaration(holder) || ts.isPropertyDeclaration(holder) ? holder.name : undefined)
  return name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name : undefined
}

/** The promise combinator that a fan-out's results go to. */
export function joinOf(region: ConcurrentRegion, references: References): ts.CallExpression | undefined {
  return isPromiseCombinator(region.origin) ? region.origin : combinatorOf(region.origin, references)
}
