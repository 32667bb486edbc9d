import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { group, race, sleep, timeout, withCancel, withDeadline, withTimeout } from '@forkline/runtime'
import { deferred, settle, state } from '../deferred.ts'
import { listeners, untilAborted } from '../listeners.ts'

/** Behaviour that the tests of Trio pin down; docs/runtime-parity.md says which carries over. */
describe('trio', () => {
  const one = new Error('one')
  const two = new Error('two')

  describe('nurseries', () => {
    it('test_nursery_main_block_error_basic: a body that fails ends the nursery with that error', async () => {
      await expect(
        group.run(() => {
          throw one
        }),
      ).rejects.toBe(one)
    })

    it('test_child_crash_basic: a child that fails ends it too, though the body was fine', async () => {
      await expect(
        group.run((tasks) => {
          void tasks.go(() => {
            throw one
          })
        }),
      ).rejects.toBe(one)
    })

    it('test_basic_interleave: children take turns at each wait', async () => {
      const order: string[] = []
      await group.run((tasks) => {
        for (const name of ['a', 'b']) {
          void tasks.go(async () => {
            for (let i = 0; i < 3; i++) {
              order.push(`${name}${i}`)
              await Promise.resolve()
            }
          })
        }
      })
      expect(order).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2'])
    })

    it('test_task_crash_propagation: the failure reaches siblings that wait for ever, and they end first', async () => {
      let released = false
      await expect(
        group.run((tasks) => {
          void tasks.go(async ({ signal }) => {
            try {
              await untilAborted(signal)
            } finally {
              await settle()
              released = true
            }
          })
          void tasks.go(() => Promise.reject(one))
        }),
      ).rejects.toBe(one)
      expect(released).toBe(true)
    })

    it('test_main_and_task_both_crash: collecting, both errors come out, that of the body first', async () => {
      const both = group.run(
        (tasks) => {
          void tasks.go(() => Promise.reject(two))
          throw one
        },
        { onError: 'collect' },
      )
      await expect(both).rejects.toMatchObject({ errors: [one, two] })
    })

    it('test_two_child_crashes: collecting, the errors of both children come out', async () => {
      const both = group.run(
        (tasks) => {
          void tasks.go(() => Promise.reject(one))
          void tasks.go(() => Promise.reject(two))
        },
        { onError: 'collect' },
      )
      await expect(both).rejects.toMatchObject({ errors: [one, two] })
    })

    it('test_child_crash_wakes_parent: a body that waits with the signal of the group is woken', async () => {
      await expect(
        group.run(async (tasks) => {
          void tasks.go(() => Promise.reject(one))
          await sleep(2 ** 31 - 1, { signal: tasks.signal })
        }),
      ).rejects.toBe(one)
    })

    it('test_nursery_closure: takes tasks as long as any runs, and none after', async () => {
      const tasks = group()
      void tasks.go(async () => {
        await settle()
        void tasks.go(() => 'from inside')
      })
      await tasks.wait()
      expect(() => tasks.go(() => 1)).toThrow('The group has ended: `go` must come before `wait` has settled')
    })

    it('test_spawn_name: the name of the group is in its messages', async () => {
      const tasks = group({ name: 'downloads' })
      void tasks.go(({ signal }) => untilAborted(signal))
      tasks.cancel()
      await expect(tasks.wait()).rejects.toMatchObject({ message: 'The group "downloads" was cancelled' })
    })

    it('test_nursery_explicit_exception: after failure no listener is left on the signal around it', async () => {
      const scope = withCancel()
      await expect(
        group.run(
          (tasks) => {
            void tasks.go(() => Promise.reject(one))
          },
          { signal: scope.signal },
        ),
      ).rejects.toBe(one)
      expect(listeners(scope.signal)).toBe(0)
    })

    it('test_nice_error_on_bad_calls_to_run_or_spawn: a promise instead of a function is a TypeError that says so', async () => {
      const promise = Promise.resolve()
      expect(() => group().go(promise as never)).toThrow(
        new TypeError('Expected `fn` to be a function, got an instance of Promise'),
      )
      await promise
    })

    it('test_nursery_collapse: nested groups hand one error outwards as it is', async () => {
      await expect(
        group.run((outer) => {
          void outer.go(() =>
            group.run((inner) => {
              void inner.go(() => Promise.reject(one))
            }),
          )
        }),
      ).rejects.toBe(one)
    })
  })

  describe('cancellation', () => {
    it('test_cancel_edge_cases: twice is as once; before the start nothing runs', async () => {
      const scope = withCancel()
      scope.cancel('first')
      scope.cancel('second')
      let ran = false
      const tasks = group({ signal: scope.signal })
      void tasks.go(() => {
        ran = true
      })
      await expect(tasks.wait()).rejects.toBe('first')
      expect(ran).toBe(false)
    })

    it('test_cancel_inheritance: a task of a task belongs to the cancelled scope as well', async () => {
      const scope = withCancel()
      const reasons: unknown[] = []
      const running = group.run(
        (outer) => {
          void outer.go(({ signal }) =>
            group.run(
              (inner) => {
                void inner.go((task) =>
                  untilAborted(task.signal).catch((reason: unknown) => {
                    reasons.push(reason)
                  }),
                )
              },
              { signal },
            ),
          )
        },
        { signal: scope.signal },
      )
      await settle()
      scope.cancel(one)
      await expect(running).rejects.toBe(one)
      expect(reasons).toEqual([one])
    })

    it('test_cancel_shielding: work that is not given the signal goes on, and is waited for', async () => {
      const scope = withCancel()
      const gate = deferred()
      let ended = false
      const running = group.run(
        (tasks) => {
          void tasks.go(async () => {
            await gate.promise
            ended = true
          })
        },
        { signal: scope.signal },
      )
      scope.cancel(one)
      expect(await state(running)).toBe('pending')
      gate.resolve()
      await expect(running).rejects.toBe(one)
      expect(ended).toBe(true)
    })

    it('test_cancel_scope_nesting: the inner scope ends alone, the outer one with all inside', () => {
      const outer = withCancel()
      const [left, right] = [withCancel(outer), withCancel(outer)]
      left.cancel()
      expect([outer, left, right].map(({ signal }) => signal.aborted)).toEqual([false, true, false])
      outer.cancel()
      expect(right.signal.aborted).toBe(true)
    })

    it('test_failed_abort: one that takes its time to stop is waited for', async () => {
      const tasks = group()
      const stopped = deferred()
      void tasks.go(async ({ signal }) => {
        await untilAborted(signal).catch(() => undefined)
        await stopped.promise
      })
      tasks.cancel(one)
      const waiting = tasks.wait()
      expect(await state(waiting)).toBe('pending')
      stopped.resolve()
      await expect(waiting).rejects.toBe(one)
    })

    it('test_cancel_reason_nursery: siblings learn the very error that cancelled them', async () => {
      let told: unknown
      await expect(
        group.run((tasks) => {
          void tasks.go(({ signal }) =>
            untilAborted(signal).catch((reason: unknown) => {
              told = reason
            }),
          )
          void tasks.go(() => Promise.reject(one))
        }),
      ).rejects.toBe(one)
      expect(told).toBe(one)
    })

    it('test_cancel_reason_not_overwritten: the first reason stays', async () => {
      const scope = withTimeout(0)
      await settle()
      scope.cancel(one)
      expect((scope.signal.reason as DOMException).name).toBe('TimeoutError')
      const cancelled = withDeadline(Date.now() + 60_000)
      cancelled.cancel(one)
      cancelled.cancel(two)
      expect(cancelled.signal.reason).toBe(one)
    })

    it('test_nested_child_source: an error of the body is the reason that its children see', async () => {
      let told: unknown
      await expect(
        group.run(async (tasks) => {
          void tasks.go(({ signal }) =>
            untilAborted(signal).catch((reason: unknown) => {
              told = reason
            }),
          )
          await settle()
          throw one
        }),
      ).rejects.toBe(one)
      expect(told).toBe(one)
    })

    it('test_very_deep_cancel_scope_nesting: two hundred deep', () => {
      const scopes = [withCancel()]
      for (let i = 0; i < 200; i++) scopes.push(withCancel(scopes.at(-1)))
      scopes[0]?.cancel(one)
      expect(scopes.at(-1)?.signal.reason).toBe(one)
    })
  })

  describe('time', () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    })
    afterEach(() => {
      vi.useRealTimers()
    })

    it('test_sleep: ends after its time, and not before', async () => {
      const sleeping = sleep(1000)
      await vi.advanceTimersByTimeAsync(999)
      expect(await state(sleeping)).toBe('pending')
      await vi.advanceTimersByTimeAsync(1)
      await sleeping
    })

    it('test_move_on_after: the work ends when the time is up, and no sooner', async () => {
      const limited = timeout(50, ({ signal }) => sleep(1000, { signal }))
      const outcome = expect(limited).rejects.toMatchObject({ name: 'TimeoutError' })
      await vi.advanceTimersByTimeAsync(50)
      await outcome
      expect(vi.getTimerCount()).toBe(0)
    })

    it('test_fail: nothing fails that ends in time', async () => {
      const limited = timeout(1000, ({ signal }) => sleep(50, { signal }))
      await vi.advanceTimersByTimeAsync(50)
      await limited
    })

    it('test_timeouts_raise_value_error: negative times and what is no number are TypeErrors', () => {
      for (const ms of [-1, Number.NaN]) {
        expect(() => sleep(ms)).toThrow(TypeError)
        expect(() => withTimeout(ms)).toThrow(TypeError)
        expect(() => timeout(ms, () => 1)).toThrow(TypeError)
      }
      expect(() => withDeadline(Number.NaN)).toThrow(TypeError)
    })

    it('test_current_effective_deadline: of several deadlines the nearest is told', () => {
      const outer = withDeadline(Date.now() + 10_000)
      expect(withTimeout(5000, outer).deadline).toBe(Date.now() + 5000)
      expect(withTimeout(20_000, outer).deadline).toBe(outer.deadline)
    })
  })

  it('test_nursery_start: the first of two to end wins, and the other has stopped by then', async () => {
    let stopped = false
    expect(
      await race([
        () => 'ready',
        async ({ signal }) => {
          await untilAborted(signal).catch(() => {
            stopped = true
          })
          return 'late'
        },
      ]),
    ).toBe('ready')
    expect(stopped).toBe(true)
  })
})
