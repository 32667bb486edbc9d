import { combine, constant, type Frame, type Passed, type Value } from './frame.ts'
import { type Condition, type Expr, type IoName, type Program } from './program.ts'
import { type Choose, type Footprint, Scheduler, type Wait } from './scheduler.ts'
import { type Place, Variable } from './store.ts'

/** Part of an activation that may wait on the way to its result. */
export type Step<T> = Generator<Wait, T, number>

/** What the operation that was started as the nth gives: no two give the same, so that none can hide another. */
export function answerOf(name: IoName, key: number, nth: number): number {
  return { load: 10, connect: 20, register: 30 }[name] + key + nth * 100
}

/** The half of the interpreter that evaluates expressions and conditions over the variables of a program. */
export class Evaluator {
  protected readonly program: Program
  protected readonly scheduler: Scheduler
  readonly #variables = new Map<string, Variable>()
  #frames = 0
  #operations = 0

  constructor(program: Program, choose: Choose, failures: number) {
    this.program = program
    this.scheduler = new Scheduler(choose, failures)
    for (const [index, { name, kind }] of program.cells.entries())
      this.#variables.set(name, new Variable(kind, 1 << index))
  }

  /** What all variables outside of functions hold. */
  snapshot(): Readonly<Record<string, unknown>> {
    const outside = this.program.cells.filter(
      ({ home, kind }) => home !== 'captured' && kind !== 'mutex' && kind !== 'promise',
    )
    return Object.fromEntries(outside.map(({ name }) => [name, this.#variables.get(name)?.snapshot()]))
  }

  /** What has been touched since the last event. */
  get footprint(): Readonly<Footprint> {
    return this.scheduler.footprint
  }

  protected ownVariables(): ReadonlyMap<string, Variable> {
    const own = this.program.cells.flatMap(({ name, kind, home }, index) =>
      home === 'captured' ? [[name, new Variable(kind, 1 << index)] as const] : [],
    )
    return new Map(own)
  }

  protected frame(item: number, position: number | undefined, captured: ReadonlyMap<string, Variable>): Frame {
    const id = ++this.#frames
    return {
      id,
      activation: id,
      turn: this.scheduler.turn,
      item,
      position,
      captured,
      locals: new Map(),
      passed: [],
    }
  }

  protected variable(name: string, frame: Frame): Variable {
    const variable = frame.captured.get(name) ?? this.#variables.get(name)
    if (variable === undefined) throw new Error(`The program has no cell \`${name}\``)
    this.scheduler.footprint.reads |= variable.mark
    return variable
  }

  protected origin(place: Place, frame: Frame): Value['origins'][number] {
    return { place, version: place.version, turn: this.scheduler.turn, frame: frame.id, direct: true }
  }

  protected *expr(expr: Expr, frame: Frame): Step<Value> {
    switch (expr.kind) {
      case 'io': {
        const { number = 0 } = yield* this.expr(expr.argument, frame)
        return constant(
          yield { kind: 'io', value: answerOf(expr.name, number, ++this.#operations), mayFail: expr.mayFail },
        )
      }
      case 'plus': {
        const left = yield* this.expr(expr.left, frame)
        const right = yield* this.expr(expr.right, frame)
        return combine((left.number ?? 0) + (right.number ?? 0), left, right)
      }
      case 'double': {
        const of = yield* this.expr(expr.of, frame)
        return { number: (of.number ?? 0) * 2, origins: of.origins.map((origin) => ({ ...origin, direct: false })) }
      }
      case 'choose':
        return yield* this.expr(this.holds(expr.condition, frame) ? expr.yes : expr.no, frame)
      default:
        return this.#now(expr, frame)
    }
  }

  /** The value of an expression that waits for nothing. */
  #now(expr: Expr, frame: Frame): Value {
    switch (expr.kind) {
      case 'number':
        return constant(expr.value)
      case 'item':
        return constant(frame.item)
      case 'local':
        return frame.locals.get(expr.name) ?? constant(0)
      case 'read': {
        const place = this.variable(expr.cell, frame)
        return { number: (place.value as number | undefined) ?? 0, origins: [this.origin(place, frame)] }
      }
      case 'get': {
        const place = this.variable(expr.cell, frame).entry(this.#now(expr.key, frame).number ?? 0)
        return { number: (place.value as number | undefined) ?? 0, origins: [this.origin(place, frame)] }
      }
      case 'size': {
        const place = this.variable(expr.cell, frame)
        return { number: place.value as number, origins: [this.origin(place, frame)] }
      }
      default: {
        const step = this.expr(expr, frame).next()
        if (step.done !== true) throw new Error('Expected an expression that waits for nothing')
        return step.value
      }
    }
  }

  protected holds(condition: Condition, frame: Frame): boolean {
    switch (condition.kind) {
      case 'there': {
        const { value } = this.variable(condition.cell, frame)
        return value !== undefined && value !== false
      }
      case 'localThere':
        return frame.locals.get(condition.name)?.number !== undefined
      case 'has':
        return (
          this.variable(condition.cell, frame).entry(this.#now(condition.key, frame).number ?? 0).value !== undefined
        )
      case 'filled':
        return (this.variable(condition.cell, frame).value as number) > 0
      case 'below':
        return (this.#now(condition.value, frame).number ?? 0) < condition.limit
      case 'odd':
        return frame.item % 2 === 1
      case 'not':
        return !this.holds(condition.of, frame)
      case 'and':
        return this.holds(condition.left, frame) && this.holds(condition.right, frame)
      case 'or':
        return this.holds(condition.left, frame) || this.holds(condition.right, frame)
    }
  }

  /** The checks of single places that have all come out one way, where the whole condition has. */
  protected checks(condition: Condition, holds: boolean, frame: Frame): readonly Passed[] {
    switch (condition.kind) {
      case 'not':
        return this.checks(condition.of, !holds, frame)
      case 'and':
      case 'or':
        return holds === (condition.kind === 'and')
          ? [...this.checks(condition.left, holds, frame), ...this.checks(condition.right, holds, frame)]
          : []
      case 'odd':
        return []
      case 'localThere': {
        const origins = frame.locals.get(condition.name)?.origins ?? []
        return origins.map(({ place, version, turn }) => ({
          place,
          version,
          turn,
          key: undefined,
          settled: false,
          stillHolds: () => (place.value !== undefined) === holds,
        }))
      }
      case 'has': {
        const place = this.variable(condition.cell, frame).entry(this.#now(condition.key, frame).number ?? 0)
        return [
          {
            ...this.check(place, frame, () => (place.value !== undefined) === holds),
            key: JSON.stringify(condition.key),
          },
        ]
      }
      case 'there':
      case 'filled': {
        const place = this.variable(condition.cell, frame)
        return [this.check(place, frame, () => this.holds(condition, frame) === holds)]
      }
      case 'below':
        return this.#now(condition.value, frame).origins.map(({ place, version, turn }) => ({
          place,
          version,
          turn,
          key: undefined,
          settled: false,
          stillHolds: () => this.holds(condition, frame) === holds,
        }))
    }
  }

  protected check(place: Place, frame: Frame, stillHolds: () => boolean): Passed {
    return { place, version: place.version, turn: this.scheduler.turn, key: undefined, settled: false, stillHolds }
  }
}
