import { describe, expect, it } from 'vitest'
import { group, pool, WaitGroup, withTimeout } from '@forkline/runtime'
import { deferred, settle, state } from '../deferred.ts'
import { untilAborted } from '../listeners.ts'

/** Behaviour that the tests of sourcegraph/conc pin down; docs/runtime-parity.md says which carries over. */
describe('conc', () => {
  const one = new Error('one')
  const two = new Error('two')

  /** Counts how many run at once. */
  function gauge() {
    let active = 0
    const seen = { peak: 0 }
    const work = async () => {
      seen.peak = Math.max(seen.peak, ++active)
      await settle()
      active--
    }
    return { seen, work }
  }

  describe('iter', () => {
    it('TestIterator / safe for reuse: one pool serves call after call', async () => {
      const workers = pool({ concurrency: 3 })
      expect(await workers.map([1, 2], (n) => n + 1)).toEqual([2, 3])
      expect(await workers.map([5], (n) => n + 1)).toEqual([6])
    })

    it('TestIterator / allows more than defaultMaxGoroutines() concurrent tasks: the number is what was asked for', async () => {
      const { seen, work } = gauge()
      await pool({ concurrency: 97 }).forEach(
        Array.from({ length: 200 }, (_, i) => i),
        work,
      )
      expect(seen.peak).toBe(97)
    })

    it('TestForEachIdx: each item once, with its index; none for none', async () => {
      const seen: [string, number][] = []
      await pool({ concurrency: 2 }).forEach(['a', 'b', 'c'], (item, { index }) => {
        seen.push([item, index])
      })
      expect(seen).toEqual([
        ['a', 0],
        ['b', 1],
        ['c', 2],
      ])
      await pool().forEach([], () => Promise.reject(one))
    })

    it('TestForEach / panic is propagated: a synchronous throw comes out of the call', async () => {
      await expect(
        pool({ concurrency: 2 }).forEach([1], () => {
          throw one
        }),
      ).rejects.toBe(one)
    })

    it('TestForEach / mutating inputs is fine: items that grow on the way are seen', async () => {
      const items = [{ n: 1 }, { n: 2 }]
      await pool({ concurrency: 2 }).forEach(items, (item) => {
        item.n *= 10
      })
      expect(items).toEqual([{ n: 10 }, { n: 20 }])
    })

    it('TestForEach / huge inputs: ten thousand items, each once', async () => {
      const seen = new Uint8Array(10_000)
      await pool({ concurrency: 16 }).forEach(seen.keys(), (i) => {
        seen[i] = (seen[i] ?? 0) + 1
      })
      expect(seen.every((times) => times === 1)).toBe(true)
    })

    it('TestMap: results stand where their items stood', async () => {
      const gate = deferred<string>()
      const mapping = pool({ concurrency: 2 }).map([1, 2, 3], (n) => (n === 1 ? gate.promise : String(n)))
      await settle()
      gate.resolve('late')
      expect(await mapping).toEqual(['late', '2', '3'])
    })

    it('TestMapErr / multiple errors are propagated: mapSettled tells every one, beside the results', async () => {
      const outcomes = await pool({ concurrency: 2 }).mapSettled([1, 2, 3], (n) => {
        if (n === 2) return n
        throw n === 1 ? one : two
      })
      expect(outcomes).toEqual([
        { status: 'rejected', reason: one },
        { status: 'fulfilled', value: 2 },
        { status: 'rejected', reason: two },
      ])
    })
  })

  describe('pools', () => {
    it.each([1, 10, 100])('TestPool / limit: never more than %i at once', async (limit) => {
      const { seen, work } = gauge()
      const tasks = group({ limit })
      for (let i = 0; i < 300; i++) void tasks.go(work)
      await tasks.wait()
      expect(seen.peak).toBe(limit)
    })

    it('TestPool / propagate panic: the others end, then the error comes out', async () => {
      const tasks = group()
      let ended = 0
      for (let i = 0; i < 10; i++) {
        void tasks.go(async () => {
          if (i === 5) throw one
          await settle()
          ended++
        })
      }
      await expect(tasks.wait()).rejects.toBe(one)
      expect(ended).toBe(9)
    })

    it('TestPool / panics do not exhaust goroutines: tasks that throw give their place back', async () => {
      const workers = pool({ concurrency: 2 })
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, () =>
          workers.run(() => {
            throw one
          }),
        ),
      )
      expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
      expect([workers.active, await workers.run(() => 'fine')]).toEqual([0, 'fine'])
    })

    it('TestPool / panics on invalid WithMaxGoroutines: zero is a TypeError', () => {
      expect(() => pool({ concurrency: 0 })).toThrow(TypeError)
      expect(() => group({ limit: 0 })).toThrow(TypeError)
    })

    it('TestPool / returns correct MaxGoroutines: the pool tells its concurrency', () => {
      expect(pool({ concurrency: 42 }).concurrency).toBe(42)
    })

    it('TestErrorPool / wait error is all returned errors: collecting, in the order of `go`', async () => {
      const tasks = group({ onError: 'collect' })
      const gate = deferred()
      void tasks.go(async () => {
        await gate.promise
        throw one
      })
      void tasks.go(() => Promise.reject(two))
      void tasks.go(() => 'fine')
      await settle()
      gate.resolve()
      const error: unknown = await tasks.wait().catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(AggregateError)
      expect((error as AggregateError).errors).toEqual([one, two])
    })

    it('TestErrorPool / wait returns no error if no errors: with none, `wait` succeeds, collecting or not', async () => {
      for (const onError of ['cancel', 'collect'] as const) {
        const tasks = group({ onError })
        void tasks.go(() => 1)
        expect(await tasks.wait()).toEqual([1])
      }
    })

    it('TestContextPool / context error propagates: cancelled or timed out, `wait` gives the reason', async () => {
      const scope = withTimeout(0)
      const tasks = group({ signal: scope.signal })
      void tasks.go(({ signal }) => untilAborted(signal))
      await expect(tasks.wait()).rejects.toMatchObject({ name: 'TimeoutError' })
    })

    it('TestContextPool / return before timed out: in time, the limit does nothing', async () => {
      const scope = withTimeout(60_000)
      const tasks = group({ signal: scope.signal })
      void tasks.go(() => 'in time')
      expect(await tasks.wait()).toEqual(['in time'])
      scope.cancel()
    })

    it('TestContextPool / WithCancelOnError: the failure cancels the others; WithFirstError: it alone comes out', async () => {
      const tasks = group()
      void tasks.go(({ signal }) => untilAborted(signal))
      void tasks.go(() => Promise.reject(one))
      void tasks.go(({ signal }) => untilAborted(signal).catch(() => Promise.reject(two)))
      await expect(tasks.wait()).rejects.toBe(one)
    })

    it('TestContextPool / no WithCancelOnError: collecting, the failure of one does not reach the others', async () => {
      const tasks = group({ onError: 'collect' })
      const told: boolean[] = []
      void tasks.go(() => Promise.reject(one))
      void tasks.go(async ({ signal }) => {
        await settle()
        told.push(signal.aborted)
      })
      await expect(tasks.wait()).rejects.toMatchObject({ errors: [one] })
      expect(told).toEqual([false])
    })

    it('TestContextPool / WithFailFast: nothing more is started after a failure', async () => {
      const tasks = group({ limit: 1 })
      let started = 0
      void tasks.go(() => Promise.reject(one))
      for (let i = 0; i < 5; i++) void tasks.go(() => started++)
      await expect(tasks.wait()).rejects.toBe(one)
      expect(started).toBe(0)
    })

    it('TestContextPool / WithCancelOnError and panic: a synchronous throw cancels like any failure', async () => {
      const tasks = group()
      const cancelled = deferred<unknown>()
      void tasks.go(({ signal }) =>
        untilAborted(signal).catch((reason: unknown) => {
          cancelled.resolve(reason)
        }),
      )
      void tasks.go(() => {
        throw one
      })
      await expect(tasks.wait()).rejects.toBe(one)
      expect(await cancelled.promise).toBe(one)
    })

    it('TestResultGroup / deterministic order: whatever the order of the ends, results keep that of the calls', async () => {
      const tasks = group<number>()
      const gates = Array.from({ length: 20 }, () => deferred())
      for (let i = 0; i < 20; i++) {
        void tasks.go(async () => {
          await gates[i]?.promise
          return i
        })
      }
      for (let i = 0; i < 20; i++) gates[(i * 7) % 20]?.resolve()
      expect(await tasks.wait()).toEqual(Array.from({ length: 20 }, (_, i) => i))
    })

    it('TestResultErrorPool / WithCollectErrored: results beside errors, by mapSettled', async () => {
      const outcomes = await pool({ concurrency: 4 }).mapSettled([1, 2], (n) => (n === 1 ? Promise.reject(one) : n))
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    })
  })

  describe('stream', () => {
    it('TestStream / simple: results come in the order of the input while later work goes on', async () => {
      const results: number[] = []
      const source = Array.from({ length: 30 }, (_, i) => i)
      const fn = async (n: number) => {
        for (let i = 0; i < n % 3; i++) await settle()
        return n
      }
      for await (const result of pool({ concurrency: 5 }).stream(source, fn)) results.push(result)
      expect(results).toEqual(source)
    })

    it('TestStream / max goroutines: never more than the pool has places', async () => {
      const { seen, work } = gauge()
      let count = 0
      for await (const result of pool({ concurrency: 5 }).stream(
        Array.from({ length: 30 }, () => 0),
        work,
      )) {
        if (result === undefined) count++
      }
      expect([count, seen.peak]).toEqual([30, 5])
    })

    it('TestStream / panic in task is propagated: to the loop', async () => {
      const stream = pool({ concurrency: 2 }).stream([1], () => {
        throw one
      })
      await expect(stream.next()).rejects.toBe(one)
    })

    it('TestStream / panic in callback does not block producers: a loop that throws ends the work', async () => {
      const workers = pool({ concurrency: 2 })
      let started = 0
      const consume = async () => {
        for await (const n of workers.stream(
          Array.from({ length: 100 }, (_, i) => i),
          (i) => {
            started++
            return i
          },
        )) {
          if (n === 3) throw one
        }
      }
      await expect(consume()).rejects.toBe(one)
      await workers.drain()
      expect(started).toBeLessThan(10)
    })
  })

  describe('WaitGroup', () => {
    it('TestWaitGroup / all spawned run: `wait` returns when each has ended', async () => {
      const wait = new WaitGroup()
      let ran = 0
      for (let i = 0; i < 100; i++) {
        void wait.go(async () => {
          await settle()
          ran++
        })
      }
      await wait.wait()
      expect(ran).toBe(100)
    })

    it("TestWaitGroup / panic is propagated: a throw is the promise's, and does not keep `wait` from its end", async () => {
      const wait = new WaitGroup()
      const failing = wait.go(() => {
        throw one
      })
      await expect(failing).rejects.toBe(one)
      await wait.wait()
    })

    it('TestWaitGroup / non-panics run successfully: beside one that fails, the others run to their end', async () => {
      const gate = deferred()
      let ran = 0
      const tasks = group({ onError: 'collect' })
      void tasks.go(() => Promise.reject(one))
      void tasks.go(async () => {
        await gate.promise
        ran++
      })
      const waiting = tasks.wait()
      expect(await state(waiting)).toBe('pending')
      gate.resolve()
      await expect(waiting).rejects.toMatchObject({ errors: [one] })
      expect(ran).toBe(1)
    })
  })
})
