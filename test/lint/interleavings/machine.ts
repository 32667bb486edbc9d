import { type Step, Evaluator } from './evaluator.ts'
import { combine, constant, type Frame, type Passed, type Value } from './frame.ts'
import { type Expr, functionOf, leaves, type Program, type Statement } from './program.ts'
import { type Activation, type Choose, Failure, Semaphore, type Task } from './scheduler.ts'
import { type Place, Variable } from './store.ts'

/** Something that no order of whole calls does, seen at a statement that writes. */
export interface Witness {
  readonly site: number
  /**
   * - `lost`: it overwrote what another activation had written since it read;
   * - `double`: it acted on a check that another activation had made untrue;
   * - `order`: it appended behind an item that comes later in the input;
   * - `gap`: it appended before an item that comes earlier in the input, which may not come at all.
   */
  readonly kind: 'lost' | 'double' | 'order' | 'gap'
}

/** What a rule can warn of. */
export type Mishap = Exclude<Witness['kind'], 'gap'>

/** What a stream waits for before it gives an item. */
const NEXT: Expr = { kind: 'io', name: 'load', argument: { kind: 'item' }, mayFail: false }

/** Marks in the footprint of a step, besides those of the variables: the limiter of a fan-out, and what waits for all of one. */
const LIMITER = 1 << 29
const JOIN = 1 << 30

/** How a block ends; a jump out of a loop further out names it. */
type Ending = 'normal' | 'return' | 'break' | 'continue' | `${'break' | 'continue'} ${string}`

/** One run of a program: its state, and what went wrong. */
export class Machine extends Evaluator {
  readonly witnesses: Witness[] = []
  /** For each kind of mishap, the writing statements that ran late enough after a read or check to let it happen. */
  readonly exposed: Readonly<Record<Mishap, Set<number>>> = { lost: new Set(), double: new Set(), order: new Set() }
  readonly #kept = new Map<string, Task>()
  readonly #mutexes = new Map<string, Semaphore>()

  /** @param failures How many operations may fail in one run; by default two, so that two calls can meet where that is handled. */
  constructor(program: Program, choose: Choose, failures = 2) {
    super(program, choose, failures)
    for (const [index, { name, kind }] of program.cells.entries())
      if (kind === 'mutex') this.#mutexes.set(name, new Semaphore(1, 1 << index))
  }

  /** Calls exported functions, all before the first of them ends, and lets everything happen. */
  run(calls: readonly { readonly name: string; readonly items: readonly number[] }[]): void {
    for (const { name, items } of calls) this.scheduler.start(this.#call(name, items))
    this.scheduler.run()
  }

  *#call(name: string, items: readonly number[]): Activation {
    const { shape, body } = functionOf(this.program, name)
    if (shape.kind === 'once' || shape.kind === 'sequential' || shape.kind === 'streamed') {
      const frame = this.frame(items[0] as number, undefined, this.ownVariables())
      for (const item of shape.kind === 'once' ? items.slice(0, 1) : items) {
        frame.item = item
        if (shape.kind === 'streamed') yield* this.expr(NEXT, frame)
        const ending = yield* this.#block(body, frame)
        if (ending === 'return' || ending === 'break') return
      }
      return
    }
    const captured = this.ownVariables()
    const limiter = shape.kind === 'limited' ? new Semaphore(shape.limit, LIMITER) : undefined
    const tasks = items.map((item, index) =>
      this.scheduler.start(this.#callback(body, this.frame(item, index, captured), limiter)),
    )
    if (shape.kind !== 'forEach') yield { kind: 'tasks', tasks }
  }

  *#callback(body: readonly Statement[], frame: Frame, limiter: Semaphore | undefined): Activation {
    if (limiter) yield { kind: 'permit', semaphore: limiter }
    try {
      yield* this.#block(body, frame)
    } finally {
      if (limiter) this.scheduler.release(limiter)
    }
  }

