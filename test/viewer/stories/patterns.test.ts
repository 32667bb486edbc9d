import { beforeAll, expect, it } from 'vitest'
import { pattern, PATTERNS, type Recorded, recordPrograms } from '../../trace/patterns/programs.ts'
import { STORIES } from './stories.ts'
import { notTold, openSession } from './told.ts'

let programs: ReadonlyMap<string, Recorded>

beforeAll(async () => {
  programs = await recordPrograms(PATTERNS.map(pattern))
}, 180_000)

it.each(PATTERNS)('the timeline of %s reveals what its story says', (name) => {
  const program = programs.get(name)
  const story = STORIES[name]
  if (program === undefined || story === undefined) throw new Error(`${name} has no story yet: write it down first`)
  expect(notTold(openSession(program.files), story(...program.comparisons))).toEqual([])
})
