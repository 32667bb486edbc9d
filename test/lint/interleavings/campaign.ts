import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pool } from '@forkline/runtime'
import { emptyTally, type Tally } from './agreement.ts'
import type { Block, BlockResult, Found } from './block.ts'

/** Programs to be checked block by block, so that what has been done survives a cut. */
export interface Campaign extends Block {
  /** How many programs a block has. */
  readonly size: number
}

export interface Options {
  /** Where finished blocks are kept until all are: a line of JSON for the campaign, and one for each block. */
  readonly file: string
  readonly concurrency: number
  readonly check: (block: Block) => Promise<BlockResult>
  /** Told of each block that is finished. */
  readonly onBlock?: (result: BlockResult) => void
}

/** The campaign that a cut has left unfinished, if any. */
export function unfinished(file: string): Campaign | undefined {
  return existsSync(file) ? read(file).campaign : undefined
}

/**
 * Checks all blocks that the file does not know of yet.
 *
 * @returns What all blocks have shown, also those that were finished before a cut.
 */
export async function run(
  campaign: Campaign,
  { file, concurrency, check, onBlock }: Options,
): Promise<readonly BlockResult[]> {
  const kept = existsSync(file) ? read(file) : undefined
  const isContinued = kept !== undefined && JSON.stringify(kept.campaign) === JSON.stringify(campaign)
  const results = isContinued ? [...kept.results] : []
  mkdirSync(dirname(file), { recursive: true })
  // Written anew, without what may have been left of a line.
  writeFileSync(file, [campaign, ...results].map((line) => `${JSON.stringify(line)}\n`).join(''))
  const done = new Set(results.map(({ first }) => first))
  await pool({ concurrency }).forEach(
    blocksOf(campaign).filter(({ first }) => !done.has(first)),
    async (block) => {
      const result = await check(block)
      appendFileSync(file, `${JSON.stringify(result)}\n`)
      results.push(result)
      onBlock?.(result)
    },
  )
  rmSync(file)
  return results.toSorted((one, other) => one.first - other.first)
}

function blocksOf({ first, count, size }: Campaign): readonly Block[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, index) => ({
    first: first + index * size,
    count: Math.min(size, count - index * size),
  }))
}

/** What a file holds; its last line may have been cut short. */
function read(file: string): { readonly campaign: Campaign | undefined; readonly results: readonly BlockResult[] } {
  const [head, ...lines] = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  if (head === undefined) return { campaign: undefined, results: [] }
  return { campaign: JSON.parse(head) as Campaign, results: lines.map((line) => JSON.parse(line) as BlockResult) }
}

/** What a campaign has come to, in a few lines. */
export function summary(results: readonly BlockResult[]): string {
  const tally = results.map((result) => result.tally).reduce(add, emptyTally())
  const counts = Object.entries(tally).map(([name, count]) => `${String(count)} ${name}`)
  const found = results.flatMap((result) => result.found)
  const lines = [...new Set(found.map(({ kind }) => kind))].map((kind) => {
    const alike = found.filter((one) => one.kind === kind)
    return `${kind}: ${String(alike.length)}, seeds ${seedsOf(alike)}`
  })
  return [counts.join(', '), ...(lines.length === 0 ? ['Rules and interleavings agree.'] : lines)].join('\n')
}

const NAMED = 20

function seedsOf(found: readonly Found[]): string {
  const named = found
    .slice(0, NAMED)
    .map(({ seed }) => seed)
    .join(', ')
  return found.length > NAMED ? `${named} and ${String(found.length - NAMED)} more` : named
}

function add(one: Tally, other: Tally): Tally {
  const sum = emptyTally()
  for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] = one[key] + other[key]
  return sum
}
