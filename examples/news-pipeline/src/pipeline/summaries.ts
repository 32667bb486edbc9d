import type { Article } from '../article.ts'
import type { Newsroom, Summary } from '../newsroom.ts'

/** A summary of every article, in the order of the articles. */
export async function summariseAll(newsroom: Newsroom, articles: readonly Article[]): Promise<Summary[]> {
  return Promise.all(articles.map(async (article) => newsroom.summarise(article)))
}
