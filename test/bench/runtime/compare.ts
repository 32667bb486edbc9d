/** One way to do the work of a comparison. */
export interface Contender {
  readonly name: string
  /** What our figure may be at most, as a multiple of this one's; none when it is shown to look beside. */
  readonly bar?: number
  /** Does all of the work. Resolves to a sum that proves it: the same for every contender. */
  run(): Promise<number>
}

/** The same work done by us and by others. */
export interface Comparison {
  readonly what: string
  /** How many units of work one run does: figures are per unit. */
  readonly units: number
  /** What each run has to resolve to. */
  readonly sum: number
  readonly ours: Contender
  readonly others: readonly Contender[]
}

/** A line of the table. */
export interface Row {
  readonly what: string
  readonly ours: number
  readonly other: string
  readonly theirs: number
  /** Ours by theirs. */
  readonly ratio: number
  /** The most that `ratio` may be; undefined when nothing is asked. */
  readonly bar: number | undefined
  readonly unit: 'ns' | 'B'
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Frees what earlier runs left, so that no contender pays for another's rubbish. */
export function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('Run with `node --expose-gc`: the heap has to be clean between runs')
  globalThis.gc()
}

/**
 * Measures all contenders in turns, round after round, each round in another order, so that what else the machine
 * does falls on all alike. A ratio is the median over the rounds of the ratio within a round.
 *
 * @param rounds how many are measured; one more comes before, for the compiler.
 * @throws Error when a contender did not do the work.
 */
export async function compare(comparison: Comparison, rounds: number): Promise<Row[]> {
  const { what, units, sum, ours, others } = comparison
  const contenders = [ours, ...others]
  const times = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]))
  for (let round = -1; round < rounds; round++) {
    const shift = (round + 1) % contenders.length
    for (const contender of [...contenders.slice(shift), ...contenders.slice(0, shift)]) {
      collectGarbage()
      const start = performance.now()
      const result = await contender.run()
      const time = ((performance.now() - start) * 1e6) / units
      if (result !== sum) throw new Error(`${what}: ${contender.name} gave ${result}, expected ${sum}`)
      if (round >= 0) times.get(contender)?.push(time)
    }
  }
  const own = times.get(ours) ?? []
  return others.map((other) => {
    const theirs = times.get(other) ?? []
    const ratios = own.map((time, round) => time / (theirs[round] ?? Number.NaN))
    return {
      what,
      ours: median(own),
      other: other.name,
      theirs: median(theirs),
      ratio: median(ratios),
      bar: other.bar,
      unit: 'ns',
    }
  })
}
