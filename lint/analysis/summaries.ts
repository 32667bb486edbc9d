import ts from 'typescript'
import { ioKindOf } from './ioKind.ts'
import type { IoKind } from './knowledge.ts'
import { isLimiterCall } from './limiters.ts'
import { handlesRejection } from './promiseFate.ts'
import { type FunctionNode, isAsync, isFunctionNode, isMethodCall, isPromiseCombinator, unwrap } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** What a caller needs to know of a function, callees included as far as their bodies are in the program. */
export interface FunctionSummary {
  /** Each kind of I/O it reaches outside a limiter, with the call that starts it. */
  readonly io: ReadonlyMap<IoKind, ts.CallExpression>
  /** Whether some of its I/O runs through a limiter, a queue or a lock. */
  readonly limits: boolean
  /** Whether it waits for anything. */
  readonly awaits: boolean
  /** Whether the promise it returns may reject, as far as awaits, throws and handlers tell. */
  readonly canReject: boolean
}

/** Deep enough for service → client → request; beyond, evidence grows thin and the walk expensive. */
const MAX_DEPTH = 5

const OPAQUE: FunctionSummary = { io: new Map(), limits: false, awaits: false, canReject: true }

/** Summaries of all functions of one program, each computed once; a recursive function sees itself as opaque. */
export class Summaries {
  readonly #types: TypeQuestions
  readonly #done = new Map<FunctionNode, FunctionSummary>()
  readonly #open = new Set<FunctionNode>()

  constructor(types: TypeQuestions) {
    this.#types = types
  }

  of(fn: FunctionNode): FunctionSummary {
    const known = this.#done.get(fn)
    if (known) return known
    if (this.#open.has(fn) || this.#open.size >= MAX_DEPTH) return OPAQUE
    this.#open.add(fn)
    const summary = this.#summarise(fn)
    this.#open.delete(fn)
    // What was cut off at the depth limit must not be remembered as if it were the whole truth.
    if (this.#open.size === 0 || this.#open.size < MAX_DEPTH - 1) this.#done.set(fn, summary)
    return summary
  }

  /** The I/O that a call reaches, by itself or through the function it calls. */
  ioOf(call: ts.CallExpression): ReadonlyMap<IoKind, ts.CallExpression> {
    const own = ioKindOf(call, this.#types)
    if (own !== undefined) return new Map([[own, call]])
    const callee = this.#types.functionOf(call.expression)
    return callee ? this.of(callee).io : OPAQUE.io
  }

  /** Whether the promise of a call may reject; true when nothing is known of the function. */
  callCanReject(call: ts.CallExpression): boolean {
    if (handlesRejection(call)) return false
    if (isPromiseCombinator(call, 'allSettled')) return false
    const callee = this.#types.functionOf(call.expression)
    return callee === undefined || this.of(callee).canReject
  }

  #summarise(fn: FunctionNode): FunctionSummary {
    const io = new Map<IoKind, ts.CallExpression>()
    let limits = false
    let awaits = false
    const visit = (node: ts.Node, own: boolean): void => {
      if (own && (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined))) awaits = true
      if (ts.isCallExpression(node)) {
        if (isLimiterCall(node, this.#types)) {
          limits = true
          return
        }
        for (const [kind, call] of this.ioOf(node)) if (!io.has(kind)) io.set(kind, call)
        const callee = this.#types.functionOf(node.expression)
        if (callee && this.of(callee).limits) limits = true
      }
      // A nested function most likely runs too: it is a callback of something called here.
      const inOwn = own && !isFunctionNode(node)
      ts.forEachChild(node, (child) => { visit(child, inOwn) })
    }
    if (fn.body) visit(fn.body, true)
    return { io, limits, awaits, canReject: this.#canReject(fn) }
  }

  #canReject(fn: FunctionNode): boolean {
    if (fn.body === undefined) return true
    if (!isAsync(fn)) return !this.#settlesAlways(fn)
    return ts.isBlock(fn.body) ? this.#mayThrow(fn.body) : this.#expressionMayThrow(fn.body)
  }

  /** A function that makes its promise by hand and never calls `reject`, and does not await inside the executor. */
  #settlesAlways(fn: FunctionNode): boolean {
    if (fn.body === undefined) return false
    const value = ts.isBlock(fn.body) ? onlyReturn(fn.body) : fn.body
    if (value === undefined) return false
    const made = unwrap(value)
    if (handlesRejection(made)) return true
    if (!ts.isNewExpression(made) || !ts.isIdentifier(made.expression) || made.expression.text !== 'Promise') return false
    const executor = made.arguments?.[0] && unwrap(made.arguments[0])
    return executor !== undefined && isFunctionNode(executor) && executor.parameters.length < 2 && !isAsync(executor)
  }

  #expressionMayThrow(node: ts.Expression): boolean {
    const inner = unwrap(node)
    if (ts.isAwaitExpression(inner)) return this.#expressionMayThrow(inner.expression)
    if (ts.isCallExpression(inner)) return this.callCanReject(inner)
    return this.#mayThrow(inner)
  }

  /** Whether control may leave `root` by a throw: an uncaught `throw`, or an await of something that may reject. */
  #mayThrow(root: ts.Node): boolean {
    const visit = (node: ts.Node): boolean => {
      if (isFunctionNode(node) || ts.isClassLike(node)) return false
      if (ts.isThrowStatement(node)) return true
      if (ts.isTryStatement(node) && node.catchClause) {
        return this.#mayThrow(node.catchClause.block) || (node.finallyBlock !== undefined && this.#mayThrow(node.finallyBlock))
      }
      if (ts.isAwaitExpression(node)) {
        const awaited = unwrap(node.expression)
        if (!ts.isCallExpression(awaited) || this.callCanReject(awaited)) return true
      }
      if (ts.isReturnStatement(node) && node.expression && isPromiseMaking(node.expression)) {
        const call = unwrap(node.expression)
        if (ts.isCallExpression(call) && this.callCanReject(call) && this.#types.thenable(call) !== 'never') return true
      }
      return ts.forEachChild(node, visit) ?? false
    }
    return visit(root)
  }
}

function isPromiseMaking(node: ts.Expression): boolean {
  const inner = unwrap(node)
  return ts.isCallExpression(inner) && !isMethodCall(inner, 'toString', 'join')
}

function onlyReturn(body: ts.Block): ts.Expression | undefined {
  const [first] = body.statements
  return body.statements.length === 1 && first !== undefined && ts.isReturnStatement(first) ? first.expression : undefined
}
