import type ts from 'typescript'
import type { Read } from './flowFacts.ts'

/** Which reads of shared locations a value comes from, and whether it is computed from each or only came of a call given it. */
export class Value {
  readonly reads: ReadonlyMap<Read, boolean>

  constructor(reads: ReadonlyMap<Read, boolean>) {
    this.reads = reads
  }

  with(read: Read, direct: boolean): Value {
    return new Value(new Map(this.reads).set(read, direct))
  }

  /** The value of a call that was given this one: it may depend on it, but need not. */
  asGiven(): Value {
    if (this.reads.size === 0) return this
    return new Value(new Map([...this.reads.keys()].map((read) => [read, false])))
  }
}

export const NOTHING = new Value(new Map())

export function joinValues(a: Value, b: Value): Value {
  if (a.reads.size === 0 || a === b) return b
  if (b.reads.size === 0) return a
  const reads = new Map(a.reads)
  for (const [read, direct] of b.reads) reads.set(read, direct || (reads.get(read) ?? false))
  return new Value(reads)
}

/** What may hold at one point of a function; immutable, so that branches share it freely. */
export class FlowState {
  static initial(): FlowState {
    return new FlowState(true, false, new Map(), new Set(), new Set())
  }

  static unreachable(): FlowState {
    return new FlowState(false, false, new Map(), new Set(), new Set())
  }

  readonly reachable: boolean
  readonly hasSuspended: boolean
  readonly #locals: ReadonlyMap<ts.Symbol, Value>
  /** Reads since which no suspension has come on some path. */
  readonly #known: ReadonlySet<ts.Node>
  /** Reads since which a suspension may have come. */
  readonly #stale: ReadonlySet<ts.Node>

  private constructor(
    reachable: boolean,
    hasSuspended: boolean,
    locals: ReadonlyMap<ts.Symbol, Value>,
    known: ReadonlySet<ts.Node>,
    stale: ReadonlySet<ts.Node>,
  ) {
    this.reachable = reachable
    this.hasSuspended = hasSuspended
    this.#locals = locals
    this.#known = known
    this.#stale = stale
  }

  /** Whether some local holds a value that comes from a read of a shared location. */
  get holdsReads(): boolean {
    return this.#locals.size > 0
  }

  local(symbol: ts.Symbol): Value {
    return this.#locals.get(symbol) ?? NOTHING
  }

  withLocal(symbol: ts.Symbol, value: Value): FlowState {
    if (this.local(symbol) === value || (value.reads.size === 0 && !this.#locals.has(symbol))) return this
    return new FlowState(this.reachable, this.hasSuspended, new Map(this.#locals).set(symbol, value), this.#known, this.#stale)
  }

  /** The location is read anew here: whatever came before no longer matters. */
  fresh(read: ts.Node): FlowState {
    const stale = this.#stale.has(read) ? without(this.#stale, read) : this.#stale
    const known = this.#known.has(read) ? this.#known : new Set(this.#known).add(read)
    return new FlowState(this.reachable, this.hasSuspended, this.#locals, known, stale)
  }

  suspended(): FlowState {
    return new FlowState(this.reachable, true, this.#locals, NO_NODES, union(this.#stale, this.#known))
  }

  isStale(read: ts.Node): boolean {
    return this.#stale.has(read)
  }

  join(other: FlowState): FlowState {
    if (!other.reachable || this === other) return this
    if (!this.reachable) return other
    const locals = new Map(this.#locals)
    for (const [symbol, value] of other.#locals) locals.set(symbol, joinValues(locals.get(symbol) ?? NOTHING, value))
    return new FlowState(
      true,
      this.hasSuspended || other.hasSuspended,
      locals,
      union(this.#known, other.#known),
      union(this.#stale, other.#stale),
    )
  }
}

const NO_NODES: ReadonlySet<ts.Node> = new Set()

function union(a: ReadonlySet<ts.Node>, b: ReadonlySet<ts.Node>): ReadonlySet<ts.Node> {
  if (a.size === 0 || a === b) return b
  if (b.size === 0) return a
  return new Set([...a, ...b])
}

function without(set: ReadonlySet<ts.Node>, node: ts.Node): ReadonlySet<ts.Node> {
  const copy = new Set(set)
  copy.delete(node)
  return copy
}
