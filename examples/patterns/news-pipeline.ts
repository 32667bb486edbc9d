/**
 * The news pipeline next door, mended: its services, articles and client, with each of its mistakes put right. Its
 * README lists them; the functions here have the names of those that they replace.
 */
import { all, group, pool, RateLimiter, retry, sleep, timeout, type Pool } from '@forkline/runtime'
import type { Article, Enriched } from '../news-pipeline/src/article.ts'
import { HttpError, Newsroom } from '../news-pipeline/src/newsroom.ts'
import { startServer } from '../news-pipeline/src/server/server.ts'
import { compare } from './service/compare.ts'

export interface Edition {
  readonly articles: readonly Article[]
  readonly frontPage: readonly Enriched[]
  /** In the order of the articles. */
  readonly summaries: readonly string[]
  readonly scores: readonly number[]
  readonly keywords: readonly (readonly string[])[]
  /** What the ratings cost. */
  readonly tokens: number
  readonly briefing: readonly string[]
  /** Undefined when the analysis was not done in time. */
  readonly trends: readonly string[] | undefined
}

export interface EditionOptions {
  /** Where the newsroom's services are. */
  readonly url: string
  readonly signal?: AbortSignal | undefined
  /** Calls at once, to the model and to the stores each. Default: 16. */
  readonly concurrency?: number
  /** Milliseconds that the analysis of trends has. Default: 100. */
  readonly patience?: number
}

interface Desk {
  readonly url: string
  readonly articles: readonly Article[]
  /** Limits the calls of the model, at once and a second. */
  readonly model: Pool
  /** Limits the calls of the services that store and send. */
  readonly stores: Pool
}

/** Everything that an edition needs: what the model makes of its articles, and their way to the readers. */
export function publish({ url, signal, concurrency = 16, patience = 100 }: EditionOptions): Promise<Edition> {
  return group.run(
    async (edition) => {
      // The model allows 150 calls a second, 40 of them at once.
      const rate = new RateLimiter({ limit: 120, interval: 1_000, burst: 15 })
      const model = pool({ concurrency, rate, signal: edition.signal, name: 'model' })
      const stores = pool({ concurrency, signal: edition.signal, name: 'stores' })
      const articles = await new StoppableNewsroom(url, edition.signal).fetchAll()
      const desk: Desk = { url, articles, model, stores }

      const [frontPage, summaries, ratings, keywords, briefing, trends] = await Promise.all([
        edition.go(() => buildFrontPage(desk)),
        edition.go(() => summariseAll(desk)),
        edition.go(() => rateAll(desk)),
        edition.go(() => tagAll(desk)),
        edition.go(() => writeBriefing(desk)),
        edition.go((task) => waitForTrends(url, patience, task.signal)),
        edition.go(() => notifySubscribers(desk)),
        edition.go(() => archiveAll(desk)),
        edition.go(() => rebuildSearchIndex(desk)),
      ])
      return { articles, frontPage, summaries, keywords, briefing, trends, ...ratings }
    },
    { signal, name: 'edition' },
  )
}

/** Was right but slow: the three calls of an article, and all articles, now go side by side. */
function buildFrontPage({ url, articles, model }: Desk): Promise<Enriched[]> {
  const front = articles.slice(0, 10)
  const ask =
    <T>(question: (newsroom: Newsroom) => Promise<T>) =>
    () =>
      model.run((task) => question(new StoppableNewsroom(url, task.signal)))
  return all(
    front.map((article) => async () => {
      const [{ summary }, { score }, { keywords }] = await all([
        ask((newsroom) => newsroom.summarise(article)),
        ask((newsroom) => newsroom.rate(article)),
        ask((newsroom) => newsroom.extractKeywords(article)),
      ])
      return { article, summary, score, keywords }
    }),
  )
}

/** Asked the model for everything at once, and was refused. */
function summariseAll({ url, articles, model }: Desk): Promise<string[]> {
  return model.map(
    articles,
    async (article, task) => (await new StoppableNewsroom(url, task.signal).summarise(article)).summary,
  )
}

/** Added to a total that it had read before it waited. */
async function rateAll({ url, articles, model }: Desk): Promise<{ scores: number[]; tokens: number }> {
  const ratings = await model.map(articles, (article, task) => new StoppableNewsroom(url, task.signal).rate(article))
  return {
    scores: ratings.map(({ score }) => score),
    tokens: ratings.reduce((sum, { tokens }) => sum + tokens, 0),
  }
}

