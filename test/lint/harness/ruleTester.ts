import type { Rule } from '@forkline/lint'
import { describe, it } from 'vitest'
import type { InvalidCase, ValidCase } from './case.ts'
import { checkInvalid, checkValid } from './checkCase.ts'

export type { Case, ExpectedError, InvalidCase, ValidCase } from './case.ts'

/**
 * Declares the tests of a rule. Each case runs through our linter and through the ESLint plugin, which
 * must agree on places, messages, fixes and suggestions. The text after a fix, or after a suggestion,
 * must have no syntax error, and no type error that the case did not have before; after a suggestion, the finding is gone.
 */
export function testRule<Options>(
  rule: Rule<Options>,
  cases: {
    readonly valid: readonly ValidCase<NoInfer<Options>>[]
    readonly invalid: readonly InvalidCase<NoInfer<Options>>[]
  },
): void {
  describe(rule.id, () => {
    describe('stays quiet on', () => {
      for (const valid of cases.valid) {
        const name = typeof valid === 'string' ? valid : (valid.name ?? valid.code)
        it(name, () => {
          checkValid(rule, valid)
        })
      }
    })
    describe('reports', () => {
      for (const invalid of cases.invalid) {
        it(invalid.name ?? invalid.code, () => {
          checkInvalid(rule, invalid)
        })
      }
    })
  })
}
