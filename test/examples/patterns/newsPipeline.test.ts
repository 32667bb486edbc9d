import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { publish, type EditionOptions } from '../../../examples/patterns/news-pipeline.ts'
import { makeArticles } from '../../../examples/news-pipeline/src/server/feed.ts'
import { answer } from '../../../examples/news-pipeline/src/server/model.ts'
import { startServer, type NewsServer } from '../../../examples/news-pipeline/src/server/server.ts'

const ARTICLES = 24
const articles = makeArticles(ARTICLES)

describe('news pipeline', () => {
  let server: NewsServer
  let underWay: number
  let paths: string[]
  let onFetch: (path: string) => Response | undefined

  beforeEach(async () => {
    server = await startServer({ articles: ARTICLES, seed: 3 })
    underWay = 0
    paths = []
    onFetch = () => undefined
    const real = globalThis.fetch
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const path = new URL(input instanceof Request ? input.url : input).pathname
      paths.push(path)
      underWay++
      try {
        return onFetch(path) ?? (await real(input, init))
      } finally {
        underWay--
      }
    })
  })

  afterEach(async () => {
    vi.restoreAllMocks()
    await server[Symbol.asyncDispose]()
  })

  /** Publishes, and checks that nothing is left behind. */
  async function run(signal: AbortSignal, options: Partial<EditionOptions> = {}) {
    const [outcome] = await Promise.allSettled([publish({ url: server.url, signal, ...options })])
    expect(underWay).toBe(0)
    expect(getEventListeners(signal, 'abort')).toEqual([])
    const made = paths.length
    await new Promise((resolve) => setImmediate(resolve))
    expect(paths).toHaveLength(made)
    return outcome
  }

  it('success: has none of the mistakes that its neighbour shows', async () => {
    const outcome = await run(new AbortController().signal)
    if (outcome.status === 'rejected') throw outcome.reason
    const edition = outcome.value
    const words = articles.map(
      (article) => answer('keywords', article) as { keywords: readonly string[]; tokens: number },
    )

    expect(edition.frontPage.map(({ article }) => article.id)).toEqual(articles.slice(0, 10).map(({ id }) => id))
    expect(edition.keywords).toEqual(words.map(({ keywords }) => keywords))
    expect(edition.tokens).toBe(words.reduce((sum, { tokens }) => sum + tokens, 0))
    expect(edition.summaries).toEqual(
      articles.map((article) => (answer('summary', article) as { summary: string }).summary),
    )
    expect(edition.scores).toHaveLength(ARTICLES)
    expect(edition.briefing).toHaveLength(5)
    expect(edition.trends).toBeUndefined()
    expect(server.statistics).toMatchObject({
      notified: ARTICLES,
      archived: ARTICLES,
      indexed: ARTICLES,
      committed: ARTICLES,
      refused: 0,
    })
    expect(server.statistics.peak).toBeLessThanOrEqual(16)
  })

  it('failure: of one service ends the work for the others', async () => {
    onFetch = (path) => (path === '/archive/article-3' ? new Response('{}', { status: 507 }) : undefined)
    const outcome = await run(new AbortController().signal)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { message: '/archive/article-3 answered 507' } })
    expect(server.statistics.committed).toBe(0)
  })

  it('timeout: ends calls, pauses and the wait for the model', async () => {
    const outcome = await run(AbortSignal.timeout(80), { patience: 60_000 })
    expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'TimeoutError' } })
  })

  it('abort: ends calls, pauses and the wait for the model', async () => {
    const controller = new AbortController()
    const reason = new Error('The editor has left')
    onFetch = (path) => {
      if (path === '/trends/1') controller.abort(reason)
      return undefined
    }
    const outcome = await run(controller.signal, { patience: 60_000 })
    expect(outcome).toEqual({ status: 'rejected', reason })
  })
})
