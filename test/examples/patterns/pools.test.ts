import { describe, expect, it } from 'vitest'
import { translateAll } from '../../../examples/patterns/cost-bounded-pool.ts'
import { migrate } from '../../../examples/patterns/data-migration.ts'
import { addUp, type Ledger } from '../../../examples/patterns/fork-join.ts'
import { checkAll } from '../../../examples/patterns/health-checks.ts'
import { loadTest } from '../../../examples/patterns/load-test.ts'
import { answer } from '../../../examples/patterns/service/mock.ts'
import { paths } from '../../../examples/patterns/service/paths.ts'
import type { Common } from '../../../examples/patterns/service/service.ts'
import { downloadAll } from '../../../examples/patterns/worker-pool.ts'
import { abort, failure, success, timeout } from './trial.ts'

describe('worker pool', () => {
  const pages = paths('/pages', 40)
  const download = (common: Common) => downloadAll({ ...common, paths: pages, workers: 5 })

  it('success: results are in order, and no worker too many is seen', async () => {
    const { value, seen } = await success(download, { together: 5 })
    expect(value).toEqual(pages.map(answer))
    expect(seen.peak).toBe(5)
  })

  it('failure: the workers stop, and take no further items', async () => {
    const { error, seen } = await failure(download, {
      behave: ({ path }) => (path === '/pages/10' ? { status: 500, latency: 0 } : undefined),
    })
    expect(error).toMatchObject({ message: '/pages/10 answered 500' })
    expect(seen.calls).toBeLessThan(40)
  })

  it('timeout: the workers stop', async () => {
    const { error, seen } = await timeout(download)
    expect(error).toMatchObject({ name: 'TimeoutError' })
    expect(seen.calls).toBeLessThanOrEqual(5)
  })

  it('abort: the workers stop', async () => {
    const { error, reason, seen } = await abort(download, 5)
    expect(error).toBe(reason)
    expect(seen.calls).toBe(5)
  })
})

describe('cost-bounded pool', () => {
  const texts = paths('/texts', 30)
  const translate = (common: Common) => translateAll({ ...common, texts, concurrency: 3, perSecond: 200 })

  it('success: stays within both limits, and adds up the cost', async () => {
    const { value, seen } = await success(translate, { latency: 5, rate: { perSecond: 250, burst: 10 } })
    expect(value.tokens).toBe(texts.reduce((sum, text) => sum + answer(`/translations${text}`).tokens, 0))
    expect(value.translations).toHaveLength(30)
    expect(seen.refused).toBe(0)
    expect(seen.peak).toBeLessThanOrEqual(3)
  })

  it('failure: nothing more is spent', async () => {
    const { error, seen } = await failure(translate, {
      behave: ({ path }) => (path.endsWith('/texts/5') ? { status: 500 } : undefined),
    })
    expect(error).toMatchObject({ message: '/translations/texts/5 answered 500' })
    expect(seen.calls).toBeLessThan(30)
  })

  it('timeout: ends calls, and waits for the rate', async () => {
    const { error } = await timeout((common) => translateAll({ ...common, texts, concurrency: 3, perSecond: 1 }), {
      latency: 0,
    })
    expect(error).toMatchObject({ name: 'TimeoutError' })
  })

  it('abort: ends calls', async () => {
    const { error, reason } = await abort(translate, 3)
    expect(error).toBe(reason)
  })
})

describe('fork-join', () => {
  const fork =
    (workers: number, items = 1_000) =>
    (common: Common) =>
      addUp({ ...common, items, workers, block: 50 })

  it.each([1, 1_000, 10_000])('success: the same result with 1, 2, 4 and 8 workers over %d items', async (items) => {
    const ledgers: Ledger[] = []
    for (const workers of [1, 2, 4, 8]) {
      const block = Math.max(1, items / 20)
      const { value, seen } = await success((common) => addUp({ ...common, items, workers, block }), { seed: workers })
      expect(seen.peak).toBeLessThanOrEqual(workers)
      ledgers.push(value)
    }
    expect(ledgers[0]?.items).toBe(items)
    expect(new Set(ledgers.map((ledger) => JSON.stringify(ledger)))).toHaveProperty('size', 1)
  })

  it('failure: the other blocks are dropped', async () => {
    const { error, seen } = await failure(fork(4), { behave: ({ time }) => (time === 6 ? { status: 500 } : undefined) })
    expect(error).toMatchObject({ message: '/items answered 500' })
    expect(seen.calls).toBeLessThan(20)
  })

  it('timeout: the blocks under way are dropped', async () => {
    const { error } = await timeout(fork(4))
    expect(error).toMatchObject({ name: 'TimeoutError' })
  })

  it('abort: the blocks under way are dropped', async () => {
    const { error, reason, seen } = await abort(fork(4), 4)
    expect(error).toBe(reason)
    expect(seen.calls).toBe(4)
  })
})

