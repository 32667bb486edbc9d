import { describe, expect, it } from 'vitest'
import { disagreementsOf, emptyTally } from './agreement.ts'
import { TOGETHER } from './block.ts'
import { runInEngine } from './engine.ts'
import { describeOne, explain } from './explain.ts'
import { type Calls, explore, scenariosOf } from './explore.ts'
import { generate } from './generate.ts'
import { Machine } from './machine.ts'
import { forEachOrder } from './orders.ts'
import { print } from './print.ts'
import type { Cell, Program, Shape, Statement } from './program.ts'
import { Random } from './random.ts'
import { REGRESSIONS } from './regressions.ts'
import type { Choose } from './scheduler.ts'

const RUNS = Number(process.env['FORKLINE_RUNS'] ?? 2000)
const SEED = Number(process.env['FORKLINE_SEED'] ?? 1)

const io = (name: 'load' | 'connect' = 'load') =>
  ({ kind: 'io', name, argument: { kind: 'item' }, mayFail: false }) as const
const read = (cell: string) => ({ kind: 'read', cell }) as const

function programOf(cell: Cell, shape: Shape, body: readonly Statement[], more: readonly Cell[] = []): Program {
  return {
    cells: [cell, ...more],
    isClass: false,
    functions: [{ name: 'run', exported: true, shape, body, pairs: cell.kind === 'list' ? cell.name : undefined }],
  }
}

const total: Cell = { name: 'total', kind: 'counter', home: 'module' }
const client: Cell = { name: 'client', kind: 'slot', home: 'module' }
const ready: Cell = { name: 'ready', kind: 'flag', home: 'module' }
const results: Cell = { name: 'results', kind: 'list', home: 'captured' }
const mutex: Cell = { name: 'mutex', kind: 'mutex', home: 'module' }

const addAwaited: Statement = { kind: 'assign', site: 1, cell: 'total', operator: '+=', value: io() }
const absent = { kind: 'not', of: { kind: 'there', cell: 'client', style: 'bare' } } as const
const connect: Statement = { kind: 'assign', site: 1, cell: 'client', operator: '=', value: io('connect') }
const lazy: Statement = { kind: 'if', condition: absent, yes: [connect], no: [] }

describe('exploring the interleavings of a program', () => {
  const shown = (program: Program): readonly string[] =>
    explore(program).witnesses.map(({ kind, site }) => `${kind} ${String(site)}`)

  it('shows an update that is lost between read and write', () => {
    expect(shown(programOf(total, { kind: 'once' }, [addAwaited]))).toEqual(['lost 1'])
  })

  it('shows none where the operation ends before the read', () => {
    const value: Statement = { kind: 'const', name: 'value', value: io() }
    const add: Statement = {
      kind: 'assign',
      site: 1,
      cell: 'total',
      operator: '=',
      value: { kind: 'plus', left: read('total'), right: { kind: 'local', name: 'value' } },
    }
    expect(shown(programOf(total, { kind: 'map' }, [value, add]))).toEqual([])
  })

  it('shows an act that two calls do on one check, and none where they do it under a lock', () => {
    expect(shown(programOf(client, { kind: 'once' }, [lazy]))).toEqual(['double 1'])
    for (const style of ['callback', 'release'] as const) {
      expect(
        shown(
          programOf(client, { kind: 'once' }, [{ kind: 'exclusive', mutex: 'mutex', style, body: [lazy] }], [mutex]),
        ),
      ).toEqual([])
    }
  })

  it('shows none where a flag that is set before the first await shuts others out', () => {
    const claim: readonly Statement[] = [
      { kind: 'if', condition: { kind: 'there', cell: 'ready', style: 'bare' }, yes: [{ kind: 'return' }], no: [] },
      { kind: 'flag', site: 2, cell: 'ready', value: true },
    ]
    expect(shown(programOf(client, { kind: 'once' }, [...claim, lazy], [ready]))).toEqual([])
  })

  it('shows that an item is appended behind a later one, and that a limit of one keeps the order', () => {
    const append: Statement = { kind: 'add', site: 1, cell: 'results', value: io() }
    expect(shown(programOf(results, { kind: 'map' }, [append]))).toContain('order 1')
    expect(shown(programOf(results, { kind: 'limited', limit: 2 }, [append]))).toContain('order 1')
    expect(shown(programOf(results, { kind: 'limited', limit: 1 }, [append]))).toEqual([])
  })

  it('shows a mishap that only a failed operation brings about', () => {
    const failing: Statement = {
      kind: 'catch',
      body: [{ kind: 'wait', io: { ...io(), mayFail: true } }],
      handler: [lazy],
    }
    expect(shown(programOf(client, { kind: 'once' }, [failing]))).toEqual(['double 1'])
  })
})

