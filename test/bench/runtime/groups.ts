import { Effect } from 'effect'
import { group } from '@forkline/runtime'
import type { Comparison } from './compare.ts'
import { numbers, sumOf, work } from './work.ts'

/** Tasks that belong together, all running at once or so many at a time. */
export function groups(count: number, limit?: number): Comparison {
  const items = numbers(count)
  const concurrency = limit ?? 'unbounded'
  const effect = Effect.forEach(items, (item) => Effect.promise(() => work(item)), { concurrency })
  return {
    what: `group of ${count.toLocaleString('en')}${limit === undefined ? '' : `, limit ${limit}`}`,
    units: count,
    sum: sumOf(items),
    ours: {
      name: 'group',
      run: async () => {
        const tasks = group<number>({ limit })
        for (const item of items) void tasks.go(() => work(item))
        return sumOf(await tasks.wait())
      },
    },
    others: [
      { name: 'Effect.forEach', bar: 1, run: async () => sumOf(await Effect.runPromise(effect)) },
      ...(limit === undefined
        ? [{ name: 'Promise.all', run: async () => sumOf(await Promise.all(items.map(work))) }]
        : []),
    ],
  }
}
