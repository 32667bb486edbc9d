import type { Article } from '../article.ts'
import type { Newsroom } from '../newsroom.ts'

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      setTimeout(() => {
        reject(new Error('The model took more than 3 s'))
      }, 3_000)
    }),
  ])
}

/** The editor's morning briefing: one line for each article. */
export async function writeBriefing(newsroom: Newsroom, articles: readonly Article[]): Promise<string[]> {
  const lines: string[] = []
  for (const article of articles) {
    const { summary } = await withDeadline(newsroom.summarise(article))
    lines.push(`${article.title}: ${summary}`)
  }
  return lines
}
