import { describe, expect, it, vi } from 'vitest'
import { busyDay, Connections } from '../../../examples/patterns/connection-pool.ts'
import { fetchPolitely } from '../../../examples/patterns/rate-limit.ts'
import { fetchStubbornly } from '../../../examples/patterns/retry-backoff.ts'
import { answer } from '../../../examples/patterns/service/mock.ts'
import { paths } from '../../../examples/patterns/service/paths.ts'
import type { Common } from '../../../examples/patterns/service/service.ts'
import { Prices, serveVisitors } from '../../../examples/patterns/single-flight.ts'
import { fulfil, OrderError } from '../../../examples/patterns/workflow-timeout.ts'
import { abort, failure, success, timeout } from './trial.ts'

describe('workflow with a time limit', () => {
  const order = '/orders/1'

  it('success: takes its steps in order', async () => {
    const { value, seen } = await success((common) => fulfil({ ...common, order }))
    expect(value).toBe('/orders/1 is on its way')
    const steps = ['reserve', 'charge', 'pack', 'ship', 'confirm']
    expect(seen.answered).toEqual(steps.map((step) => `POST ${order}/${step}`))
  })

  it('failure: says at which step, and takes no further one', async () => {
    const { error, seen } = await failure((common) => fulfil({ ...common, order }), {
      behave: ({ path }) => (path.endsWith('/charge') ? { status: 402 } : undefined),
    })
    expect(error).toBeInstanceOf(OrderError)
    expect(error).toMatchObject({ step: 'charge', cause: { status: 402 } })
    expect(seen.calls).toBe(2)
  })

  it('timeout: one limit holds for all steps; the one under way is told', async () => {
    const { error, seen } = await failure((common) => fulfil({ ...common, order, limit: 1_000 }), {
      behave: ({ path }) => (path.endsWith('/ship') ? { latency: Infinity } : undefined),
    })
    expect(error).toMatchObject({ step: 'ship', cause: { name: 'TimeoutError' } })
    expect(seen.abandoned).toBe(1)
    expect(seen.calls).toBe(4)
  })

  it('abort: says at which step, and why', async () => {
    const { error, reason, seen } = await abort((common) => fulfil({ ...common, order }), 1)
    expect(error).toMatchObject({ step: 'reserve', cause: reason })
    expect(seen.calls).toBe(1)
  })
})

describe('rate limit', () => {
  const pages = paths('/pages', 40)
  const fetchPages = (common: Common) => fetchPolitely({ ...common, paths: pages, burst: 5, perSecond: 150 })

  it('success: is never refused, though the service could not bear all at once', async () => {
    const { value, seen } = await success(fetchPages, { rate: { perSecond: 160, burst: 25 } })
    expect(value).toEqual(pages.map(answer))
    expect(seen.refused).toBe(0)
  })

  it('failure: a service that bears less refuses, and that is told', async () => {
    const { error, seen } = await failure(fetchPages, { rate: { perSecond: 1, burst: 3 } })
    expect(error).toMatchObject({ status: 429, retryAfter: 1_000 })
    expect(seen.answered.length).toBeLessThanOrEqual(3)
  })

  it('timeout: ends the wait for the rate', async () => {
    const { error, seen } = await timeout(
      (common) => fetchPolitely({ ...common, paths: pages, burst: 5, perSecond: 1 }),
      { latency: 0 },
    )
    expect(error).toMatchObject({ name: 'TimeoutError' })
    expect(seen.calls).toBeLessThanOrEqual(5)
  })

  it('abort: ends calls and the wait for the rate', async () => {
    const { error, reason, seen } = await abort(
      (common) => fetchPolitely({ ...common, paths: pages, burst: 5, perSecond: 1 }),
      5,
    )
    expect(error).toBe(reason)
    expect(seen.calls).toBe(5)
  })
})

describe('connection pool', () => {
  const queries = paths('/queries', 20)
  const day = (common: Common) => busyDay({ ...common, queries })

  it('success: never uses more connections than there are; the report is not starved', async () => {
    const { value, seen } = await success(day, { latency: 5 })
    expect(value.slice(0, 10)).toEqual(queries.slice(0, 10).map(answer))
    expect(value[10]).toHaveLength(3)
    expect(value.slice(11)).toEqual(queries.slice(10).map(answer))
    expect(seen.peak).toBeLessThanOrEqual(4)
    // It was in line before the last ten queries.
    const report = seen.answered.findIndex((call) => call.startsWith('GET /reports'))
    expect(report).toBeLessThan(seen.answered.indexOf('GET /queries/20'))
  })

  it('failure: connections of a query that fails are given back', async () => {
    const { value } = await success(
      async (common) => {
        const connections = new Connections({ ...common, connections: 3 })
        const failed = await connections.report('today').catch((error: unknown) => error)
        return { failed, next: await connections.report('yesterday') }
      },
      { behave: ({ path }) => (path === '/reports/today/orders' ? { status: 500 } : undefined) },
    )
    expect(value.failed).toMatchObject({ message: '/reports/today/orders answered 500' })
    expect(value.next).toHaveLength(3)
  })

  it('failure: of one query ends all, those in line included', async () => {
    const { error, seen } = await failure(day, {
      behave: ({ path }) => (path === '/queries/2' ? { status: 500, latency: 0 } : undefined),
    })
    expect(error).toMatchObject({ message: '/queries/2 answered 500' })
    expect(seen.calls).toBeLessThan(23)
  })

  it('timeout: who gets no connection in time is told so, and the one who has it is left alone', async () => {
    const { value, seen } = await success(
      async (common, { seen }) => {
        const connections = new Connections({ ...common, connections: 1, patience: 20 })
        const lateVisitor = async (): Promise<unknown> => {
          await vi.waitFor(
            () => {
              expect(seen.inFlight).toBe(1)
            },
            { interval: 1, timeout: 10_000 },
          )
          return connections.query('/late', common).catch((error: unknown) => error)
        }
        const [first, late] = await Promise.all([connections.query('/slow', common), lateVisitor()])
        return { first, late }
      },
      { behave: ({ path }) => (path === '/slow' ? { latency: 200 } : undefined) },
    )
    expect(value.late).toMatchObject({ name: 'TimeoutError' })
    expect(value.first).toEqual(answer('/slow'))
    expect(seen.calls).toBe(1)
  })

  it('abort: ends queries, and the wait for connections', async () => {
    const { error, reason, seen } = await abort(day, 4)
    expect(error).toBe(reason)
    expect(seen.calls).toBe(4)
  })
})

