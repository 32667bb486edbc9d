import { Effect } from 'effect'
import pMap from 'p-map'
import { pool } from '@forkline/runtime'
import type { Comparison } from './compare.ts'
import { numbers, sumOf, work } from './work.ts'

/** What one writes by hand: workers that share an index. */
async function workerLoops(items: readonly number[], concurrency: number): Promise<number[]> {
  const results = new Array<number>(items.length)
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const index = next++
      results[index] = await work(items[index] as number)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return results
}

/** An array of items, so many at a time, results in order. */
export function maps(count: number, concurrency: number): Comparison {
  const items = numbers(count)
  const workers = pool({ concurrency })
  const effect = Effect.forEach(items, (item) => Effect.promise(() => work(item)), { concurrency })
  return {
    what: `map ${count.toLocaleString('en')} at ${concurrency}`,
    units: count,
    sum: sumOf(items),
    ours: { name: 'pool.map', run: async () => sumOf(await workers.map(items, work)) },
    others: [
      { name: 'worker loops', bar: 1.2, run: async () => sumOf(await workerLoops(items, concurrency)) },
      { name: 'p-map', bar: 0.3, run: async () => sumOf(await pMap(items, work, { concurrency })) },
      { name: 'Effect.forEach', run: async () => sumOf(await Effect.runPromise(effect)) },
      { name: 'Promise.all', run: async () => sumOf(await Promise.all(items.map(work))) },
    ],
  }
}
