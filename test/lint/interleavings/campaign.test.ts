import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { emptyTally } from './agreement.ts'
import { type Block, type BlockResult, checkBlock, type Found } from './block.ts'
import { run, summary, unfinished } from './campaign.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forkline-campaign-'))
  file = join(folder, 'kept', 'campaign.jsonl')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const campaign = { first: 100, count: 25, size: 10 }

/** A check that finds nothing, and fails on a block. */
function checkBut(failing: number | undefined, checked: number[], found: readonly Found[] = []) {
  return async ({ first, count }: Block): Promise<BlockResult> => {
    await Promise.resolve()
    if (first === failing) throw new Error('cut')
    checked.push(first)
    return {
      first,
      count,
      tally: { ...emptyTally(), programs: count },
      found: found.filter(({ seed }) => seed >= first && seed < first + count),
    }
  }
}

it('checks every program once, block by block, and leaves no file', async () => {
  const told: number[] = []
  const results = await run(campaign, {
    file,
    concurrency: 2,
    check: checkBut(undefined, []),
    onBlock: ({ first }) => told.push(first),
  })
  expect(results.map(({ first, count }) => [first, count])).toEqual([
    [100, 10],
    [110, 10],
    [120, 5],
  ])
  expect(told.toSorted()).toEqual([100, 110, 120])
  expect(existsSync(file)).toBe(false)
  expect(unfinished(file)).toBeUndefined()
})

it('goes on behind what a cut has left, even in the middle of a line', async () => {
  await expect(run(campaign, { file, concurrency: 1, check: checkBut(110, []) })).rejects.toThrow('cut')
  appendFileSync(file, '{"first":110,"cou')
  expect(unfinished(file)).toEqual(campaign)
  const checked: number[] = []
  const results = await run(campaign, { file, concurrency: 1, check: checkBut(undefined, checked) })
  expect(checked).toEqual([110, 120])
  expect(results.map(({ first }) => first)).toEqual([100, 110, 120])
})

it('goes on a second time', async () => {
  await expect(run(campaign, { file, concurrency: 1, check: checkBut(110, []) })).rejects.toThrow('cut')
  appendFileSync(file, '{"first":110,"cou')
  await expect(run(campaign, { file, concurrency: 1, check: checkBut(120, []) })).rejects.toThrow('cut')
  const checked: number[] = []
  await run(campaign, { file, concurrency: 1, check: checkBut(undefined, checked) })
  expect(checked).toEqual([120])
})

it('begins anew where other programs are asked for, or where the file says nothing', async () => {
  await expect(run(campaign, { file, concurrency: 1, check: checkBut(110, []) })).rejects.toThrow('cut')
  const other = { ...campaign, first: 200 }
  await expect(run(other, { file, concurrency: 1, check: checkBut(210, []) })).rejects.toThrow('cut')
  expect(unfinished(file)).toEqual(other)
  expect(readFileSync(file, 'utf8')).not.toContain('"first":100')
  writeFileSync(file, '')
  expect(unfinished(file)).toBeUndefined()
})

it('sums up what has been found, by kind', async () => {
  const found = [103, 121].map((seed): Found => ({ seed, kind: 'missed some-rule', explanation: undefined }))
  const results = await run(campaign, { file, concurrency: 1, check: checkBut(undefined, [], found) })
  expect(summary(results)).toBe(
    '25 programs, 0 interleavings, 0 certain, 0 likely, 0 possible, 0 witnesses, 0 claimed\nmissed some-rule: 2, seeds 103, 121',
  )
  expect(summary(results.map((result) => ({ ...result, found: [] })))).toMatch(/agree\.$/u)
})

it('checks the programs of a block, whatever their number', { timeout: 60_000 }, () => {
  const { tally, found } = checkBlock({ first: 1, count: 3 })
  expect(tally.programs).toBe(3)
  expect(found).toEqual([])
})
