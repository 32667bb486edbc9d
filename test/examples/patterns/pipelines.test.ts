import { StageError } from '@forkline/runtime'
import { describe, expect, it, vi } from 'vitest'
import { lookUp } from '../../../examples/patterns/batching.ts'
import { publishAll } from '../../../examples/patterns/chained-stages.ts'
import { downloadFromMirrors } from '../../../examples/patterns/fan-out-fan-in.ts'
import { answer } from '../../../examples/patterns/service/mock.ts'
import { paths } from '../../../examples/patterns/service/paths.ts'
import type { Common } from '../../../examples/patterns/service/service.ts'
import { summariseAll } from '../../../examples/patterns/two-stage-pipeline.ts'
import { abort, failure, success, timeout } from './trial.ts'

describe('fan-out, fan-in', () => {
  const pages = paths('/pages', 24)
  const download = (common: Common) => downloadFromMirrors({ ...common, pages })

  it('success: each page comes once, in order, from one of the mirrors', async () => {
    const { value, seen } = await success(download, { latency: 5 })
    expect(value.answers.map(({ text }) => text)).toEqual(pages.map((page) => answer(page).text))
    expect([...value.served.values()].reduce((sum, count) => sum + count, 0)).toBe(24)
    expect(seen.calls).toBe(24)
    expect(seen.peak).toBeLessThanOrEqual(4)
  })

  it('abort: a mirror that is stuck is left with the page it has, while the others serve the rest', async () => {
    const { error, reason, seen } = await abort(
      download,
      1,
      {
        behave: ({ path }) => (path.startsWith('/mirrors/1/') ? undefined : { latency: 0 }),
      },
      23,
    )
    expect(error).toBe(reason)
    expect(seen.calls).toBe(24)
  })

  it('failure: of one mirror ends the others', async () => {
    const { error, seen } = await failure(download, {
      behave: ({ path }) => (path.startsWith('/mirrors/3/') ? { status: 500 } : undefined),
    })
    expect(String(error)).toContain('/mirrors/3/')
    expect(seen.calls).toBeLessThan(24)
  })

  it('timeout: ends all mirrors', async () => {
    const { error } = await timeout(download)
    expect(error).toMatchObject({ name: 'TimeoutError' })
  })

  it('abort: ends all mirrors', async () => {
    const { error, reason, seen } = await abort(download, 4)
    expect(error).toBe(reason)
    expect(seen.calls).toBe(4)
  })
})

describe('two-stage pipeline', () => {
  const pages = paths('/pages', 30)
  const summarise = (common: Common) => summariseAll({ ...common, pages })

  it('success: results are in order; five download while three summarise', async () => {
    const perStage = { download: 0, summarise: 0 }
    const { value, seen } = await success(summarise, {
      latency: 5,
      behave: ({ method }) => {
        perStage[method === 'GET' ? 'download' : 'summarise']++
        return undefined
      },
    })
    expect(value.map(({ path }) => path)).toEqual(pages.map((page) => `/summaries${page}`))
    expect(perStage).toEqual({ download: 30, summarise: 30 })
    expect(seen.peak).toBeLessThanOrEqual(8)
  })

  it('abort: while the second stage is stuck, the first has filled the buffer and waits', async () => {
    const { error, reason, seen } = await abort(
      summarise,
      3,
      {
        behave: ({ method }) => (method === 'GET' ? { latency: 0 } : undefined),
      },
      13,
    )
    expect(error).toBe(reason)
    // Three are being summarised; five results and those of five workers have a place between the stages.
    expect(seen.calls).toBe(13 + 3)
  })

  it('success: told to stop, it finishes what it has begun and takes no more', async () => {
    const stop = new AbortController()
    const { value, seen } = await success((common) => summariseAll({ ...common, pages, stop: stop.signal }), {
      behave: ({ path }) => {
        if (path === '/summaries/pages/4') stop.abort()
        return undefined
      },
    })
    expect(value.length).toBeGreaterThanOrEqual(4)
    expect(value.length).toBeLessThan(30)
    expect(value.map(({ path }) => path)).toEqual(pages.slice(0, value.length).map((page) => `/summaries${page}`))
    expect(seen.answered).toHaveLength(2 * value.length)
    expect(seen.abandoned).toBe(0)
  })

  it('failure: names the stage, and ends both', async () => {
    const { error, seen } = await failure(summarise, {
      behave: ({ path }) => (path === '/summaries/pages/7' ? { status: 500 } : undefined),
    })
    expect(error).toBeInstanceOf(StageError)
    expect(error).toMatchObject({ stage: 'summarise', cause: { message: '/summaries/pages/7 answered 500' } })
    expect(seen.calls).toBeLessThan(60)
  })

  it('timeout: ends both stages', async () => {
    const { error } = await timeout(summarise)
    expect(error).toMatchObject({ name: 'TimeoutError' })
  })

  it('abort: drops what it has begun', async () => {
    const { error, reason, seen } = await abort(summarise, 5)
    expect(error).toBe(reason)
    expect(seen.calls).toBe(5)
  })
})

