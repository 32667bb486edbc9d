import fc from '../fastCheck.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { threads, type Threads, type ThreadsOptions } from '@forkline/runtime'
import { asyncDispose } from '../../runtime/src/disposal.ts'
import { gate } from './gate.ts'

/** What fixtures/work.mjs exports. */
interface Work {
  default(input: number): number
  hold(input: { readonly gate: SharedArrayBuffer }): number
  fail(input: { readonly kind: string }): Promise<() => void>
  crash(input: { readonly code?: number }): Promise<never>
  spin(input: { readonly turns: number; readonly value: number }): number
  hoard(input: null): never
}

const opened: Threads<never>[] = []

function start(options?: ThreadsOptions, url = new URL('./fixtures/work.mjs', import.meta.url)): Threads<Work> {
  const started = threads<Work>(url, options)
  opened.push(started as never)
  return started
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  return await promise.then(
    () => new Error('it did not fail'),
    (error: unknown) => error as Error,
  )
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each[asyncDispose]()))
})

describe('threads: what they hand over', () => {
  it('no result waits behind a long task that was sent with it', async () => {
    const workers = start({ size: 1 })
    const { memory, entered, open } = gate()
    const calls = [workers.run(1), workers.run(2), workers.run({ gate: memory }, { export: 'hold' })] as const
    await entered(1)
    expect(await Promise.all([calls[0], calls[1]])).toEqual([2, 4])
    open()
    await calls[2]
  })

  it('ten thousand tiny tasks, each by itself and all in one call', async () => {
    const workers = start({ size: 2 })
    const inputs = Array.from({ length: 10_000 }, (_, index) => index)
    const doubled = inputs.map((input) => input * 2)
    expect(await Promise.all(inputs.map((input) => workers.run(input)))).toEqual(doubled)
    expect(await workers.map(inputs)).toEqual(doubled)
    expect([workers.active, workers.pending]).toEqual([0, 0])
  })

  it('an input that cannot be copied: which, and who gave it', async () => {
    const workers = start({ size: 1 })
    async function whoGives() {
      await workers.run((() => 1) as never)
    }
    const error = await failure(whoGives())
    expect(error).toBeInstanceOf(DOMException)
    expect(error).toMatchObject({
      name: 'DataCloneError',
      message: 'The input cannot be copied to a worker: () => 1 could not be cloned.',
    })
    expect(error.stack).toMatch(/^DataCloneError: The input cannot be copied/u)
    expect(error.stack).toContain('at whoGives (')
    const thrown = new Error('not to be looked at')
    expect(
      await failure(
        workers.run({
          get kind() {
            throw thrown
          },
        } as never),
      ),
    ).toBe(thrown)
  })

  it('a result that cannot be copied: which, and who asked for it', async () => {
    const workers = start({ size: 1 })
    async function whoAsks() {
      await workers.run({ kind: 'function' }, { export: 'fail' })
    }
    const error = await failure(whoAsks())
    expect(error).toBeInstanceOf(DOMException)
    expect(error.message).toBe('The result cannot be copied out of the worker: () => 1 could not be cloned.')
    expect(error.stack).toContain('at whoAsks (')
  })

  it('what is thrown and cannot even be described', async () => {
    const workers = threads(
      (kind: string) => {
        if (kind === 'getter')
          throw Object.defineProperty(new Error('bad'), 'cause', {
            get() {
              throw new Error('no')
            },
          })
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- that it is no error is what is tested
        throw { __proto__: null, fn: () => 1 }
      },
      { size: 1 },
    )
    opened.push(workers as never)
    for (const kind of ['getter', 'object']) {
      await expect(workers.run(kind)).rejects.toBe('Something was thrown that cannot be copied')
    }
  })

  it('map says when `transfer` gives no list', async () => {
    await expect(start({ size: 1 }).map([1], { transfer: () => 1 as never })).rejects.toThrow(
      'Expected `transfer(item)` to be an array, got 1',
    )
  })
})

describe('threads: workers that end', () => {
  it('one that takes too much memory is replaced, and only its task fails', async () => {
    const workers = start({ size: 1, resourceLimits: { maxOldGenerationSizeMb: 24 } })
    expect(await workers.run(1)).toBe(2)
    const calls = [workers.run(null, { export: 'hoard' }), workers.run(2)]
    const [hoarded, other] = await Promise.allSettled(calls)
    expect(hoarded).toMatchObject({ reason: { cause: { code: 'ERR_WORKER_OUT_OF_MEMORY' } } })
    expect(String((hoarded as PromiseRejectedResult).reason)).toContain('in the middle of this task')
    expect(other).toEqual({ status: 'fulfilled', value: 4 })
  })

  it('again and again, before they come to a task, fail that rather than keep it waiting', async () => {
    const url = new URL('data:text/javascript,setImmediate(() => process.exit(5)); export default () => 1')
    const error = await failure(start({ size: 1, name: 'doomed' }, url).run(1))
    expect(error.message).toBe(
      'The threads "doomed": 3 workers ended before they came to this task: the last exited with code 5',
    )
  })

  it('a task behind several that crash is done nevertheless', async () => {
    const workers = start({ size: 1 })
    const crashes = [1, 2, 3, 4].map((code) => failure(workers.run({ code }, { export: 'crash' })))
    const behind = workers.run(21)
    for (const [index, error] of (await Promise.all(crashes)).entries()) {
      expect(error.message).toContain(`exited with code ${String(index + 1)} in the middle of this task`)
    }
    expect(await behind).toBe(42)
  })
})

describe('threads: anything at any time', () => {
  const job = fc.record({
    kind: fc.constantFrom('value', 'value', 'spin', 'fail', 'crash', 'uncloneable'),
    /** After how many calls have settled it is aborted; beyond their number never. */
    abortedAfter: fc.nat({ max: 60 }),
    turns: fc.nat({ max: 200_000 }),
  })

  it('every call settles with what is its own', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(job, { maxLength: 30 }), fc.integer({ min: 1, max: 3 }), async (jobs, size) => {
        const workers = start({ size })
        const controllers = jobs.map(() => new AbortController())
        let settled = 0
        const call = (index: number): Promise<unknown> => {
          const { kind, turns } = jobs[index] ?? { kind: '', turns: 0 }
          const signal = controllers[index]?.signal
          if (kind === 'spin') return workers.run({ turns, value: index }, { export: 'spin', signal })
          if (kind === 'fail') return workers.run({ kind: 'type' }, { export: 'fail', signal })
          if (kind === 'crash') return workers.run({ code: 3 }, { export: 'crash', signal })
          return workers.run(kind === 'uncloneable' ? ((() => index) as never) : index, { signal })
        }
        const told = async (index: number): Promise<string> => {
          try {
            return String(await call(index))
          } catch (error) {
            return error === index ? 'aborted' : String(error)
          } finally {
            settled++
            for (const [other, { abortedAfter }] of jobs.entries())
              if (abortedAfter === settled) controllers[other]?.abort(other)
          }
        }
        const outcomes = await Promise.all(jobs.map((_, index) => told(index)))
        for (const [index, { kind }] of jobs.entries()) {
          const own = {
            value: String(index * 2),
            spin: String(index),
            fail: 'TypeError: a type',
            crash: 'Error: The threads: the worker exited with code 3 in the middle of this task',
            uncloneable: `DataCloneError: The input cannot be copied to a worker: () => index could not be cloned.`,
          }[kind]
          expect(['aborted', own]).toContain(outcomes[index])
        }
        expect([workers.active, workers.pending]).toEqual([0, 0])
        await workers.close()
      }),
      { numRuns: 15 },
    )
  })
})
