import fc from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { PlaceBudget } from '../../../runtime/src/trace/placeBudget.ts'

/** A budget with a clock of its own, which each look moves on by its cost in ms. */
function budgeted(): { readonly wait: (ms: number) => void, readonly spent: () => number, readonly look: (cost: number) => string | undefined } {
  let now = 7
  let spent = 0
  const budget = new PlaceBudget(() => now)
  return {
    wait: ms => { now += ms },
    spent: () => spent,
    look: cost => budget.look(() => {
      now += cost
      spent += cost
      return 'here'
    }),
  }
}

describe('the budget for places', () => {
  it('is spent on as many looks as it lasts for, and grows by a hundredth of the time', () => {
    const { look, wait, spent } = budgeted()
    const found = Array.from({ length: 2000 }, () => look(1 / 64))
    expect(found.indexOf(undefined)).toBeGreaterThanOrEqual(20 * 64)
    expect(found.indexOf(undefined)).toBeLessThan(21 * 64)
    expect(found.slice(0, 20 * 64).every(place => place === 'here')).toBe(true)
    const before = spent()
    wait(1000)
    while (look(1 / 64) !== undefined);
    expect(spent() - before).toBeGreaterThan(10 - 1 / 64)
    expect(spent() - before).toBeLessThan(10.5)
  })

  it('takes no look for long that the machine has interrupted', () => {
    const { look } = budgeted()
    for (let turn = 0; turn < 50; turn++) expect(look(1000)).toBe('here')
  })

  it('is never overdrawn by more than a look', () => {
    const steps = fc.array(fc.record({ wait: fc.double({ min: 0, max: 5000, noNaN: true }), looks: fc.nat(900) }))
    fc.assert(fc.property(steps, fc.double({ min: 0.001, max: 0.05, noNaN: true }), (all, cost) => {
      const { look, wait, spent } = budgeted()
      let gone = 0
      for (const step of all) {
        wait(step.wait)
        gone += step.wait
        for (let turn = 0; turn < step.looks; turn++) look(cost)
        expect(spent()).toBeLessThanOrEqual(20 + 0.01 * (gone + spent()) + cost + 1e-6)
      }
    }))
  })
})
