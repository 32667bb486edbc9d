/**
 * What the primitives cost beside those of others and beside what one writes by hand: the same work, in the same
 * process, in turns. Prints one table. Exits 0, or with `--check` 1 when a bar is missed.
 *
 * `node --conditions=source --expose-gc test/bench/runtime/run.ts [--only WORD] [--rounds N] [--quick] [--check]`
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { pingPong, stream } from './channels.ts'
import { compare, type Comparison, type Row } from './compare.ts'
import { groups } from './groups.ts'
import { locks } from './locks.ts'
import { maps } from './maps.ts'
import { memory } from './memory.ts'
import { submits } from './submits.ts'
import { threading } from './threading.ts'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '7' },
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds)
if (!Number.isInteger(rounds) || rounds < 1) {
  throw new TypeError(`Expected --rounds to be a whole number above 0, got \`${options.rounds}\``)
}

/** Each makes its comparisons, or measures by itself, only when its turn comes. */
const parts: Record<string, () => Promise<Row[]>> = {
  map: () => sizes(maps),
  run: () => sizes(submits),
  memory: () => memory(100_000, 8),
  locks: () => inTurn(locks(10_000)),
  channel: () => inTurn([pingPong(100_000), stream(100_000, 1), stream(100_000, 64)]),
  group: () => inTurn([groups(10_000), groups(10_000, 8)]),
  threads: () => threading(availableParallelism(), rounds),
}

async function sizes(comparison: (count: number, concurrency: number) => Comparison): Promise<Row[]> {
  const found: Row[] = []
  for (const count of options.quick ? [100_000] : [100_000, 1_000_000]) {
    for (const concurrency of [8, 64]) {
      // A million takes seconds for some: fewer rounds do, the runs being long.
      found.push(...(await compare(comparison(count, concurrency), count > 100_000 ? Math.ceil(rounds / 2) : rounds)))
    }
  }
  return found
}

async function inTurn(comparisons: readonly Comparison[]): Promise<Row[]> {
  const found: Row[] = []
  for (const comparison of comparisons) found.push(...(await compare(comparison, rounds)))
  return found
}

function verdict({ ratio, bar }: Row): string {
  if (bar === undefined) return ''
  return ratio <= bar ? 'ok' : 'behind'
}

const rows: Row[] = []
for (const [name, part] of Object.entries(parts)) {
  if (name.includes(options.only)) rows.push(...(await part()))
}
const amount = (value: number, unit: string) => `${value.toFixed(unit === 'B' ? 1 : 0)} ${unit}`
console.log(`Forkline's runtime beside others, Node ${process.version}: per task, medians of ${rounds} rounds in turns`)
console.table(
  rows.map((row) => ({
    work: row.what,
    ours: amount(row.ours, row.unit),
    beside: row.other,
    theirs: amount(row.theirs, row.unit),
    ratio: Number(row.ratio.toFixed(2)),
    bar: row.bar ?? '',
    verdict: verdict(row),
  })),
)
const behind = rows.filter((row) => verdict(row) === 'behind').length
console.log(
  behind === 0 ? 'No bar is missed' : `Behind in ${behind} of ${rows.filter((row) => row.bar !== undefined).length}`,
)
process.exitCode = options.check && behind > 0 ? 1 : 0
