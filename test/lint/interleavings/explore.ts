import { Machine, type Witness } from './machine.ts'
import { forEachOrder } from './orders.ts'
import type { Condition, Program, Statement } from './program.ts'
import { Random } from './random.ts'
import type { Choose, Footprint } from './scheduler.ts'

export type Calls = readonly { readonly name: string; readonly items: readonly number[] }[]

/** What some run shows, with the calls and choices that show it. */
export type Shown = Witness & { readonly calls: Calls; readonly choices: readonly number[] }

export interface Explored {
  /** Each kind of mishap at each statement, once. */
  readonly witnesses: readonly Shown[]
  /** What `Machine.exposed` holds, over all runs. */
  readonly exposed: Machine['exposed']
  readonly runs: number
}

/** Few programs have more orders than this for one set of calls; of those that have, some are drawn at random. */
const BOUNDS: Bounds = { calls: 2, failures: 2, systematic: 60, random: 20 }

/** Where two calls show nothing: more of them at once, that fail more often, in more orders. */
const CLOSE_LOOK: Bounds = { calls: 4, failures: 8, systematic: 500, random: 1500 }

/**
 * Runs a program in every order of events that two calls allow, as far as the bounds go.
 *
 * @param isEnough Asked between sets of calls whether what has been found will do.
 */
export function explore(
  program: Program,
  bounds: Bounds = BOUNDS,
  isEnough: (explored: Explored) => boolean = () => false,
): Explored {
  const found = new Map<string, Shown>()
  const exposed: Machine['exposed'] = { lost: new Set(), double: new Set(), order: new Set() }
  let runs = 0
  const run = (calls: Calls, choose: Choose, choices: readonly number[]): Footprint => {
    runs++
    const machine = new Machine(program, choose, bounds.failures)
    machine.run(calls)
    for (const kind of ['lost', 'double', 'order'] as const)
      for (const site of machine.exposed[kind]) exposed[kind].add(site)
    for (const witness of machine.witnesses) {
      const key = `${witness.kind} ${String(witness.site)}`
      if (!found.has(key)) found.set(key, { ...witness, calls, choices: [...choices] })
    }
    return machine.footprint
  }
  const explored = (): Explored => ({ witnesses: [...found.values()], exposed, runs })
  for (const calls of scenariosOf(program, bounds.calls)) {
    if (runs > 0 && isEnough(explored())) break
    if (!forEachOrder(bounds.systematic, (choose, choices) => run(calls, choose, choices)))
      sampled(calls, run, bounds.random)
  }
  return explored()
}

/** Looks at a program with four calls at once, for a mishap that two do not show. */
export function isShownClosely(program: Program, isShown: (explored: Explored) => boolean): boolean {
  return isShown(explore(program, CLOSE_LOOK, isShown))
}

interface Bounds {
  readonly calls: number
  /** How many operations may fail in a run. */
  readonly failures: number
  readonly systematic: number
  readonly random: number
}

function sampled(
  calls: Calls,
  run: (calls: Calls, choose: Choose, choices: readonly number[]) => Footprint,
  limit: number,
): void {
  const random = new Random(1)
  for (let count = 0; count < limit; count++) {
    const choices: number[] = []
    run(
      calls,
      (ending, failing) => {
        const choice = random.below(ending.length + failing.length)
        choices.push(choice)
        return choice
      },
      choices,
    )
  }
}

/** What the world may do with a module: call what it exports while earlier calls are under way. */
export function scenariosOf(program: Program, most: number): readonly Calls[] {
  const exported = program.functions.filter((fn) => fn.exported)
  const scenarios = itemsOf(program, most).flatMap((items) =>
    exported.flatMap((fn, index) => [
      ...(fn.shape.kind === 'once' ? [] : [[{ name: fn.name, items }]]),
      items.map((item) => ({ name: fn.name, items: [item] })),
      ...exported
        .filter((other) => other !== fn && fn.shape.kind !== 'once')
        .map((other) => [
          { name: fn.name, items },
          { name: other.name, items: items.slice(0, 1) },
        ]),
      ...exported
        .slice(index + 1)
        .map((other) => items.map((item, call) => ({ name: (call % 2 === 0 ? fn : other).name, items: [item] }))),
    ]),
  )
  return scenarios
}

/** Items for so many calls: the same for all, and different ones; where odd ones fare otherwise, all that makes of that. */
function itemsOf(program: Program, count: number): readonly (readonly number[])[] {
  const places = Array.from({ length: count }, (_, index) => index)
  const [same, mixed] = [places.map(() => 1), places.map((index) => 1 + (index % 2))]
  if (!asksForOdd(program)) return [same, mixed]
  return [
    same,
    places.map(() => 2),
    mixed,
    places.map((index) => 2 - (index % 2)),
    places.map((index) => 1 + 2 * index),
    places.map((index) => 2 + 2 * index),
  ]
}

function asksForOdd({ functions }: Program): boolean {
  const condition: Condition['kind'] = 'odd'
  const statement: Statement['kind'] = 'switch'
  return [condition, statement].some((kind) => JSON.stringify(functions).includes(`"kind":"${kind}"`))
}
