import { Mutex as AsyncMutex, Semaphore as AsyncSemaphore } from 'async-mutex'
import { Sema } from 'async-sema'
import { Mutex, Semaphore } from '@forkline/runtime'
import type { Comparison } from './compare.ts'

/** Shown to look beside: what there is to gain at most. */
const BARE = 'bare counter'

/** Enters, counts up while inside, and leaves. */
type Use = (inside: () => void) => Promise<void>

/** All ask at once. */
function contended(count: number, use: Use): () => Promise<number> {
  return async () => {
    let entered = 0
    const inside = () => {
      entered++
    }
    await Promise.all(Array.from({ length: count }, () => use(inside)))
    return entered
  }
}

/** One after the other: nobody ever waits. */
function free(count: number, use: Use): () => Promise<number> {
  return async () => {
    let entered = 0
    const inside = () => {
      entered++
    }
    while (entered < count) await use(inside)
    return entered
  }
}

function semaUse(permits: number): Use {
  const sema = new Sema(permits)
  return async (inside) => {
    await sema.acquire()
    inside()
    sema.release()
  }
}

/**
 * The least that a lock can do: it counts, and keeps those who wait in an array. It gives no permit, so nobody notices
 * one that is given back twice, and nobody can leave the line. What others take longer than this is for what they do more.
 */
class BareLock {
  #free: number
  readonly #line: (() => void)[] = []
  #first = 0

  constructor(permits: number) {
    this.#free = permits
  }

  acquire(): Promise<void> {
    if (this.#free === 0)
      return new Promise((resolve) => {
        this.#line.push(resolve)
      })
    this.#free--
    return Promise.resolve()
  }

  release(): void {
    const next = this.#line[this.#first++]
    if (next !== undefined) {
      next()
      return
    }
    this.#line.length = this.#first = 0
    this.#free++
  }
}

function bareUse(permits: number): Use {
  const lock = new BareLock(permits)
  return async (inside) => {
    await lock.acquire()
    inside()
    lock.release()
  }
}

/** Locks of one permit, and semaphores of several. */
export function locks(count: number): Comparison[] {
  const comparisons: Comparison[] = []
  // Those that never wait are over so soon that more of them have to be measured.
  for (const [kind, measure, units] of [
    ['contended', contended, count],
    ['free', free, 10 * count],
  ] as const) {
    const mutex = new Mutex()
    const asyncMutex = new AsyncMutex()
    const semaphore = new Semaphore(8)
    const asyncSemaphore = new AsyncSemaphore(8)
    const add = (what: string, name: string, ours: Use, others: Record<string, Use>) => {
      comparisons.push({
        what: `${what}, ${kind}`,
        units,
        sum: units,
        ours: { name, run: measure(units, ours) },
        others: Object.entries(others).map(([other, use]) => ({
          name: other,
          ...(other === BARE ? {} : { bar: 0.5 }),
          run: measure(units, use),
        })),
      })
    }
    add(
      'mutex',
      'Mutex',
      async (inside) => {
        const unlock = await mutex.lock()
        inside()
        unlock()
      },
      {
        'async-mutex': async (inside) => {
          const release = await asyncMutex.acquire()
          inside()
          release()
        },
        'async-sema': semaUse(1),
        [BARE]: bareUse(1),
      },
    )
    add(
      'semaphore of 8',
      'Semaphore',
      async (inside) => {
        const release = await semaphore.acquire()
        inside()
        release()
      },
      {
        'async-mutex': async (inside) => {
          const [, release] = await asyncSemaphore.acquire()
          inside()
          release()
        },
        'async-sema': semaUse(8),
        [BARE]: bareUse(8),
      },
    )
    add('mutex.runExclusive', 'Mutex', (inside) => mutex.runExclusive(inside), {
      'async-mutex': (inside) => asyncMutex.runExclusive(inside),
    })
  }
  return comparisons
}
