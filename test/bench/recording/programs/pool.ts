/** A million tasks that do next to nothing, on one pool. Measures ns a task. */
import { pool } from '@forkline/runtime'
import { numbers, work } from '../../runtime/work.ts'
import { begin, report } from './report.ts'

const COUNT = 1_000_000

begin()
const items = numbers(COUNT)
const workers = pool({ concurrency: 8 })
await workers.map(items, work)
const times: number[] = []
for (let round = 0; round < 3; round++) {
  globalThis.gc?.()
  const start = performance.now()
  await workers.map(items, work)
  times.push((performance.now() - start) * 1e6 / COUNT)
}
report(Math.min(...times))
