import fc from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../runtime/src/trace/probe.ts'
import { PlaceBudget } from '../../../runtime/src/trace/placeBudget.ts'

type Look = (cost: number, of?: Caller, size?: number) => string | undefined

const hot = (): undefined => undefined

/** A budget with a clock of its own, which each look moves on by its cost in ms. */
function budgeted(): { readonly wait: (ms: number) => void; readonly spent: () => number; readonly look: Look } {
  let now = 7
  let spent = 0
  const budget = new PlaceBudget(() => now)
  return {
    wait: (ms) => {
      now += ms
    },
    spent: () => spent,
    look: (cost, of = hot, size = 0) =>
      budget.look(
        () => {
          now += cost
          spent += cost
          return 'here'
        },
        of,
        size,
      ),
  }
}

describe('the budget for places', () => {
  it('is spent on as many looks as it lasts for, and grows by three thousandths of the time', () => {
    const { look, wait, spent } = budgeted()
    const found = Array.from({ length: 2000 }, () => look(1 / 64))
    expect(found.indexOf(undefined)).toBeGreaterThanOrEqual(8 * 64)
    expect(found.indexOf(undefined)).toBeLessThan(9 * 64)
    expect(found.slice(0, 8 * 64).every((place) => place === 'here')).toBe(true)
    const before = spent()
    wait(1000)
    while (look(1 / 64) !== undefined);
    expect(spent() - before).toBeGreaterThan(3 - 5 / 64)
    expect(spent() - before).toBeLessThan(3.5)
  })

  it('takes no look for long that the machine has interrupted', () => {
    const { look } = budgeted()
    for (let turn = 0; turn < 50; turn++) expect(look(1000)).toBe('here')
  })

  it('is overdrawn for the first calls of another sort, but not for more of them', () => {
    const { look } = budgeted()
    const cold = (): undefined => undefined
    while (look(1 / 64) !== undefined);
    const found = (of: Caller, size: number): number => {
      let count = 0
      while (look(1 / 64, of, size) !== undefined) count++
      return count
    }
    expect(found(cold, 0)).toBe(4)
    expect(found(cold, 0)).toBe(0)
    expect(found(cold, 2)).toBe(4)
    expect(found(hot, 2)).toBe(4)
    expect(found(hot, 0)).toBe(0)
  })

  it('is not overdrawn again and again for functions that are made anew', () => {
    const { look } = budgeted()
    while (look(1 / 64) !== undefined);
    let count = 0
    for (let turn = 0; turn < 1000; turn++) if (look(1 / 64, () => undefined) !== undefined) count++
    expect(count).toBeLessThan(300)
  })

  it('is overdrawn by no more than a look and the first calls of their sort', () => {
    const steps = fc.array(fc.record({ wait: fc.double({ min: 0, max: 5000, noNaN: true }), looks: fc.nat(900) }))
    fc.assert(
      fc.property(steps, fc.double({ min: 0.001, max: 0.05, noNaN: true }), (all, cost) => {
        const { look, wait, spent } = budgeted()
        let gone = 0
        for (const step of all) {
          wait(step.wait)
          gone += step.wait
          for (let turn = 0; turn < step.looks; turn++) look(cost)
          expect(spent()).toBeLessThanOrEqual(8 + 0.003 * (gone + spent()) + 5 * cost + 1e-6)
        }
      }),
    )
  })
})
