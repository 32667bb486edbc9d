import { describe, expect, it } from 'vitest'
import {
  all,
  Channel,
  chain,
  contextKey,
  group,
  merge,
  Mutex,
  once,
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
  withCancel,
  withDeadline,
  withTimeout,
  withValue,
} from '@forkline/runtime'

/** Values that are no number of anything, and how an error calls them. */
const NO_LIMIT = [
  [0, '0'],
  [-1, '-1'],
  [1.5, '1.5'],
  [Number.NaN, 'NaN'],
  ['4', '"4" (string)'],
  [null, 'null'],
  [4n, '4n'],
  [true, 'true'],
  [[], 'an empty array'],
  [[4], 'an array'],
  [{}, 'an object'],
  [() => 4, 'a function'],
] as const

const fine = () => undefined

describe('misuse says at the call what was expected and what came', () => {
  it.each(NO_LIMIT)('%o is no limit', (value, name) => {
    const wrong = value as never
    const expected = (what: string) => new TypeError(`Expected \`${what}\` to be a positive integer, got ${name}`)
    expect(() => group({ limit: wrong })).toThrow(expected('limit'))
    expect(() => pool({ concurrency: wrong })).toThrow(expected('concurrency'))
    expect(() => new Semaphore(wrong)).toThrow(expected('permits'))
    expect(() => new Semaphore(9).acquire(wrong)).toThrow(expected('n'))
    expect(() => new Semaphore(9).tryAcquire(wrong)).toThrow(expected('n'))
    expect(() => new Semaphore(9).use(fine, { n: wrong })).toThrow(expected('n'))
    expect(() => new RateLimiter({ limit: wrong, interval: 1 })).toThrow(expected('limit'))
    expect(() => new RateLimiter({ limit: 1, interval: 1, burst: wrong })).toThrow(expected('burst'))
    expect(() => new RateLimiter({ limit: 1, interval: 1 }).wait(wrong)).toThrow(expected('n'))
    expect(() => retry(fine, { attempts: wrong })).toThrow(expected('attempts'))
    expect(() => pipeline([]).map(fine, { concurrency: wrong })).toThrow(expected('concurrency'))
    expect(() => pipeline([]).batch(wrong)).toThrow(expected('size'))
    expect(() => pipeline([]).fanOut(wrong)).toThrow(expected('count'))
  })

  it('`done` below zero', () => {
    expect(() => {
      new WaitGroup().done()
    }).toThrow(new RangeError('The count would fall to -1: `done` was called more often than `add`'))
    expect(() => {
      new WaitGroup().add('1' as never)
    }).toThrow(new TypeError('Expected `n` to be an integer, got "1" (string)'))
  })

  it('a send on a closed channel', async () => {
    const channel = new Channel<number>()
    channel.close()
    const closed = new Error('The channel is closed: nothing more can be sent')
    expect(() => channel.send(1)).toThrow(closed)
    await expect(select([channel.sending(1, fine)])).rejects.toThrow(closed)
  })

  it('a weight above the permits', () => {
    const tooMany = new RangeError('3 permits were asked for, but the semaphore has 2 in all')
    expect(() => new Semaphore(2).acquire(3)).toThrow(tooMany)
    expect(() => new Semaphore(2).tryAcquire(3)).toThrow(tooMany)
    expect(() => new Semaphore(2).use(fine, { n: 3 })).toThrow(tooMany)
  })

  it('a request above the burst', () => {
    const limiter = new RateLimiter({ limit: 5, interval: 1000, burst: 2 })
    const tooMany = new RangeError('3 events exceed the burst of 2: they could never happen')
    expect(() => limiter.wait(3)).toThrow(tooMany)
    expect(() => limiter.tryTake(3)).toThrow(tooMany)
    expect(() => limiter.reserve(3)).toThrow(tooMany)
  })

  it('a second release', async () => {
    for (const release of [await new Semaphore(2).acquire(2), await new Mutex().lock()]) {
      release()
      expect(release).toThrow(new Error('This permit was released before'))
    }
  })

  it('use after close', async () => {
    const workers = pool({ concurrency: 1, name: 'uploads' })
    await workers.close()
    const closed = new Error('The pool "uploads" is closed: it takes no more calls')
    expect(() => workers.run(fine)).toThrow(closed)
    expect(() => workers.map([], fine)).toThrow(closed)
    expect(() => workers.mapSettled([], fine)).toThrow(closed)
    expect(() => workers.forEach([], fine)).toThrow(closed)
    expect(() => workers.stream([], fine)).toThrow(closed)
    const tasks = group({ name: 'batch' })
    await tasks.wait()
    const ended = new Error('The group "batch" has ended: `go` must come before `wait` has settled')
    expect(() => tasks.go(fine)).toThrow(ended)
    expect(() => tasks.tryGo(fine)).toThrow(ended)
  })

  it('a promise where a function was meant, which would have been at work already', () => {
    const promise = Promise.resolve() as never
    const expected = (name: string) =>
      new TypeError(`Expected \`${name}\` to be a function, got an instance of Promise`)
    expect(() => group().go(promise)).toThrow(expected('fn'))
    expect(() => group().tryGo(promise)).toThrow(expected('fn'))
    expect(() => group.run(promise)).toThrow(expected('body'))
    expect(() => all([promise])).toThrow(expected('tasks[0]'))
    expect(() => race([promise])).toThrow(expected('tasks[0]'))
    expect(() => pool().run(promise)).toThrow(expected('fn'))
    expect(() => pool().map([], promise)).toThrow(expected('fn'))
    expect(() => timeout(1, promise)).toThrow(expected('fn'))
    expect(() => retry(promise)).toThrow(expected('fn'))
    expect(() => once(promise)).toThrow(expected('fn'))
    expect(() => new SingleFlight().do('key', promise)).toThrow(expected('fn'))
    expect(() => new Mutex().runExclusive(promise)).toThrow(expected('fn'))
    expect(() => new Semaphore(1).use(promise)).toThrow(expected('fn'))
    expect(() => new WaitGroup().go(promise)).toThrow(expected('fn'))
    expect(() => chain([promise])).toThrow(expected('stages[0]'))
    expect(() => pipeline([]).tap(promise)).toThrow(expected('fn'))
    expect(() => new Channel().receiving(promise)).toThrow(expected('fn'))
  })

  it('a controller where its signal was meant', () => {
    const signal = new AbortController() as never
    const expected = (name: string) =>
      new TypeError(`Expected \`${name}\` to be an AbortSignal, got an instance of AbortController`)
    expect(() => group({ signal })).toThrow(expected('signal'))
    expect(() => pool({ signal })).toThrow(expected('signal'))
    expect(() => pool().run(fine, { signal })).toThrow(expected('signal'))
    expect(() => pool().map([], fine, { signal })).toThrow(expected('signal'))
    expect(() => sleep(1, { signal })).toThrow(expected('signal'))
    expect(() => timeout(1, fine, { signal })).toThrow(expected('signal'))
    expect(() => race([fine], { signal })).toThrow(expected('signal'))
    expect(() => retry(fine, { signal })).toThrow(expected('signal'))
    expect(() => new Semaphore(1).acquire(1, { signal })).toThrow(expected('signal'))
    expect(() => new Mutex().lock({ signal })).toThrow(expected('signal'))
    expect(() => new Channel().send(1, { signal })).toThrow(expected('signal'))
    expect(() => new Channel().receive({ signal })).toThrow(expected('signal'))
    expect(() => new WaitGroup().wait({ signal })).toThrow(expected('signal'))
    expect(() => new SingleFlight().do('key', fine, { signal })).toThrow(expected('signal'))
    expect(() => new RateLimiter({ limit: 1, interval: 1 }).wait(1, { signal })).toThrow(expected('signal'))
    expect(() => pipeline([], { signal })).toThrow(expected('signal'))
    expect(() => withCancel(new Date() as never)).toThrow(
      new TypeError('Expected `parent` to be an AbortSignal, got an instance of Date'),
    )
  })

  it('options that are none', () => {
    const none = null as never
    const expected = new TypeError('Expected `options` to be an object, got null')
    expect(() => group(none)).toThrow(expected)
    expect(() => pool(none)).toThrow(expected)
    expect(() => pool().drain(none)).toThrow(expected)
    expect(() => sleep(1, none)).toThrow(expected)
    expect(() => new RateLimiter(none)).toThrow(expected)
    expect(() => new RateLimiter({ limit: 1, interval: 1 }).wait(1, none)).toThrow(expected)
    expect(() => new Semaphore(1).acquire(1, none)).toThrow(expected)
    expect(() => new Mutex().lock(none)).toThrow(expected)
    expect(() => new Mutex().runExclusive(fine, none)).toThrow(expected)
    expect(() => new WaitGroup().wait(none)).toThrow(expected)
    expect(() => new Channel().receive(none)).toThrow(expected)
    expect(() => retry(fine, none)).toThrow(expected)
    expect(() => timeout(1, fine, none)).toThrow(expected)
  })

  it('times that timers cannot hold, and dates that are none', () => {
    const expected = (name: string, got: string) =>
      new TypeError(`Expected \`${name}\` to be a number of milliseconds from 0 to 2147483647, got ${got}`)
    const wrong = [
      [-1, '-1'],
      [Number.NaN, 'NaN'],
      [2 ** 31, '2147483648'],
      ['5', '"5" (string)'],
    ] as const
    for (const [value, got] of wrong) {
      const ms = value as never
      expect(() => sleep(ms)).toThrow(expected('ms', got))
      expect(() => timeout(ms, fine)).toThrow(expected('ms', got))
      expect(() => withTimeout(ms)).toThrow(expected('ms', got))
      expect(() => retry(fine, { delay: ms })).toThrow(expected('delay', got))
      expect(() => pipeline([]).batch(1, { maxWait: ms })).toThrow(expected('maxWait', got))
    }
    expect(() => withDeadline('tomorrow' as never)).toThrow(
      new TypeError('Expected `date` to be a valid Date or milliseconds since 1970, got "tomorrow" (string)'),
    )
  })

  it('what is not iterable, keys that are none, and channels of half a place', () => {
    const notIterable = (name: string) =>
      new TypeError(`Expected \`${name}\` to be an iterable or an async iterable, got 7`)
    expect(() => pool().map(7 as never, fine)).toThrow(notIterable('source'))
    expect(() => pipeline(7 as never)).toThrow(notIterable('source'))
    expect(() => merge([], 7 as never)).toThrow(notIterable('sources[1]'))
    expect(() => contextKey(7 as never)).toThrow(new TypeError('Expected `name` to be a string, got 7'))
    expect(() => withValue('key' as never, 1)).toThrow(
      new TypeError('Expected `key` to be a key made by `contextKey`, got "key" (string)'),
    )
    expect(() => new Channel(0.5)).toThrow(new TypeError('Expected `capacity` to be a non-negative integer, got 0.5'))
  })
})
