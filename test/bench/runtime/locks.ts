import { Mutex as AsyncMutex, Semaphore as AsyncSemaphore } from 'async-mutex'
import { Sema } from 'async-sema'
import { Mutex, Semaphore } from '@forkline/runtime'
import type { Comparison } from './compare.ts'

/** Enters, counts up while inside, and leaves. */
type Use = (inside: () => void) => Promise<void>

/** All ask at once. */
function contended(count: number, use: Use): () => Promise<number> {
  return async () => {
    let entered = 0
    const inside = () => { entered++ }
    await Promise.all(Array.from({ length: count }, () => use(inside)))
    return entered
  }
}

/** One after the other: nobody ever waits. */
function free(count: number, use: Use): () => Promise<number> {
  return async () => {
    let entered = 0
    const inside = () => { entered++ }
    while (entered < count) await use(inside)
    return entered
  }
}

function semaUse(permits: number): Use {
  const sema = new Sema(permits)
  return async inside => {
    await sema.acquire()
    inside()
    sema.release()
  }
}

/** Locks of one permit, and semaphores of several. */
export function locks(count: number): Comparison[] {
  const comparisons: Comparison[] = []
  for (const [kind, measure] of [['contended', contended], ['free', free]] as const) {
    const mutex = new Mutex()
    const asyncMutex = new AsyncMutex()
    const semaphore = new Semaphore(8)
    const asyncSemaphore = new AsyncSemaphore(8)
    const add = (what: string, name: string, ours: Use, others: Record<string, Use>) => {
      comparisons.push({
        what: `${what}, ${kind}`,
        units: count,
        sum: count,
        ours: { name, run: measure(count, ours) },
        others: Object.entries(others).map(([other, use]) => ({ name: other, bar: 0.5, run: measure(count, use) })),
      })
    }
    add('mutex', 'Mutex', async inside => {
      const unlock = await mutex.lock()
      inside()
      unlock()
    }, {
      'async-mutex': async inside => {
        const release = await asyncMutex.acquire()
        inside()
        release()
      },
      'async-sema': semaUse(1),
    })
    add('semaphore of 8', 'Semaphore', async inside => {
      const release = await semaphore.acquire()
      inside()
      release()
    }, {
      'async-mutex': async inside => {
        const [, release] = await asyncSemaphore.acquire()
        inside()
        release()
      },
      'async-sema': semaUse(8),
    })
    add('mutex.runExclusive', 'Mutex', inside => mutex.runExclusive(inside), {
      'async-mutex': inside => asyncMutex.runExclusive(inside),
    })
  }
  return comparisons
}
