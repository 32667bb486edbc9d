import { Machine, type Witness } from './machine.ts'
import type { Program } from './program.ts'
import { Random } from './random.ts'
import type { Choose } from './scheduler.ts'

export type Calls = readonly { readonly name: string; readonly items: readonly number[] }[]

export interface Explored {
  /** Each kind of mishap at each statement, once, with the calls and choices that show it. */
  readonly witnesses: readonly (Witness & { readonly calls: Calls; readonly choices: readonly number[] })[]
  /** What `Machine.exposed` holds, over all runs. */
  readonly exposed: Machine['exposed']
  readonly runs: number
}

/** Few programs have more orders than this for one set of calls; of those that have, some are drawn at random. */
const BOUNDS = { calls: 2, systematic: 60, random: 20 }

/** Where two calls show nothing: more of them at once, in more orders. */
const CLOSE_LOOK = { calls: 4, systematic: 500, random: 1500 }

/** Runs a program in every order of events that two calls allow, as far as the bounds go. */
export function explore(program: Program, bounds: Bounds = BOUNDS, isEnough: (witness: Witness) => boolean = () => false): Explored {
  const found = new Map<string, Explored['witnesses'][number]>()
  const exposed: Machine['exposed'] = { lost: new Set(), double: new Set(), order: new Set() }
  let runs = 0
  const run = (calls: Calls, choose: Choose, choices: readonly number[]): void => {
    runs++
    const machine = new Machine(program, choose)
    machine.run(calls)
    for (const kind of ['lost', 'double', 'order'] as const) for (const site of machine.exposed[kind]) exposed[kind].add(site)
    for (const witness of machine.witnesses) {
      const key = `${witness.kind} ${String(witness.site)}`
      if (!found.has(key)) found.set(key, { ...witness, calls, choices: [...choices] })
    }
  }
  for (const calls of scenariosOf(program, bounds.calls)) {
    if ([...found.values()].some(isEnough)) break
    if (!systematic(calls, run, bounds.systematic)) sampled(calls, run, bounds.random)
  }
  return { witnesses: [...found.values()], exposed, runs }
}

/** Looks at a program with four calls at once, for a mishap that two do not show. */
export function isShownClosely(program: Program, isShown: (witness: Witness) => boolean): boolean {
  return explore(program, CLOSE_LOOK, isShown).witnesses.some(isShown)
}

interface Bounds {
  readonly calls: number
  readonly systematic: number
  readonly random: number
}

type Run = (calls: Calls, choose: Choose, choices: readonly number[]) => void

/** Depth first through all choices; gives whether it came to the end. */
function systematic(calls: Calls, run: Run, limit: number): boolean {
  let choices: number[] = []
  for (let count = 0; count < limit; count++) {
    const options: number[] = []
    const taken = [...choices]
    run(calls, (available) => {
      const at = options.push(available) - 1
      return (taken[at] ??= 0)
    }, taken)
    let last = taken.length - 1
    while (last >= 0 && (taken[last] as number) + 1 >= (options[last] as number)) last--
    if (last < 0) return true
    choices = [...taken.slice(0, last), (taken[last] as number) + 1]
  }
  return false
}

function sampled(calls: Calls, run: Run, limit: number): void {
  const random = new Random(1)
  for (let count = 0; count < limit; count++) {
    const choices: number[] = []
    run(calls, (available) => {
      const choice = random.below(available)
      choices.push(choice)
      return choice
    }, choices)
  }
}

/** What the world may do with a module: call what it exports while earlier calls are under way. */
export function scenariosOf({ functions }: Program, most: number): readonly Calls[] {
  const exported = functions.filter((fn) => fn.exported)
  const scenarios = itemsOf(most).flatMap((items) => exported.flatMap((fn, index) => [
    ...(fn.shape.kind === 'once' ? [] : [[{ name: fn.name, items }]]),
    items.map((item) => ({ name: fn.name, items: [item] })),
    ...exported.filter((other) => other !== fn && fn.shape.kind !== 'once').map((other) => [{ name: fn.name, items }, { name: other.name, items: items.slice(0, 1) }]),
    ...exported.slice(index + 1).map((other) => items.map((item, call) => ({ name: (call % 2 === 0 ? fn : other).name, items: [item] }))),
  ]))
  return scenarios
}

/** Keys for so many calls: the same for all, and different ones, odd and even and all odd. */
function itemsOf(count: number): readonly (readonly number[])[] {
  const places = Array.from({ length: count }, (_, index) => index)
  return [places.map(() => 1), places.map(() => 2), places.map((index) => 1 + (index % 2)), places.map((index) => 2 - (index % 2)), places.map((index) => 1 + 2 * index)]
}
