/**
 * Wait group: several pieces of work are started, and one place waits until the last of them has ended, well or badly.
 * Go: sync.WaitGroup. It knows nothing of failures: each task deals with its own. Where they matter, use a group.
 */
import { WaitGroup } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import type { Common } from './service/service.ts'

const CACHES = ['home', 'sport', 'politics', 'culture', 'weather', 'travel', 'science', 'letters', 'puzzles', 'archive']

/** Asks each cache to fetch its pages, and gives those that did not manage to. A cold cache is no disaster. */
export async function warmCaches({ service, signal }: Common): Promise<string[]> {
  const warming = new WaitGroup()
  const cold = new Set<string>()
  for (const cache of CACHES) {
    void warming.go(async () => {
      try {
        await service.post(`/caches/${cache}`, { warm: true }, { signal })
      } catch {
        cold.add(cache)
      }
    })
  }
  // eslint-disable-next-line forkline/forward-abort-signal -- the tasks obey the signal: when this ends, so have they
  await warming.wait()
  signal?.throwIfAborted()
  return CACHES.filter((cache) => cold.has(cache))
}

if (import.meta.main) {
  await compare('Wait group', {
    mock: { latency: 40, failures: 0.2 },
    sequential: async ({ service, signal }) => {
      for (const cache of CACHES) await service.post(`/caches/${cache}`, {}, { signal }).catch(() => undefined)
    },
    concurrent: warmCaches,
    tell: (cold, seen) => `${seen.answered.length} caches are warm; still cold: ${cold.join(', ')}`,
  })
}
