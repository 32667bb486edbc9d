import fc from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import {
  all,
  Channel,
  group,
  Mutex,
  pipeline,
  pool,
  race,
  RateLimiter,
  retry,
  select,
  Semaphore,
  SingleFlight,
  sleep,
  timeout,
  WaitGroup,
} from '@forkline/runtime'
import { moment, work } from './arbitraries.ts'
import { tries, useVirtualClock, World, type Work } from './world.ts'

/** A program: primitives inside primitives, and work or a shared lock at the leaves. */
interface Program {
  readonly kind: string
  readonly n: number
  readonly work: Work
  readonly children: readonly Program[]
}

const LEAVES = ['work', 'work', 'mutex', 'semaphore', 'rate', 'flight', 'rendezvous'] as const
const NODES = [
  'group',
  'collect',
  'all',
  'race',
  'map',
  'settled',
  'stream',
  'runs',
  'pipeline',
  'timeout',
  'retry',
  'waitGroup',
] as const

const { program } = fc.letrec<{ program: Program; leaf: Program; node: Program }>((tie) => ({
  leaf: fc.record({
    kind: fc.constantFrom(...LEAVES),
    n: fc.nat({ max: 20 }),
    work,
    children: fc.constant([]),
  }),
  node: fc.record({
    kind: fc.constantFrom(...NODES),
    n: fc.nat({ max: 20 }),
    work,
    children: fc.array(tie('program'), { minLength: 1, maxLength: 4 }),
  }),
  program: fc.oneof({ maxDepth: 3, depthSize: 'small' }, tie('leaf'), tie('node')),
}))

/** Runs a program. What its leaves share is what real programs share: locks, limits, calls under way. */
class Runner {
  readonly #world: World
  /** Where calls in flight run: they belong to nobody, and may end after who asked for them has given up. */
  readonly #sky: World
  readonly #mutex = new Mutex()
  readonly #semaphore = new Semaphore(3)
  readonly #limiter = new RateLimiter({ limit: 100, interval: 1000, burst: 3 })
  readonly #flights = new SingleFlight<number>()
  #inMutex = 0
  #inSemaphore = 0
  #ids = 0

  constructor(world: World, sky: World) {
    this.#world = world
    this.#sky = sky
  }

  async run({ kind, n, work: own, children }: Program, signal: AbortSignal): Promise<unknown> {
    const tasks = children.map((child) => (task: { readonly signal: AbortSignal }) => this.run(child, task.signal))
    const limit = 1 + (n % 3)
    switch (kind) {
      case 'group':
      case 'collect': {
        await group.run(
          (scope) => {
            for (const task of tasks) void scope.go(task)
          },
          { signal, limit, onError: kind === 'group' ? 'cancel' : 'collect' },
        )
        return
      }
      case 'all':
        return await all(tasks, { signal })
      case 'race':
        return await race(tasks, { signal })
      case 'map':
        return await pool({ concurrency: limit, signal }).map(tasks, (task, self) => task(self))
      case 'settled':
        return await pool({ concurrency: limit }).mapSettled(tasks, (task, self) => task(self), { signal })
      case 'stream':
        return await this.#stream(tasks, limit, n % 2 === 0, signal)
      case 'runs': {
        const workers = pool({ concurrency: limit, signal })
        const outcomes = await Promise.allSettled(tasks.map((task) => workers.run(task)))
        await workers.close()
        return outcomes
      }
      case 'pipeline':
        return await pipeline(tasks, { signal })
          .map((task, self) => task(self), { concurrency: limit })
          .batch(limit, { maxWait: n })
          .collect()
      case 'timeout':
        return await timeout(n * 3, async (task) => await all(tasks, { signal: task.signal }), { signal })
      case 'retry':
        return await retry(async (task) => await all(tasks, { signal: task.signal }), { attempts: 2, delay: n, signal })
      case 'waitGroup':
        return await this.#count(tasks, signal)
      default:
        return await this.#leaf(kind, n, own, signal)
    }
  }

