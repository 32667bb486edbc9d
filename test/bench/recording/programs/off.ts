/** The library as it is, not recording, beside a build of it that cannot record, in turns. Measures one by the other. */
import { median } from '../../runtime/compare.ts'
import { numbers, work } from '../../runtime/work.ts'
import { report, timeOf } from './report.ts'
import type * as library from './traced.ts'

const COUNT = 200_000
const TURNS = 31

/** The builds lie beside this program. */
async function load(name: string): Promise<typeof library> {
  return (await import(new URL(`./${name}.js`, import.meta.url).href)) as typeof library
}

function workOn({ pool, Semaphore }: typeof library): () => Promise<void> {
  const items = numbers(COUNT)
  const workers = pool({ concurrency: 8 })
  const permits = new Semaphore(8)
  return async () => {
    await workers.map(items, work)
    for (let index = 0; index < COUNT / 10; index++) await permits.use(() => work(index))
    await Promise.all(items.slice(0, COUNT / 10).map((item) => workers.run(() => work(item))))
  }
}

const traced = workOn(await load('traced'))
const untraced = workOn(await load('untraced'))
const ratios: number[] = []
for (let turn = -3; turn < TURNS; turn++) {
  const first = turn % 2 === 0 ? await timeOf(traced) : undefined
  const without = await timeOf(untraced)
  const ratio = (first ?? (await timeOf(traced))) / without
  if (turn >= 0) ratios.push(ratio)
}
report({ figure: median(ratios) })
