import fastq from 'fastq'
import pLimit from 'p-limit'
import pMap from 'p-map'
import PQueue from 'p-queue'
import { pool } from '@forkline/runtime'
import { collectGarbage, median, type Row } from './compare.ts'
import { numbers } from './work.ts'

/** Calls that are under way, all of them held up. */
interface Held {
  /** Keeps what the caller would keep: the promises. */
  readonly kept: unknown
}

interface Keeper {
  readonly name: string
  hold(task: () => Promise<void>): Held
}

const REPEATS = 5

/** Bytes on the heap for each unit that `hold` leaves pending. */
async function bytesPerUnit(count: number, keeper: Keeper): Promise<number> {
  const figures: number[] = []
  for (let repeat = -1; repeat < REPEATS; repeat++) {
    const bytes = await bytesHeld(keeper)
    if (repeat >= 0) figures.push(bytes / count)
  }
  return median(figures)
}

/** A function of its own, for what it has in hand must be gone when the next measurement begins. */
async function bytesHeld(keeper: Keeper): Promise<number> {
  let release: (() => void) | undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await emptied()
  const before = process.memoryUsage().heapUsed
  const { kept } = keeper.hold(() => held)
  await emptied()
  const bytes = process.memoryUsage().heapUsed - before
  release?.()
  await (Array.isArray(kept) ? Promise.all(kept as Promise<unknown>[]) : kept)
  return bytes
}

/** Lets what starts or ends a moment later do so, then frees what nobody holds. */
async function emptied(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  collectGarbage()
}

async function rows(what: string, count: number, limit: number, keepers: readonly Keeper[]): Promise<Row[]> {
  const [own, ...others] = keepers
  if (own === undefined) throw new Error('There is nothing to measure')
  const ours = await bytesPerUnit(count, own)
  const found: Row[] = [{ what, ours, other: 'the bar', theirs: limit, ratio: ours / limit, bar: 1, unit: 'B' }]
  for (const other of others) {
    const theirs = await bytesPerUnit(count, other)
    found.push({ what, ours, other: other.name, theirs, ratio: ours / theirs, bar: undefined, unit: 'B' })
  }
  return found
}

/** What waiting costs: bytes for each task or item that has not begun. */
export async function memory(count: number, concurrency: number): Promise<Row[]> {
  const items = numbers(count)
  const workers = pool({ concurrency })
  const all = (submit: (task: () => Promise<void>) => unknown) => (task: () => Promise<void>) => ({
    kept: items.map(() => submit(task)),
  })
  return [
    ...(await rows('pending task of run', count, 400, [
      { name: 'pool.run', hold: all((task) => workers.run(task)) },
      { name: 'p-limit', hold: all(pLimit(concurrency)) },
      { name: 'p-queue', hold: all(addTo(new PQueue({ concurrency }))) },
      { name: 'fastq', hold: all(pushTo(fastq.promise((task: () => Promise<void>) => task(), concurrency))) },
    ])),
    ...(await rows('pending item of map', count, 16, [
      { name: 'pool.map', hold: (task) => ({ kept: workers.map(items, task) }) },
      { name: 'p-map', hold: (task) => ({ kept: pMap(items, task, { concurrency }) }) },
    ])),
  ]
}

type Submit = (task: () => Promise<void>) => unknown

const addTo =
  (queue: PQueue): Submit =>
  (task) =>
    queue.add(task)
const pushTo =
  (queue: fastq.queueAsPromised<() => Promise<void>>): Submit =>
  (task) =>
    queue.push(task)
