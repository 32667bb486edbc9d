import fc from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { pool, sleep, type Outcome, type Pool, type Task } from '@forkline/runtime'
import { moment, smallLimit, works } from './arbitraries.ts'
import { Cancelled, Failure, tries, useVirtualClock, World, type Settled, type Work } from './world.ts'

const call = fc.record({
  kind: fc.constantFrom('map', 'mapSettled', 'forEach', 'ordered stream', 'unordered stream', 'runs'),
  source: fc.constantFrom('array', 'generator', 'async generator'),
  works,
  at: fc.nat({ max: 20 }),
  abortAt: moment,
  /** Of a stream: how long the consumer takes for each result, and after how many it leaves. */
  taking: fc.nat({ max: 10 }),
  leaveAfter: fc.option(fc.nat({ max: 8 }), { nil: undefined, freq: 3 }),
})

type Call = typeof call extends fc.Arbitrary<infer C> ? C : never

/** One call on the pool under test, and what is known of it. */
class Caller {
  readonly ids: readonly number[]
  readonly results: number[] = []
  taken = 0
  sourceOpen = 0
  aborted = false
  end: Promise<Settled> | undefined
  readonly #world: World
  readonly #call: Call
  readonly #workers: Pool

  constructor(world: World, workers: Pool, call: Call, firstId: number) {
    this.#world = world
    this.#workers = workers
    this.#call = call
    this.ids = call.works.map((_, index) => firstId + index)
  }

  start(): void {
    const { kind } = this.#call
    const signal = this.#world.signal(this.#call.abortAt, () => {
      this.aborted = true
    })
    const { end } = this.#begin(kind, signal)
    this.end = this.#world.expectEnd(kind, end)
  }

  /** Compares with what a plain loop would give. */
  check(settled: Settled, allAborted: boolean): void {
    const { kind, works: list, leaveAfter } = this.#call
    const mine = this.#world.log.filter(({ id }) => this.ids.includes(id))
    const started = mine.filter(({ event }) => event === 'start').map(({ id }) => id)
    expect(
      [...started].sort((a, b) => a - b),
      'each once, none left out',
    ).toEqual(this.ids.slice(0, started.length))
    // Items are taken in order; two that start at the same moment may change places on their way.
    for (const [index, id] of started.entries()) {
      expect(Math.abs(id - (this.ids[index] ?? NaN))).toBeLessThan(this.#workers.concurrency)
    }
    expect(this.sourceOpen, 'sources left open').toBe(0)
    const failed = mine.find(({ event }) => event === 'fail')
    const ok = 'value' in settled
    if (kind === 'map' || kind === 'forEach') {
      if (ok) {
        expect(failed).toBeUndefined()
        expect(settled.value).toEqual(kind === 'map' ? this.ids : undefined)
      } else if (settled.error instanceof Failure) expect(settled.error.id).toBe(failed?.id)
      else this.#expectCancelled(settled.error, allAborted)
    } else if (kind === 'mapSettled') {
      if (ok) {
        expect((settled.value as Outcome<number>[]).map(({ status }) => status)).toEqual(
          list.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')),
        )
      } else this.#expectCancelled(settled.error, allAborted)
    } else if (kind !== 'runs') {
      expect(new Set(this.results).size, 'doubled').toBe(this.results.length)
      if (kind === 'ordered stream') expect(this.results).toEqual(this.ids.slice(0, this.results.length))
      if (ok && leaveAfter === undefined) expect([...this.results].sort((a, b) => a - b)).toEqual(this.ids)
      else if (!ok && settled.error instanceof Failure) expect(settled.error.id).toBe(failed?.id)
      else if (!ok) this.#expectCancelled(settled.error, allAborted)
    }
  }

  #expectCancelled(error: unknown, allAborted: boolean): void {
    expect(error).toBeInstanceOf(Cancelled)
    expect(this.aborted || allAborted, 'cancelled by nobody').toBe(true)
  }

  #begin(kind: Call['kind'], signal: AbortSignal): { readonly end: Promise<unknown> } {
    const source = this.#source()
    const fn = (work: Work, task: Task) => this.#world.work(this.ids[task.index] ?? -1, work, task.signal)
    switch (kind) {
      case 'map':
        return { end: this.#workers.map(source, fn, { signal }) }
      case 'forEach':
        return { end: this.#workers.forEach(source, fn, { signal }) }
      case 'mapSettled':
        return { end: this.#workers.mapSettled(source, fn, { signal }) }
      case 'runs':
        return { end: this.#runs(signal) }
      default:
        return {
          end: this.#consume(this.#workers.stream(source, fn, { signal, ordered: kind === 'ordered stream' })),
        }
    }
  }

  async #runs(signal: AbortSignal): Promise<void> {
    const outcomes = await Promise.all(
      this.#call.works.map((work, index) =>
        this.#world.expectEnd(
          'run',
          this.#workers.run((task) => this.#world.work(this.ids[index] ?? -1, work, task.signal), { signal }),
        ),
      ),
    )
    for (const [index, outcome] of outcomes.entries()) {
      if ('value' in outcome) expect(outcome.value).toBe(this.ids[index])
      else if (outcome.error instanceof Failure) expect(outcome.error.id).toBe(this.ids[index])
    }
  }

  async #consume(stream: AsyncIterable<number>): Promise<void> {
    const { taking, leaveAfter } = this.#call
    for await (const result of stream) {
      this.results.push(result)
      this.taken++
      const started = this.#world.ids('start').filter((id) => this.ids.includes(id)).length
      expect(started - this.taken, 'begun beyond what the consumer took').toBeLessThanOrEqual(this.#workers.concurrency)
      if (this.taken === leaveAfter) break
      await sleep(taking)
    }
  }

  #source(): Iterable<Work> | AsyncIterable<Work> {
    const { source, works: list } = this.#call
    if (source === 'array') return list
    const items = this.#generate(list)
    if (source === 'generator') return items
    return this.#delay(items)
  }

  async *#delay(items: Iterable<Work>): AsyncGenerator<Work> {
    for (const item of items) {
      await this.#world.pause(1)
      yield item
    }
  }

  *#generate(list: readonly Work[]): Generator<Work> {
    this.sourceOpen++
    try {
      yield* list
    } finally {
      this.sourceOpen--
    }
  }
}

