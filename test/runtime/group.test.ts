import { describe, expect, it } from 'vitest'
import { group } from '@forkline/runtime'
import { asyncDispose } from '../../runtime/src/disposal.ts'
import { deferred, settle, state } from './deferred.ts'
import { listeners, untilAborted } from './listeners.ts'

const boom = new Error('boom')

describe('group', () => {
  it('resolves to the values in the order of `go`, whatever the order of completion', async () => {
    const first = deferred<string>()
    const tasks = group<string>()
    void tasks.go(() => first.promise)
    void tasks.go(() => 'second')
    const all = tasks.wait()
    expect(await state(all)).toBe('pending')
    first.resolve('first')
    expect(await all).toEqual(['first', 'second'])
  })

  it('resolves to nothing when it was given nothing', async () => {
    expect(await group().wait()).toEqual([])
  })

  it('tells a task its place', async () => {
    const tasks = group<number>({ limit: 1 })
    for (let i = 0; i < 3; i++) void tasks.go(({ index }) => index)
    expect(await tasks.wait()).toEqual([0, 1, 2])
  })

  it('waits for tasks that tasks add, each in its place', async () => {
    const tasks = group<string>()
    void tasks.go(async () => {
      await settle()
      void tasks.go(() => 'late')
      return 'early'
    })
    void tasks.go(({ index }) => {
      void tasks.go((inner) => `nested ${String(inner.index)}`)
      return `outer ${String(index)}`
    })
    expect(await tasks.wait()).toEqual(['early', 'outer 1', 'nested 2', 'late'])
  })

  it('may be waited for from inside a task that is only being started', async () => {
    const tasks = group<number>()
    let seen: Promise<number[]> | undefined
    void tasks.go(() => {
      seen = tasks.wait()
      return 1
    })
    expect(await seen).toEqual([1])
  })

  it('gives every caller of `wait` the same outcome', async () => {
    const tasks = group<number>()
    void tasks.go(() => 1)
    expect(await Promise.all([tasks.wait(), tasks.wait()])).toEqual([[1], [1]])
  })

  describe('limit', () => {
    it('runs no more tasks at once, starts the rest in order, and never blocks', async () => {
      const gates = [deferred(), deferred(), deferred(), deferred()]
      const started: number[] = []
      const tasks = group({ limit: 2 })
      for (const gate of gates) {
        void tasks.go(({ index }) => {
          started.push(index)
          return gate.promise
        })
      }
      await settle()
      expect(started).toEqual([0, 1])
      gates[1]?.resolve()
      await settle()
      expect(started).toEqual([0, 1, 2])
      for (const gate of gates) gate.resolve()
      await tasks.wait()
      expect(started).toEqual([0, 1, 2, 3])
    })

    it('`tryGo` gives undefined when full', async () => {
      const gate = deferred()
      const tasks = group({ limit: 1 })
      expect(tasks.tryGo(() => gate.promise)).toBeInstanceOf(Promise)
      expect(tasks.tryGo(() => 'no room')).toBeUndefined()
      gate.resolve()
      expect(await tasks.wait()).toEqual([undefined])
    })
  })

  describe('first failure', () => {
    it('aborts the siblings with the error, and rejects after all have stopped', async () => {
      const cleanUp = deferred()
      const tasks = group()
      let reason: unknown
      void tasks.go(async ({ signal }) => {
        await untilAborted(signal).catch(() => undefined)
        reason = signal.reason
        await cleanUp.promise
      })
      void tasks.go(() => Promise.reject(boom))
      const all = tasks.wait()
      expect(await state(all)).toBe('pending')
      expect(reason).toBe(boom)
      cleanUp.resolve()
      await expect(all).rejects.toBe(boom)
    })

    it('stays the first when others fail after it', async () => {
      const tasks = group()
      void tasks.go(async () => {
        await settle()
        throw new Error('later')
      })
      void tasks.go(() => Promise.reject(boom))
      await expect(tasks.wait()).rejects.toBe(boom)
    })

    it('may be any value, undefined included', async () => {
      const tasks = group()
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what foreign code does
      void tasks.go(() => Promise.reject(undefined))
      await expect(tasks.wait()).rejects.toBeUndefined()
    })

    it('may be a synchronous throw', async () => {
      const tasks = group()
      const task = tasks.go(() => {
        throw boom
      })
      await expect(task).rejects.toBe(boom)
      await expect(tasks.wait()).rejects.toBe(boom)
    })

    it('starts nothing of what is queued or comes later', async () => {
      const tasks = group({ limit: 1 })
      const started: string[] = []
      void tasks.go(() => Promise.reject(boom))
      const queued = tasks.go(() => started.push('queued'))
      await expect(queued).rejects.toBe(boom)
      await expect(tasks.go(() => started.push('later'))).rejects.toBe(boom)
      await expect(tasks.wait()).rejects.toBe(boom)
      expect(started).toEqual([])
    })

    it('is handled already: the task promises may be ignored', async () => {
      const reports: unknown[] = []
      const report = (error: unknown) => {
        reports.push(error)
      }
      process.on('unhandledRejection', report)
      const tasks = group({ limit: 2 })
      void tasks.go(() => {
        throw boom
      })
      void tasks.go(() => Promise.reject(boom))
      void tasks.go(() => 'never started')
      await settle()
      await expect(tasks.wait()).rejects.toBe(boom)
      await settle()
      process.off('unhandledRejection', report)
      expect(reports).toEqual([])
    })
  })

  describe("onError: 'collect'", () => {
    it('lets the others go on and rejects with all errors in the order of `go`', async () => {
      const late = new Error('late')
      const gate = deferred()
      const tasks = group({ onError: 'collect', name: 'probe' })
      void tasks.go(async () => {
        await gate.promise
        throw late
      })
      void tasks.go(() => Promise.reject(boom))
      const good = tasks.go(({ signal }) => signal)
      const all = tasks.wait()
      expect(await state(all)).toBe('pending')
      expect((await good).aborted).toBe(false)
      gate.resolve()
      const failure = (await all.catch((error: unknown) => error)) as AggregateError
      expect(failure).toBeInstanceOf(AggregateError)
      expect(failure.errors).toEqual([late, boom])
      expect(failure.message).toBe('The group "probe": 2 of 3 tasks failed')
    })

    it('rejects with the reason alone when cancelled from outside', async () => {
      const controller = new AbortController()
      const tasks = group({ onError: 'collect', signal: controller.signal })
      void tasks.go(({ signal }) => untilAborted(signal))
      void tasks.go(({ signal }) => untilAborted(signal))
      controller.abort(boom)
      await expect(tasks.wait()).rejects.toBe(boom)
    })
  })

  describe('cancellation', () => {
    it("hands on the caller's reason, and waits for the tasks", async () => {
      const controller = new AbortController()
      const stopped = deferred()
      const tasks = group({ signal: controller.signal })
      void tasks.go(() => stopped.promise)
      const all = tasks.wait()
      controller.abort(boom)
      expect(tasks.signal.reason).toBe(boom)
      expect(await state(all)).toBe('pending')
      stopped.resolve()
      await expect(all).rejects.toBe(boom)
    })

    it('is seen when it came before the first task', async () => {
      const tasks = group({ signal: AbortSignal.abort(boom) })
      let started = false
      await expect(
        tasks.go(() => {
          started = true
        }),
      ).rejects.toBe(boom)
      await expect(tasks.wait()).rejects.toBe(boom)
      expect(started).toBe(false)
    })

    it('`cancel` without a reason gives an AbortError that names the group', async () => {
      const tasks = group({ name: 'downloads' })
      void tasks.go(({ signal }) => untilAborted(signal))
      tasks.cancel()
      await expect(tasks.wait()).rejects.toMatchObject({
        name: 'AbortError',
        message: 'The group "downloads" was cancelled',
      })
    })

    it("leaves no listener on the caller's signal, after success, failure or mere idleness", async () => {
      const { signal } = new AbortController()
      const idle = group({ signal })
      void idle.go(() => 1)
      expect(listeners(signal)).toBe(1)
      await settle()
      expect(listeners(signal)).toBe(0)
      const good = group({ signal })
      void good.go(() => 1)
      expect(good.signal.aborted).toBe(false)
      await good.wait()
      const bad = group({ signal })
      void bad.go(() => {
        throw boom
      })
      await expect(bad.wait()).rejects.toBe(boom)
      expect(listeners(signal)).toBe(0)
    })

    it('reaches a signal that was read, though no task is running', async () => {
      const controller = new AbortController()
      const tasks = group({ signal: controller.signal })
      const { signal } = tasks
      await tasks.go(() => 1)
      controller.abort(boom)
      expect(signal.reason).toBe(boom)
      await expect(tasks.wait()).rejects.toBe(boom)
      expect(listeners(controller.signal)).toBe(0)
    })

    it('does not abort the signal after success, so that what tasks returned stays usable', async () => {
      const tasks = group<AbortSignal>()
      void tasks.go(({ signal }) => signal)
      expect((await tasks.wait())[0]?.aborted).toBe(false)
    })
  })

  describe('disposal', () => {
    it('cancels what still runs, waits for it, and does not reject', async () => {
      const cleanUp = deferred()
      const tasks = group()
      void tasks.go(async ({ signal }) => {
        await untilAborted(signal).catch(() => undefined)
        await cleanUp.promise
      })
      const disposed = tasks[asyncDispose]()
      expect(tasks.signal.aborted).toBe(true)
      expect(await state(disposed)).toBe('pending')
      cleanUp.resolve()
      await disposed
      expect(() => tasks.go(() => 1)).toThrow('has ended')
    })

    it('does nothing after `wait`', async () => {
      const tasks = group()
      const { signal } = tasks
      await tasks.wait()
      await tasks[asyncDispose]()
      expect(signal.aborted).toBe(false)
    })
  })

  describe('group.run', () => {
    it("resolves to the body's value after all tasks have stopped", async () => {
      const gate = deferred()
      const run = group.run((tasks) => {
        void tasks.go(() => gate.promise)
        return 'done'
      })
      expect(await state(run)).toBe('pending')
      gate.resolve()
      expect(await run).toBe('done')
    })

    it('rejects with the failure of a task, though the body succeeds', async () => {
      await expect(
        group.run((tasks) => {
          void tasks.go(() => {
            throw boom
          })
        }),
      ).rejects.toBe(boom)
    })

    it('a body that fails aborts the tasks and is reported after they have stopped', async () => {
      const cleanUp = deferred()
      const run = group.run(async (tasks) => {
        void tasks.go(async ({ signal }) => {
          await untilAborted(signal).catch(() => undefined)
          await cleanUp.promise
        })
        await settle()
        throw boom
      })
      expect(await state(run)).toBe('pending')
      cleanUp.resolve()
      await expect(run).rejects.toBe(boom)
    })

    it('collecting, puts the error of the body first, and each error once', async () => {
      const other = new Error('other')
      const both = group.run(
        (tasks) => {
          void tasks.go(() => {
            throw other
          })
          throw boom
        },
        { onError: 'collect' },
      )
      await expect(both).rejects.toMatchObject({ errors: [boom, other] })
      const same = group.run(
        (tasks) =>
          tasks.go(() => {
            throw boom
          }),
        { onError: 'collect' },
      )
      await expect(same).rejects.toMatchObject({ errors: [boom] })
      const alone = group.run(
        () => {
          throw boom
        },
        { onError: 'collect' },
      )
      await expect(alone).rejects.toMatchObject({ errors: [boom] })
    })
  })

  describe('stack traces', () => {
    it("reach the line that waits, through a task's own frames", async () => {
      async function failsLater() {
        await settle()
        throw new Error('deep')
      }
      async function callerOfWait() {
        const tasks = group()
        void tasks.go(() => failsLater())
        await tasks.wait()
      }
      async function callerOfRun() {
        await group.run((tasks) => {
          void tasks.go(() => failsLater())
        })
      }
      async function callerOfGo() {
        await group({ limit: 1 }).go(() => failsLater())
      }
      for (const caller of [callerOfWait, callerOfRun, callerOfGo]) {
        const error = (await caller().catch((thrown: unknown) => thrown)) as Error
        expect(error.stack).toContain('failsLater')
        expect(error.stack).toMatch(new RegExp(`at (async )?${caller.name} `))
      }
    })
  })

  describe('misuse', () => {
    it.each([
      [{ limit: 0 }, 'Expected `limit` to be a positive integer, got 0'],
      [{ limit: Number.NaN }, 'Expected `limit` to be a positive integer, got NaN'],
      [{ limit: 1.5 }, 'Expected `limit` to be a positive integer, got 1.5'],
      [{ limit: '8' }, 'Expected `limit` to be a positive integer, got "8" (string)'],
      [{ signal: {} }, 'Expected `signal` to be an AbortSignal, got an object'],
      [{ signal: null }, 'Expected `signal` to be an AbortSignal, got null'],
      [{ name: 7 }, 'Expected `name` to be a string, got 7'],
      [{ onError: 'ignore' }, "Expected `onError` to be 'cancel' or 'collect', got \"ignore\" (string)"],
      [null, 'Expected `options` to be an object, got null'],
    ])('group(%o) is a TypeError', (options, message) => {
      expect(() => group(options as never)).toThrow(new TypeError(message))
    })

    it('`go`, `tryGo` and `run` want a function', () => {
      const message = (name: string) =>
        new TypeError(`Expected \`${name}\` to be a function, got an instance of Promise`)
      expect(() => group().go(Promise.resolve() as never)).toThrow(message('fn'))
      expect(() => group().tryGo(Promise.resolve() as never)).toThrow(message('fn'))
      expect(() => group.run(Promise.resolve() as never)).toThrow(message('body'))
    })

    it('`go` after the group has ended is an error at the call', async () => {
      const tasks = group({ name: 'batch' })
      await tasks.wait()
      expect(() => tasks.go(() => 1)).toThrow('The group "batch" has ended')
    })
  })
})
