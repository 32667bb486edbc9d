import type { Article } from '../article.ts'

const PLACES = ['Harbour', 'Valley', 'Market', 'Station', 'Museum', 'Orchard', 'Bridge', 'Library', 'Quarry', 'Castle']
const EVENTS = ['reopens', 'floods', 'celebrates', 'expands', 'closes', 'surprises', 'votes', 'recovers']
const MOODS = ['to great joy', 'against all hope', 'after a long winter', 'with mixed feelings', 'and nobody knows why']

/** Made-up news; every article has a word of its own, so that its keywords tell it from the others. */
export function makeArticles(count: number): Article[] {
  return Array.from({ length: count }, (_, index) => {
    const place = pick(PLACES, index)
    const event = pick(EVENTS, Math.floor(index / PLACES.length))
    const edition = `edition${index + 1}`
    const mood = Array.from({ length: 1 + (index % 5) }, (_, n) => pick(MOODS, index + n)).join(', ')
    return {
      id: `article-${index + 1}`,
      title: `${place} ${event}`,
      text: `${edition}: the ${place.toLowerCase()} ${event} ${mood}`,
    }
  })
}

function pick(words: readonly string[], index: number): string {
  return words[index % words.length] ?? ''
}
