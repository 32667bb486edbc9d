import type ts from 'typescript'
import type { Guard, Read } from './flowFacts.ts'

/** How a value hangs on a read: it was computed from it, came of a call that was given it, or tells of a test of it. */
export const TIES = { computed: 2, given: 1, tested: 0 } as const
export type Tie = (typeof TIES)[keyof typeof TIES]

/** Which reads of shared locations a value comes from, and how. */
export class Value {
  readonly reads: ReadonlyMap<Read, Tie>

  constructor(reads: ReadonlyMap<Read, Tie>) {
    this.reads = reads
  }

  with(read: Read, tie: Tie): Value {
    return new Value(new Map(this.reads).set(read, tie))
  }

  /** The value of a call that was given this one: it may depend on it, but need not. */
  asGiven(): Value {
    return this.#weakened(TIES.given)
  }

  /** The outcome of a comparison with this one. */
  asTested(): Value {
    return this.#weakened(TIES.tested)
  }

  #weakened(limit: Tie): Value {
    if (this.reads.size === 0) return this
    return new Value(new Map([...this.reads].map(([read, tie]) => [read, tie < limit ? tie : limit])))
  }
}

export const NOTHING = new Value(new Map())

export function joinValues(a: Value, b: Value): Value {
  if (a.reads.size === 0 || a === b) return b
  if (b.reads.size === 0) return a
  const reads = new Map(a.reads)
  for (const [read, tie] of b.reads) {
    const known = reads.get(read)
    if (known === undefined || known < tie) reads.set(read, tie)
  }
  return new Value(reads)
}

/** What may hold at one point of a function; immutable, so that branches share it freely. */
export class FlowState {
  static initial(): FlowState {
    return new FlowState({
      reachable: true,
      hasSuspended: false,
      locals: new Map(),
      known: NO_NODES,
      stale: NO_NODES,
      guards: NO_GUARDS,
      claims: NO_CLAIMS,
    })
  }

  static unreachable(): FlowState {
    return new FlowState({
      reachable: false,
      hasSuspended: false,
      locals: new Map(),
      known: NO_NODES,
      stale: NO_NODES,
      guards: NO_GUARDS,
      claims: NO_CLAIMS,
    })
  }

  readonly #facts: Facts

  private constructor(facts: Facts) {
    this.#facts = facts
  }

  get reachable(): boolean {
    return this.#facts.reachable
  }

  get hasSuspended(): boolean {
    return this.#facts.hasSuspended
  }

  /** Whether some local holds a value that comes from a read of a shared location. */
  get holdsReads(): boolean {
    return this.#facts.locals.size > 0
  }

  get guards(): ReadonlySet<Guard> {
    return this.#facts.guards
  }

  local(symbol: ts.Symbol): Value {
    return this.#facts.locals.get(symbol) ?? NOTHING
  }

  withLocal(symbol: ts.Symbol, value: Value): FlowState {
    const { locals } = this.#facts
    if (this.local(symbol) === value || (value.reads.size === 0 && !locals.has(symbol))) return this
    return this.#with({ locals: new Map(locals).set(symbol, value) })
  }

  withGuards(added: readonly Guard[]): FlowState {
    if (added.length === 0 || !this.reachable) return this
    return this.#with({ guards: new Set([...this.#facts.guards, ...added]) })
  }

  withoutGuards(drop: (guard: Guard) => boolean): FlowState {
    const { guards } = this.#facts
    if (guards.size === 0) return this
    const kept = [...guards].filter((guard) => !drop(guard))
    return kept.length === guards.size ? this : this.#with({ guards: new Set(kept) })
  }

  /** Places that were found empty and filled with no suspension between, by key, with the offset of the write. */
  get claims(): ReadonlyMap<string, number> {
    return this.#facts.claims
  }

  withClaim(key: string, at: number): FlowState {
    const { claims } = this.#facts
    return claims.get(key) === at ? this : this.#with({ claims: new Map(claims).set(key, at) })
  }

  withoutClaim(key: string): FlowState {
    const { claims } = this.#facts
    return claims.has(key) ? this.#with({ claims: new Map([...claims].filter(([other]) => other !== key)) }) : this
  }

  /** The location is read anew here: whatever came before no longer matters. */
  fresh(read: ts.Node): FlowState {
    const { stale, known } = this.#facts
    return this.#with({
      stale: stale.has(read) ? without(stale, read) : stale,
      known: known.has(read) ? known : new Set(known).add(read),
    })
  }

  suspended(): FlowState {
    const { stale, known } = this.#facts
    return this.#with({ hasSuspended: true, known: NO_NODES, stale: union(stale, known) })
  }

  /** Forgets the reads whose value no variable holds and no check was about. To be called between statements. */
  withoutPastReads(): FlowState {
    const { stale, known, locals, guards } = this.#facts
    if (stale.size === 0 && known.size === 0) return this
    const held = new Set<ts.Node>()
    for (const { reads } of locals.values()) for (const { node } of reads.keys()) held.add(node)
    for (const { read } of guards) held.add(read.node)
    return this.#with({ stale: intersection(stale, held), known: intersection(known, held) })
  }

  isStale(read: ts.Node): boolean {
    return this.#facts.stale.has(read)
  }

  /** What may hold where two paths meet; guards are the exception, for they hold only if both paths passed them. */
  join(other: FlowState): FlowState {
    if (!other.reachable || this === other) return this
    if (!this.reachable) return other
    const a = this.#facts
    const b = other.#facts
    const locals = new Map(a.locals)
    for (const [symbol, value] of b.locals) locals.set(symbol, joinValues(locals.get(symbol) ?? NOTHING, value))
    return new FlowState({
      reachable: true,
      hasSuspended: a.hasSuspended || b.hasSuspended,
      locals,
      known: union(a.known, b.known),
      stale: union(a.stale, b.stale),
      guards: intersection(a.guards, b.guards),
      claims:
        a.claims === b.claims || a.claims.size === 0
          ? a.claims
          : new Map([...a.claims].filter(([key]) => b.claims.has(key))),
    })
  }

  #with(change: Partial<Facts>): FlowState {
    return new FlowState({ ...this.#facts, ...change })
  }
}

interface Facts {
  readonly reachable: boolean
  readonly hasSuspended: boolean
  readonly locals: ReadonlyMap<ts.Symbol, Value>
  /** Reads since which no suspension has come on some path. */
  readonly known: ReadonlySet<ts.Node>
  /** Reads since which a suspension may have come. */
  readonly stale: ReadonlySet<ts.Node>
  readonly guards: ReadonlySet<Guard>
  readonly claims: ReadonlyMap<string, number>
}

const NO_CLAIMS: ReadonlyMap<string, number> = new Map()
const NO_NODES: ReadonlySet<ts.Node> = new Set()
const NO_GUARDS: ReadonlySet<Guard> = new Set()

function union(a: ReadonlySet<ts.Node>, b: ReadonlySet<ts.Node>): ReadonlySet<ts.Node> {
  if (a.size === 0 || a === b) return b
  if (b.size === 0) return a
  return new Set([...a, ...b])
}

function intersection<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): ReadonlySet<T> {
  if (a === b || a.size === 0) return a
  return new Set([...a].filter((one) => b.has(one)))
}

function without(set: ReadonlySet<ts.Node>, node: ts.Node): ReadonlySet<ts.Node> {
  const copy = new Set(set)
  copy.delete(node)
  return copy
}
