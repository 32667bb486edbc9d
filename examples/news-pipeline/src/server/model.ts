import type { Article } from '../article.ts'

const CHEERFUL = /joy|hope|celebrates|reopens|recovers/gu
const GLOOMY = /floods|closes|winter|against/gu

/** What stands in for a language model: the same answer for the same article, and a price in tokens. */
export function answer(task: string, article: Article): object | undefined {
  const words = article.text.split(/\W+/u).filter((word) => word !== '')
  const tokens = words.length
  switch (task) {
    case 'summary':
      return { summary: words.slice(0, 6).join(' '), tokens }
    case 'sentiment': {
      const up = article.text.match(CHEERFUL)?.length ?? 0
      const down = article.text.match(GLOOMY)?.length ?? 0
      return { score: (up - down) / Math.max(1, up + down), tokens }
    }
    case 'keywords':
      return { keywords: words.filter((word) => word.length > 5).slice(0, 3), tokens }
    default:
      return undefined
  }
}
