/**
 * What recording costs: the same work recorded and not, in turns. Prints one
 * table. Exits 0, or with `--check` 1 when a bar is missed.
 *
 * `node --conditions=source test/bench/recording/run.ts [--only WORD] [--rounds N] [--check]`
 */
import { parseArgs } from 'node:util'
import { median } from '../runtime/compare.ts'
import { buildPrograms } from './build.ts'
import { measureAlone, measureInTurns, measureWithin, type Pair } from './measure.ts'
import { type Part, PARTS } from './parts.ts'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '7' },
    check: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds)
if (!Number.isInteger(rounds) || rounds < 1) {
  throw new TypeError(`Expected --rounds to be a whole number above 0, got \`${options.rounds}\``)
}

const chosen = PARTS.filter((part) => part.name.includes(options.only))
const programs = await buildPrograms([...new Set(PARTS.map((part) => part.program)), 'load'])
const rows: Record<string, string | number>[] = []
let missed = 0
try {
  const pairs = new Map<string, Pair[]>()
  for (const part of chosen) {
    const { program } = part
    const found = pairs.get(program) ?? (await pairsOf(part))
    pairs.set(program, found)
    const value = median(found.map((pair) => part.value(pair)))
    const verdict = verdictOf(part, value)
    if (verdict === 'missed') missed++
    rows.push({ ...rowOf(part, found), found: Number(value.toFixed(3)), bar: barOf(part), verdict })
  }
} finally {
  programs.remove()
}
console.log(`Recording, Node ${process.version}: medians of ${rounds} pairs of runs, in turns; time on a processor`)
console.table(rows)
console.log(missed === 0 ? 'No bar is missed' : `Missed: ${missed} of ${rows.length}`)
process.exitCode = options.check && missed > 0 ? 1 : 0

/** Each pair in another order, so that what else the machine does falls on both alike. */
async function pairsOf({ program, how }: Part): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let round = 0; round < rounds; round++) {
    pairs.push(
      await {
        processes: () => measureInTurns(programs, program, round % 2 === 0),
        turns: () => measureWithin(programs, program),
        alone: () => measureAlone(programs, program),
      }[how](),
    )
  }
  return pairs
}

function rowOf({ name, unit, how }: Part, pairs: readonly Pair[]): Record<string, string | number> {
  const figure = (side: 'plain' | 'recorded'): string =>
    `${median(pairs.map((pair) => pair[side].figure)).toFixed(2)} ${unit}`
  return {
    work: name,
    'not recorded': how === 'alone' ? '' : figure('plain'),
    recorded: how === 'alone' ? '' : figure('recorded'),
    dropped: pairs.reduce((sum, { dropped }) => sum + dropped, 0),
    'event loop busy': busyOf(pairs),
  }
}

/** Nothing where there was no server: what never comes back to the loop does not count as busy. */
function busyOf(pairs: readonly Pair[]): string {
  const busy = median(pairs.map((pair) => pair.busy))
  return busy > 0 ? `${(busy * 100).toFixed(0)} %` : ''
}

function barOf({ bar }: Part): string {
  if (bar === undefined) return ''
  return bar.least === undefined ? `at most ${bar.most}` : `at least ${bar.least}`
}

function verdictOf({ bar }: Part, value: number): 'ok' | 'missed' | '' {
  if (bar === undefined) return ''
  return (bar.least === undefined ? value <= bar.most : value >= bar.least) ? 'ok' : 'missed'
}
