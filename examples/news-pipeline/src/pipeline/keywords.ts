import type { Article } from '../article.ts'
import type { Newsroom } from '../newsroom.ts'

const BATCH = 8

/** The keywords of every article by its id, a few articles at a time. */
export async function tagAll(
  newsroom: Newsroom,
  articles: readonly Article[],
): Promise<Map<string, readonly string[]>> {
  const tags: (readonly string[])[] = []
  for (let start = 0; start < articles.length; start += BATCH) {
    const batch = articles.slice(start, start + BATCH)
    await Promise.all(
      batch.map(async (article) => {
        const { keywords } = await newsroom.extractKeywords(article)
        tags.push(keywords)
      }),
    )
  }
  return new Map(articles.map((article, index) => [article.id, tags[index] ?? []]))
}
