import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  all,
  contextKey,
  group,
  once,
  race,
  retry,
  SingleFlight,
  sleep,
  timeout,
  withCancel,
  withDeadline,
  withTimeout,
  withValue,
} from '@forkline/runtime'
import { asyncDispose, dispose } from '../../runtime/src/disposal.ts'
import { deferred, settle, state } from './deferred.ts'
import { listeners, untilAborted } from './listeners.ts'

const boom = new Error('boom')

describe('timeout', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('gives the value of a task that is in time, whose signal stays as it is', async () => {
    const { signal } = await timeout(100, (task) => task)
    await vi.advanceTimersByTimeAsync(200)
    expect(signal.aborted).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('aborts a late task, and rejects after it has stopped', async () => {
    const cleanUp = deferred()
    const late = timeout(100, async ({ signal }) => {
      await untilAborted(signal).catch(() => undefined)
      await cleanUp.promise
      return 'too late'
    })
    await vi.advanceTimersByTimeAsync(100)
    expect(await state(late)).toBe('pending')
    cleanUp.resolve()
    await expect(late).rejects.toMatchObject({ name: 'TimeoutError', message: 'Timed out after 100 ms' })
  })

  it("hands on the task's error, and the caller's reason", async () => {
    await expect(
      timeout(100, () => {
        throw boom
      }),
    ).rejects.toBe(boom)
    const controller = new AbortController()
    const cancelled = timeout(100, ({ signal }) => untilAborted(signal), { signal: controller.signal })
    controller.abort(boom)
    await expect(cancelled).rejects.toBe(boom)
    await expect(timeout(100, () => 1, { signal: controller.signal })).rejects.toBe(boom)
    expect(listeners(controller.signal)).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('race', () => {
  it('gives the first value after the others were aborted and have stopped', async () => {
    const cleanUp = deferred()
    const signals: AbortSignal[] = []
    const first = race([
      async ({ signal }) => {
        signals.push(signal)
        await untilAborted(signal).catch(() => undefined)
        await cleanUp.promise
        return 'slow'
      },
      async ({ signal }) => {
        signals.push(signal)
        await settle()
        return 'fast'
      },
    ])
    expect(await state(first)).toBe('pending')
    expect(signals.map((signal) => signal.aborted)).toEqual([true, false])
    cleanUp.resolve()
    expect(await first).toBe('fast')
  })

  it('a failure may win', async () => {
    await expect(
      race([
        ({ signal }) => untilAborted(signal),
        () => {
          throw boom
        },
      ]),
    ).rejects.toBe(boom)
  })

  it("ends with the caller's signal, after all have stopped", async () => {
    const controller = new AbortController()
    const raced = race([({ signal }) => untilAborted(signal)], { signal: controller.signal })
    expect(listeners(controller.signal)).toBe(1)
    controller.abort(boom)
    await expect(raced).rejects.toBe(boom)
    expect(listeners(controller.signal)).toBe(0)
    let started = false
    await expect(
      race(
        [
          () => {
            started = true
          },
        ],
        { signal: controller.signal },
      ),
    ).rejects.toBe(boom)
    expect(started).toBe(false)
  })

  it('without tasks would never end, so it is an error at the call', () => {
    expect(() => race([])).toThrow(new TypeError('Expected `tasks` to be at least one function, got an empty array'))
    expect(() => race([Promise.resolve() as never])).toThrow(
      new TypeError('Expected `tasks[0]` to be a function, got an instance of Promise'),
    )
  })
})

describe('all', () => {
  it('gives the values in the order of the tasks', async () => {
    expect(
      await all([
        async () => {
          await settle()
          return 1
        },
        () => 'two',
      ]),
    ).toEqual([1, 'two'])
    expect(await all([])).toEqual([])
  })

  it('the first failure aborts the others and comes out after they have stopped', async () => {
    const cleanUp = deferred()
    const failed = all([
      async ({ signal }) => {
        await untilAborted(signal).catch(() => undefined)
        await cleanUp.promise
      },
      () => {
        throw boom
      },
    ])
    expect(await state(failed)).toBe('pending')
    cleanUp.resolve()
    await expect(failed).rejects.toBe(boom)
  })
})

describe('retry', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('calls until it succeeds, with pauses that grow up to a maximum', async () => {
    const start = performance.now()
    const times: number[] = []
    const result = retry(
      ({ attempt }) => {
        times.push(performance.now() - start)
        if (attempt < 5) throw boom
        return attempt
      },
      { attempts: 5, delay: 100, factor: 3, maxDelay: 500, jitter: 0 },
    )
    await vi.runAllTimersAsync()
    expect(await result).toBe(5)
    expect(times).toEqual([0, 100, 400, 900, 1400])
  })

  it('leaves a share of each pause to chance', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const start = performance.now()
    const result = retry(
      ({ attempt }) => {
        if (attempt === 1) throw boom
        return performance.now() - start
      },
      { delay: 100, jitter: 1 },
    )
    await vi.runAllTimersAsync()
    expect(await result).toBe(50)
    random.mockRestore()
  })

  it('rejects with the last error when it gives up', async () => {
    let calls = 0
    const failed = retry(
      () => {
        throw new Error(String(++calls))
      },
      { attempts: 3, delay: 1 },
    )
    const check = expect(failed).rejects.toThrow('3')
    await vi.runAllTimersAsync()
    await check
  })

  it('gives up at once when it is not worth trying', async () => {
    const seen: unknown[] = []
    const when = (error: unknown, attempt: number) => {
      seen.push(error, attempt)
      return false
    }
    await expect(
      retry(
        () => {
          throw boom
        },
        { when },
      ),
    ).rejects.toBe(boom)
    expect(seen).toEqual([boom, 1])
  })

  it('obeys the signal in a pause and in a call', async () => {
    const controller = new AbortController()
    const { signal } = controller
    let calls = 0
    const pausing = retry(
      () => {
        calls++
        throw new Error('again')
      },
      { signal, delay: 1000 },
    )
    const calling = retry((attempt) => untilAborted(attempt.signal), { signal })
    const checks = [expect(pausing).rejects.toBe(boom), expect(calling).rejects.toBe(boom)]
    await vi.advanceTimersByTimeAsync(0)
    controller.abort(boom)
    await Promise.all(checks)
    await expect(retry(() => calls++, { signal })).rejects.toBe(boom)
    expect([calls, vi.getTimerCount()]).toEqual([1, 0])
  })

  it.each([{ attempts: 0 }, { delay: -1 }, { factor: 0.5 }, { jitter: 2 }, { when: 1 }, { maxDelay: 'x' }])(
    'retry(fn, %o) is a TypeError at the call',
    (options) => {
      expect(() => retry(() => 1, options as never)).toThrow(TypeError)
    },
  )
})

describe('once', () => {
  it('calls once, and shares what is under way', async () => {
    let calls = 0
    const load = once(async () => {
      await settle()
      return ++calls
    })
    expect(await Promise.all([load(), load()])).toEqual([1, 1])
    expect(await load()).toBe(1)
  })

  it('keeps a failure, and refuses to call itself', () => {
    let calls = 0
    const fail = once(() => {
      calls++
      throw boom
    })
    expect(fail).toThrow(boom)
    expect(fail).toThrow(boom)
    expect(calls).toBe(1)
    const circular: () => number = once(() => circular())
    expect(circular).toThrow('calls itself')
  })
})

describe('SingleFlight', () => {
  it('shares a call under way by key, and keeps nothing after it', async () => {
    const flights = new SingleFlight<string, string>()
    let calls = 0
    const load = async () => {
      await settle()
      return `result ${String(++calls)}`
    }
    expect(await Promise.all([flights.do('a', load), flights.do('a', load), flights.do('b', load)])).toEqual([
      'result 1',
      'result 1',
      'result 2',
    ])
    expect(await flights.do('a', load)).toBe('result 3')
  })

  it('shares a failure, a synchronous one included', async () => {
    const flights = new SingleFlight()
    const fail = () => {
      throw boom
    }
    const [first, second] = await Promise.allSettled([flights.do('a', fail), flights.do('a', fail)])
    expect([first, second]).toEqual([
      { status: 'rejected', reason: boom },
      { status: 'rejected', reason: boom },
    ])
    expect(await flights.do('a', () => 'anew')).toBe('anew')
  })

  it('abort of one waiter leaves the others; of the last, ends the call', async () => {
    const flights = new SingleFlight()
    const first = new AbortController()
    const second = new AbortController()
    let seen: AbortSignal | undefined
    const call = ({ signal }: { readonly signal: AbortSignal }) => {
      seen = signal
      return untilAborted(signal)
    }
    const one = flights.do('a', call, { signal: first.signal })
    const two = flights.do('a', call, { signal: second.signal })
    await settle()
    first.abort(boom)
    await expect(one).rejects.toBe(boom)
    expect(seen?.aborted).toBe(false)
    expect(await state(two)).toBe('pending')
    second.abort(boom)
    await expect(two).rejects.toBe(boom)
    expect(seen?.aborted).toBe(true)
    expect(await flights.do('a', () => 'anew')).toBe('anew')
    expect(listeners(second.signal)).toBe(0)
  })

  it('disposal aborts what is under way, and waits for calls that nobody waits for any more', async () => {
    const flights = new SingleFlight()
    const gate = deferred()
    const controller = new AbortController()
    const left = flights.do('left', () => gate.promise, { signal: controller.signal })
    await settle()
    controller.abort(boom)
    await expect(left).rejects.toBe(boom)
    const waiting = flights.do('waiting', ({ signal }) => untilAborted(signal))
    const told = expect(waiting).rejects.toMatchObject({
      name: 'AbortError',
      message: 'The SingleFlight was disposed of',
    })
    await settle()
    const disposed = flights[asyncDispose]()
    await told
    await settle()
    expect(await state(disposed)).toBe('pending')
    gate.reject(new Error('too late'))
    await disposed
    expect(await flights.do('left', () => 'anew')).toBe('anew')
    await flights[asyncDispose]()
  })

  it('forget lets the next call start anew', async () => {
    const flights = new SingleFlight<string, string>()
    const gate = deferred<string>()
    const old = flights.do('a', () => gate.promise)
    flights.forget('a')
    expect(await flights.do('a', () => 'new')).toBe('new')
    gate.resolve('old')
    expect(await old).toBe('old')
  })
})

describe('scopes', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('cancellation goes down, never up', () => {
    const parent = withCancel()
    const child = withCancel(parent)
    const sibling = withCancel(parent.signal)
    child.cancel(boom)
    expect([parent.signal.aborted, child.signal.reason]).toEqual([false, boom])
    parent.cancel()
    expect(sibling.signal.reason).toMatchObject({ name: 'AbortError' })
    expect(withCancel(parent).signal.reason).toBe(parent.signal.reason)
  })

  it('disposal cancels and lets go of the parent', () => {
    const parent = new AbortController()
    const scope = withTimeout(100, parent.signal)
    expect(listeners(parent.signal)).toBe(1)
    scope[dispose]()
    expect(scope.signal.aborted).toBe(true)
    expect([listeners(parent.signal), vi.getTimerCount()]).toEqual([0, 0])
  })

  it('a timeout aborts by itself, the nearest deadline is told', async () => {
    const outer = withTimeout(100)
    const inner = withDeadline(new Date(Date.now() + 500), outer)
    expect(inner.deadline).toBe(outer.deadline)
    const slept = sleep(1000, { signal: inner.signal })
    const check = expect(slept).rejects.toMatchObject({ name: 'TimeoutError', message: 'Timed out after 100 ms' })
    await vi.advanceTimersByTimeAsync(100)
    await check
    expect(vi.getTimerCount()).toBe(0)
    expect(withDeadline(Date.now() - 1).signal.reason).toMatchObject({ name: 'TimeoutError' })
  })

  it('values are found from the nearest scope outwards, by key and not by name', () => {
    const user = contextKey<string>('user')
    const other = contextKey<string>('user')
    const outer = withValue(user, 'ann')
    const inner = withValue(user, 'bob', withCancel(outer))
    expect([outer.value(user), inner.value(user), withTimeout(1, inner).value(user)]).toEqual(['ann', 'bob', 'bob'])
    expect(inner.value(other)).toBeUndefined()
  })

  it('thousands deep, cancellation and values still find their way', async () => {
    const key = contextKey<string>('key')
    const root = withValue(key, 'root')
    const scopes = [root]
    for (let depth = 0; depth < 20_000; depth++)
      scopes.push(withCancel(depth % 2 === 0 ? scopes.at(-1) : scopes.at(-1)?.signal))
    const chain = [withValue(key, 'top')]
    for (let depth = 0; depth < 20_000; depth++) chain.push(withCancel(chain.at(-1)))
    expect(chain.at(-1)?.value(key)).toBe('top')
    const tasks = group({ signal: scopes.at(-1)?.signal })
    const ended = expect(tasks.go(({ signal }) => untilAborted(signal))).rejects.toBe(boom)
    const order: number[] = []
    for (const depth of [20_000, 1, 500])
      scopes[depth]?.signal.addEventListener('abort', () => {
        order.push(depth)
      })
    root.cancel(boom)
    expect(scopes.every(({ signal }) => signal.reason === boom)).toBe(true)
    expect(order).toEqual([1, 500, 20_000])
    await ended
  })

  it('one that is let go of while others are told is left alone', () => {
    const parent = withCancel()
    const first = withCancel(parent)
    const second = withCancel(parent)
    first.signal.addEventListener('abort', () => {
      second.cancel(boom)
    })
    parent.cancel()
    expect(second.signal.reason).toBe(boom)
  })

  it('misuse is a TypeError', () => {
    expect(() => withCancel(null as never)).toThrow('Expected `parent` to be an AbortSignal, got null')
    expect(() => withTimeout(Number.NaN)).toThrow(TypeError)
    expect(() => withDeadline(new Date('never'))).toThrow(TypeError)
    expect(() => withDeadline('tomorrow' as never)).toThrow(TypeError)
    expect(() => contextKey(1 as never)).toThrow(TypeError)
  })
})