describe('chained stages', () => {
  const drafts = paths('/drafts', 10)
  const publish = (common: Common) => publishAll({ ...common, drafts })

  it('success: each stage gets what the one before it returned', async () => {
    const { value, seen } = await success(publish, { latency: 3 })
    expect(value.map(({ path }) => path)).toEqual(drafts.map((draft) => `/publish/translate/proofread${draft}`))
    expect(seen.calls).toBe(40)
    expect(seen.peak).toBeLessThanOrEqual(6)
  })

  it.each([
    ['load', 0, '/drafts/3'],
    ['proofread', 1, '/proofread/drafts/3'],
    ['translate', 2, '/translate/proofread/drafts/3'],
    ['publish', 3, '/publish/translate/proofread/drafts/3'],
  ])('failure: says that it was %s', async (stage, index, failing) => {
    const { error } = await failure(publish, { behave: ({ path }) => (path === failing ? { status: 500 } : undefined) })
    expect(error).toBeInstanceOf(StageError)
    expect(error).toMatchObject({ stage, index, cause: { message: `${failing} answered 500` } })
  })

  it('timeout: is not taken for a failure of a stage', async () => {
    const { error } = await timeout(publish)
    expect(error).toMatchObject({ name: 'TimeoutError' })
  })

  it('abort: is not taken for a failure of a stage', async () => {
    const { error, reason, seen } = await abort(publish, 6)
    expect(error).toBe(reason)
    expect(seen.calls).toBe(6)
  })
})

describe('batching', () => {
  const ids = paths('id', 60)
  const find = (common: Common) => lookUp({ ...common, ids, size: 20, maxWait: 60_000 })

  it('success: answers are in order, and requests are few', async () => {
    const { value, seen } = await success(find)
    expect(value).toEqual(ids.map((id) => answer(`/lookup/${id}`)))
    expect(seen.calls).toBe(3)
  })

  it('success: a batch that does not fill goes out all the same', async () => {
    const { value, seen } = await success(async (common, mock) => {
      async function* hesitant(): AsyncGenerator<string> {
        yield 'id/1'
        // The second comes only when the first has been answered.
        await vi.waitFor(
          () => {
            expect(mock.seen.answered).toHaveLength(1)
          },
          { interval: 1, timeout: 10_000 },
        )
        yield 'id/2'
      }
      return lookUp({ ...common, ids: hesitant(), size: 20, maxWait: 5 })
    })
    expect(value).toEqual([answer('/lookup/id/1'), answer('/lookup/id/2')])
    expect(seen.calls).toBe(2)
  })

  it('failure: of one batch is the failure of all', async () => {
    const { error } = await failure(find, { behave: ({ time }) => (time === 2 ? { status: 500 } : undefined) })
    expect(error).toMatchObject({ message: '/lookup answered 500' })
  })

  it('timeout: ends the requests', async () => {
    const { error } = await timeout(find)
    expect(error).toMatchObject({ name: 'TimeoutError' })
  })

  it('abort: ends the requests', async () => {
    const { error, reason } = await abort(find, 2)
    expect(error).toBe(reason)
  })
})
