import type { Article } from '../article.ts'
import type { Newsroom } from '../newsroom.ts'
import { totals } from './usage.ts'

const BATCH = 8

/** The mood of every article by its id, a few articles at a time. */
export async function rateAll(newsroom: Newsroom, articles: readonly Article[]): Promise<Map<string, number>> {
  const scores = new Map<string, number>()

  async function rate(article: Article): Promise<number> {
    const { score, tokens } = await newsroom.rate(article)
    scores.set(article.id, score)
    return tokens
  }

  for (let start = 0; start < articles.length; start += BATCH) {
    const batch = articles.slice(start, start + BATCH)
    await Promise.all(
      batch.map(async (article) => {
        totals.calls += 1
        totals.tokens += await rate(article)
      }),
    )
  }
  return scores
}
