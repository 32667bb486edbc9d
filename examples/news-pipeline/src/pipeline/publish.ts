import type { Article } from '../article.ts'
import type { Newsroom } from '../newsroom.ts'

/** Tells the subscribers of every article's topic that it is out. */
export async function notifySubscribers(newsroom: Newsroom, articles: readonly Article[]): Promise<void> {
  articles.forEach(async (article) => {
    await newsroom.send('POST', '/notifications', { id: article.id, title: article.title })
  })
}

/** Stores every article in the archive. */
export async function archiveAll(newsroom: Newsroom, articles: readonly Article[]): Promise<void> {
  for (const article of articles) {
    newsroom.send('PUT', `/archive/${article.id}`, article)
  }
}

/** Replaces the search index by one of these articles. */
export async function rebuildSearchIndex(newsroom: Newsroom, articles: readonly Article[]): Promise<void> {
  await newsroom.send('POST', '/search/begin')
  articles.map(async (article) => {
    await newsroom.send('PUT', `/search/entries/${article.id}`, { title: article.title })
  })
  await newsroom.send('POST', '/search/commit')
}
