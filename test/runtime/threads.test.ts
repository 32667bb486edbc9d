import { describe, expect, expectTypeOf, it } from 'vitest'
import { threads } from '@forkline/runtime'
import { threads as unavailable } from '../../runtime/src/browser.ts'
import { settle, state } from './deferred.ts'
import { gate } from './gate.ts'
import type * as typedWork from './typedWork.ts'
import { opened, start } from './work.ts'

const boom = new Error('boom')

describe('threads: work', () => {
  it('runs a function elsewhere, and gives back what it returned', async () => {
    const sum = threads((numbers: number[]) => numbers.reduce((a, b) => a + b, 0), { size: 1 })
    opened.push(sum as never)
    const six = sum.run([1, 2, 3])
    expectTypeOf(six).toEqualTypeOf<Promise<number>>()
    expect(await six).toBe(6)
  })

  const methods = {
    add(input: number) {
      return input + 1
    },
    async addLater(input: number) {
      await Promise.resolve()
      return input + 1
    },
  } as unknown as Record<'add' | 'addLater', (input: number) => number>

  it.each<[string, (input: number) => unknown]>([
    ['an arrow function', (input) => input + 1],
    [
      'an async function',
      async function add(input) {
        await Promise.resolve()
        return input + 1
      },
    ],
    ['a method', methods.add],
    ['an async method', methods.addLater],
  ])('takes %s', async (_, work) => {
    const workers = threads(work, { size: 1 })
    opened.push(workers as never)
    expect(await workers.run(1)).toBe(2)
  })

  it('calls the default export of a module, or the one that is named', async () => {
    const workers = start({ size: 1 })
    expect(await workers.run(21)).toBe(42)
    expect(await workers.run(undefined, { export: 'where' })).toBeGreaterThan(0)
    const bytes = workers.run({ bytes: new Uint8Array([1]) }, { export: 'buffers' })
    expectTypeOf(bytes).toEqualTypeOf<Promise<Uint8Array>>()
    expect([...(await bytes)]).toEqual([2])
    // @ts-expect-error -- another type of input
    await workers.run('x')
    await expect(workers.run(1 as never, { export: 'notAFunction' as 'where' })).rejects.toThrow(
      'work.mjs has no function as its export "notAFunction": it exports buffers, crash, default, fail, hoard, hold, notAFunction, spin, where',
    )
  })

  it.runIf(process.features.typescript)('takes a module in TypeScript, with its types', async () => {
    const workers = threads<typeof typedWork>(new URL('./typedWork.ts', import.meta.url), { size: 1 })
    opened.push(workers as never)
    const area = workers.run({ width: 2, height: 3 })
    expectTypeOf(area).toEqualTypeOf<Promise<number>>()
    expect(await area).toBe(6)
    const described = workers.map(
      [
        { width: 2, height: 3 },
        { width: 4, height: 5 },
      ],
      { export: 'describe' },
    )
    expectTypeOf(described).toEqualTypeOf<Promise<string[]>>()
    expect(await described).toEqual(['0: 2 by 3', '1: 4 by 5'])
  })

  it.each<[string, Iterable<number> | AsyncIterable<number>]>([
    ['an array', Array.from({ length: 1500 }, (_, index) => index)],
    [
      'a generator',
      (function* count() {
        for (let index = 0; index < 1500; index++) yield index
      })(),
    ],
    [
      'an async generator',
      (async function* count() {
        for (let index = 0; index < 1500; index++) {
          if (index % 500 === 0) await settle()
          yield index
        }
      })(),
    ],
  ])('map keeps the order of %s', async (_, source) => {
    expect(await start({ size: 2 }).map(source)).toEqual(Array.from({ length: 1500 }, (__, index) => index * 2))
  })

  it('map takes no more than there is room for', async () => {
    const workers = start({ size: 1 })
    const { memory, entered, open } = gate()
    let taken = 0
    const endless = (function* gates() {
      while (taken < 2000) {
        taken++
        yield { gate: memory }
      }
    })()
    const mapped = workers.map(endless, { export: 'hold' })
    await entered(1)
    expect(taken).toBe(512)
    open()
    expect(await mapped).toHaveLength(2000)
  })

  it('moves what is to be transferred, both ways', async () => {
    const workers = start({ size: 1 })
    const bytes = new Uint8Array([1, 2, 3])
    const result = await workers.run({ bytes }, { export: 'buffers', transfer: [bytes.buffer] })
    expect([...result]).toEqual([2, 3, 4])
    expect(bytes.byteLength).toBe(0)
    const inputs = [[1], [2], [3]].map((list) => ({ bytes: new Uint8Array(list) }))
    const results = await workers.map(inputs, { export: 'buffers', transfer: (input) => [input.bytes.buffer] })
    expect(results.map((each) => [...each])).toEqual([[2], [3], [4]])
    expect(inputs.map((input) => input.bytes.byteLength)).toEqual([0, 0, 0])
  })

  it('idle threads take the work that lies before a busy one', async () => {
    const workers = start({ size: 2 })
    const { memory, entered, open } = gate()
    const held = workers.run({ gate: memory }, { export: 'hold' })
    await entered(1)
    const others = await Promise.all(Array.from({ length: 40 }, () => workers.run(undefined, { export: 'where' })))
    expect(new Set(others).size).toBe(1)
    expect(await state(held)).toBe('pending')
    expect(workers.active).toBe(1)
    open()
    expect(others).not.toContain(await held)
  })

  it('also takes back what a worker was sent and has not started', async () => {
    const workers = start({ size: 2 })
    const one = gate()
    const two = gate()
    const first = workers.run({ gate: one.memory }, { export: 'hold' })
    const second = workers.run({ gate: two.memory }, { export: 'hold' })
    await Promise.all([one.entered(1), two.entered(1)])
    const behind = Promise.all([1, 2].map(() => workers.run(undefined, { export: 'where' })))
    await settle()
    expect(workers.pending).toBe(2)
    one.open()
    const thread = await first
    expect(await behind).toEqual([thread, thread])
    two.open()
    await second
  })
})

