import ts from 'typescript'
import { forEachChild } from '../code/children.ts'
import { implementationsOf } from '../code/implementations.ts'
import { ioKindOf } from '../code/ioKind.ts'
import type { IoKind } from '../knowledge/names.ts'
import { isLimiterCall } from './limiters.ts'
import { Rejections } from './rejection.ts'
import { type FunctionNode, isAsync, isFunctionExpression, isFunctionNode, unwrap } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** What a caller needs to know of a function, callees included as far as their bodies are in the program. */
export interface FunctionSummary {
  /** Each kind of I/O it reaches outside a limiter, with the call that starts it. */
  readonly io: ReadonlyMap<IoKind, ts.CallExpression>
  /** Whether it waits for a permit, a turn or a lock that holds for what comes next; work that a limiter is given is not in `io`. */
  readonly limits: boolean
  /** Whether some work of it or of its callees is handed to a limiter. */
  readonly handsOver: boolean
  /** Whether it waits for anything: by `await`, or by giving the promise of something else as its own. */
  readonly awaits: boolean
  /** Whether the promise it returns may reject, as far as awaits, throws and handlers tell. */
  readonly canReject: boolean
}

/** Deep enough for service → client → request; beyond, evidence grows thin and the walk expensive. */
const MAX_DEPTH = 5

/** What a function starts, callees included. */
type Reach = Pick<FunctionSummary, 'io' | 'limits' | 'handsOver'>

const OPAQUE: Reach = { io: new Map(), limits: false, handsOver: false }

/** Summaries of all functions of one program, each part computed once it is asked for; a recursive function sees itself as opaque. */
export class Summaries {
  /** Which promises may reject, and why. */
  readonly rejections: Rejections
  readonly #types: TypeQuestions
  readonly #summaries = new Map<FunctionNode, FunctionSummary>()
  readonly #reaches = new Map<FunctionNode, Reach>()
  readonly #waiting = new Map<FunctionNode, boolean>()
  readonly #open = new Set<FunctionNode>()

  constructor(types: TypeQuestions) {
    this.#types = types
    this.rejections = new Rejections(types)
  }

  /** Few who ask want to know everything, and each answer may go as deep as the program does. */
  of(fn: FunctionNode): FunctionSummary {
    let summary = this.#summaries.get(fn)
    if (!summary) {
      const reach = (): Reach => this.#reach(fn)
      const awaits = (): boolean => this.#awaits(fn)
      const { rejections } = this
      summary = {
        get io() {
          return reach().io
        },
        get limits() {
          return reach().limits
        },
        get handsOver() {
          return reach().handsOver
        },
        get awaits() {
          return awaits()
        },
        get canReject() {
          return rejections.causeIn(fn) !== undefined
        },
      }
      this.#summaries.set(fn, summary)
    }
    return summary
  }

  /** The I/O that a call reaches, by itself or through the function it calls. */
  ioOf(call: ts.CallExpression): ReadonlyMap<IoKind, ts.CallExpression> {
    const own = ioKindOf(call, this.#types)
    if (own !== undefined) return new Map([[own, call]])
    return this.#reachOf(call).io
  }

  /** Whether the promise of a call may reject; true when nothing is known of the function. */
  callCanReject(call: ts.CallExpression): boolean {
    return this.rejections.causeOf(call) !== undefined
  }

  /** What the function reaches that a call runs; of those behind an interface, what all of them do. */
  #reachOf(call: ts.CallExpression): Reach {
    const callee = this.#types.functionOf(call.expression)
    if (callee) return this.#reach(callee)
    const [first, ...others] = implementationsOf(call.expression, this.#types).map((fn) => this.#reach(fn))
    if (!first) return OPAQUE
    const io = [...first.io].filter(([kind]) => others.every((other) => other.io.has(kind)))
    return {
      io: new Map(io),
      limits: [first, ...others].some(({ limits }) => limits),
      handsOver: [first, ...others].some(({ handsOver }) => handsOver),
    }
  }

  #reach(fn: FunctionNode): Reach {
    const known = this.#reaches.get(fn)
    if (known) return known
    if (this.#open.has(fn) || this.#open.size >= MAX_DEPTH) return OPAQUE
    this.#open.add(fn)
    const reach = this.#follow(fn)
    this.#open.delete(fn)
    // What was cut off at the depth limit must not be remembered as if it were the whole truth.
    if (this.#open.size === 0 || this.#open.size < MAX_DEPTH - 1) this.#reaches.set(fn, reach)
    return reach
  }

  #follow(fn: FunctionNode): Reach {
    const io = new Map<IoKind, ts.CallExpression>()
    let limits = false
    let handsOver = false
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) {
        if (isLimiterCall(node, this.#types)) {
          // A limiter that is given work bounds that work, and nothing beside it.
          if (node.arguments.some((argument) => isFunctionExpression(unwrap(argument)))) handsOver = true
          else limits = true
          return
        }
        for (const [kind, call] of this.ioOf(node)) if (!io.has(kind)) io.set(kind, call)
        const callee = this.#reachOf(node)
        if (callee.limits) limits = true
        if (callee.handsOver) handsOver = true
      }
      // A nested function most likely runs too: it is a callback of something called here.
      forEachChild(node, visit)
    }
    if (fn.body) visit(fn.body)
    return { io, limits, handsOver }
  }

  #awaits(fn: FunctionNode): boolean {
    let awaits = this.#waiting.get(fn)
    if (awaits === undefined) this.#waiting.set(fn, (awaits = this.#findsAwait(fn)))
    return awaits
  }

  #findsAwait(fn: FunctionNode): boolean {
    const { body } = fn
    if (!body) return false
    const visit = (node: ts.Node): boolean => {
      if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return true
      if (isAsync(fn) && ts.isReturnStatement(node) && node.expression && this.#givesPromise(node.expression))
        return true
      if (isFunctionNode(node) || (ts.isCallExpression(node) && isLimiterCall(node, this.#types))) return false
      return forEachChild(node, visit) ?? false
    }
    return visit(body) || (!ts.isBlock(body) && isAsync(fn) && this.#givesPromise(body))
  }

  #givesPromise(result: ts.Expression): boolean {
    return !ts.isLiteralExpression(result) && this.#types.thenable(result) === 'always'
  }
}
