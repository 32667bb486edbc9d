import fc from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { pipeline, sleep, StageError, type Pipeline } from '@forkline/runtime'
import { moment, smallLimit } from './arbitraries.ts'
import { Cancelled, tries, useVirtualClock, World } from './world.ts'

const stage = fc.record({
  kind: fc.constantFrom('map', 'filter', 'tap', 'batch'),
  concurrency: smallLimit,
  size: smallLimit,
  buffer: fc.nat({ max: 3 }),
  ordered: fc.boolean(),
  ms: fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 5 }),
  maxWait: fc.option(fc.nat({ max: 20 }), { nil: undefined }),
})

type Stage = typeof stage extends fc.Arbitrary<infer S> ? S : never

const program = fc.record({
  items: fc.nat({ max: 15 }),
  stages: fc.array(stage, { maxLength: 4 }),
  abortAt: moment,
  failAt: fc.option(fc.nat({ max: 14 }), { nil: undefined, freq: 3 }),
  failStage: fc.nat({ max: 3 }),
  leaveAfter: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined, freq: 3 }),
  taking: fc.nat({ max: 8 }),
})

/** An item is a list of the numbers that went into it, so that batches can be items like any other. */
type Item = readonly number[]

describe('pipeline, whatever its stages', () => {
  useVirtualClock()

  it('gives what plain arrays give, keeps its limits, and leaves nothing behind however it ends', async () => {
    await fc.assert(
      fc.asyncProperty(program, async ({ items, stages, abortAt, failAt, failStage, leaveAfter, taking }) => {
        const world = new World()
        let open = 0
        async function* source(): AsyncGenerator<Item> {
          open++
          try {
            for (let i = 0; i < items; i++) {
              await world.pause(i % 3)
              yield [i]
            }
          } finally {
            open--
          }
        }
        const boom = new Error('stage failed')
        let failed = false
        const enter = async (position: number, { ms, concurrency }: Stage, item: Item, running: { now: number }) => {
          expect(++running.now, 'at work in a stage').toBeLessThanOrEqual(concurrency)
          world.active++
          await sleep(ms[(item[0] ?? 0) % ms.length] ?? 0)
          world.active--
          running.now--
          if (position === failStage && failAt !== undefined && item.includes(failAt)) {
            failed = true
            throw boom
          }
        }
        let line: Pipeline<Item> = pipeline<Item>(source(), { signal: world.signal(abortAt) })
        for (const [position, one] of stages.entries()) {
          const { kind, size, maxWait, concurrency, buffer, ordered } = one
          const running = { now: 0 }
          const options = { concurrency, buffer, ordered, name: String(position) }
          if (kind === 'batch') {
            line = line.batch(size, { maxWait }).map((batch) => {
              expect(batch.length).toBeLessThanOrEqual(size)
              return batch.flat()
            })
          } else if (kind === 'filter') {
            line = line.filter(async (item) => {
              await enter(position, one, item, running)
              return (item[0] ?? 0) % 3 !== 1
            }, options)
          } else if (kind === 'tap') line = line.tap((item) => enter(position, one, item, running), options)
          else {
            line = line.map(async (item) => {
              await enter(position, one, item, running)
              return item
            }, options)
          }
        }
        const seen: number[] = []
        let left = -1
        const end = world.expectEnd(
          'loop',
          (async () => {
            let taken = 0
            for await (const item of line) {
              seen.push(...item)
              if (++taken === leaveAfter) break
              await sleep(taking)
            }
          })().finally(() => {
            left = world.active
          }),
        )
        await world.finish()
        expect([left, open]).toEqual([0, 0])
        expect(new Set(seen).size, 'doubled').toBe(seen.length)
        if (stages.every(({ kind, ordered }) => ordered || kind === 'batch')) {
          expect(seen, 'reordered').toEqual([...seen].sort((a, b) => a - b))
        }
        const settled = await end
        if ('error' in settled) {
          if (settled.error instanceof StageError) {
            expect([settled.error.cause, failed]).toEqual([boom, true])
            expect(settled.error.stage).toBe(String(failStage))
          } else expect(settled.error).toBeInstanceOf(Cancelled)
        } else if (leaveAfter === undefined && stages.every(({ kind }) => kind !== 'filter' && kind !== 'batch')) {
          expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: items }, (_, i) => i))
        } else if (leaveAfter === undefined && stages.every(({ kind }) => kind !== 'batch')) {
          const kept = Array.from({ length: items }, (_, i) => i).filter((i) => i % 3 !== 1)
          expect([...seen].sort((a, b) => a - b)).toEqual(kept)
        }
      }),
      tries(2),
    )
  })
})
