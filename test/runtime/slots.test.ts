import fc from '../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { Slots } from '../../runtime/src/slots.ts'

describe('slots', () => {
  it('are different for all that have one at a time, and no more than there were at once', () => {
    const steps = fc.array(fc.oneof(fc.constant('take' as const), fc.nat()), { maxLength: 300, size: 'max' })
    fc.assert(
      fc.property(steps, (all) => {
        const slots = new Slots()
        const taken: number[] = []
        let most = 0
        for (const step of all) {
          if (step === 'take' || taken.length === 0) {
            const slot = slots.take()
            expect(taken).not.toContain(slot)
            taken.push(slot)
            most = Math.max(most, taken.length)
            expect(slot).toBeLessThan(most)
          } else slots.give(taken.splice(step % taken.length, 1)[0] ?? -1)
        }
      }),
    )
  })

  it('are the lowest that are free, among the first ones', () => {
    const slots = new Slots()
    const first = Array.from({ length: 40 }, () => slots.take())
    expect(first).toEqual(Array.from({ length: 40 }, (_, slot) => slot))
    for (const slot of [35, 30, 0, 7]) slots.give(slot)
    expect([slots.take(), slots.take(), slots.take(), slots.take(), slots.take()]).toEqual([0, 7, 30, 35, 40])
  })
})
