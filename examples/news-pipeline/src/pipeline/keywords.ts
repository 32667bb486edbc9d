import type { Article } from '../article.ts'
import type { Newsroom } from '../newsroom.ts'

const BATCH = 8

type Keywords = readonly string[]

/** The keywords of every article by its id, a few articles at a time. */
export async function tagAll(newsroom: Newsroom, articles: readonly Article[]): Promise<Map<string, Keywords>> {
  const tagged = new Map<string, Keywords>()
  for (let start = 0; start < articles.length; start += BATCH) {
    const batch = articles.slice(start, start + BATCH)
    for (const [id, keywords] of await tagBatch(newsroom, batch)) tagged.set(id, keywords)
  }
  return tagged
}

async function tagBatch(newsroom: Newsroom, batch: readonly Article[]): Promise<[string, Keywords][]> {
  const tags: Keywords[] = []
  await Promise.all(
    batch.map(async (article) => {
      const { keywords } = await newsroom.extractKeywords(article)
      tags.push(keywords)
    }),
  )
  return batch.map((article, index) => [article.id, tags[index] ?? []])
}
