import ts from 'typescript'
import type { AsyncFlow, FlowRoot, Guard, Read, StaleRead, Write } from './flowFacts.ts'
import { FlowState, NOTHING, TIES, type Value } from './flowState.ts'
import { isNothing, meaningOf } from './guardMeaning.ts'
import type { Location } from './locations.ts'
import { isAssignment, isMethodCall } from '../code/syntax.ts'
import type { TypeQuestions } from '../code/typeQuestions.ts'

/** The bottom of the walk: the state at the place it has come to, and what it has seen on the way. */
export class FlowRecorder {
  protected readonly root: FlowRoot
  protected readonly types: TypeQuestions
  /** For each open `try`: the states in which its body may be left by a throw. */
  protected readonly throws: FlowState[][] = []
  protected state = FlowState.initial()
  /** What the clean-up that is being walked is run by: the same statements run for each way out of a block. */
  protected exit: unknown
  readonly #suspensions = new Set<ts.Node>()
  readonly #reads = new Map<ts.Node, Read>()
  readonly #writes = new Map<ts.Node, Write>()
  /** The lapsed guards of a write in a clean-up, for each way in which control came there. */
  readonly #lapsed = new Map<ts.Node, Map<unknown, readonly Guard[]>>()
  readonly #calls = new Map<ts.CallExpression, boolean>()
  readonly #guards = new Map<ts.Expression, Map<Read, readonly [no: Guard, yes: Guard]>>()

  constructor(root: FlowRoot, types: TypeQuestions) {
    this.root = root
    this.types = types
  }

