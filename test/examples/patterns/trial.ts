import { getEventListeners } from 'node:events'
import { expect, vi } from 'vitest'
import { startMock, type Mock, type MockOptions, type Seen } from '../../../examples/patterns/service/mock.ts'
import type { Service } from '../../../examples/patterns/service/service.ts'

interface Environment {
  readonly service: Service
  readonly signal: AbortSignal
}

type Work<R> = (environment: Environment, mock: Mock) => Promise<R>

interface Trial<R> {
  readonly outcome: PromiseSettledResult<R>
  readonly seen: Seen
}

/**
 * Runs a pattern against a service of its own and checks what must hold however it ends: no call is still under way,
 * none is made after that, and nothing listens to the caller's signal.
 */
async function attempt<R>(
  options: MockOptions,
  work: Work<R>,
  signal: AbortSignal,
  meanwhile?: (seen: Seen) => Promise<void>,
): Promise<Trial<R>> {
  const mock = await startMock(options)
  const { service, seen } = mock
  try {
    let made = 0
    const working = work({ service, signal }, mock).finally(() => {
      made = service.made
      expect(service.underWay).toBe(0)
      expect(getEventListeners(signal, 'abort')).toEqual([])
    })
    const [outcome] = await Promise.allSettled([working, meanwhile?.(seen)])
    await mock.rest()
    expect(service.made).toBe(made)
    return { outcome, seen }
  } finally {
    await mock[Symbol.asyncDispose]()
  }
}

/** The result of a pattern that succeeds. */
export async function success<R>(
  work: Work<R>,
  options: MockOptions = {},
): Promise<{ readonly value: R; readonly seen: Seen }> {
  const { outcome, seen } = await attempt(options, work, new AbortController().signal)
  if (outcome.status === 'rejected') throw outcome.reason
  return { value: outcome.value, seen }
}

/** The error of a pattern that fails. */
export async function failure(
  work: Work<unknown>,
  options: MockOptions,
): Promise<{ readonly error: unknown; readonly seen: Seen }> {
  const { outcome, seen } = await attempt(options, work, new AbortController().signal)
  if (outcome.status === 'fulfilled') throw new Error(`Expected a failure, got ${JSON.stringify(outcome.value)}`)
  return { error: outcome.reason as unknown, seen }
}

/** Aborts a pattern once the service has `calls` calls that it never answers, and has answered `answered` others. */
export async function abort(
  work: Work<unknown>,
  calls: number,
  options: MockOptions = {},
  answered = 0,
): Promise<{ readonly error: unknown; readonly reason: unknown; readonly seen: Seen }> {
  const controller = new AbortController()
  const reason = new Error('The user has left')
  const { outcome, seen } = await attempt({ latency: Infinity, ...options }, work, controller.signal, async (seen) => {
    await vi.waitFor(
      () => {
        expect(seen.inFlight).toBe(calls)
        expect(seen.answered).toHaveLength(answered)
      },
      { interval: 1, timeout: 10_000 },
    )
    controller.abort(reason)
  })
  expect(seen.abandoned).toBe(calls)
  if (outcome.status === 'fulfilled') throw new Error(`Expected a rejection, got ${JSON.stringify(outcome.value)}`)
  return { error: outcome.reason as unknown, reason, seen }
}

/** The error of a pattern whose signal times out while the service does not answer. */
export async function timeout(
  work: Work<unknown>,
  options: MockOptions = {},
): Promise<{ readonly error: unknown; readonly seen: Seen }> {
  const { outcome, seen } = await attempt({ latency: Infinity, ...options }, work, AbortSignal.timeout(60))
  if (outcome.status === 'fulfilled') throw new Error(`Expected a timeout, got ${JSON.stringify(outcome.value)}`)
  return { error: outcome.reason as unknown, seen }
}