  *#block(statements: readonly Statement[], frame: Frame): Step<Ending> {
    const depth = frame.passed.length
    try {
      for (const statement of statements) {
        const ending = yield* this.#statement(statement, frame)
        if (ending !== 'normal') return ending
      }
      return 'normal'
    } finally {
      frame.passed.length = depth
    }
  }

  *#statement(statement: Statement, frame: Frame): Step<Ending> {
    switch (statement.kind) {
      case 'const':
        frame.locals.set(statement.name, yield* this.expr(statement.value, frame))
        return 'normal'
      case 'unpack': {
        const place = this.variable(statement.cell, frame)
        frame.locals.set(statement.name, { number: place.value as number, origins: [this.origin(place, frame)] })
        return 'normal'
      }
      case 'keepSlot': {
        const place = this.variable(statement.cell, frame)
        frame.locals.set(statement.name, {
          number: place.value as number | undefined,
          origins: [this.origin(place, frame)],
        })
        return 'normal'
      }
      case 'assign':
        yield* this.#assign(statement, frame)
        return 'normal'
      case 'increment': {
        const place = this.variable(statement.cell, frame)
        this.#write(statement.site, place, frame, (place.value as number) + 1, [], false)
        return 'normal'
      }
      case 'flag':
        this.#write(statement.site, this.variable(statement.cell, frame), frame, statement.value, [], statement.value)
        return 'normal'
      case 'clear':
        this.#write(statement.site, this.variable(statement.cell, frame), frame, undefined, [], false)
        return 'normal'
      case 'set':
      case 'add':
        yield* this.#put(statement, frame)
        return 'normal'
      case 'wait':
        yield* this.expr(statement.io, frame)
        return 'normal'
      case 'return':
        return 'return'
      case 'leave':
        return statement.loop === undefined ? statement.how : `${statement.how} ${statement.loop}`
      case 'call':
        yield { kind: 'tasks', tasks: [this.scheduler.start(this.#call(statement.callee, [frame.item]))] }
        return 'normal'
      case 'share':
        yield { kind: 'tasks', tasks: [this.#shared(statement, frame)] }
        return 'normal'
      case 'fanOut': {
        const tasks = [1, 2].map((item, index) =>
          this.scheduler.start(
            this.#callback(statement.body, this.frame(item, index, frame.captured), undefined),
            JOIN,
          ),
        )
        yield { kind: 'tasks', tasks }
        return 'normal'
      }
      default:
        return yield* this.#nested(statement, frame)
    }
  }

  #shared({ cell, callee }: Statement & { kind: 'share' }, frame: Frame): Task {
    const { mark } = this.variable(cell, frame)
    this.scheduler.footprint.writes |= mark
    let task = this.#kept.get(cell)
    if (task === undefined) this.#kept.set(cell, (task = this.scheduler.start(this.#call(callee, [frame.item]), mark)))
    return task
  }

  *#nested(statement: Statement, frame: Frame): Step<Ending> {
    switch (statement.kind) {
      case 'if': {
        const holds = this.holds(statement.condition, frame)
        const [taken, other] = holds ? [statement.yes, statement.no] : [statement.no, statement.yes]
        const passed = this.checks(statement.condition, holds, frame)
        const depth = frame.passed.push(...passed)
        const ending = yield* this.#block(taken, frame)
        // What the other branch leaves to, this one goes on with: the check counts for what follows.
        if (!leaves(other)) frame.passed.length = depth - passed.length
        return ending
      }
      case 'repeat':
        return yield* this.#repeat(statement, frame)
      case 'switch':
        return yield* this.#block(frame.item % 2 === 1 ? statement.odd : statement.even, frame)
      case 'nested':
        yield* this.#block(statement.body, this.#inner(frame))
        return 'normal'
      case 'finally':
        try {
          const ending = yield* this.#block(statement.body, frame)
          if (ending !== 'normal') return ending
        } finally {
          yield* this.#block(statement.after, frame)
        }
        return 'normal'
      case 'catch':
        try {
          return yield* this.#block(statement.body, frame)
        } catch (error) {
          if (!(error instanceof Failure)) throw error
          return yield* this.#block(statement.handler, frame)
        }
      case 'exclusive': {
        const semaphore = this.#mutexes.get(statement.mutex) as Semaphore
        yield { kind: 'permit', semaphore }
        const isCallback = statement.style === 'callback'
        const inner = isCallback ? this.#inner(frame) : frame
        try {
          const ending = yield* this.#block(statement.body, inner)
          return isCallback ? 'normal' : ending
        } finally {
          this.scheduler.release(semaphore)
        }
      }
      default:
        throw new Error(`Expected a statement with blocks, got \`${statement.kind}\``)
    }
  }

  /** What a function that stands in another one sees; checks around it are not its own. */
  #inner({ item, position, captured, locals, activation }: Frame): Frame {
    return { ...this.frame(item, position, captured), activation, locals: new Map(locals) }
  }

  *#repeat({ times, unless, body, name }: Statement & { kind: 'repeat' }, frame: Frame): Step<Ending> {
    for (let turn = 0; turn < times; turn++) {
      frame.locals.set(name, constant(turn))
      const depth = frame.passed.length
      if (unless) {
        if (this.holds(unless, frame)) return 'normal'
        frame.passed.push(...this.checks(unless, false, frame))
      }
      const ending = yield* this.#block(body, frame)
      frame.passed.length = depth
      if (ending === 'break' || ending === `break ${name}`) return 'normal'
      if (ending !== 'normal' && ending !== 'continue' && ending !== `continue ${name}`) return ending
    }
    return 'normal'
  }

  *#assign({ site, cell, operator, value }: Statement & { kind: 'assign' }, frame: Frame): Step<void> {
    const place = this.variable(cell, frame)
    if (operator === '??=') {
      if (place.value !== undefined) return
      const absent = this.check(place, frame, () => place.value === undefined)
      frame.passed.push(absent)
      const made = yield* this.expr(value, frame)
      this.#write(site, place, frame, made.number, made.origins, true)
      frame.passed.splice(frame.passed.indexOf(absent), 1)
      return
    }
    const before =
      operator === '+='
        ? { number: (place.value as number | undefined) ?? 0, origins: [this.origin(place, frame)] }
        : constant(0)
    const right = yield* this.expr(value, frame)
    const { number, origins } = combine((before.number ?? 0) + (right.number ?? 0), before, right)
    this.#write(site, place, frame, number, origins, true)
  }

  *#put(statement: Statement & { kind: 'set' | 'add' }, frame: Frame): Step<void> {
    const variable = this.variable(statement.cell, frame)
    const key = statement.kind === 'set' ? yield* this.expr(statement.key, frame) : constant(0)
    const value = yield* this.expr(statement.value, frame)
    const { site } = statement
    this.scheduler.footprint.writes |= variable.mark
    if (variable.kind === 'list') {
      if (frame.position !== undefined) this.#append(site, variable, frame, frame.position)
      this.#act(site, frame, variable, ({ place }) => place === variable)
      variable.append(frame.activation)
    } else {
      const name = (variable.kind === 'set' ? value.number : key.number) ?? 0
      const written = JSON.stringify(statement.kind === 'set' ? statement.key : statement.value)
      const entry = variable.entry(name)
      this.#lose(site, entry, frame, value)
      this.#act(
        site,
        frame,
        variable,
        (check) => check.place === variable || (check.place === entry && check.key === written),
      )
      variable.put(frame.activation, name, value.number ?? 0)
    }
    this.#settle(frame, (place) => variable.owns(place))
  }

  readonly #positions = new Map<number, number>()

  /** Notes where an activation appends behind one for a later item. */
  #append(site: number, variable: Variable, frame: Frame, position: number): void {
    if (frame.turn !== this.scheduler.turn) this.exposed.order.add(site)
    if (variable.writes.some((write) => (this.#positions.get(write.activation) ?? 0) > position))
      this.witnesses.push({ site, kind: 'order' })
    this.#positions.set(frame.activation, position)
    const earlier = new Set(
      variable.writes
        .map((write) => this.#positions.get(write.activation))
        .filter((other) => other !== undefined && other < position),
    )
    if (earlier.size < position) this.witnesses.push({ site, kind: 'gap' })
  }

  #write(site: number, place: Place, frame: Frame, value: unknown, origins: Value['origins'], fills: boolean): void {
    this.#lose(site, place, frame, { number: value as number | undefined, origins })
    if (fills) this.#act(site, frame, place, (check) => check.place === place)
    this.scheduler.footprint.writes |= place.mark
    place.write(frame.activation, value)
    this.#settle(frame, (other) => other === place)
  }

  /** Notes where a write destroys what others have written since the activation read the place. */
  #lose(site: number, place: Place, frame: Frame, { number, origins }: Value): void {
    const own = origins.filter((origin) => origin.place === place && origin.frame === frame.id)
    if (own.some(({ turn }) => turn !== this.scheduler.turn)) this.exposed.lost.add(site)
    // Two that both add three to one lose three, although they write the same four.
    const isLost = own.some(
      ({ version }) =>
        place.changedSince(version, frame.activation) && (number !== place.value || number !== place.valueAt(version)),
    )
    if (isLost) this.witnesses.push({ site, kind: 'lost' })
  }

  /** Notes where a write acts on checks that others have made untrue; one that looked again knows what has become. */
  #act(site: number, frame: Frame, whole: Place, concerns: (check: Passed) => boolean): void {
    const looks = frame.passed.filter(
      (check) => !check.settled && (whole instanceof Variable ? whole.owns(check.place) : check.place === whole),
    )
    const checks = looks.filter(concerns)
    if (checks.some(({ turn }) => turn !== this.scheduler.turn)) this.exposed.double.add(site)
    const areStale = looks.every(
      ({ place, turn, version }) => place.changedSince(version, frame.activation) || turn !== this.scheduler.turn,
    )
    const isUntrue = checks.some(
      (check) => check.place.changedSince(check.version, frame.activation) && !check.stillHolds(),
    )
    if (areStale && isUntrue) this.witnesses.push({ site, kind: 'double' })
  }

  #settle(frame: Frame, concerns: (place: Place) => boolean): void {
    for (const check of frame.passed) if (concerns(check.place)) check.settled = true
  }
}
