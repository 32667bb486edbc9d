import type { Article, Enriched } from '../article.ts'
import type { Newsroom } from '../newsroom.ts'

/** Everything the front page shows about its articles. */
export async function buildFrontPage(newsroom: Newsroom, articles: readonly Article[]): Promise<Enriched[]> {
  const page: Enriched[] = []
  for (const article of articles) {
    const { summary } = await newsroom.summarise(article)
    const { score } = await newsroom.rate(article)
    const { keywords } = await newsroom.extractKeywords(article)
    page.push({ article, summary, score, keywords })
  }
  return page
}