describe('threads: errors', () => {
  it('keep their kind, name, properties and cause', async () => {
    const workers = start({ size: 1 })
    const thrown = (kind: string) => workers.run({ kind }, { export: 'fail' }).catch((error: unknown) => error)
    expect(await thrown('value')).toEqual({ reason: 'no error at all' })
    const typeError = (await thrown('type')) as Error
    expect(typeError).toBeInstanceOf(TypeError)
    expect(typeError.cause).toBeInstanceOf(RangeError)
    const several = (await thrown('many')) as AggregateError
    expect(several).toBeInstanceOf(AggregateError)
    expect(several.errors).toEqual([new Error('one'), 2])
    const limit = (await thrown('limit')) as Error
    expect(limit).toMatchObject({ name: 'LimitError', message: 'too much', code: 'E_LIMIT', limit: 5 })
    expect(limit).not.toHaveProperty('helper')
  })

  it('lead from the worker to the line that waits', async () => {
    const workers = start({ size: 1 })
    async function whoRuns() {
      await workers.run({ kind: 'type' }, { export: 'fail' })
    }
    async function whoMaps() {
      await workers.map([{ kind: 'type' }], { export: 'fail' })
    }
    for (const who of [whoRuns, whoMaps]) {
      const { stack } = (await who().catch((error: unknown) => error)) as Error
      expect(stack).toMatch(/^TypeError: a type\n\s+at fail \(.*work\.mjs/u)
      expect(stack).toContain(`at ${who.name} (`)
    }
  })

  it('what cannot be copied fails its own call only', async () => {
    const workers = start({ size: 1 })
    const calls = [1, (() => 1) as never, 3].map((input) => workers.run(input))
    const [first, second, third] = await Promise.allSettled(calls)
    expect([first, third]).toEqual([
      { status: 'fulfilled', value: 2 },
      { status: 'fulfilled', value: 6 },
    ])
    expect(second).toMatchObject({ status: 'rejected', reason: { name: 'DataCloneError' } })
    const back = [workers.run({ kind: 'function' }, { export: 'fail' }), workers.run(4)] as const
    await expect(back[0]).rejects.toMatchObject({ name: 'DataCloneError' })
    expect(await back[1]).toBe(8)
  })

  it('name what a function misses in the worker', async () => {
    const rate = 1.2
    const gross = threads((net: number) => net * rate, { size: 1 })
    opened.push(gross as never)
    const error = (await gross.run(100).catch((reason: unknown) => reason)) as Error
    expect(error).toBeInstanceOf(ReferenceError)
    expect(error.message).toBe(
      '`rate` cannot be found in the worker: a function given to `threads` takes along nothing '
        + 'from around it. Pass `rate` in with the input, define it inside the function, or give `threads` the URL of a module',
    )
    expect(error.cause).toMatchObject({ message: 'rate is not defined' })
  })

  it('a failing item of map drops the others of its call, and leaves other calls alone', async () => {
    const workers = start({ size: 1 })
    const { memory, entered, open } = gate()
    const held = workers.run({ gate: memory }, { export: 'hold' })
    await entered(1)
    let seen = 0
    const failing = workers.map(
      (function* kinds() {
        for (; seen < 5; seen++) yield { kind: 'type' }
      })(),
      { export: 'fail' },
    )
    const other = workers.run(1)
    open()
    await expect(failing).rejects.toThrow('a type')
    expect(await other).toBe(2)
    await held
    expect(workers.pending).toBe(0)
  })

  it('a source that fails fails map', async () => {
    const bad = (function* numbers() {
      yield 1
      throw boom
    })()
    await expect(start({ size: 1 }).map(bad)).rejects.toBe(boom)
  })

  it('a crash fails the task that was running, with the exit code, and no other', async () => {
    const workers = start({ size: 1, name: 'images' })
    const calls = await Promise.allSettled([
      workers.run(1),
      workers.run({ code: 7 }, { export: 'crash' }),
      workers.run(2),
      workers.run(3),
    ])
    expect(calls).toMatchObject([
      { value: 2 },
      { reason: { message: 'The threads "images": the worker exited with code 7 in the middle of this task' } },
      { value: 4 },
      { value: 6 },
    ])
    async function whoCrashes() {
      await workers.run({}, { export: 'crash' })
    }
    const uncaught = (await whoCrashes().catch((error: unknown) => error)) as Error
    expect(uncaught.message).toContain('exited with code 1 in the middle of this task: nobody catches this')
    expect(uncaught.cause).toMatchObject({ message: 'nobody catches this' })
    expect(uncaught.stack).toContain('at whoCrashes (')
    expect(await workers.run(4)).toBe(8)
  })

  it.each<[string, string, string]>([
    ['is missing', 'file:///nowhere/work.mjs', 'nowhere'],
    ['throws', 'data:text/javascript,throw new Error("no module")', 'no module'],
    ['exits', 'data:text/javascript,process.exit(3)', 'a worker exited with code 3 while it loaded the work'],
  ])('a module that %s fails every call', async (_, url, message) => {
    const workers = threads(url, { size: 2 })
    opened.push(workers as never)
    const calls = await Promise.allSettled([workers.run(1), workers.run(2)])
    for (const call of calls)
      expect(call).toMatchObject({ reason: { message: expect.stringContaining(message) as string } })
    await expect(workers.run(3)).rejects.toThrow(message)
    await expect(workers.map([4])).rejects.toThrow(message)
  })
})

describe('threads: misuse', () => {
  it.each<[unknown, object, string]>([
    [
      './work.js',
      {},
      'Expected `work` to be a function, an absolute path or a URL such as '
        + '`new URL(\'./work.js\', import.meta.url)`, got "./work.js" (string)',
    ],
    [7, {}, 'Expected `work` to be a function, an absolute path or a URL'],
    [
      Math.max,
      {},
      'Expected `work` to be a function with a body of its own, for that is what a worker gets, got a function',
    ],
    [(() => 1).bind(undefined), {}, 'with a body of its own'],
    [
      class Work {
        run() {
          return 1
        }
      },
      {},
      'Expected `work` to be a function or a URL, not a class',
    ],
    [() => 1, { size: 0 }, 'Expected `size` to be a positive integer, got 0'],
    [() => 1, { signal: 1 }, 'Expected `signal` to be an AbortSignal, got 1'],
    [() => 1, { name: 1 }, 'Expected `name` to be a string, got 1'],
    [() => 1, { resourceLimits: 5 }, 'Expected `resourceLimits` to be an object, got 5'],
    [
      () => 1,
      { resourceLimits: { heap: 5 } },
      'Expected `resourceLimits` to be an object with some of '
        + 'maxYoungGenerationSizeMb, maxOldGenerationSizeMb, codeRangeSizeMb, stackSizeMb, got "heap" (string)',
    ],
    [
      () => 1,
      { resourceLimits: { stackSizeMb: 0 } },
      'Expected `stackSizeMb` to be a number of megabytes above 0, got 0',
    ],
  ])('threads(%s, %o) is a TypeError', (work, options, message) => {
    expect(() => threads(work as never, options)).toThrow(TypeError)
    expect(() => threads(work as never, options)).toThrow(message)
  })

  it('calls check their arguments at the call', () => {
    const workers = start()
    expect(() => workers.run(1, { timeout: -1 })).toThrow('Expected `timeout` to be a number of milliseconds')
    expect(() => workers.run(1, { transfer: 1 as never })).toThrow('Expected `transfer` to be an array, got 1')
    expect(() => workers.run(1 as never, { export: 1 as never })).toThrow(
      'Expected `export` to be the name of an export, got 1',
    )
    expect(() => workers.map(1 as never)).toThrow('Expected `source` to be an iterable or an async iterable, got 1')
    expect(() => workers.map([], { transfer: 1 as never })).toThrow('Expected `transfer` to be a function, got 1')
  })

  it('says in browsers what it needs', () => {
    expect(() => unavailable(() => 1)).toThrow('`threads` needs the worker threads of Node')
  })
})