  async #leaf(kind: string, n: number, own: Work, signal: AbortSignal): Promise<unknown> {
    const doWork = (inner: AbortSignal) => this.#world.work(this.#ids++, own, inner)
    switch (kind) {
      case 'mutex':
        return await this.#mutex.runExclusive(
          async () => {
            expect(++this.#inMutex).toBe(1)
            return await doWork(signal).finally(() => {
              this.#inMutex--
            })
          },
          { signal },
        )
      case 'semaphore': {
        const weight = 1 + (n % 3)
        return await this.#semaphore.use(
          async () => {
            expect((this.#inSemaphore += weight)).toBeLessThanOrEqual(3)
            return await doWork(signal).finally(() => {
              this.#inSemaphore -= weight
            })
          },
          { n: weight, signal },
        )
      }
      case 'rate':
        await this.#limiter.wait(1 + (n % 3), { signal })
        return await doWork(signal)
      case 'flight':
        return await this.#flights.do(n % 3, (call) => this.#sky.work(this.#ids++, own, call.signal), { signal })
      case 'rendezvous':
        return await this.#rendezvous(n, signal)
      default:
        return await doWork(signal)
    }
  }

  /** Two that meet on a channel, by plain calls or by select; both leave when the signal says so. */
  async #rendezvous(n: number, signal: AbortSignal): Promise<unknown> {
    const channel = new Channel<number>(n % 2)
    return await all(
      [
        async (task) => {
          await sleep(n, task)
          if (n % 3 === 0) await select([channel.sending(n, () => undefined)], task)
          else await channel.send(n, task)
        },
        async (task) => {
          const receive = async () =>
            n % 3 === 1
              ? await select([channel.receiving(({ value }) => value)], task)
              : (await channel.receive(task)).value
          expect(await receive()).toBe(n)
        },
      ],
      { signal },
    )
  }

  async #stream(
    tasks: readonly ((task: { readonly signal: AbortSignal }) => Promise<unknown>)[],
    concurrency: number,
    ordered: boolean,
    signal: AbortSignal,
  ): Promise<number> {
    const taken: unknown[] = []
    for await (const result of pool({ concurrency }).stream(tasks, (task, self) => task(self), { signal, ordered })) {
      taken.push(result)
      await sleep(taken.length, { signal })
      if (taken.length === 3) break
    }
    return taken.length
  }

  async #count(
    tasks: readonly ((task: { readonly signal: AbortSignal }) => Promise<unknown>)[],
    signal: AbortSignal,
  ): Promise<number> {
    const underWay = new WaitGroup()
    const running = tasks.map((task) => underWay.go(() => task({ signal })))
    const outcomes = Promise.allSettled(running)
    await underWay.wait({ signal }).catch(() => undefined)
    const { length } = await outcomes
    expect(underWay.count).toBe(0)
    return length
  }
}

describe('random programs of all primitives', () => {
  useVirtualClock()

  it('come to an end, leave nothing running, no listener and no timer, whatever fails and whenever they are aborted', async () => {
    await fc.assert(
      fc.asyncProperty(program, moment, async (root, abortAt) => {
        const world = new World()
        const sky = new World()
        const runner = new Runner(world, sky)
        const signal = world.signal(abortAt)
        let left = -1
        const end = world.expectEnd(
          'program',
          runner.run(root, signal).finally(() => {
            left = world.active
          }),
        )
        await world.finish(sky)
        expect(left, 'work that outlived the program').toBe(0)
        expect(sky.active).toBe(0)
        const settled = await end
        if ('error' in settled && world.ids('fail').length + sky.ids('fail').length === 0 && !signal.aborted) {
          expect((settled.error as Error).name).toMatch(/^(TimeoutError|AggregateError)$/)
        }
      }),
      tries(3),
    )
  })
})
