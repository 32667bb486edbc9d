import { Sema } from 'async-sema'
import fastq from 'fastq'
import pLimit from 'p-limit'
import PQueue from 'p-queue'
import { pool } from '@forkline/runtime'
import type { Comparison } from './compare.ts'
import { numbers, sumOf, work } from './work.ts'

/** Tasks handed in one by one, all at once, each with a promise of its own. */
export function submits(count: number, concurrency: number): Comparison {
  const items = numbers(count)
  const workers = pool({ concurrency })
  const limit = pLimit(concurrency)
  const queue = new PQueue({ concurrency })
  const fast = fastq.promise(work, concurrency)
  const sema = new Sema(concurrency)
  const withSema = async (item: number) => {
    await sema.acquire()
    try {
      return await work(item)
    } finally {
      sema.release()
    }
  }
  const all = (submit: (item: number) => Promise<number>) => async () => sumOf(await Promise.all(items.map(submit)))
  return {
    what: `run ${count.toLocaleString('en')} at ${concurrency}`,
    units: count,
    sum: sumOf(items),
    ours: { name: 'pool.run', run: all((item) => workers.run(() => work(item))) },
    others: [
      { name: 'p-limit', bar: 0.5, run: all((item) => limit(() => work(item))) },
      { name: 'p-queue', bar: 0.3, run: all((item) => queue.add(() => work(item))) },
      { name: 'fastq', run: all((item) => fast.push(item)) },
      { name: 'async-sema', run: all(withSema) },
    ],
  }
}
