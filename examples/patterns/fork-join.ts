/**
 * Fork-join: a large input is cut into blocks, the blocks are worked on side by side, and what comes of them is joined
 * in the order of the input. So the result is the same with any number of workers, even where the order matters, as in
 * the checksum here. Go: goroutines over slices of the input, and a reduction.
 */
import { pool } from '@forkline/runtime'
import { compare } from './service/compare.ts'
import type { Common } from './service/service.ts'

export interface Ledger {
  readonly items: number
  readonly tokens: number
  /** Depends on every item, and on their order. */
  readonly checksum: number
}

interface ForkJoinOptions extends Common {
  /** How many items there are. */
  readonly items: number
  readonly workers: number
  /** How many items the service hands out in one call. Default: 200. */
  readonly block?: number
}

export async function addUp({ service, signal, items, workers, block = 200 }: ForkJoinOptions): Promise<Ledger> {
  const pieces = pool({ concurrency: workers, signal, name: 'blocks' })
  const blocks = pieces.stream(starts(items, block), async (start, task) => {
    const ids = Array.from({ length: Math.min(block, items - start) }, (_, index) => String(start + index))
    return service.postAll('/items', ids, { signal: task.signal })
  })
  let ledger: Ledger = { items: 0, tokens: 0, checksum: 0 }
  for await (const answers of blocks) {
    for (const { tokens } of answers) {
      ledger = {
        items: ledger.items + 1,
        tokens: ledger.tokens + tokens,
        checksum: (ledger.checksum * 31 + tokens) % 1_000_003,
      }
    }
  }
  return ledger
}

function* starts(items: number, block: number): Generator<number> {
  for (let start = 0; start < items; start += block) yield start
}

if (import.meta.main) {
  const items = 10_000
  for (const workers of [1, 2, 4, 8]) {
    await compare(`Fork-join with ${workers} ${workers === 1 ? 'worker' : 'workers'}`, {
      mock: { latency: 6 },
      sequential: (common) => addUp({ ...common, items, workers: 1 }),
      concurrent: (common) => addUp({ ...common, items, workers }),
      tell: (ledger) => `${ledger.items} items, ${ledger.tokens} tokens, checksum ${ledger.checksum}`,
    })
  }
}
