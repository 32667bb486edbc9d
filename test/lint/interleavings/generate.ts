import {
  blocksOf,
  type Cell,
  type CellKind,
  type Fn,
  type Home,
  type Program,
  type Shape,
  type Statement,
} from './program.ts'
import { cellsIn, Expressions, ITEM, type Scope } from './generateExpressions.ts'
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

class Generator {
  readonly #random: Random
  readonly #expressions: Expressions
  #sites = 0
  #names = 0

  constructor(random: Random) {
    this.#random = random
    this.#expressions = new Expressions(random)
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
    const decides = this.#expressions.mayCheck(scope)
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
        return { kind: 'wait', io: this.#expressions.io(scope) }
      case 'const':
        return { kind: 'const', name: `value${String(++this.#names)}`, value: this.#expressions.expr(scope, 2) }
      case 'keepSlot': {
        const cell = this.#expressions.cell(scope, 'slot')
        return cell
          ? { kind: 'keepSlot', name: `kept${String(++this.#names)}`, cell }
          : { kind: 'wait', io: this.#expressions.io(scope) }
      }
      case 'if': {
        const condition = this.#expressions.condition(scope)
        const deeper = { ...inner, checked: new Set([...scope.checked, ...cellsIn(condition)]) }
        return {
          kind: 'if',
          condition,
          yes: this.#block(deeper, 1 + random.below(3)),
          no: random.chance(0.25) ? this.#block(deeper, 1 + random.below(2)) : [],
        }
      }
      case 'guard':
        return { kind: 'if', condition: this.#expressions.condition(scope), yes: [this.#leave(scope)], no: [] }
      case 'repeat': {
        const name = `turn${String(++this.#names)}`
        const unless = decides && random.chance(0.3) ? this.#expressions.condition(scope) : undefined
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
    if (writable.length === 0) return { kind: 'wait', io: this.#expressions.io(scope) }
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
          value: this.#expressions.expr(scope, 3, cell),
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
          value: random.chance(0.6) ? this.#expressions.io(scope) : this.#expressions.expr(scope, 2),
        }
      case 'map':
        return this.#entry(scope, site, cell)
      default:
        return { kind: 'add', site, cell, value: random.chance(0.4) ? this.#expressions.io(scope) : { kind: 'item' } }
    }
  }

  #entry(scope: Scope, site: number, cell: string): Statement {
    const random = this.#random
    const key = this.#expressions.key()
    const value = random.chance(0.6) ? this.#expressions.io(scope) : this.#expressions.expr(scope, 2)
    return {
      kind: 'set',
      site,
      cell,
      key,
      value: random.chance(0.3) ? { kind: 'plus', left: { kind: 'get', cell, key }, right: value } : value,
    }
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
