/**
 * Batching: many small requests become few large ones. A batch goes out when it is full, or when its first item has
 * waited long enough; meanwhile the next one fills. Go: a goroutine that selects between a channel and a timer.
 */
import { pipeline } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import { paths } from './service/paths.ts'
import type { Answer, Common } from './service/service.ts'

export interface BatchingOptions extends Common {
  readonly ids: Iterable<string> | AsyncIterable<string>
  /** Items in one request. Default: 25. */
  readonly size?: number
  /** Milliseconds that an item waits for others at most. Default: 10. */
  readonly maxWait?: number
}

/** What is known about each id, in their order. */
export async function lookUp({ service, signal, ids, size = 25, maxWait = 10 }: BatchingOptions): Promise<Answer[]> {
  const batches = await pipeline(ids, { signal })
    .batch(size, { maxWait })
    .map((batch, task) => service.postAll('/lookup', batch, { signal: task.signal }), { concurrency: 2 })
    .collect()
  return batches.flat()
}

if (import.meta.main) {
  const ids = paths('id', 100)
  await compare('Batching', {
    mock: { latency: 8 },
    sequential: async ({ service, signal }) => {
      for (const id of ids) await service.postAll('/lookup', [id], { signal })
    },
    concurrent: (common) => lookUp({ ...common, ids }),
    tell: (answers, seen) => `${answers.length} answers from ${seen.calls} requests`,
  })
}
