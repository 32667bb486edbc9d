import { Mutex as AsyncMutex, Semaphore as AsyncSemaphore } from 'async-mutex'
import { Sema } from 'async-sema'
import { Mutex, Semaphore } from '@forkline/runtime'
import type { Comparison } from './compare.ts'

/** Something to enter and to leave again. */
type Enter = () => Promise<() => void>

/** All ask at once; each counts up while it is inside. */
function contended(count: number, enter: Enter): () => Promise<number> {
  return async () => {
    let entered = 0
    const use = async () => {
      const leave = await enter()
      entered++
      leave()
    }
    await Promise.all(Array.from({ length: count }, use))
    return entered
  }
}

/** One after the other: nobody ever waits. */
function free(count: number, enter: Enter): () => Promise<number> {
  return async () => {
    let entered = 0
    while (entered < count) {
      const leave = await enter()
      entered++
      leave()
    }
    return entered
  }
}

/** All ask at once to run a function inside. */
function running(count: number, run: (fn: () => Promise<void>) => Promise<void>): () => Promise<number> {
  return async () => {
    let entered = 0
    // eslint-disable-next-line @typescript-eslint/require-await -- a task that settles at once, as a promise
    const fn = async () => { entered++ }
    await Promise.all(Array.from({ length: count }, () => run(fn)))
    return entered
  }
}

function semaEnter(permits: number): Enter {
  const sema = new Sema(permits)
  const leave = () => { sema.release() }
  return async () => {
    await sema.acquire()
    return leave
  }
}

/** Locks of one permit, and semaphores of several. */
export function locks(count: number): Comparison[] {
  const shared = { units: count, sum: count }
  const comparisons: Comparison[] = []
  for (const [kind, measure] of [['contended', contended], ['free', free]] as const) {
    const mutex = new Mutex()
    const asyncMutex = new AsyncMutex()
    const semaphore = new Semaphore(8)
    const asyncSemaphore = new AsyncSemaphore(8)
    comparisons.push({
      ...shared,
      what: `mutex, ${kind}`,
      ours: { name: 'Mutex', run: measure(count, () => mutex.lock()) },
      others: [
        { name: 'async-mutex', bar: 0.5, run: measure(count, () => asyncMutex.acquire()) },
        { name: 'async-sema', bar: 0.5, run: measure(count, semaEnter(1)) },
      ],
    }, {
      ...shared,
      what: `semaphore of 8, ${kind}`,
      ours: { name: 'Semaphore', run: measure(count, () => semaphore.acquire()) },
      others: [
        { name: 'async-mutex', bar: 0.5, run: measure(count, async () => (await asyncSemaphore.acquire())[1]) },
        { name: 'async-sema', bar: 0.5, run: measure(count, semaEnter(8)) },
      ],
    })
  }
  const mutex = new Mutex()
  const asyncMutex = new AsyncMutex()
  comparisons.push({
    ...shared,
    what: 'mutex, runExclusive',
    ours: { name: 'Mutex', run: running(count, fn => mutex.runExclusive(fn)) },
    others: [{ name: 'async-mutex', bar: 0.5, run: running(count, fn => asyncMutex.runExclusive(fn)) }],
  })
  return comparisons
}
