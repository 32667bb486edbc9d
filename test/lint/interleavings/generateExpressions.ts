import type { Cell, CellKind, Condition, Expr, IoName } from './program.ts'
import type { Random } from './random.ts'

/** Stands for the parameter among what has been checked; it does not change. */
export const ITEM = 'item'

/** What the statements of a block may use. */
export interface Scope {
  readonly cells: readonly Cell[]
  readonly locals: readonly string[]
  readonly slots: readonly string[]
  readonly callees: readonly string[]
  readonly inLoop: boolean
  /** The loops around that can be left by name, from the outside in. */
  readonly loops: readonly string[]
  readonly mayReturn: boolean
  readonly inTry: boolean
  readonly depth: number
  /** What has been checked or assigned since the last await: to check it again decides nothing. */
  readonly checked: ReadonlySet<string>
}

/** Draws the values and checks of a generated program. */
export class Expressions {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  /** The key of an entry. */
  key(): Expr {
    return this.#random.chance(0.7) ? { kind: 'item' } : { kind: 'number', value: 1 }
  }

  /** A call of something outside. */
  io({ inTry }: Scope): Expr & { kind: 'io' } {
    const name: IoName = this.#random.weighted(['load', 'connect', 'register'] as const, [3, 2, 1])
    return { kind: 'io', name, argument: { kind: 'item' }, mayFail: inTry }
  }

  /** A value, of so many operators at most; the favourite place is read most. */
  expr(scope: Scope, size: number, favourite?: string): Expr {
    const random = this.#random
    const nests = size > 1
    const numbers = scope.cells.filter(({ kind }) => kind === 'counter' || kind === 'slot')
    const sized = scope.cells.filter(({ kind }) => kind === 'map' || kind === 'set' || kind === 'list')
    const map = this.cell(scope, 'map')
    const kind = random.weighted(
      ['number', 'item', 'local', 'read', 'get', 'size', 'plus', 'double', 'io', 'choose'] as const,
      [
        1,
        1,
        scope.locals.length > 0 ? 3 : 0,
        numbers.length > 0 ? 4 : 0,
        map === undefined ? 0 : 1,
        sized.length > 0 ? 0.5 : 0,
        nests ? 3 : 0,
        nests ? 0.4 : 0,
        2,
        nests && !scope.checked.has(ITEM) ? 0.4 : 0,
      ],
    )
    switch (kind) {
      case 'number':
        return { kind, value: 1 + random.below(5) }
      case 'item':
        return { kind }
      case 'local':
        return { kind, name: random.pick(scope.locals) }
      case 'read':
        return { kind, cell: favourite !== undefined && random.chance(0.6) ? favourite : random.pick(numbers).name }
      case 'get':
        return { kind, cell: map as string, key: this.key() }
      case 'size':
        return { kind, cell: random.pick(sized).name }
      case 'plus':
        return { kind, left: this.expr(scope, size - 1, favourite), right: this.expr(scope, size - 1, favourite) }
      case 'double':
        return { kind, of: this.expr(scope, size - 1, favourite) }
      case 'io':
        return this.io(scope)
      case 'choose':
        return this.#choice({ ...scope, checked: new Set([...scope.checked, ITEM]) }, size - 1, favourite)
    }
  }

  #choice(scope: Scope, size: number, favourite: string | undefined): Expr {
    return {
      kind: 'choose',
      condition: { kind: 'odd' },
      yes: this.expr(scope, size, favourite),
      no: this.expr(scope, size, favourite),
    }
  }

  /** A check, of two parts now and then. */
  condition(scope: Scope, depth = 0): Condition {
    const random = this.#random
    if (depth < 2 && random.chance(0.2)) {
      const left = this.condition(scope, depth + 1)
      const rest = { ...scope, checked: new Set([...scope.checked, ...cellsIn(left)]) }
      return this.mayCheck(rest)
        ? { kind: random.chance(0.5) ? 'and' : 'or', left, right: this.condition(rest, depth + 1) }
        : left
    }
    if (random.chance(0.12) && !scope.checked.has(ITEM)) return { kind: 'odd' }
    const [slot] = scope.slots
    if (slot !== undefined && random.chance(0.4)) return this.#perhapsNot({ kind: 'localThere', name: slot })
    const checked = this.#checkable(scope)
    if (checked.length === 0) return { kind: 'odd' }
    const { name: cell, kind } = random.pick(checked)
    switch (kind) {
      case 'counter':
        return { kind: 'below', value: { kind: 'read', cell }, limit: 1 + random.below(20) }
      case 'flag':
      case 'slot':
        return this.#perhapsNot({ kind: 'there', cell, style: random.chance(0.7) ? 'bare' : 'compared' })
      case 'map':
      case 'set':
        return this.#perhapsNot(
          random.chance(0.8)
            ? { kind: 'has', cell, key: kind === 'set' ? { kind: 'item' } : this.key() }
            : { kind: 'filled', cell },
        )
      default:
        return this.#perhapsNot({ kind: 'filled', cell })
    }
  }

  #checkable({ cells, checked }: Scope): readonly Cell[] {
    // What a fan-out collects is not looked at before it is done.
    return cells.filter(
      ({ kind, name, home }) =>
        kind !== 'promise' && kind !== 'mutex' && !(kind === 'list' && home === 'captured') && !checked.has(name),
    )
  }

  /** Whether there is anything left to check. */
  mayCheck(scope: Scope): boolean {
    return !scope.checked.has(ITEM) || this.#checkable(scope).length > 0
  }

  #perhapsNot(of: Condition): Condition {
    return this.#random.chance(0.65) ? { kind: 'not', of } : of
  }

  /** The place of a kind, where there is one. */
  cell({ cells }: Scope, kind: CellKind): string | undefined {
    return cells.find((cell) => cell.kind === kind)?.name
  }
}

/** The places that a check looks at. */
export function cellsIn(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...cellsIn(condition.left), ...cellsIn(condition.right)]
    case 'not':
      return cellsIn(condition.of)
    case 'below':
      return condition.value.kind === 'read' ? [condition.value.cell] : []
    case 'odd':
      return [ITEM]
    case 'localThere':
      return []
    default:
      return [condition.cell]
  }
}