describe('pool, whatever is called on it', () => {
  useVirtualClock()

  it('never passes its concurrency, loses, doubles or reorders nothing, and ends every call', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          concurrency: smallLimit,
          calls: fc.array(call, { minLength: 1, maxLength: 4 }),
          abortAt: moment,
          pauses: fc.array(fc.record({ at: fc.nat({ max: 40 }), ms: fc.nat({ max: 40 }) }), { maxLength: 2 }),
        }),
        async (program) => {
          const world = new World()
          let allAborted = false
          const signal = world.signal(program.abortAt, () => {
            allAborted = true
          })
          const workers = pool({ concurrency: program.concurrency, signal })
          let paused = 0
          for (const { at, ms } of program.pauses) {
            world.at(at, () => {
              paused++
              workers.pause()
              world.at(ms, () => {
                if (--paused === 0) workers.resume()
              })
            })
          }
          let nextId = 0
          const callers = program.calls.map((one) => {
            const caller = new Caller(world, workers, one, nextId)
            nextId += one.works.length
            world.at(one.at, () => {
              caller.start()
            })
            return caller
          })
          await world.finish()
          void world.expectEnd('drain', workers.drain())
          await world.finish()
          expect(world.peak).toBeLessThanOrEqual(program.concurrency)
          expect([workers.active, workers.pending]).toEqual([0, 0])
          for (const caller of callers) if (caller.end !== undefined) caller.check(await caller.end, allAborted)
        },
      ),
      tries(2),
    )
  })

  it('starts what was submitted in the order of the calls, whoever gives up', async () => {
    const moments = fc.array(moment, { maxLength: 14 })
    await fc.assert(
      fc.asyncProperty(works, smallLimit, moments, async (list, concurrency, aborts) => {
        const world = new World()
        const workers = pool({ concurrency })
        for (const [id, work] of list.entries()) {
          const signal = world.signal(aborts[id])
          void world.expectEnd(
            'run',
            workers.run((task) => world.work(id, work, task.signal), { signal }),
          )
        }
        void world.expectEnd('close', workers.close())
        await world.finish()
        expect(world.ids('start')).toEqual(world.ids('start').sort((a, b) => a - b))
        for (const id of list.keys()) if (aborts[id] === undefined) expect(world.ids('start')).toContain(id)
      }),
      tries(),
    )
  })
})
