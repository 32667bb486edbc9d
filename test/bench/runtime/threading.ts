import { Piscina } from 'piscina'
import { threads } from '@forkline/runtime'
import burn from './burn.ts'
import { compare, type Row } from './compare.ts'
import { sumOf } from './work.ts'

const url = new URL('burn.ts', import.meta.url)

/** Calls of next to nothing, calls of one size, and calls of which one in 64 takes as long as the others together. */
const loads: Record<string, readonly number[]> = {
  'threads, tiny': Array.from({ length: 5000 }, () => 1),
  'threads, even 0.01 ms': Array.from({ length: 2000 }, () => 50),
  'threads, even 1 ms': Array.from({ length: 100 }, () => 5000),
  'threads, uneven': Array.from({ length: 2048 }, (_, index) => (index % 64 === 13 ? 12_600 : 200)),
  'threads, large ones last': Array.from({ length: 2048 }, (_, index) => (index < 2016 ? 200 : 12_600)),
}

/** Calls on threads, as many threads on either side, all started before. */
export async function threading(size: number, rounds: number): Promise<Row[]> {
  const found: Row[] = []
  const piscina = new Piscina({ filename: url.href, minThreads: size, maxThreads: size })
  const ours = threads<typeof import('./burn.ts')>(url, { size })
  try {
    for (const [what, turns] of Object.entries(loads)) {
      const theirs = {
        name: 'piscina',
        run: async () => sumOf(await Promise.all(turns.map((turn) => piscina.run(turn) as Promise<number>))),
      }
      const sum = sumOf(turns.map(burn))
      for (const [how, run] of [
        ['map', () => ours.map(turns)],
        ['run', () => Promise.all(turns.map((turn) => ours.run(turn)))],
      ] as const) {
        found.push(
          ...(await compare(
            {
              what: `${what}, ${how}`,
              units: turns.length,
              sum,
              ours: { name: 'threads', run: async () => sumOf(await run()) },
              others: [{ ...theirs, bar: 1 }],
            },
            rounds,
          )),
        )
      }
    }
    return found
  } finally {
    await Promise.all([ours.close(), piscina.close()])
  }
}
