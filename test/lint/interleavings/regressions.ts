import { CHOICES } from './regressions/choices.ts'
import { LOOKS } from './regressions/looks.ts'
import { ORDER } from './regressions/order.ts'
import type { Regression } from './regressions/parts.ts'
import { PLACES } from './regressions/places.ts'
import { SHUT } from './regressions/shut.ts'

/** All programs on which a rule and the interleavings have disagreed. */
export const REGRESSIONS: readonly Regression[] = [...ORDER, ...SHUT, ...PLACES, ...CHOICES, ...LOOKS]
