import { describe, expect, it } from 'vitest'
import { askAll } from '../../../examples/patterns/ask-models.ts'
import { fetchWhatIsThere } from '../../../examples/patterns/collect-errors.ts'
import { loadDashboard } from '../../../examples/patterns/first-error-cancels.ts'
import { paths } from '../../../examples/patterns/service/paths.ts'
import { answer } from '../../../examples/patterns/service/mock.ts'
import { warmCaches } from '../../../examples/patterns/wait-group.ts'
import { abort, failure, success, timeout } from './trial.ts'

describe('wait group', () => {
  it('success: waits for all tasks, which go side by side', async () => {
    const { value, seen } = await success(warmCaches, { together: 10 })
    expect(value).toEqual([])
    expect(seen.answered).toHaveLength(10)
    expect(seen.peak).toBe(10)
  })

  it('failure: waits for the others too, and tells who failed in their order', async () => {
    const { value, seen } = await success(warmCaches, {
      behave: ({ path }) =>
        path === '/caches/sport'
          ? { status: 500, latency: 20 }
          : path === '/caches/travel'
            ? { status: 500, latency: 0 }
            : undefined,
    })
    expect(value).toEqual(['sport', 'travel'])
    expect(seen.answered).toHaveLength(8)
  })

  it('timeout: ends when all tasks have stopped', async () => {
    const { error } = await timeout(warmCaches)
    expect(error).toMatchObject({ name: 'TimeoutError' })
  })

  it('abort: ends with the reason when all tasks have stopped', async () => {
    const { error, reason } = await abort(warmCaches, 10)
    expect(error).toBe(reason)
  })
})

describe('first error cancels', () => {
  it('success: results are in order, whichever comes first', async () => {
    const { value } = await success(loadDashboard, { latency: 20 })
    expect(value.map(({ path }) => path)).toEqual(
      ['sales', 'visitors', 'errors', 'stock', 'returns', 'ratings', 'deliveries', 'forecast'].map(
        (panel) => `/panels/${panel}`,
      ),
    )
  })

  it('failure: the first error ends the others, and comes out after that', async () => {
    const { error, seen } = await failure(loadDashboard, {
      latency: Infinity,
      behave: ({ path }) => (path === '/panels/stock' ? { status: 500, latency: 30 } : undefined),
    })
    expect(error).toMatchObject({ name: 'ServiceError', message: '/panels/stock answered 500' })
    expect(seen.calls).toBe(1 + seen.abandoned)
    expect(seen.answered).toEqual([])
  })

  it('timeout: all tasks are told', async () => {
    const { error, seen } = await timeout(loadDashboard)
    expect(error).toMatchObject({ name: 'TimeoutError' })
    expect(seen.abandoned).toBe(seen.calls)
  })

  it('abort: all tasks are told', async () => {
    const { error, reason } = await abort(loadDashboard, 8)
    expect(error).toBe(reason)
  })
})

describe('collect errors', () => {
  const pages = paths('/pages', 20)
  const fetchPages = (common: Parameters<typeof loadDashboard>[0]) =>
    fetchWhatIsThere({ ...common, paths: pages, limit: 4 })

  it('success: all answers in order, no error, within the limit', async () => {
    const { value, seen } = await success(fetchPages, { together: 4 })
    expect(value).toEqual({ answers: pages.map(answer), error: undefined })
    expect(seen.peak).toBe(4)
  })

  it('failure: the others go on; all errors are there in order, beside what succeeded', async () => {
    const {
      value: { answers, error },
      seen,
    } = await success(fetchPages, {
      behave: ({ path }) =>
        path === '/pages/3'
          ? { status: 500, latency: 20 }
          : path === '/pages/4'
            ? { status: 404, latency: 0 }
            : undefined,
    })
    expect(error?.errors).toMatchObject([{ message: '/pages/3 answered 500' }, { message: '/pages/4 answered 404' }])
    expect(answers).toEqual(pages.map((page, index) => (index === 2 || index === 3 ? undefined : answer(page))))
    expect(seen.calls).toBe(20)
  })

  it('timeout: is not taken for one more error', async () => {
    const { error } = await timeout(fetchPages)
    expect(error).toMatchObject({ name: 'TimeoutError' })
  })

  it('abort: what is queued is not started', async () => {
    const { error, reason, seen } = await abort(fetchPages, 4)
    expect(error).toBe(reason)
    expect(seen.calls).toBe(4)
  })
})

describe('several models', () => {
  const question = 'Will it rain?'
  const ask = (common: Parameters<typeof loadDashboard>[0]) => askAll({ ...common, question })

  it('success: the same result, whichever model is quickest', async () => {
    const verdicts = []
    for (const seed of [1, 2, 3, 4]) verdicts.push((await success(ask, { seed, latency: 10 })).value)
    expect(verdicts).toEqual(
      Array.from({ length: 4 }, () => ({
        text: 'yes',
        by: ['amber', 'basil', 'cedar', 'ember'],
        silent: [],
      })),
    )
  })

  it('failure: a model that fails is left out, and named', async () => {
    const { value } = await success(ask, {
      behave: ({ path }) => (path === '/models/amber' ? { status: 500 } : undefined),
    })
    expect(value).toMatchObject({ by: ['basil', 'cedar', 'ember'], silent: ['amber'] })
  })

  it('failure: when all models fail, all their errors are told', async () => {
    const { error } = await failure(ask, { failures: 1 })
    expect(error).toBeInstanceOf(AggregateError)
    expect((error as AggregateError).errors).toHaveLength(5)
  })

  it('timeout: a model that is too slow is left out', async () => {
    const impatient = (common: Parameters<typeof loadDashboard>[0]) => askAll({ ...common, question, patience: 1_000 })
    const { value, seen } = await success(impatient, {
      behave: ({ path }) => (path === '/models/ember' ? { latency: Infinity } : undefined),
    })
    expect(value).toMatchObject({ by: ['amber', 'basil', 'cedar'], silent: ['ember'] })
    expect(seen.abandoned).toBe(1)
  })

  it('abort: all models are told', async () => {
    const { error, reason } = await abort(ask, 5)
    expect(error).toBe(reason)
  })
})