describe('health checks', () => {
  const services = ['web', 'mail', 'maps']
  const check = (common: Common) => checkAll({ ...common, services, patience: 10_000 })

  it('success: all are up, in their order', async () => {
    const { value, seen } = await success(check, { together: 3 })
    expect(value).toEqual(services.map((name) => ({ name, state: 'up' })))
    expect(seen.peak).toBe(3)
  })

  it('failure: is a line of the report', async () => {
    const { value } = await success(check, {
      behave: ({ path }) => (path === '/health/mail' ? { status: 500 } : undefined),
    })
    expect(value.map(({ state }) => state)).toEqual(['up', 'down', 'up'])
    expect(value[1]?.reason).toContain('/health/mail answered 500')
  })

  it('timeout: of one service is a line of the report', async () => {
    const { value, seen } = await success((common) => checkAll({ ...common, services, patience: 1_000 }), {
      behave: ({ path }) => (path === '/health/maps' ? { latency: Infinity } : undefined),
    })
    expect(value.map(({ state }) => state)).toEqual(['up', 'up', 'silent'])
    expect(seen.abandoned).toBe(1)
  })

  it('abort: is not taken for an illness', async () => {
    const { error, reason } = await abort(check, 3)
    expect(error).toBe(reason)
  })
})

describe('load test', () => {
  const backends = ['north', 'south']
  const load = (common: Common) => loadTest({ ...common, backends, calls: 20, clients: 3 })

  it('success: each backend gets its calls, from so many clients', async () => {
    const { value, seen } = await success(load, { together: 6 })
    expect(value).toMatchObject([
      { backend: 'north', answered: 20, failed: 0 },
      { backend: 'south', answered: 20, failed: 0 },
    ])
    for (const { p50, p95 } of value) expect(p95).toBeGreaterThanOrEqual(p50)
    expect(seen.calls).toBe(40)
    expect(seen.peak).toBe(6)
  })

  it('failure: is counted', async () => {
    const { value } = await success(load, {
      behave: ({ path }) => (path.startsWith('/south/1') ? { status: 500 } : undefined),
    })
    expect(value).toMatchObject([
      { answered: 20, failed: 0 },
      { answered: 9, failed: 11 },
    ])
  })

  it('timeout: ends the load on all backends', async () => {
    const { error } = await timeout(load)
    expect(error).toMatchObject({ name: 'TimeoutError' })
  })

  it('abort: ends the load on all backends', async () => {
    const { error, reason, seen } = await abort(load, 6)
    expect(error).toBe(reason)
    expect(seen.calls).toBe(6)
  })
})

describe('data migration', () => {
  const namespaces = { customers: 12, orders: 20 }
  const all = Object.entries(namespaces).flatMap(([namespace, records]) =>
    Array.from({ length: records }, (_, record) => `POST /new/${namespace}/${record}`),
  )

  function stored(answered: readonly string[]): string[] {
    return answered.filter((call) => call.startsWith('POST'))
  }

  it('success: each record is copied once, within the limit of its namespace', async () => {
    const checkpoint = new Map<string, number>()
    const { seen } = await success((common) => migrate({ ...common, namespaces, checkpoint, concurrency: 3 }), {
      latency: 2,
    })
    expect(stored(seen.answered).sort()).toEqual([...all].sort())
    expect(Object.fromEntries(checkpoint)).toEqual(namespaces)
    expect(seen.peak).toBeLessThanOrEqual(6)
  })

  it('failure: a second run goes on where the first one stopped', async () => {
    const checkpoint = new Map<string, number>()
    const run = (common: Common) => migrate({ ...common, namespaces, checkpoint })
    const first = await failure(run, {
      behave: ({ path }) => (path === '/new/orders/9' ? { status: 500 } : undefined),
    })
    expect(first.error).toMatchObject({ message: '/new/orders/9 answered 500' })
    const done = new Map(checkpoint)
    // Ticked off is what is stored, and all before it: never the one that failed.
    for (const [namespace, records] of done) {
      const before = Array.from({ length: records }, (_, record) => `POST /new/${namespace}/${record}`)
      expect(stored(first.seen.answered)).toEqual(expect.arrayContaining(before))
    }
    expect(done.get('orders') ?? 0).toBeLessThanOrEqual(9)

    const second = await success(run)
    for (const call of stored(second.seen.answered)) {
      const [, , namespace = '', record] = call.split('/')
      expect(Number(record)).toBeGreaterThanOrEqual(done.get(namespace) ?? 0)
    }
    expect(new Set([...stored(first.seen.answered), ...stored(second.seen.answered)])).toEqual(new Set(all))
    expect(Object.fromEntries(checkpoint)).toEqual(namespaces)
  })

  it('timeout: what is done is known', async () => {
    const checkpoint = new Map<string, number>()
    const { error, seen } = await timeout((common) => migrate({ ...common, namespaces, checkpoint }), {
      latency: 0,
      behave: ({ path }) => (path.endsWith('/5') ? { latency: Infinity } : undefined),
    })
    expect(error).toMatchObject({ name: 'TimeoutError' })
    for (const [namespace, records] of checkpoint) {
      expect(records).toBeLessThanOrEqual(5)
      expect(seen.answered).toContain(`POST /new/${namespace}/${records - 1}`)
    }
  })

  it('abort: stops all namespaces', async () => {
    const checkpoint = new Map<string, number>()
    const { error, reason } = await abort((common) => migrate({ ...common, namespaces, checkpoint }), 8)
    expect(error).toBe(reason)
    expect(checkpoint).toHaveProperty('size', 0)
  })
})
