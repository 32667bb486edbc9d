import { disagreementsOf, emptyTally, type Tally } from './agreement.ts'
import { explain } from './explain.ts'
import { generate } from './generate.ts'
import type { Program } from './program.ts'

/** Programs with seeds in a row. */
export interface Block {
  readonly first: number
  readonly count: number
}

/** Something that is wrong with a program: a disagreement, or that it could not be checked at all. */
export interface Found {
  readonly seed: number
  /** What is alike in all that are found for one cause. */
  readonly kind: string
  /** The first of its kind in a block says what the smallest program is that shows it. */
  readonly explanation: string | undefined
}

export interface BlockResult extends Block {
  readonly tally: Tally
  readonly found: readonly Found[]
}

/** Programs that are linted as one: the first file of a program costs as much as hundreds of further ones. */
export const TOGETHER = 250

/** Checks the programs of a block, as many at a time as is quickest. */
export function checkBlock({ first, count }: Block): BlockResult {
  const tally = emptyTally()
  const found: Found[] = []
  for (let seed = first; seed < first + count; seed += TOGETHER)
    check({ first: seed, count: Math.min(TOGETHER, first + count - seed) }, tally, found)
  return { first, count, tally, found }
}

function check({ first, count }: Block, tally: Tally, found: Found[]): void {
  const programs = Array.from({ length: count }, (_, index) => generate(first + index))
  const own = emptyTally()
  try {
    for (const [index, disagreements] of disagreementsOf(programs, own).entries()) {
      for (const one of disagreements) {
        const kind = `${one.kind} ${one.ruleId}`
        const isFirst = !found.some((other) => other.kind === kind)
        const explanation = isFirst ? explain(programs[index] as Program, one) : undefined
        found.push({ seed: first + index, kind, explanation })
      }
    }
    for (const key of Object.keys(tally) as (keyof Tally)[]) tally[key] += own[key]
  } catch (error) {
    if (count === 1) {
      found.push({ seed: first, kind: 'could not be checked', explanation: describeError(error) })
      return
    }
    // One of them is to blame; the others are to be checked all the same.
    const half = Math.ceil(count / 2)
    check({ first, count: half }, tally, found)
    check({ first: first + half, count: count - half }, tally, found)
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
