import { isWithin, unexpected } from '../expect.ts'
import type { ThreadLimits } from './types.ts'

const LIMITS = ['maxYoungGenerationSizeMb', 'maxOldGenerationSizeMb', 'codeRangeSizeMb', 'stackSizeMb']

/** @throws TypeError for what Node would not take for the limits of a worker, or would take for none. */
export function expectLimits(limits: unknown): asserts limits is ThreadLimits {
  if (typeof limits !== 'object' || limits === null) throw unexpected('resourceLimits', 'an object', limits)
  for (const [name, value] of Object.entries(limits)) {
    if (!LIMITS.includes(name)) throw unexpected('resourceLimits', `an object with some of ${LIMITS.join(', ')}`, name)
    if (value !== undefined && !(isWithin(0, value, Infinity) && value > 0)) {
      throw unexpected(name, 'a number of megabytes above 0', value)
    }
  }
}