  result(): AsyncFlow {
    return {
      suspensions: [...this.#suspensions],
      reads: [...this.#reads.values()],
      writes: [...this.#writes.values()],
      calls: [...this.#calls].map(([node, afterSuspension]) => ({ node, afterSuspension })),
    }
  }

  protected suspend(node: ts.Node): void {
    if (!this.state.reachable) return
    this.#suspensions.add(node)
    this.state = this.state.suspended()
    this.mayThrow()
  }

  /** Control may leave the innermost `try` here. */
  protected mayThrow(): void {
    this.throws.at(-1)?.push(this.state)
  }

  protected recordRead(node: ts.Node, location: Location): Value {
    const read = this.#reads.get(node) ?? { node, location }
    this.#reads.set(node, read)
    this.state = this.state.fresh(node)
    return NOTHING.with(read, TIES.computed)
  }

  protected recordCall(node: ts.CallExpression): void {
    if (!this.state.reachable) return
    this.#calls.set(node, this.state.hasSuspended || (this.#calls.get(node) ?? false))
    this.mayThrow()
  }

  /** @param change The call by which a collection at the location is changed, and the entry of it where that is known. */
  protected recordWrite(
    node: ts.Expression,
    location: Location,
    value: Value,
    change?: { call: ts.CallExpression; entry?: Location | undefined },
  ): void {
    if (!this.state.reachable) return
    const { key } = change?.entry ?? location
    const stale: StaleRead[] = []
    for (const [read, tie] of value.reads) {
      if (tie === TIES.tested || read.location.key !== key || !this.state.isStale(read.node)) continue
      stale.push({ read, direct: tie === TIES.computed })
    }
    const lapsed = this.#lapsedOnAll(node, this.#claim(location, node))
    const previous = this.#writes.get(node)
    this.#writes.set(node, {
      node,
      location,
      mutation: change?.call,
      entry: change?.entry,
      stale: stale.length > 0 ? stale : (previous?.stale ?? []),
      lapsed,
      claimedFrom: Math.max(previous?.claimedFrom ?? 0, Math.min(...this.#claimsOn(location, change?.call))),
      afterSuspension: this.state.hasSuspended || (previous?.afterSuspension ?? false),
    })
  }

  /** Where the claims begin that keep others from a place: busy flags keep all others out, marks of a key those of the key. */
  #claimsOn(location: Location, call: ts.CallExpression | undefined): readonly number[] {
    const keys = new Set(location.computedKeys.map((key) => key.getText()))
    if (call?.arguments[0]) keys.add(call.arguments[0].getText())
    return [...this.state.claims]
      .filter(([place]) => !place.includes(KEY) || keys.has(place.slice(place.indexOf(KEY) + 1)))
      .map(([, at]) => at)
  }

  /** Guards count only where every way out of a block that leads to the write has passed some; a loop may pass them late. */
  #lapsedOnAll(node: ts.Node, lapsed: readonly Guard[]): readonly Guard[] {
    const exits = this.#lapsed.get(node) ?? new Map<unknown, readonly Guard[]>()
    this.#lapsed.set(node, exits)
    if (lapsed.length > 0 || !exits.has(this.exit)) exits.set(this.exit, lapsed)
    const all = [...exits.values()]
    return all.every((guards) => guards.length > 0) ? [...new Set(all.flat())] : []
  }

  /**
   * What a write does to the conditions passed so far: those on its own location are settled. One that still holds shuts
   * others out from here on, as a busy flag does, so that all that still hold are settled with it.
   */
  #claim(location: Location, node: ts.Expression): readonly Guard[] {
    const own = [...this.state.guards].filter(({ read }) => concerns(read.location, location))
    const place = claimedBy(node, location)
    if (isReset(node)) this.state = this.state.withoutClaim(place)
    if (own.length === 0) return []
    const lapsed = own.filter(({ read }) => this.state.isStale(read.node))
    const claims = own.some((guard) => !lapsed.includes(guard))
    // To set what was found set tells nobody anything.
    const unchanging = isAssignment(node.parent) ? (isNothing(node.parent.right) ? 'absent' : 'present') : undefined
    const shutsOut = own.some(
      (guard) => !lapsed.includes(guard) && !isOrdering(guard) && meaningOf(guard) !== unchanging,
    )
    this.state = this.state.withoutGuards(
      (guard) => own.includes(guard) || (shutsOut && !this.state.isStale(guard.read.node)),
    )
    // Nobody else runs between the check and the write: what is read there is as safe as what comes after.
    if (shutsOut && !isReset(node))
      this.state = this.state.withClaim(
        place,
        Math.min(...own.filter((guard) => !lapsed.includes(guard)).map(({ condition }) => condition.pos)),
      )
    for (const guard of own) this.#empty(guard, node, location)
    return claims ? [] : lapsed
  }

  /** What was found filled and is emptied here is known to be empty from now on, as if the check had come out that way. */
  #empty(guard: Guard, node: ts.Expression, location: Location): void {
    if (meaningOf(guard) !== 'present' || !empties(node, guard, location)) return
    const opposite = this.#guards.get(guard.condition)?.get(guard.read)?.[guard.holds ? 0 : 1]
    if (opposite) this.state = this.state.fresh(guard.read.node).withGuards([opposite])
  }

  /** The states in which a condition with this value holds, and does not. */
  protected decide(condition: ts.Expression, value: Value): { readonly yes: FlowState; readonly no: FlowState } {
    if (value.reads.size === 0) return { yes: this.state, no: this.state }
    let known = this.#guards.get(condition)
    if (!known) {
      known = new Map<Read, readonly [no: Guard, yes: Guard]>()
      this.#guards.set(condition, known)
    }
    const yes: Guard[] = []
    const no: Guard[] = []
    for (const read of value.reads.keys()) {
      let pair = known.get(read)
      if (!pair) {
        pair = [
          { read, condition, holds: false },
          { read, condition, holds: true },
        ]
        known.set(read, pair)
      }
      no.push(pair[0])
      yes.push(pair[1])
    }
    return { yes: passing(this.state, yes), no: passing(this.state, no) }
  }
}

/**
 * The state where one of two parts of a condition decided. After `!a || !b` neither is known to be missing, and code that
 * goes on to set them takes both for missing: what was found there is not good enough.
 *
 * @param first Where the first part decided.
 * @param onward Where it did not, and the second one was asked.
 * @param second Where that one decided.
 */
