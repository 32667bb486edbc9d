/**
 * Work stealing: work for the processor, of very uneven size, on several threads. Each thread has a queue of its own,
 * and one that has finished its own takes from the longest of the others, so that none is idle while there is work.
 * Go: its scheduler, which does the same with goroutines.
 */
import { threads } from '@forkline/runtime'
import { compare } from './service/compare.ts'

export interface CountOptions {
  readonly limits: readonly number[]
  readonly signal?: AbortSignal | undefined
  /** How many threads there may be. Default: as many as the process may use at once. */
  readonly size?: number
  /** Milliseconds that one of the counts may take. Default: no limit. */
  readonly timeout?: number
}

/** How many primes there are below each limit. */
export async function countAllPrimes({ limits, signal, size, timeout }: CountOptions): Promise<number[]> {
  await using counters = threads(countPrimes, { size, signal, name: 'primes' })
  return await counters.map(limits, { timeout })
}

/** Travels to the threads as text, and so uses nothing from around it. Slow on purpose. */
function countPrimes(limit: number): number {
  if (!(limit >= 0)) throw new RangeError(`There is no number of primes below ${limit}`)
  let count = 0
  for (let candidate = 2; candidate < limit; candidate++) {
    let divisor = 2
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor++
    if (divisor * divisor > candidate) count++
  }
  return count
}

if (import.meta.main) {
  // Two large ones in the midst of many small ones.
  const limits = Array.from({ length: 100 }, (_, index) => (index % 50 === 10 ? 1_500_000 : 50_000 + 100 * index))
  await compare('Work stealing', {
    mock: {},
    sequential: () => Promise.resolve(limits.map(countPrimes)),
    concurrent: ({ signal }) => countAllPrimes({ limits, signal }),
    tell: (counts) => `${counts.length} counts, from ${Math.min(...counts)} to ${Math.max(...counts)}`,
  })
}
