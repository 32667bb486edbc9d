/**
 * What recording costs: the same work in a process that records and in one that does not, in turns. Prints one
 * table. Exits 0, or with `--check` 1 when a bar is missed.
 *
 * `node --conditions=source test/bench/recording/run.ts [--only WORD] [--rounds N] [--check]`
 */
import { parseArgs } from 'node:util'
import { median } from '../runtime/compare.ts'
import { measure } from './measure.ts'
import { PARTS } from './parts.ts'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '5' },
    check: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds)
if (!Number.isInteger(rounds) || rounds < 1) {
  throw new TypeError(`Expected --rounds to be a whole number above 0, got \`${options.rounds}\``)
}

const rows: Record<string, string | number>[] = []
let missed = 0
for (const { name, program, unit, bar, value } of PARTS.filter(part => part.name.includes(options.only))) {
  const off: number[] = []
  const on: number[] = []
  const values: number[] = []
  let dropped = 0
  for (let round = 0; round < rounds; round++) {
    // Each round in another order, so that what else the machine does falls on both alike.
    const without = round % 2 === 0 ? await measure(program, false) : undefined
    const recorded = await measure(program, true)
    const plain = without ?? await measure(program, false)
    off.push(plain.figure)
    on.push(recorded.figure)
    values.push(value(plain, recorded))
    dropped += recorded.dropped
  }
  const found = median(values)
  const ok = bar.least === undefined ? found <= bar.most : found >= bar.least
  if (!ok) missed++
  rows.push({
    work: name,
    'not recorded': `${median(off).toFixed(1)} ${unit}`,
    recorded: `${median(on).toFixed(1)} ${unit}`,
    found: Number(found.toFixed(3)),
    bar: bar.least === undefined ? `at most ${bar.most}` : `at least ${bar.least}`,
    dropped,
    verdict: ok ? 'ok' : 'missed',
  })
}
console.log(`Recording, Node ${process.version}: medians of ${rounds} rounds in turns`)
console.table(rows)
console.log(missed === 0 ? 'No bar is missed' : `Missed: ${missed} of ${rows.length}`)
process.exitCode = options.check && missed > 0 ? 1 : 0
