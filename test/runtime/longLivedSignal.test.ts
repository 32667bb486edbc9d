import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { group, pool, timeout, withCancel } from '@forkline/runtime'
import { listeners } from './listeners.ts'

const ROUNDS = 100_000

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes that are really in use. */
function heapInUse(): number {
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/**
 * What one round leaves behind on average, in bytes. The first rounds are not counted: they compile, and fill caches.
 */
async function growth(round: (signal: AbortSignal, index: number) => Promise<unknown>): Promise<number> {
  const { signal } = new AbortController()
  for (let i = 0; i < ROUNDS / 10; i++) await round(signal, i)
  const before = heapInUse()
  for (let i = 0; i < ROUNDS; i++) {
    await round(signal, i)
    if (listeners(signal) > 0) throw new Error(`${listeners(signal)} listeners are left after ${i} rounds`)
  }
  return (heapInUse() - before) / ROUNDS
}

/** One retained listener, signal or promise takes far more than this. */
const NOTHING = 10

describe('one signal for the life of a program', () => {
  it('a hundred thousand groups on it leave no listener and no memory', async () => {
    const boom = new Error('boom')
    expect(
      await growth(async (signal, index) => {
        const tasks = group({ signal })
        void tasks.go(() => index)
        void tasks.go(() => (index % 10 === 0 ? Promise.reject(boom) : Promise.resolve(index)))
        await tasks.wait().catch((error: unknown) => {
          if (error !== boom) throw error
        })
      }),
    ).toBeLessThan(NOTHING)
  })

  it('nor do as many scopes, time limits and calls on pools', async () => {
    const workers = pool({ concurrency: 2 })
    expect(
      await growth(async (signal, index) => {
        if (index % 3 === 0) withCancel(signal).cancel()
        else if (index % 3 === 1) await timeout(60_000, () => index, { signal })
        else await workers.run(() => index, { signal })
      }),
    ).toBeLessThan(NOTHING)
  })
})
