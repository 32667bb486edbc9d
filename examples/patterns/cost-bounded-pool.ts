/**
 * Cost-bounded pool: so many calls at once, because each holds a connection, and so many a second, because each costs
 * money; whichever limit is reached first holds the next call back. Go: a worker pool whose workers share a rate
 * limiter.
 */
import { pool, RateLimiter } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import { paths } from './service/paths.ts'
import type { Common } from './service/service.ts'

export interface Budget {
  readonly concurrency: number
  readonly perSecond: number
}

export interface Bill {
  readonly translations: readonly string[]
  readonly tokens: number
}

export async function translateAll({
  service,
  signal,
  texts,
  concurrency,
  perSecond,
}: Common & Budget & { readonly texts: readonly string[] }): Promise<Bill> {
  const rate = new RateLimiter({ limit: perSecond, interval: 1_000, burst: concurrency })
  const translators = pool({ concurrency, rate, signal, name: 'translators' })
  const answers = await translators.map(texts, (text, task) =>
    service.post(`/translations${text}`, {}, { signal: task.signal }),
  )
  return {
    translations: answers.map(({ text }) => text),
    tokens: answers.reduce((sum, { tokens }) => sum + tokens, 0),
  }
}

if (import.meta.main) {
  const texts = paths('/texts', 30)
  await compare('Cost-bounded pool', {
    mock: { latency: 40, rate: { perSecond: 150, burst: 20 } },
    sequential: async ({ service, signal }) => {
      for (const text of texts) await service.post(`/translations${text}`, {}, { signal })
    },
    concurrent: (common) => translateAll({ ...common, texts, concurrency: 6, perSecond: 100 }),
    tell: ({ translations, tokens }, seen) =>
      `${translations.length} translations for ${tokens} tokens, never more than ${seen.peak} at once, `
      + `${seen.refused} refused`,
  })
}
