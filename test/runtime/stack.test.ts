/** Error stacks lead to the line that awaits: what p-limit, p-queue and Effect lose. */
import { afterEach, describe, expect, it } from 'vitest'
import {
  all,
  chain,
  group,
  merge,
  Mutex,
  once,
  pipeline,
  pool,
  race,
  retry,
  Semaphore,
  SingleFlight,
  timeout,
  WaitGroup,
} from '@forkline/runtime'
import { framesOf } from '../../runtime/src/probe.ts'
import { settle } from './deferred.ts'

/** Fails after it has waited, so that nothing of its caller is left on the stack itself. */
async function failing(): Promise<never> {
  await settle()
  throw new Error('boom')
}

const busy = async () => {
  await settle()
}

const calls: Record<string, () => Promise<unknown>> = {
  'pool.run': () => pool({ concurrency: 1 }).run(failing),
  'pool.run, after a wait': () => {
    const workers = pool({ concurrency: 1 })
    void workers.run(busy)
    return workers.run(failing)
  },
  'pool.run, with a signal': () => pool({ concurrency: 1 }).run(failing, { signal: new AbortController().signal }),
  'pool.map': () => pool({ concurrency: 2 }).map([1, 2, 3], failing),
  'pool.map of a generator': () =>
    pool({ concurrency: 2 }).map(
      (function* items() {
        yield 1
      })(),
      failing,
    ),
  'pool.map, after a wait': () => {
    const workers = pool({ concurrency: 1 })
    void workers.run(busy)
    return workers.map([1, 2], failing)
  },
  'pool.forEach': () => pool({ concurrency: 2 }).forEach([1], failing),
  'group.go': () => group().go(failing),
  'group.go, after a wait': () => {
    const tasks = group({ limit: 1 })
    void tasks.go(busy)
    return tasks.go(failing)
  },
  'group.run': () => group.run(() => failing()),
  'semaphore.use': () => new Semaphore(1).use(failing),
  'semaphore.use, after a wait': () => {
    const permits = new Semaphore(1)
    void permits.use(busy)
    return permits.use(failing)
  },
  'mutex.runExclusive': () => new Mutex().runExclusive(failing),
  retry: () => retry(failing, { attempts: 1 }),
  timeout: () => timeout(60_000, failing),
  race: () => race([failing]),
  chain: () =>
    chain([failing])(1).catch((error: unknown) => {
      throw (error as Error).cause
    }),
  'pipeline.collect': () =>
    pipeline([1, 2])
      .map((item) => item)
      .map(failing, { concurrency: 2 })
      .collect(),
  'waitGroup.go': () => new WaitGroup().go(failing),
  once: () => once(failing)(),
  'singleFlight.do': () => new SingleFlight().do('key', failing),
}

it.each(Object.keys(calls))('%s', async (name) => {
  async function theCaller() {
    await calls[name]?.()
  }
  const { stack } = (await theCaller().catch((error: unknown) => error)) as Error
  expect(stack).toMatch(/^Error: boom\n\s+at failing \(/u)
  expect(stack).toContain('at theCaller (')
})

const loops: Record<string, () => AsyncIterable<unknown>> = {
  pipeline: () => pipeline([1, 2]).map(failing),
  'pipeline of two stages': () =>
    pipeline([1, 2])
      .map(failing, { concurrency: 2 })
      .map((item) => item),
  'pool.stream': () => pool({ concurrency: 2 }).stream([1, 2, 3], failing),
  'pool.stream, unordered': () => pool({ concurrency: 2 }).stream([1, 2, 3], failing, { ordered: false }),
  merge: () => merge(pipeline([1]).map(failing), [2]),
  'a branch': () => pipeline([1]).map(failing).fanOut(2)[0],
}

it.each(Object.keys(loops))('a loop over %s', async (name) => {
  async function theLoop() {
    for await (const item of loops[name]?.() ?? []) expect(item).toBeDefined()
  }
  const { stack = '' } = (await theLoop().catch((error: unknown) => error)) as Error
  expect(stack).toMatch(/^Error: boom\n\s+at failing \(/u)
  expect(stack.match(/at (?:async )?theLoop \(/gu)).toHaveLength(1)
})

it('a loop leaves frozen errors and what is no error as they are', async () => {
  const frozen = Object.freeze(new Error('frozen'))
  const { stack } = frozen
  for (const thrown of [frozen, 'text', undefined]) {
    const iterator = pipeline([1])
      .map(() => Promise.reject(thrown as Error))
      [Symbol.asyncIterator]()
    expect(
      await iterator.next().then(
        () => 'no',
        (error: unknown) => error,
      ),
    ).toBe(thrown)
  }
  expect(frozen.stack).toBe(stack)
})

/** What a stage gives that fails with `thrown`. */
async function failedLoop(thrown: Error): Promise<unknown> {
  const iterator = pipeline([1])
    .map(() => Promise.reject(thrown))
    [Symbol.asyncIterator]()
  return await iterator.next().then(
    () => 'no',
    (error: unknown) => error,
  )
}

it('a loop leaves a stack alone that the program has seen to itself', async () => {
  let asked = 0
  const lazy = Object.defineProperty(new Error('lazy'), 'stack', {
    get() {
      asked++
      throw new Error('not yet')
    },
  })
  expect((await failedLoop(lazy)) === lazy).toBe(true)
  expect(asked).toBe(0)
  const fixed = Object.defineProperty(new Error('fixed'), 'stack', { value: 'mine', writable: false })
  expect(await failedLoop(fixed)).toBe(fixed)
  expect(fixed.stack).toBe('mine')
})

describe('in a program that writes stacks its own way', () => {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
  afterEach(() => {
    if (before === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace')
    else Object.defineProperty(Error, 'prepareStackTrace', before)
  })

  it('a loop fails with the error, be it that no stack can be written', async () => {
    const thrown = new Error('boom')
    Error.prepareStackTrace = () => {
      throw new Error('no stacks here')
    }
    expect((await failedLoop(thrown)) === thrown).toBe(true)
  })

  it.each(['own', 'none'])('a dead-lock is found, and nothing is left behind: %s', async (kind) => {
    let called = 0
    if (kind === 'none') Reflect.deleteProperty(Error, 'prepareStackTrace')
    else
      Error.prepareStackTrace = () => {
        called++
      }
    const left = Object.getOwnPropertyDescriptors(Error)
    const permits = new Semaphore(1)
    // eslint-disable-next-line forkline/no-nested-limiter -- what comes of it is what is tested here
    await expect(permits.use(() => permits.use(() => 'never'))).rejects.toHaveProperty(
      'message',
      expect.stringMatching(/^Dead-lock/u),
    )
    expect(Object.getOwnPropertyDescriptors(Error)).toEqual(left)
    expect(called).toBe(0)
  })

  it('who awaits is not asked for where the program would notice', async () => {
    async function frames(): Promise<readonly unknown[]> {
      await settle()
      return framesOf()
    }
    async function theCaller(): Promise<readonly unknown[]> {
      return await frames()
    }
    expect(await theCaller()).toContainEqual(expect.objectContaining({ name: 'theCaller' }))
    Object.defineProperty(Error, 'prepareStackTrace', { value: undefined, writable: false, configurable: true })
    expect(await theCaller()).toEqual([])
  })
})

it('an error of group.wait and of all keeps its origin', async () => {
  const tasks = group()
  void tasks.go(failing)
  const stackOf = (error: unknown) => (error as Error).stack
  expect(await tasks.wait().catch(stackOf)).toContain('at failing (')
  expect(await all([failing]).catch(stackOf)).toContain('at failing (')
})