export function either(first: FlowState, onward: FlowState, second: FlowState): FlowState {
  const joined = first.join(second)
  if (!first.reachable || !second.reachable) return joined
  const missingIn = (state: FlowState, before?: FlowState): readonly Guard[] =>
    [...state.guards].filter(
      (guard) =>
        !joined.guards.has(guard)
        && before?.guards.has(guard) !== true
        && meaningOf(guard) === 'absent'
        // The other part may have waited, where this one has not.
        && state.isStale(guard.read.node) === joined.isStale(guard.read.node),
    )
  return joined.withGuards([...missingIn(first), ...missingIn(second, onward)])
}

/** What is found missing once more holds anew: what was asked before, on other paths as well, is as good as asked here. */
function passing(state: FlowState, added: readonly Guard[]): FlowState {
  let next = state
  for (const guard of added) {
    if (meaningOf(guard) !== 'absent') continue
    for (const earlier of state.guards) {
      if (earlier !== guard && state.isStale(earlier.read.node) && saysTheSame(earlier, guard))
        next = next.fresh(earlier.read.node)
    }
  }
  return next.withGuards(added)
}

/** Of a collection, only what asks for the same entry does. */
function saysTheSame(earlier: Guard, guard: Guard): boolean {
  if (earlier.read.location.key !== guard.read.location.key || meaningOf(earlier) !== 'absent') return false
  const isCall = ts.isCallExpression(earlier.condition) || ts.isCallExpression(guard.condition)
  return !isCall || earlier.condition.getText() === guard.condition.getText()
}

function isReset(node: ts.Expression): boolean {
  if (ts.isCallExpression(node)) return !isMethodCall(node, 'add')
  return !isAssignment(node.parent) || isNothing(node.parent.right)
}

/** Between the key of a collection and the entry of it that is claimed. */
const KEY = '\n'

/** What a write claims, or gives back: the place; of a set, one entry of it. */
function claimedBy(node: ts.Expression, location: Location): string {
  const entry = isMethodCall(node, 'add', 'delete') ? node.arguments[0]?.getText() : undefined
  return entry === undefined ? location.key : `${location.key}${KEY}${entry}`
}

/** `this.client = undefined`, `delete cache[key]`, and `cache.delete(key)` of the key that was asked for. */
function empties(node: ts.Expression, { read }: Guard, written: Location): boolean {
  const { parent } = node
  if (isAssignment(parent))
    return (
      parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
      && isNothing(parent.right)
      && read.location.key === written.key
    )
  if (ts.isDeleteExpression(parent)) return read.location.key === written.key
  if (isMethodCall(node, 'clear')) return true
  const asked = ts.isCallExpression(read.node)
    ? read.node
    : ts.isPropertyAccessExpression(read.node.parent)
      ? read.node.parent.parent
      : undefined
  const key = asked && ts.isCallExpression(asked) ? asked.arguments[0]?.getText() : undefined
  return key !== undefined && isMethodCall(node, 'delete') && node.arguments[0]?.getText() === key
}

/** `count < limit`: several may pass it, one after another, so that it shuts nobody out. */
function isOrdering(guard: Guard): boolean {
  return (
    ts.isBinaryExpression(guard.condition)
    && ORDERINGS.has(guard.condition.operatorToken.kind)
    && meaningOf(guard) === 'other'
  )
}

const ORDERINGS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
])

/**
 * Whether a condition on one location speaks of a write to another: the same one, an entry of the same collection, or the
 * object one of whose properties was looked at, such as its size.
 */
export function concerns(checked: Location, written: Location): boolean {
  return (
    checked.key === written.key
    || written.key.startsWith(`${checked.key}[`)
    || checked.key.startsWith(`${written.key}.`)
    || checked.key.startsWith(`${written.key}[`)
  )
}