describe('single flight', () => {
  const wishes = Array.from({ length: 30 }, (_, visitor) => (visitor % 2 === 0 ? 'pen' : 'lamp'))
  const serve = (common: Common) => serveVisitors({ ...common, wishes })

  it('success: all get their price from one request for each product', async () => {
    const { value, seen } = await success(serve)
    expect(value).toEqual(wishes.map((product) => answer(`/prices/${product}`)))
    expect(seen.calls).toBe(2)
  })

  it('failure: is shared, and not kept', async () => {
    const { value, seen } = await success(
      async ({ service }) => {
        const prices = new Prices(service)
        const outcomes = await Promise.allSettled([prices.of('pen'), prices.of('pen')])
        return { outcomes, after: await prices.of('pen') }
      },
      { behave: ({ time }) => (time === 1 ? { status: 500 } : undefined) },
    )
    const shared = { status: 'rejected', reason: { message: '/prices/pen answered 500' } }
    expect(value.outcomes).toMatchObject([shared, shared])
    expect(value.after).toEqual(answer('/prices/pen'))
    expect(seen.calls).toBe(2)
  })

  it('timeout: of one visitor leaves the others alone', async () => {
    const { value, seen } = await success(
      async ({ service }) => {
        const prices = new Prices(service)
        return await Promise.allSettled([prices.of('pen', { signal: AbortSignal.timeout(1) }), prices.of('pen')])
      },
      { behave: () => ({ latency: 200 }) },
    )
    expect(value).toMatchObject([
      { status: 'rejected', reason: { name: 'TimeoutError' } },
      { status: 'fulfilled', value: answer('/prices/pen') },
    ])
    expect(seen.abandoned).toBe(0)
  })

  it('timeout: of all visitors ends the requests', async () => {
    const { error, seen } = await timeout(serve)
    expect(error).toMatchObject({ name: 'TimeoutError' })
    expect(seen.calls).toBeLessThanOrEqual(2)
  })

  it('abort: of all visitors ends the requests', async () => {
    const { error, reason } = await abort(serve, 2)
    expect(error).toBe(reason)
  })
})

describe('retry with back-off', () => {
  const path = '/pages/1'
  const fetchPage = (common: Common) => fetchStubbornly({ ...common, path, delay: 1 })

  it('success: after failures that pass', async () => {
    const { value, seen } = await success(fetchPage, {
      behave: ({ time }) => (time < 4 ? { status: 503 } : undefined),
    })
    expect(value).toEqual(answer(path))
    expect(seen).toMatchObject({ calls: 4, failed: 3, peak: 1 })
  })

  it('success: a service that refuses is asked again when it wants to be', async () => {
    const { value, seen } = await success(
      async (common) => {
        await common.service.get('/other')
        return fetchPage(common)
      },
      { rate: { perSecond: 2, burst: 1 } },
    )
    expect(value).toEqual(answer(path))
    expect(seen).toMatchObject({ calls: 3, refused: 1 })
  })

  it('failure: gives up after so many attempts, with the last error', async () => {
    const { error, seen } = await failure(fetchPage, { failures: 1 })
    expect(error).toMatchObject({ status: 503 })
    expect(seen.calls).toBe(5)
  })

  it('failure: does not try again what cannot succeed', async () => {
    const { error, seen } = await failure(fetchPage, { behave: () => ({ status: 404 }) })
    expect(error).toMatchObject({ status: 404 })
    expect(seen.calls).toBe(1)
  })

  it('timeout: ends a pause', async () => {
    const { error, seen } = await timeout((common) => fetchStubbornly({ ...common, path, delay: 60_000 }), {
      latency: 0,
      failures: 1,
    })
    expect(error).toMatchObject({ name: 'TimeoutError' })
    expect(seen.calls).toBeLessThanOrEqual(1)
  })

  it('abort: ends a call', async () => {
    const { error, reason, seen } = await abort(fetchPage, 1)
    expect(error).toBe(reason)
    expect(seen.calls).toBe(1)
  })
})
