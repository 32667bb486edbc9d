import fc from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { Mutex, Semaphore, WaitGroup, type Permit } from '@forkline/runtime'
import { settle } from '../deferred.ts'
import { smallLimit, works } from './arbitraries.ts'
import { Cancelled, tries, useVirtualClock, World } from './world.ts'

type Command = { readonly kind: 'acquire' | 'try' | 'abort' | 'release'; readonly n: number; readonly look: boolean }

const commands = fc.array(
  fc.record<Command>({
    kind: fc.constantFrom('acquire', 'acquire', 'release', 'release', 'try', 'abort'),
    n: fc.nat({ max: 20 }),
    look: fc.boolean(),
  }),
  { maxLength: 40 },
)

interface Request {
  readonly n: number
  readonly controller: AbortController
  state: 'waits' | 'holds' | 'gave up' | 'released'
  permit: Permit | undefined
  got: 'nothing' | 'permit' | 'error'
}

/** The reference: a plain list, searched from its head. */
class Model {
  readonly line: Request[] = []
  available: number

  constructor(permits: number) {
    this.available = permits
  }

  arrive(request: Request): void {
    this.line.push(request)
    this.serve()
  }

  leave(request: Request): void {
    this.line.splice(this.line.indexOf(request), 1)
    request.state = 'gave up'
    this.serve()
  }

  give(request: Request): void {
    request.state = 'released'
    this.available += request.n
    this.serve()
  }

  serve(): void {
    for (let head = this.line[0]; head !== undefined && head.n <= this.available; head = this.line[0]) {
      this.line.shift()
      this.available -= head.n
      head.state = 'holds'
    }
  }
}

describe('locks, whatever is asked of them', () => {
  useVirtualClock()

  it('a weighted semaphore does at every step what a plain list does', async () => {
    await fc.assert(
      fc.asyncProperty(smallLimit, commands, async (permits, program) => {
        const semaphore = new Semaphore(permits)
        const model = new Model(permits)
        const requests: Request[] = []
        const compare = async () => {
          await settle()
          expect([semaphore.available, semaphore.waiting]).toEqual([model.available, model.line.length])
          expect(requests.map(({ got }) => got)).toEqual(
            requests.map(({ state }) => (state === 'waits' ? 'nothing' : state === 'gave up' ? 'error' : 'permit')),
          )
        }
        for (const { kind, n, look } of program) {
          const waiting = requests.filter(({ state }) => state === 'waits')
          const holding = requests.filter(({ state, permit }) => state === 'holds' && permit !== undefined)
          if (kind === 'acquire') {
            const request: Request = {
              n: 1 + (n % permits),
              controller: new AbortController(),
              state: 'waits',
              permit: undefined,
              got: 'nothing',
            }
            requests.push(request)
            semaphore.acquire(request.n, { signal: request.controller.signal }).then(
              (permit) => {
                request.permit = permit
                request.got = 'permit'
              },
              () => {
                request.got = 'error'
              },
            )
            model.arrive(request)
          } else if (kind === 'try') {
            const amount = 1 + (n % permits)
            const fits = model.line.length === 0 && model.available >= amount
            const permit = semaphore.tryAcquire(amount)
            expect(permit !== undefined).toBe(fits)
            permit?.()
          } else if (kind === 'abort') {
            const request = waiting[n % waiting.length]
            if (request === undefined) continue
            request.controller.abort(new Cancelled())
            model.leave(request)
          } else {
            const request = holding[n % holding.length]
            if (request === undefined) continue
            request.permit?.()
            request.permit = undefined
            model.give(request)
          }
          if (look) await compare()
        }
        await compare()
        for (let held = true; held;) {
          held = false
          for (const request of requests) {
            if (request.state !== 'holds' || request.permit === undefined) continue
            held = true
            request.permit()
            request.permit = undefined
            model.give(request)
          }
          await compare()
        }
        expect([semaphore.available, semaphore.waiting]).toEqual([permits, 0])
      }),
      tries(2),
    )
  })

  it('a mutex lets in one at a time, in the order in which they came, and is free at the end', async () => {
    await fc.assert(
      fc.asyncProperty(works, fc.array(fc.nat({ max: 30 }), { maxLength: 14 }), async (list, aborts) => {
        const world = new World()
        const mutex = new Mutex()
        const never = new AbortController().signal
        for (const [id, work] of list.entries()) {
          const signal = world.signal(aborts[id])
          void world.expectEnd(
            'lock',
            mutex.runExclusive(() => world.work(id, work, never), { signal }),
          )
        }
        await world.finish()
        expect(world.peak).toBeLessThanOrEqual(1)
        expect(world.ids('start')).toEqual(world.ids('start').sort((a, b) => a - b))
        expect(mutex.locked).toBe(false)
        for (const id of list.keys()) if (aborts[id] === undefined) expect(world.ids('start')).toContain(id)
      }),
      tries(),
    )
  })

  it('a wait group counts as a number does, and wakes who waits when it is zero', async () => {
    const step = fc.record({
      kind: fc.constantFrom('add', 'done', 'wait', 'abort'),
      n: fc.integer({ min: -2, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (program) => {
        const group = new WaitGroup()
        let count = 0
        const waits: { controller: AbortController; expected: string; got: string }[] = []
        for (const { kind, n } of program) {
          if (kind === 'wait') {
            const wait = { controller: new AbortController(), expected: count === 0 ? 'woken' : 'waits', got: 'waits' }
            waits.push(wait)
            group.wait({ signal: wait.controller.signal }).then(
              () => {
                wait.got = 'woken'
              },
              () => {
                wait.got = 'aborted'
              },
            )
          } else if (kind === 'abort') {
            const wait = waits.find(({ expected }) => expected === 'waits')
            if (wait === undefined) continue
            wait.expected = 'aborted'
            wait.controller.abort(new Cancelled())
          } else {
            const change = kind === 'add' ? n : -1
            if (count + change < 0)
              expect(() => {
                group.add(change)
              }).toThrow(RangeError)
            else {
              group.add(change)
              count += change
            }
            if (count === 0) for (const wait of waits) if (wait.expected === 'waits') wait.expected = 'woken'
          }
          await settle()
          expect(group.count).toBe(count)
          expect(waits.map(({ got }) => got)).toEqual(waits.map(({ expected }) => expected))
        }
      }),
      tries(),
    )
  })
})
