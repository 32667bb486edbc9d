import ts from 'typescript'
import { ioKindOf } from './ioKind.ts'
import type { IoKind } from './knowledge.ts'
import { isLimiterCall } from './limiters.ts'
import { Rejections } from './rejection.ts'
import { type FunctionNode, isAsync, isFunctionNode } from './syntax.ts'
import type { TypeQuestions } from './typeQuestions.ts'

/** What a caller needs to know of a function, callees included as far as their bodies are in the program. */
export interface FunctionSummary {
  /** Each kind of I/O it reaches outside a limiter, with the call that starts it. */
  readonly io: ReadonlyMap<IoKind, ts.CallExpression>
  /** Whether some of its I/O runs through a limiter, a queue or a lock. */
  readonly limits: boolean
  /** Whether it waits for anything: by `await`, or by giving the promise of something else as its own. */
  readonly awaits: boolean
  /** Whether the promise it returns may reject, as far as awaits, throws and handlers tell. */
  readonly canReject: boolean
}

/** Deep enough for service → client → request; beyond, evidence grows thin and the walk expensive. */
const MAX_DEPTH = 5

const OPAQUE: FunctionSummary = { io: new Map(), limits: false, awaits: false, canReject: true }

/** Summaries of all functions of one program, each computed once; a recursive function sees itself as opaque. */
export class Summaries {
  /** Which promises may reject, and why. */
  readonly rejections: Rejections
  readonly #types: TypeQuestions
  readonly #done = new Map<FunctionNode, FunctionSummary>()
  readonly #open = new Set<FunctionNode>()

  constructor(types: TypeQuestions) {
    this.#types = types
    this.rejections = new Rejections(types)
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
    return this.rejections.causeOf(call) !== undefined
  }

  #summarise(fn: FunctionNode): FunctionSummary {
    const io = new Map<IoKind, ts.CallExpression>()
    let limits = false
    let awaits = false
    const visit = (node: ts.Node, own: boolean): void => {
      if (own && (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined))) awaits = true
      if (own && isAsync(fn) && ts.isReturnStatement(node) && node.expression && this.#givesPromise(node.expression)) awaits = true
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
    if (fn.body && !ts.isBlock(fn.body) && isAsync(fn) && this.#givesPromise(fn.body)) awaits = true
    const { rejections } = this
    // Most who ask for a summary do not ask for this, and it goes as deep as the program does.
    return { io, limits, awaits, get canReject() { return rejections.causeIn(fn) !== undefined } }
  }

  #givesPromise(result: ts.Expression): boolean {
    return !ts.isLiteralExpression(result) && this.#types.thenable(result) === 'always'
  }
}