it('the orders that are left out show nothing that the others do not', { timeout: 120_000 }, () => {
  const shownBy = (
    search: (run: (choose: Choose) => Machine) => boolean,
  ): { readonly ended: boolean; readonly shown: ReadonlySet<string>; readonly runs: number } => {
    const shown = new Set<string>()
    let runs = 0
    const ended = search((choose) => {
      const machine = new Machine(program, choose)
      machine.run(calls)
      for (const { kind, site } of machine.witnesses) shown.add(`${kind} ${String(site)}`)
      for (const [kind, sites] of Object.entries(machine.exposed))
        for (const site of sites) shown.add(`${kind} ${String(site)} exposed`)
      runs++
      return machine
    })
    return { ended, shown, runs }
  }
  let program = generate(SEED)
  let calls: Calls = []
  const sums = { compared: 0, all: 0, some: 0 }
  for (let seed = SEED; seed < SEED + 60; seed++) {
    program = generate(seed)
    for (calls of scenariosOf(program, 2)) {
      const some = shownBy((run) => forEachOrder(300, (choose) => run(choose).footprint))
      const all = some.ended ? shownBy((run) => forEachChoice(600, run)) : undefined
      if (all?.ended !== true) continue
      expect([...some.shown].sort(), print(program).text).toEqual([...all.shown].sort())
      sums.compared++
      sums.all += all.runs
      sums.some += some.runs
    }
  }
  expect(sums.compared).toBeGreaterThan(100)
  expect(sums.some).toBeLessThan(sums.all * 0.7)
})

/** Every order there is, left out none; gives whether there are no more than so many. */
function forEachChoice(limit: number, run: (choose: Choose) => void): boolean {
  let choices: number[] = []
  for (let count = 0; count < limit; count++) {
    const options: number[] = []
    run((ending, failing) => {
      const at = options.push(ending.length + failing.length) - 1
      return (choices[at] ??= 0)
    })
    let last = choices.length - 1
    while (last >= 0 && (choices[last] as number) + 1 >= (options[last] as number)) last--
    if (last < 0) return true
    choices = [...choices.slice(0, last), (choices[last] as number) + 1]
  }
  return false
}

it('a program runs as it does in the JavaScript engine, in whatever order its operations end', async () => {
  let compared = 0
  for (let seed = 1; seed <= 60; seed++) {
    const program = generate(seed)
    // How many turns a lock of the runtime takes to change hands is its own affair.
    if (program.cells.some(({ kind }) => kind === 'mutex')) continue
    const random = new Random(seed)
    for (const calls of scenariosOf(program, 2)) {
      const choices: number[] = []
      const machine = new Machine(program, (ending) => {
        const choice = random.below(ending.length)
        choices.push(choice)
        return choice
      })
      machine.run(calls)
      const state = await runInEngine(program, calls, choices)
      expect(state, `${print(program).text}\n${JSON.stringify({ calls, choices })}`).toEqual(machine.snapshot())
      compared++
    }
  }
  expect(compared).toBeGreaterThan(200)
})

it('the printed text of a program has a place for each statement that writes', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const { text, sites } = print(generate(seed))
    for (const offset of sites.values())
      expect(text.slice(offset)).toMatch(/^(?:this\.|state\.)?[a-z]+(?: (?:\+|\?\?)?= |\+\+|\.(?:set|add|push)\()/u)
  }
})

it('what has been taken for granted and proved wrong stays right', () => {
  const found = disagreementsOf(REGRESSIONS.map(({ program }) => program))
  expect(REGRESSIONS.map(({ name }, index) => `${name}: ${(found[index] ?? []).map(describeOne).join(', ')}`)).toEqual(
    REGRESSIONS.map(({ name }) => `${name}: `),
  )
})

it('the rules and the interleavings agree', { timeout: 600_000 + RUNS * 100 }, () => {
  const tally = emptyTally()
  const disagreements: string[] = []
  for (let first = SEED; first < SEED + RUNS; first += TOGETHER) {
    const programs = Array.from({ length: Math.min(TOGETHER, SEED + RUNS - first) }, (_, index) =>
      generate(first + index),
    )
    for (const [index, found] of disagreementsOf(programs, tally).entries()) {
      for (const one of found)
        disagreements.push(`seed ${String(first + index)}: ${explain(programs[index] as Program, one)}`)
    }
  }
  expect(disagreements.join('\n\n')).toBe('')
  expect(tally.programs).toBe(RUNS)
  // Else the programs have become too tame to show anything.
  expect(tally.claimed).toBeGreaterThan(RUNS / 10)
  expect(tally.certain).toBeGreaterThan(RUNS / 20)
})
