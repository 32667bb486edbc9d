import {
  blocksOf,
  type Cell,
  type CellKind,
  type Condition,
  type Expr,
  type Fn,
  type Home,
  type IoName,
  type Program,
  type Shape,
  type Statement,
} from './program.ts'
import { idiomOf, type Names } from './idioms.ts'
import { Random } from './random.ts'

/** The program of a seed: always the same one. */
export function generate(seed: number): Program {
  return new Generator(new Random(seed)).program()
}

const NAMES: Readonly<Record<CellKind, readonly string[]>> = {
  counter: ['total', 'count'],
  flag: ['ready', 'busy'],
  slot: ['client', 'newest'],
  map: ['cache'],
  set: ['seen'],
  list: ['results'],
  promise: ['starting'],
  mutex: ['mutex'],
}

/** Stands for the parameter among what has been checked; it does not change. */
const ITEM = 'item'

/** What the statements of a block may use. */
interface Scope {
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

class Generator {
  readonly #random: Random
  #sites = 0
  #names = 0

  constructor(random: Random) {
    this.#random = random
  }

  program(): Program {
    const random = this.#random
    const isClass = random.chance(0.4)
    const shape = this.#shape()
    const isFanOut = shape.kind !== 'once'
    const homes: Home[] = [isClass ? 'field' : 'module', 'object', ...(isFanOut ? ['captured' as const] : [])]
    const kinds: CellKind[] = ['counter', 'flag', 'slot', 'map', 'set', 'list', 'promise', 'mutex']
    const cells: Cell[] = []
    const wanted = 1 + random.below(4)
    for (let made = 0; made < wanted; made++) {
      const kind = random.weighted(kinds, [5, 3, 5, 2, 1, 1, 1.5, 1.5])
      const home = random.pick(homes)
      const name = NAMES[kind].find((candidate) => !cells.some((cell) => cell.name === candidate))
      if (name === undefined) continue
      // What callees keep and lock must be theirs too.
      const isControl = kind === 'promise' || kind === 'mutex'
      const isSemaphore = kind === 'mutex' && random.chance(0.3)
      cells.push({
        name,
        kind,
        home: isControl && home === 'captured' ? 'object' : home,
        ...(isSemaphore && { lock: 'semaphore' }),
      })
    }
    const outside = cells.filter(({ home }) => home !== 'captured')
    const helpers: Fn[] = []
    if (random.chance(0.4)) helpers.push(this.#function('helper', { kind: 'once' }, outside, [], false))
    const callees = helpers.map(({ name }) => name)
    const pairs =
      shape.kind === 'map' || shape.kind === 'limited'
        ? cells.find(({ kind, home }) => kind === 'list' && home === 'captured')?.name
        : undefined
    const main: Fn = { ...this.#function('run', shape, cells, callees, true), pairs }
    const others: Fn[] = random.chance(0.3) ? [this.#function('other', { kind: 'once' }, outside, callees, true)] : []
    return { cells, functions: [...helpers, main, ...others], isClass }
  }

  #shape(): Shape {
    const kind = this.#random.weighted(
      ['once', 'map', 'collected', 'forEach', 'sequential', 'streamed', 'limited'] as const,
      [6, 5, 1, 1, 1, 1, 1.5],
    )
    return kind === 'limited' ? { kind, limit: 1 + this.#random.below(2) } : { kind }
  }

  #function(name: string, shape: Shape, cells: readonly Cell[], callees: readonly string[], exported: boolean): Fn {
    const scope: Scope = {
      cells,
      locals: [],
      slots: [],
      callees,
      inLoop: shape.kind === 'sequential' || shape.kind === 'streamed',
      loops: [],
      mayReturn: true,
      inTry: false,
      depth: 0,
      checked: new Set(),
    }
    return { name, exported, shape, body: this.#block(scope, 2 + this.#random.below(4)), pairs: undefined }
  }

  #block(outer: Scope, length: number): readonly Statement[] {
    const statements: Statement[] = []
    let scope = outer
    for (let made = 0; made < length; made++) {
      const idiom =
        scope.depth < 2 && this.#random.chance(0.08) ? idiomOf(this.#random, scope.cells, this.#namesFor(scope)) : []
      statements.push(...idiom)
      if (idiom.length > 0) scope = { ...scope, checked: new Set([...scope.checked].filter((name) => name === ITEM)) }
      const statement = this.#statement(scope)
      statements.push(statement)
      scope = {
        ...scope,
        checked: awaits(statement)
          ? new Set([...scope.checked].filter((name) => name === ITEM))
          : new Set([...scope.checked, ...checkedBy(statement)]),
      }
      if (statement.kind === 'const' || statement.kind === 'unpack')
        scope = { ...scope, locals: [...scope.locals, statement.name] }
      if (statement.kind === 'keepSlot') scope = { ...scope, slots: [...scope.slots, statement.name] }
      if (statement.kind === 'return' || statement.kind === 'leave') break
    }
    return statements
  }

  #statement(scope: Scope): Statement {
    const random = this.#random
    const nests = scope.depth < 3
    const decides = this.#mayCheck(scope)
    const unpacked = scope.cells.filter(
      ({ kind: held, home }) => held === 'counter' && (home === 'object' || home === 'field'),
    )
    const control = scope.cells.filter(({ kind }) => kind === 'promise' || kind === 'mutex')
    const kind = random.weighted(
      [
        'write',
        'wait',
        'const',
        'keepSlot',
        'if',
        'guard',
        'repeat',
        'finally',
        'catch',
        'control',
        'call',
        'fanOut',
        'leave',
        'unpack',
        'switch',
        'nested',
      ] as const,
      [
        8,
        3,
        3,
        1,
        nests && decides ? 4 : 0,
        decides ? 2 : 0,
        nests ? 1 : 0,
        nests ? 1 : 0,
        nests ? 0.5 : 0,
        control.length > 0 && nests ? 3 : 0,
        scope.callees.length > 0 ? 1.5 : 0,
        nests && scope.depth === 0 ? 0.3 : 0,
        scope.depth > 0 ? 0.7 : 0,
        unpacked.length > 0 ? 0.7 : 0,
        nests && !scope.checked.has(ITEM) ? 0.5 : 0,
        nests ? 0.5 : 0,
      ],
    )
    const inner = { ...scope, depth: scope.depth + 1 }
    switch (kind) {
      case 'write':
        return this.#write(scope)
      case 'wait':
        return { kind: 'wait', io: this.#io(scope) }
      case 'const':
        return { kind: 'const', name: `value${String(++this.#names)}`, value: this.#expr(scope, 2) }
      case 'keepSlot': {
        const cell = this.#cell(scope, 'slot')
        return cell
          ? { kind: 'keepSlot', name: `kept${String(++this.#names)}`, cell }
          : { kind: 'wait', io: this.#io(scope) }
      }
      case 'if': {
        const condition = this.#condition(scope)
        const deeper = { ...inner, checked: new Set([...scope.checked, ...cellsIn(condition)]) }
        return {
          kind: 'if',
          condition,
          yes: this.#block(deeper, 1 + random.below(3)),
          no: random.chance(0.25) ? this.#block(deeper, 1 + random.below(2)) : [],
        }
      }
      case 'guard':
        return { kind: 'if', condition: this.#condition(scope), yes: [this.#leave(scope)], no: [] }
      case 'repeat': {
        const name = `turn${String(++this.#names)}`
        const unless = decides && random.chance(0.3) ? this.#condition(scope) : undefined
        return {
          kind: 'repeat',
          times: 2,
          name,
          unless,
          body: this.#block({ ...inner, inLoop: true, loops: [...scope.loops, name] }, 1 + random.below(3)),
        }
      }
      case 'finally':
        return {
          kind: 'finally',
          body: this.#block({ ...inner, inTry: true }, 1 + random.below(3)),
          after: this.#block({ ...inner, inLoop: false, loops: [], mayReturn: false }, 1 + random.below(2)),
        }
      case 'catch':
        return {
          kind: 'catch',
          body: this.#block({ ...inner, inTry: true }, 1 + random.below(3)),
          handler: this.#block(inner, 1 + random.below(2)),
        }
      case 'control':
        return this.#control(scope, random.pick(control))
      case 'call':
        return { kind: 'call', callee: random.pick(scope.callees) }
      case 'fanOut':
        return {
          kind: 'fanOut',
          body: this.#block(
            {
              ...inner,
              locals: [],
              slots: [],
              inLoop: false,
              loops: [],
              inTry: false,
              cells: scope.cells.filter(({ kind: held }) => held !== 'list'),
            },
            1 + random.below(3),
          ),
        }
      case 'leave':
        return this.#leave(scope)
      case 'unpack':
        return { kind, name: `value${String(++this.#names)}`, cell: random.pick(unpacked).name }
      case 'switch': {
        // A jump out of a case is one out of the switch.
        const arm = { ...inner, inLoop: false, loops: [], checked: new Set([...scope.checked, ITEM]) }
        return {
          kind,
          odd: this.#block({ ...arm, mayReturn: false }, 1 + random.below(2)),
          even: this.#block(arm, 1 + random.below(2)),
        }
      }
      case 'nested':
        return {
          kind,
          name: `step${String(++this.#names)}`,
          body: this.#block({ ...inner, inLoop: false, loops: [], inTry: false, mayReturn: true }, 1 + random.below(3)),
        }
    }
  }

  #namesFor({ inTry }: Scope): Names {
    return { site: () => ++this.#sites, name: (stem) => `${stem}${String(++this.#names)}`, mayFail: inTry }
  }

  #leave({ inLoop, loops, mayReturn }: Scope): Statement {
    if (inLoop && loops.length > 1 && this.#random.chance(0.4))
      return { kind: 'leave', how: this.#random.chance(0.5) ? 'break' : 'continue', loop: this.#random.pick(loops) }
    if (inLoop && (!mayReturn || this.#random.chance(0.6)))
      return { kind: 'leave', how: this.#random.chance(0.5) ? 'break' : 'continue' }
    return mayReturn
      ? { kind: 'return' }
      : { kind: 'wait', io: { kind: 'io', name: 'load', argument: { kind: 'item' }, mayFail: false } }
  }

  #control(scope: Scope, cell: Cell): Statement {
    if (cell.kind === 'promise') {
      const [callee] = scope.callees
      return callee === undefined ? this.#write(scope) : { kind: 'share', cell: cell.name, callee }
    }
    const style = this.#random.chance(0.5) ? 'callback' : 'release'
    const isCallback = style === 'callback'
    // Nobody takes a lock that it holds, itself or by way of a callee.
    const cells = scope.cells.filter(({ kind }) => kind !== 'mutex')
    const inner: Scope = {
      ...scope,
      cells,
      callees: [],
      depth: scope.depth + 1,
      inLoop: scope.inLoop && !isCallback,
      loops: isCallback ? [] : scope.loops,
      mayReturn: scope.mayReturn || isCallback,
    }
    return { kind: 'exclusive', mutex: cell.name, style, body: this.#block(inner, 1 + this.#random.below(3)) }
  }

  #write(scope: Scope): Statement {
    const random = this.#random
    const writable = scope.cells.filter(({ kind }) => kind !== 'promise' && kind !== 'mutex')
    if (writable.length === 0) return { kind: 'wait', io: this.#io(scope) }
    const { name: cell, kind } = random.pick(writable)
    const site = ++this.#sites
    switch (kind) {
      case 'counter':
        if (random.chance(0.15)) return { kind: 'increment', site, cell }
        return {
          kind: 'assign',
          site,
          cell,
          operator: random.chance(0.4) ? '+=' : '=',
          value: this.#expr(scope, 3, cell),
        }
      case 'flag':
        return { kind: 'flag', site, cell, value: random.chance(0.75) }
      case 'slot':
        if (random.chance(0.15)) return { kind: 'clear', site, cell }
        return {
          kind: 'assign',
          site,
          cell,
          operator: random.chance(0.3) && !scope.checked.has(cell) ? '??=' : '=',
          value: random.chance(0.6) ? this.#io(scope) : this.#expr(scope, 2),
        }
      case 'map':
        return this.#entry(scope, site, cell)
      default:
        return { kind: 'add', site, cell, value: random.chance(0.4) ? this.#io(scope) : { kind: 'item' } }
    }
  }

  #entry(scope: Scope, site: number, cell: string): Statement {
    const random = this.#random
    const key = this.#key()
    const value = random.chance(0.6) ? this.#io(scope) : this.#expr(scope, 2)
    return {
      kind: 'set',
      site,
      cell,
      key,
      value: random.chance(0.3) ? { kind: 'plus', left: { kind: 'get', cell, key }, right: value } : value,
    }
  }

  #key(): Expr {
    return this.#random.chance(0.7) ? { kind: 'item' } : { kind: 'number', value: 1 }
  }

  #io({ inTry }: Scope): Expr & { kind: 'io' } {
    const name: IoName = this.#random.weighted(['load', 'connect', 'register'] as const, [3, 2, 1])
    return { kind: 'io', name, argument: { kind: 'item' }, mayFail: inTry }
  }

  #expr(scope: Scope, size: number, favourite?: string): Expr {
    const random = this.#random
    const nests = size > 1
    const numbers = scope.cells.filter(({ kind }) => kind === 'counter' || kind === 'slot')
    const sized = scope.cells.filter(({ kind }) => kind === 'map' || kind === 'set' || kind === 'list')
    const map = this.#cell(scope, 'map')
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
        return { kind, cell: map as string, key: this.#key() }
      case 'size':
        return { kind, cell: random.pick(sized).name }
      case 'plus':
        return { kind, left: this.#expr(scope, size - 1, favourite), right: this.#expr(scope, size - 1, favourite) }
      case 'double':
        return { kind, of: this.#expr(scope, size - 1, favourite) }
      case 'io':
        return this.#io(scope)
      case 'choose':
        return this.#choice({ ...scope, checked: new Set([...scope.checked, ITEM]) }, size - 1, favourite)
    }
  }

  #choice(scope: Scope, size: number, favourite: string | undefined): Expr {
    return {
      kind: 'choose',
      condition: { kind: 'odd' },
      yes: this.#expr(scope, size, favourite),
      no: this.#expr(scope, size, favourite),
    }
  }

  #condition(scope: Scope, depth = 0): Condition {
    const random = this.#random
    if (depth < 2 && random.chance(0.2)) {
      const left = this.#condition(scope, depth + 1)
      const rest = { ...scope, checked: new Set([...scope.checked, ...cellsIn(left)]) }
      return this.#mayCheck(rest)
        ? { kind: random.chance(0.5) ? 'and' : 'or', left, right: this.#condition(rest, depth + 1) }
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
            ? { kind: 'has', cell, key: kind === 'set' ? { kind: 'item' } : this.#key() }
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

  #mayCheck(scope: Scope): boolean {
    return !scope.checked.has(ITEM) || this.#checkable(scope).length > 0
  }

  #perhapsNot(of: Condition): Condition {
    return this.#random.chance(0.65) ? { kind: 'not', of } : of
  }

  #cell({ cells }: Scope, kind: CellKind): string | undefined {
    return cells.find((cell) => cell.kind === kind)?.name
  }
}

function awaits(statement: Statement): boolean {
  return /"(?:io|call|share|exclusive|fanOut|nested)"/u.test(JSON.stringify(statement))
}

/** What a statement leaves known: what it has checked, and what it has written, which nobody need ask for again. */
function checkedBy(statement: Statement): readonly string[] {
  const inner = blocksOf(statement).flatMap((block) => block.flatMap(checkedBy))
  if (statement.kind === 'assign') return [statement.cell]
  return statement.kind === 'if' ? [...cellsIn(statement.condition), ...inner] : inner
}

function cellsIn(condition: Condition): readonly string[] {
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
