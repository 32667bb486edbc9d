import fc from '../../fastCheck.ts'
import { describe, expect, it, vi } from 'vitest'
import { RateLimiter, type Reservation } from '@forkline/runtime'
import { settle } from '../deferred.ts'
import { moment } from './arbitraries.ts'
import { tries, useVirtualClock, World } from './world.ts'

/** A token comes every ten milliseconds: all figures are exact. */
const EVERY = 10
const burst = fc.integer({ min: 1, max: 5 })
const step = fc.record({
  kind: fc.constantFrom('take', 'reserve', 'wait', 'cancel', 'pass'),
  n: fc.nat({ max: 20 }),
  ms: fc.nat({ max: 60 }),
  abortAt: moment,
})

interface Event {
  readonly at: number
  readonly n: number
}

/** In no window whatever more than the burst and what came in meanwhile. */
function expectWithinRate(events: readonly Event[], size: number): void {
  const sorted = [...events].sort((a, b) => a.at - b.at)
  for (const [from, first] of sorted.entries()) {
    let sum = 0
    for (const { at, n } of sorted.slice(from)) {
      sum += n
      expect(sum).toBeLessThanOrEqual(size + (at - first.at) / EVERY + 1e-6)
    }
  }
}

/** Lets those whose time has come note it before the clock goes on. */
async function pass(ms: number): Promise<void> {
  await settle()
  for (let passed = 0; passed < ms; passed++) {
    vi.advanceTimersByTime(1)
    await settle()
  }
}

describe('RateLimiter, whatever is asked of it', () => {
  useVirtualClock()

  it('never allows more than the burst and the rate, also when reservations and waits are taken back', async () => {
    await fc.assert(
      fc.asyncProperty(burst, fc.array(step, { maxLength: 40 }), async (size, program) => {
        const world = new World()
        const limiter = new RateLimiter({ limit: 100, interval: 1000, burst: size })
        const done: Event[] = []
        const reserved = new Map<Reservation, Event>()
        for (const { kind, n, ms, abortAt } of program) {
          const amount = 1 + (n % size)
          if (kind === 'take') {
            if (limiter.tryTake(amount)) done.push({ at: world.now, n: amount })
          } else if (kind === 'reserve') {
            const held = limiter.reserve(amount)
            reserved.set(held, { at: world.now + held.delay, n: amount })
          } else if (kind === 'cancel') {
            const open = [...reserved].filter(([, { at }]) => at > world.now)
            const chosen = open[n % open.length]
            if (chosen === undefined) continue
            chosen[0].cancel()
            chosen[0].cancel()
            reserved.delete(chosen[0])
          } else if (kind === 'wait') {
            void world.expectEnd(
              'wait',
              limiter.wait(amount, { signal: world.signal(abortAt) }).then(() => {
                done.push({ at: world.now, n: amount })
              }),
            )
          } else {
            await pass(ms)
          }
        }
        await world.finish()
        expectWithinRate([...done, ...reserved.values()], size)
      }),
      tries(2),
    )
  })

  it('without anything taken back, serves in order and not a moment later than a bucket that drips', async () => {
    const ask = fc.record({ n: fc.nat({ max: 20 }), after: fc.nat({ max: 30 }), take: fc.boolean() })
    const asks = fc.array(ask, { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(burst, asks, async (size, program) => {
        const world = new World()
        const limiter = new RateLimiter({ limit: 100, interval: 1000, burst: size })
        // The reference counts in milliseconds: when the bucket would be full again.
        let fullAt = world.now
        const expected: number[] = []
        const got: number[] = []
        for (const { n, after, take } of program) {
          await pass(after)
          const amount = 1 + (n % size)
          const start = Math.max(fullAt, world.now)
          const due = Math.max(world.now, start + amount * EVERY - size * EVERY)
          if (take) {
            expect(limiter.tryTake(amount)).toBe(due === world.now)
            if (due === world.now) fullAt = start + amount * EVERY
            continue
          }
          fullAt = start + amount * EVERY
          expected.push(due)
          void world.expectEnd(
            'wait',
            limiter.wait(amount).then(() => {
              got.push(world.now)
            }),
          )
        }
        await world.finish()
        expect(got).toHaveLength(expected.length)
        for (const [index, at] of got.entries()) expect(Math.abs(at - (expected[index] ?? NaN))).toBeLessThanOrEqual(1)
      }),
      tries(),
    )
  })
})
