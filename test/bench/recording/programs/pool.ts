/** A million tasks that do next to nothing, on one pool. Measures ns a task: of its own thread, and of all threads. */
import { pool } from '@forkline/runtime'
import { median } from '../../runtime/compare.ts'
import { numbers, work } from '../../runtime/work.ts'
import { begin, processTime, report, threadTime } from './report.ts'

const COUNT = 1_000_000
const ROUNDS = 5

begin()
const items = numbers(COUNT)
const workers = pool({ concurrency: 8 })
const own: number[] = []
const all: number[] = []
for (let round = -1; round < ROUNDS; round++) {
  globalThis.gc?.()
  const start = { own: threadTime(), all: processTime() }
  await workers.map(items, work)
  if (round < 0) continue
  own.push(((threadTime() - start.own) * 1e6) / COUNT)
  all.push(((processTime() - start.all) * 1e6) / COUNT)
}
report({ figure: median(own), all: median(all) })