/** Took the keywords in the order in which the model answered. */
function tagAll({ url, articles, model }: Desk): Promise<(readonly string[])[]> {
  return model.map(
    articles,
    async (article, task) => (await new StoppableNewsroom(url, task.signal).extractKeywords(article)).keywords,
  )
}

/** Left a timer behind for each line. */
async function writeBriefing({ url, articles, model }: Desk): Promise<string[]> {
  return model.map(articles.slice(0, 5), (article, task) =>
    timeout(
      3_000,
      async ({ signal }) => {
        const { summary } = await new StoppableNewsroom(url, signal).summarise(article)
        return `${article.title}: ${summary}`
      },
      task,
    ),
  )
}

/** Was told to stop, and stopped when its sleep was over. */
async function waitForTrends(
  url: string,
  patience: number,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  try {
    return await timeout(
      patience,
      async (task) => {
        const job = await new StoppableNewsroom(url, task.signal).startTrends()
        for (;;) {
          const response = await fetch(job, { signal: task.signal })
          const { done, topics } = (await response.json()) as { done: boolean; topics: readonly string[] }
          if (done) return topics
          await sleep(1_200, { signal: task.signal })
        }
      },
      { signal },
    )
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof DOMException && error.name === 'TimeoutError') return undefined
    throw error
  }
}

/** Returned before a single notification was sent. */
function notifySubscribers({ url, articles, stores }: Desk): Promise<void> {
  return stores.forEach(articles, ({ id, title }, task) =>
    persist(url, task.signal, 'POST', '/notifications', { id, title }),
  )
}

/** Lost what the archive refused. */
function archiveAll({ url, articles, stores }: Desk): Promise<void> {
  return stores.forEach(articles, (article, task) =>
    persist(url, task.signal, 'PUT', `/archive/${article.id}`, article),
  )
}

/** Committed the index before its entries were there. */
async function rebuildSearchIndex({ url, articles, stores }: Desk): Promise<void> {
  await stores.run((task) => persist(url, task.signal, 'POST', '/search/begin'))
  await stores.forEach(articles, ({ id, title }, task) =>
    persist(url, task.signal, 'PUT', `/search/entries/${id}`, { title }),
  )
  await stores.run((task) => persist(url, task.signal, 'POST', '/search/commit'))
}

/** Sends, and again when the service is out of breath. */
async function persist(
  url: string,
  signal: AbortSignal,
  method: 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<void> {
  await retry((attempt) => new StoppableNewsroom(url, attempt.signal).send(method, path, body), {
    attempts: 8,
    delay: 10,
    signal,
    when: (error) => error instanceof HttpError && error.status === 503,
  })
}

/** The newsroom's client, for one task: its calls end when the task's signal aborts. */
class StoppableNewsroom extends Newsroom {
  readonly #url: string
  readonly #signal: AbortSignal

  constructor(url: string, signal: AbortSignal) {
    super(url)
    this.#url = url
    this.#signal = signal
  }

  override async fetchAll(): Promise<Article[]> {
    const response = await fetch(`${this.#url}/articles`, { signal: this.#signal })
    return (await response.json()) as Article[]
  }

  override async send(method: 'POST' | 'PUT', path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.#url + path, { method, body: JSON.stringify(body ?? {}), signal: this.#signal })
    if (!response.ok) throw new HttpError(path, response.status)
    return response.json()
  }
}

if (import.meta.main) {
  const publishOnce = async (signal: AbortSignal, concurrency: number) => {
    const server = await startServer({ articles: 8, seed: 7 })
    try {
      return { edition: await publish({ url: server.url, signal, concurrency }), seen: server.statistics }
    } finally {
      await server[Symbol.asyncDispose]()
    }
  }
  await compare('News pipeline', {
    mock: {},
    sequential: ({ signal }) => publishOnce(signal, 1),
    concurrent: ({ signal }) => publishOnce(signal, 16),
    tell: ({ edition: { articles, tokens }, seen }) =>
      `${seen.notified} of ${articles.length} notifications sent, ${seen.archived} archived, ${seen.committed} in `
      + `the search index; ${tokens} tokens counted; ${seen.refused} calls refused`,
  })
}
