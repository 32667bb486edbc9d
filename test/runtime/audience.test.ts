/** Many wait with one signal: it has one listener, which tells them all. */
import { expect, it } from 'vitest'
import { Channel, group, Mutex, pool, select, SingleFlight, sleep, WaitGroup, withCancel } from '@forkline/runtime'
import { deferred, settle } from './deferred.ts'
import { listeners, untilAborted } from './listeners.ts'

const boom = new Error('boom')

it('waits of all kinds share one listener, hear all of the abort, and leave none', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const mutex = new Mutex()
  await mutex.lock()
  const count = new WaitGroup()
  count.add()
  const waits = [
    ...Array.from({ length: 20 }, () => sleep(60_000, { signal })),
    new Channel().receive({ signal }),
    new Channel().send(1, { signal }),
    select([new Channel().receiving(() => 'never')], { signal }),
    mutex.lock({ signal }),
    count.wait({ signal }),
    new SingleFlight().do('key', (task) => untilAborted(task.signal), { signal }),
    pool({ concurrency: 1 }).run((task) => untilAborted(task.signal), { signal }),
    group({ signal }).go((task) => untilAborted(task.signal)),
    group.run(() => untilAborted(withCancel(signal).signal)),
  ]
  await settle()
  expect(listeners(signal)).toBe(1)
  const ends = Promise.allSettled(waits)
  controller.abort(boom)
  expect(new Set((await ends).map((end) => end.status === 'rejected' && (end.reason as unknown)))).toEqual(
    new Set([boom]),
  )
  expect(listeners(signal)).toBe(0)
})

it('who has left is not told, and the listener goes with the last', async () => {
  const controller = new AbortController()
  const { signal } = controller
  const gate = deferred()
  const flights = new SingleFlight()
  const served = flights.do('key', () => gate.promise, { signal })
  const scope = withCancel(signal)
  scope.cancel('first')
  expect(listeners(signal)).toBe(1)
  gate.resolve()
  await served
  expect(listeners(signal)).toBe(0)
  controller.abort(boom)
  expect(scope.signal.reason).toBe('first')
})

it('a scope that is let go of by another that is told is left alone', () => {
  const controller = new AbortController()
  const first = withCancel(controller.signal)
  const second = withCancel(controller.signal)
  first.signal.addEventListener('abort', () => {
    second.cancel('let go')
  })
  controller.abort(boom)
  expect([first.signal.reason, second.signal.reason]).toEqual([boom, 'let go'])
})

it('an abort by a listener of an abort is over when its call is', () => {
  const outer = new AbortController()
  const other = new AbortController()
  const inside = withCancel(withCancel(other.signal))
  const seen: unknown[] = []
  const scope = withCancel(withCancel(outer.signal))
  scope.signal.addEventListener('abort', () => {
    other.abort('other')
    seen.push(inside.signal.reason)
  })
  outer.abort(boom)
  expect([...seen, scope.signal.reason]).toEqual(['other', boom])
})
