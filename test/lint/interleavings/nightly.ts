/**
 * Holds the race rules against the interleavings of a million programs, block by block, each in a process of its own, as
 * many at once as there are processors and memory allows. What a cut leaves unfinished, the next run goes on with. Exits 1
 * on any disagreement, which it prints with the seed and the smallest program that shows it.
 *
 * `node --conditions=source test/lint/interleavings/nightly.ts`; `FORKLINE_SEED` and `FORKLINE_RUNS` choose the programs, by
 * default others each day.
 */
import { execFile } from 'node:child_process'
import { availableParallelism, freemem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Block, type BlockResult, checkBlock } from './block.ts'
import { type Campaign, run, summary, unfinished } from './campaign.ts'

const SELF = fileURLToPath(import.meta.url)
const FOLDER = join(import.meta.dirname, '../../../.cache')
const DAILY = join(FOLDER, 'interleavings.jsonl')
const MILLION = 1_000_000
const SIZE = 10_000
/** So many bytes of output hold more disagreements than anybody reads. */
const MAX_OUTPUT = 1 << 28

/** What the programs of a block take in memory, lint and all. */
const BYTES = 1.5e9
const PROCESSES = Math.max(1, Math.min(availableParallelism(), Math.floor(freemem() / BYTES)))

const [mode, first, count] = process.argv.slice(2)
if (mode === 'block') console.log(JSON.stringify(checkBlock({ first: Number(first), count: Number(count) })))
else await runAll()

async function runAll(): Promise<void> {
  const { campaign, file } = chosen()
  const wanted = `FORKLINE_SEED=${String(campaign.first)} FORKLINE_RUNS=${String(campaign.count)}`
  console.log(`${String(campaign.count)} programs from seed ${String(campaign.first)} on (${wanted})`)
  if (unfinished(file)) console.log(`Going on with what ${file} holds of it; without that file, it begins anew`)
  const results = await run(campaign, {
    file,
    concurrency: PROCESSES,
    check: inProcess,
    onBlock: tell,
  })
  console.log(summary(results))
  if (results.some(({ found }) => found.length > 0)) process.exitCode = 1
}

/** Programs that were asked for have a file of their own, so that to repeat one leaves the million as it is. */
function chosen(): { readonly campaign: Campaign; readonly file: string } {
  const { FORKLINE_SEED: seed, FORKLINE_RUNS: runs } = process.env
  // A million of its own for each day; a seed has 32 bits.
  const today = (Math.floor(Date.now() / 86_400_000) % 4000) * MILLION
  const first = wholeNumber('FORKLINE_SEED', seed, today)
  const campaign = { first, count: wholeNumber('FORKLINE_RUNS', runs, MILLION), size: SIZE }
  if (seed === undefined && runs === undefined) return { campaign: unfinished(DAILY) ?? campaign, file: DAILY }
  return { campaign, file: join(FOLDER, `interleavings-${String(first)}-${String(campaign.count)}.jsonl`) }
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  const number = text === undefined ? otherwise : Number(text)
  if (!Number.isInteger(number) || number < 0) throw new Error(`${name} must be a whole number, not ${String(text)}`)
  return number
}

async function inProcess({ first, count }: Block): Promise<BlockResult> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=source', SELF, 'block', String(first), String(count)],
    { maxBuffer: MAX_OUTPUT },
  )
  return JSON.parse(stdout) as BlockResult
}

function tell({ first, count, tally, found }: BlockResult): void {
  const { certain, witnesses, interleavings } = tally
  const counts = { disagreements: found.length, 'certain findings': certain, 'mishaps shown': witnesses, interleavings }
  const told = Object.entries(counts).map(([name, number]) => `${name} ${String(number)}`)
  console.log(`seeds ${String(first)} to ${String(first + count - 1)}: ${told.join(', ')}`)
  for (const { seed, kind, explanation } of found)
    if (explanation !== undefined) console.log(`seed ${String(seed)}: ${kind}\n${explanation}\n`)
}
