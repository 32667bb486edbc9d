import type { Article } from './article.ts'
import { Newsroom } from './newsroom.ts'
import { writeBriefing } from './pipeline/briefing.ts'
import { buildFrontPage } from './pipeline/frontPage.ts'
import { tagAll } from './pipeline/keywords.ts'
import { archiveAll, notifySubscribers, rebuildSearchIndex } from './pipeline/publish.ts'
import { rateAll } from './pipeline/sentiment.ts'
import { summariseAll } from './pipeline/summaries.ts'
import { waitForTrends } from './pipeline/trends.ts'
import { totals } from './pipeline/usage.ts'
import { line, stage } from './report.ts'
import { startServer } from './server/server.ts'

const ARTICLES = 120
const PATIENCE_MS = 100

let unhandled = 0
process.on('unhandledRejection', () => {
  unhandled += 1
})

const server = await startServer({ articles: ARTICLES, seed: 7 })
const seen = server.statistics
const newsroom = new Newsroom(server.url)
const articles = await newsroom.fetchAll()
const all = articles.length

await stage(
  'front page',
  async () => buildFrontPage(newsroom, articles.slice(0, 10)),
  (page) => `${page.length} articles, never more than ${seen.peak} call at once`,
)

await stage(
  'notifications',
  async () => notifySubscribers(newsroom, articles),
  () => `returned with ${seen.notified} of ${all} sent`,
)

await stage(
  'archive',
  async () => archiveAll(newsroom, articles),
  () => `returned with ${seen.archived} of ${all} stored`,
)

await stage(
  'search index',
  async () => rebuildSearchIndex(newsroom, articles),
  () => `committed with ${seen.committed} of ${all} entries`,
)

const charged = seen.sentimentTokens
await stage(
  'sentiment',
  async () => rateAll(newsroom, articles),
  (scores) =>
    `${scores.size} rated; counted ${totals.tokens} tokens, the model charged ${seen.sentimentTokens - charged}`,
)

await stage(
  'keywords',
  async () => tagAll(newsroom, articles),
  (tags) =>
    `${articles.filter((article) => !describes(tags.get(article.id), article)).length} of ${all} articles `
    + 'carry the keywords of another',
)

await stage(
  'summaries',
  async () => summariseAll(newsroom, articles),
  (summaries) => `${summaries.length} written`,
)
line('', undefined, `the model had ${seen.peak} calls at once and refused ${seen.refused}`)

const url = await newsroom.startTrends()
await stage(
  'trends',
  async () => waitForTrends(url, AbortSignal.timeout(PATIENCE_MS)),
  (topics) => topics.join(', '),
)
line('', undefined, `was told to stop after ${PATIENCE_MS} ms`)

await stage(
  'briefing',
  async () => writeBriefing(newsroom, articles.slice(0, 5)),
  (lines) => `${lines.length} lines`,
)

await server[Symbol.asyncDispose]()
const finished = performance.now()
process.on('exit', () => {
  line('exit', performance.now() - finished, `after the last line of work; ${unhandled} errors reached nobody`)
})

function describes(keywords: readonly string[] | undefined, article: Article): boolean {
  return keywords?.every((keyword) => article.text.includes(keyword)) ?? false
}
