import { describe, expect, it } from 'vitest'
import { SingleFlight } from '@forkline/runtime'
import { deferred, settle, state } from '../deferred.ts'

/** Behaviour that the tests of x/sync/singleflight pin down; docs/runtime-parity.md says which carries over. */
describe('x/sync/singleflight', () => {
  const boom = new Error('boom')

  it('TestDo: gives what the function gives', async () => {
    expect(await new SingleFlight().do('key', () => 'bar')).toBe('bar')
  })

  it('TestDoErr: gives the very error of the function, and keeps nothing of it', async () => {
    const flights = new SingleFlight()
    await expect(flights.do('key', () => Promise.reject(boom))).rejects.toBe(boom)
    expect(await flights.do('key', () => 'fine')).toBe('fine')
  })

  it('TestDoDupSuppress: ten callers for one key make one call, one that comes after it makes another', async () => {
    const flights = new SingleFlight<string, string>()
    const gate = deferred<string>()
    let calls = 0
    const load = () => {
      calls++
      return gate.promise
    }
    const shared = Array.from({ length: 10 }, () => flights.do('key', load))
    await settle()
    expect(calls).toBe(1)
    gate.resolve('bar')
    expect(new Set(await Promise.all(shared))).toEqual(new Set(['bar']))
    await flights.do('key', load)
    expect(calls).toBe(2)
  })

  it('TestDoDupSuppress: other keys have calls of their own', async () => {
    const flights = new SingleFlight<number, number>()
    const calls: number[] = []
    const load = (key: number) => flights.do(key, () => calls.push(key))
    await Promise.all([load(1), load(2), load(1)])
    expect(calls).toEqual([1, 2])
  })

  it('TestForget: after it a call starts anew, while the forgotten one serves its own and does not disturb the new', async () => {
    const flights = new SingleFlight<string, number>()
    const gates = [deferred<number>(), deferred<number>()] as const
    let calls = 0
    const load = () => gates[calls++]?.promise ?? Promise.reject(boom)
    const forgotten = flights.do('key', load)
    await settle()
    flights.forget('key')
    const fresh = flights.do('key', load)
    await settle()
    expect(calls).toBe(2)
    gates[0].resolve(1)
    expect(await forgotten).toBe(1)
    // The end of the forgotten call must not take the new one out of the map.
    const joined = flights.do('key', load)
    gates[1].resolve(2)
    expect(await Promise.all([fresh, joined])).toEqual([2, 2])
    expect(calls).toBe(2)
  })

  it('TestDoChan: a caller may do other things and take the outcome when it likes', async () => {
    const flights = new SingleFlight()
    const pending = flights.do('key', () => 'bar')
    await settle()
    expect(await state(pending)).toBe('fulfilled')
    expect(await pending).toBe('bar')
  })

  it('TestPanicDo: a function that throws at once fails all who share the call, each of them once', async () => {
    const flights = new SingleFlight()
    let calls = 0
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () =>
        flights.do('key', () => {
          calls++
          throw boom
        }),
      ),
    )
    expect(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason === boom)).toBe(true)
    expect(calls).toBe(1)
  })

  it('TestGoexitDo: callers are told when the call ends without a value', async () => {
    const flights = new SingleFlight<string, undefined>()
    expect(await Promise.all([flights.do('key', () => undefined), flights.do('key', () => undefined)])).toEqual([
      undefined,
      undefined,
    ])
  })

  it('TestPanicErrorUnwrap: the error reaches callers unwrapped, with its cause and its stack', async () => {
    const error = new Error('outer', { cause: boom })
    const caught: unknown = await new SingleFlight()
      .do('key', () => {
        throw error
      })
      .catch((reason: unknown) => reason)
    expect(caught).toBe(error)
    expect((caught as Error).cause).toBe(boom)
  })

  it('TestPanicDoSharedByDoChan: a call nobody waits for any more fails without an unhandled rejection', async () => {
    const flights = new SingleFlight()
    const gate = deferred()
    const controller = new AbortController()
    const waiting = flights.do('key', () => gate.promise, { signal: controller.signal })
    await settle()
    controller.abort(boom)
    await expect(waiting).rejects.toBe(boom)
    // An unhandled rejection would fail the test run.
    gate.reject(new Error('too late'))
    await settle()
  })
})
