import fc from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { all, race, retry, SingleFlight, timeout } from '@forkline/runtime'
import { settle } from '../deferred.ts'
import { moment, work as anyWork } from './arbitraries.ts'
import { Cancelled, Failure, tries, useVirtualClock, World, type Settled } from './world.ts'

/** Work and pauses take multiples of this, so that aborts and time limits can fall in between. */
const TICK = 4
const between = moment.map((at) => (at === undefined ? undefined : at * TICK + 1))
const work = anyWork.map((one) => ({ ...one, ms: one.ms * TICK }))
const works = fc.array(work, { maxLength: 14 })

function nameOf(settled: Settled): string {
  if ('value' in settled) return 'value'
  return settled.error instanceof Error ? settled.error.name : 'none'
}

describe('what waits, however it ends', () => {
  useVirtualClock()

  it('timeout: what comes first decides, and nothing runs after it', async () => {
    await fc.assert(
      fc.asyncProperty(work, fc.nat({ max: 40 }), between, async (one, half, abortAt) => {
        const world = new World()
        const limit = half * TICK + 2
        const signal = world.signal(abortAt)
        let left = -1
        let at = -1
        const start = world.now
        const end = world.expectEnd(
          'timeout',
          timeout(limit, (task) => world.work(0, one, task.signal), { signal }).finally(() => {
            left = world.active
            at = world.now - start
          }),
        )
        await world.finish()
        expect(left).toBe(0)
        const stop = Math.min(limit, abortAt ?? Infinity)
        const settled = await end
        if (one.ms < stop) expect(settled).toEqual(one.fails ? { error: new Failure(0) } : { value: 0 })
        else if (stop === limit) expect(nameOf(settled)).toBe('TimeoutError')
        else expect((settled as { error: unknown }).error).toBeInstanceOf(Cancelled)
        expect(at).toBe(one.ms < stop || !one.obeys ? one.ms : stop)
      }),
      tries(),
    )
  })

  it('race: the first to end wins, the others are stopped, and nothing runs after it', async () => {
    await fc.assert(
      fc.asyncProperty(
        works.filter((list) => list.length > 0),
        between,
        async (list, abortAt) => {
          const world = new World()
          const signal = world.signal(abortAt)
          let left = -1
          let at = -1
          const start = world.now
          const tasks = list.map((one, id) => (task: { signal: AbortSignal }) => world.work(id, one, task.signal))
          const end = world.expectEnd(
            'race',
            race(tasks, { signal }).finally(() => {
              left = world.active
              at = world.now - start
            }),
          )
          await world.finish()
          expect(left).toBe(0)
          const first = world.log.find(({ event }) => event !== 'start')
          const settled = await end
          if (first?.event === 'end') expect(settled).toEqual({ value: first.id })
          else if (first?.event === 'fail') expect((settled as { error: Failure }).error.id).toBe(first.id)
          else expect((settled as { error: unknown }).error).toBeInstanceOf(Cancelled)
          // Those that obey have stopped at once; the others are waited for.
          const decided = Math.min(abortAt ?? Infinity, ...list.map(({ ms }) => ms))
          expect(at).toBe(Math.max(decided, ...list.filter(({ obeys }) => !obeys).map(({ ms }) => ms)))
        },
      ),
      tries(),
    )
  })

  it('all: every value in its place, or the first failure once all have stopped', async () => {
    await fc.assert(
      fc.asyncProperty(works, between, async (list, abortAt) => {
        const world = new World()
        const signal = world.signal(abortAt)
        let left = -1
        const end = world.expectEnd(
          'all',
          all(
            list.map((one, id) => (task: { signal: AbortSignal }) => world.work(id, one, task.signal)),
            { signal },
          ).finally(() => {
            left = world.active
          }),
        )
        await world.finish()
        expect(left).toBe(0)
        const settled = await end
        if ('value' in settled) expect(settled.value).toEqual(list.map((_, id) => id))
        else expect(world.log.some(({ event }) => event === 'fail' || event === 'abort')).toBe(true)
      }),
      tries(),
    )
  })

  it('retry: as many calls, at such times, as the figures say', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          fails: fc.nat({ max: 6 }),
          attempts: fc.integer({ min: 1, max: 5 }),
          factor: fc.integer({ min: 1, max: 3 }),
          delay: fc.nat({ max: 10 }).map((ticks) => ticks * TICK),
          abortAt: between,
          maxDelay: fc.integer({ min: 1, max: 50 }).map((ticks) => ticks * TICK),
        }),
        async ({ fails, attempts, delay, factor, maxDelay, abortAt }) => {
          const world = new World()
          const start = world.now
          const at: number[] = []
          let ended = -1
          const end = world.expectEnd(
            'retry',
            retry(
              ({ attempt }) => {
                at.push(world.now - start)
                if (attempt <= fails) throw new Failure(attempt)
                return attempt
              },
              { attempts, delay, factor, maxDelay, jitter: 0, signal: world.signal(abortAt) },
            ).finally(() => {
              ended = world.now - start
            }),
          )
          await world.finish()
          const times: number[] = []
          for (let attempt = 1, time = 0; attempt <= Math.min(attempts, fails + 1); attempt++) {
            if (time < (abortAt ?? Infinity)) times.push(time)
            time += Math.min(delay * factor ** (attempt - 1), maxDelay)
          }
          expect(at).toEqual(times)
          const settled = await end
          if (times.length < Math.min(attempts, fails + 1)) {
            expect((settled as { error: unknown }).error).toBeInstanceOf(Cancelled)
            expect(ended).toBe(abortAt)
          } else if (fails < attempts) expect(settled).toEqual({ value: fails + 1 })
          else expect((settled as { error: Failure }).error.id).toBe(attempts)
        },
      ),
      tries(),
    )
  })

  it('SingleFlight: one call a key at a time; who gives up leaves the others; nothing is kept', async () => {
    const ask = fc.record({ key: fc.nat({ max: 2 }), at: fc.nat({ max: 60 }), leaveAt: between })
    await fc.assert(
      fc.asyncProperty(fc.array(ask, { maxLength: 12 }), works, async (asks, list) => {
        const world = new World()
        const flights = new SingleFlight<number, number>()
        const flying = new Map<number, number>()
        const abandoned = new Set<number>()
        let calls = 0
        for (const { key, at, leaveAt } of asks) {
          world.at(at, () => {
            let left = false
            const signal = world.signal(leaveAt, () => {
              left = true
            })
            void world
              .expectEnd(
                'call',
                flights
                  .do(
                    key,
                    async (call) => {
                      const id = calls++
                      flying.set(key, (flying.get(key) ?? 0) + 1)
                      const one = list[id] ?? { ms: 5, fails: false, obeys: true }
                      // One that nobody waits for any more no longer counts: the next call starts anew.
                      call.signal.addEventListener(
                        'abort',
                        () => {
                          abandoned.add(id)
                          flying.set(key, (flying.get(key) ?? 0) - 1)
                        },
                        { once: true },
                      )
                      expect(flying.get(key)).toBe(1)
                      try {
                        return await world.work(id, one, call.signal)
                      } finally {
                        if (!call.signal.aborted) flying.set(key, (flying.get(key) ?? 0) - 1)
                      }
                    },
                    { signal },
                  )
                  .then(
                    (id) => {
                      expect(left).toBe(false)
                      expect(world.ids('end')).toContain(id)
                      expect(abandoned).not.toContain(id)
                    },
                    (error: unknown) => {
                      if (error instanceof Cancelled) expect(left).toBe(true)
                      else expect(error).toBeInstanceOf(Failure)
                    },
                  ),
              )
              .then((settled) => {
                expect(settled).toHaveProperty('value')
              })
          })
        }
        await world.finish()
        await settle()
        expect([...flying.values()].filter((count) => count !== 0)).toEqual([])
      }),
      tries(),
    )
  })
})
