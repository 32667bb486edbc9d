import type { Cell, Condition, Expr, Statement } from './program.ts'
import type { Random } from './random.ts'

/** What an idiom needs from the generator: numbers for its writes, names for its variables. */
export interface Names {
  readonly site: () => number
  readonly name: (stem: string) => string
  /** Whether its operations may fail. */
  readonly mayFail: boolean
}

/**
 * Statements as people write them, right and wrong: to fill what is empty, to count, to cache. What is put together at
 * random seldom comes out so, and the right ones show whether the rules keep silent.
 */
export function idiomOf(random: Random, cells: readonly Cell[], names: Names): readonly Statement[] {
  const of = (kind: Cell['kind']): readonly string[] =>
    cells.filter((cell) => cell.kind === kind).map(({ name }) => name)
  const operation: Expr & { kind: 'io' } = {
    kind: 'io',
    name: random.pick(['load', 'connect'] as const),
    argument: { kind: 'item' },
    mayFail: names.mayFail,
  }
  const idioms = [
    ...of('slot').flatMap((cell) => slotIdioms(cell, operation)),
    ...of('map').flatMap((cell) => mapIdioms(cell, operation)),
    ...of('counter').flatMap((cell) => counterIdioms(cell, operation)),
    ...of('flag').flatMap((flag) => of('slot').map((cell) => claimFirst(flag, cell, operation))),
  ]
  return idioms.length === 0 ? [] : random.pick(idioms)(names)
}

type Idiom = (names: Names) => readonly Statement[]

function slotIdioms(cell: string, value: Expr): readonly Idiom[] {
  const absent: Condition = { kind: 'not', of: { kind: 'there', cell, style: 'compared' } }
  const fill = (site: number, filled: Expr): Statement => ({ kind: 'assign', site, cell, operator: '=', value: filled })
  return [
    ({ site }) => [when(absent, fill(site(), value))],
    ({ site, name }) => {
      const made = name('made')
      return [
        when(absent, { kind: 'const', name: made, value }, when(absent, fill(site(), { kind: 'local', name: made }))),
      ]
    },
    ({ site, name }) => {
      const kept = name('kept')
      return [
        { kind: 'keepSlot', name: kept, cell },
        when({ kind: 'not', of: { kind: 'localThere', name: kept } }, fill(site(), value)),
      ]
    },
  ]
}

function mapIdioms(cell: string, value: Expr): readonly Idiom[] {
  const key: Expr = { kind: 'item' }
  const absent: Condition = { kind: 'not', of: { kind: 'has', cell, key } }
  const local = (name: string): Expr => ({ kind: 'local', name })
  return [
    ({ site }) => [when(absent, { kind: 'set', site: site(), cell, key, value })],
    ({ site, name }) => {
      const made = name('made')
      return [
        when(
          absent,
          { kind: 'const', name: made, value },
          when(absent, { kind: 'set', site: site(), cell, key, value: local(made) }),
        ),
      ]
    },
    ({ site, name }) => {
      const made = name('made')
      return [
        { kind: 'const', name: made, value },
        {
          kind: 'set',
          site: site(),
          cell,
          key,
          value: { kind: 'plus', left: { kind: 'get', cell, key }, right: local(made) },
        },
      ]
    },
  ]
}

function counterIdioms(cell: string, value: Expr): readonly Idiom[] {
  const read: Expr = { kind: 'read', cell }
  return [
    ({ site, name }) => {
      const more = name('more')
      return [
        { kind: 'const', name: more, value },
        { kind: 'assign', site: site(), cell, operator: '+=', value: { kind: 'local', name: more } },
      ]
    },
    ({ site }) => [{ kind: 'assign', site: site(), cell, operator: '+=', value }],
    ({ site, name }) => {
      const before = name('before')
      const sum: Expr = { kind: 'plus', left: { kind: 'local', name: before }, right: value }
      return [
        { kind: 'const', name: before, value: read },
        { kind: 'assign', site: site(), cell, operator: '=', value: sum },
      ]
    },
  ]
}

/** A busy flag that is set before the first wait, and given back however that ends. */
function claimFirst(flag: string, cell: string, value: Expr): Idiom {
  const free: Condition = { kind: 'not', of: { kind: 'there', cell: flag, style: 'bare' } }
  return ({ site }) => [
    when(
      free,
      { kind: 'flag', site: site(), cell: flag, value: true },
      {
        kind: 'finally',
        body: [{ kind: 'assign', site: site(), cell, operator: '=', value }],
        after: [{ kind: 'flag', site: site(), cell: flag, value: false }],
      },
    ),
  ]
}

function when(condition: Condition, ...yes: readonly Statement[]): Statement {
  return { kind: 'if', condition, yes, no: [] }
}
