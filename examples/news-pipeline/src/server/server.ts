import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Article } from '../article.ts'
import { makeArticles } from './feed.ts'
import { answer } from './model.ts'
import { seededRandom } from './random.ts'
import { RateLimit } from './rateLimit.ts'

const TRENDS_MS = 60_000

/** What the services saw, for comparison with what the pipeline believes. */
export interface Statistics {
  /** Calls of the model that were refused with 429. */
  refused: number
  /** Most calls of the model in progress at once. */
  peak: number
  /** Tokens of the sentiment calls that were answered. */
  sentimentTokens: number
  notified: number
  archived: number
  indexed: number
  /** Entries the search index held when it was committed. */
  committed: number
}

export interface NewsServer extends AsyncDisposable {
  readonly url: string
  readonly statistics: Statistics
}

export interface ServerOptions {
  readonly articles: number
  readonly seed: number
}

/**
 * Starts the newsroom's services on a free loopback port: a model with latency, a rate limit and
 * random failures, an archive, a search index and a list of subscribers.
 */
export async function startServer({ articles: count, seed }: ServerOptions): Promise<NewsServer> {
  const articles = makeArticles(count)
  const random = seededRandom(seed)
  const limit = new RateLimit(150, 40)
  const statistics: Statistics = {
    refused: 0,
    peak: 0,
    sentimentTokens: 0,
    notified: 0,
    archived: 0,
    indexed: 0,
    committed: 0,
  }
  let active = 0
  let trendsStarted = 0

  async function model(task: string, article: Article): Promise<[number, object]> {
    active += 1
    statistics.peak = Math.max(statistics.peak, active)
    try {
      if (!limit.tryTake()) {
        statistics.refused += 1
        return [429, { error: 'Too many requests' }]
      }
      const failed = random() < 0.03
      await sleep(20 + random() * 50)
      if (failed) return [500, { error: 'The model is out of sorts' }]
      const result = answer(task, article)
      if (!result) return [404, { error: `No such task: ${task}` }]
      if (task === 'sentiment' && 'tokens' in result) statistics.sentimentTokens += Number(result.tokens)
      return [200, result]
    } finally {
      active -= 1
    }
  }

  async function store(counter: 'notified' | 'archived' | 'indexed'): Promise<[number, object]> {
    const failed = random() < 0.05
    await sleep(10 + random() * 40)
    if (failed) return [503, { error: 'Try again later' }]
    statistics[counter] += 1
    return [200, {}]
  }

  async function route(path: string, body: string): Promise<[number, object]> {
    const [, area, name] = path.split('/')
    switch (area) {
      case 'articles':
        return [200, articles]
      case 'model':
        return model(name ?? '', JSON.parse(body) as Article)
      case 'notifications':
        return store('notified')
      case 'archive':
        return store('archived')
      case 'search':
        if (name === 'entries') return store('indexed')
        if (name === 'commit') statistics.committed = statistics.indexed
        return [200, {}]
      case 'trends': {
        if (name === undefined) trendsStarted = performance.now()
        const done = performance.now() - trendsStarted >= TRENDS_MS
        return [200, { path: '/trends/1', done, topics: done ? ['weather', 'markets'] : [] }]
      }
      default:
        return [404, { error: `No such service: ${path}` }]
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    const [status, result] = await route(request.url ?? '/', body)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(result))
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy(error as Error)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    statistics,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
