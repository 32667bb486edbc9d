import fc from '../../fastCheck.ts'
import type { Work } from './world.ts'

const ms = fc.integer({ min: 0, max: 40 })

/** A moment, or never; never more often than not. */
export const moment: fc.Arbitrary<number | undefined> = fc.option(ms, { nil: undefined, freq: 3 })

/** Work that fails one time in eight. */
export const work: fc.Arbitrary<Work> = fc.record({
  ms,
  fails: fc.integer({ min: 0, max: 7 }).map((n) => n === 7),
  obeys: fc.boolean(),
})

export const works: fc.Arbitrary<readonly Work[]> = fc.array(work, { maxLength: 14 })

export const smallLimit: fc.Arbitrary<number> = fc.integer({ min: 1, max: 5 })
