import type { Pair } from './measure.ts'

/** One promise that is kept, or not. */
export interface Part {
  readonly name: string
  /** In `programs/`: it measures itself, and records into the file that it is given, if any. */
  readonly program: string
  readonly unit: string
  /**
   * What is measured beside what. `processes`: one that records, and one that does not. `turns`: it records and does not,
   * in turns, by itself. `alone`: it compares by itself, and does not record.
   */
  readonly how: 'processes' | 'turns' | 'alone'
  /** What is held to the bar. */
  readonly value: (pair: Pair) => number
  /** None for what is there to look beside. */
  readonly bar?: { readonly most: number; readonly least?: undefined } | { readonly least: number }
}

export const PARTS: readonly Part[] = [
  {
    name: 'one event (ns)',
    program: 'events',
    unit: 'ns',
    how: 'processes',
    value: ({ recorded }) => recorded.figure,
    bar: { most: 100 },
  },
  {
    name: 'pool.map of 1M trivial tasks (times)',
    program: 'pool',
    unit: 'ns a task',
    how: 'processes',
    value: ({ plain, recorded }) => recorded.figure / plain.figure,
    bar: { most: 1.5 },
  },
  {
    name: 'the same with the thread that writes (times)',
    program: 'pool',
    unit: 'ns a task',
    how: 'processes',
    value: ({ plain, recorded }) => recorded.all / plain.all,
  },
  {
    name: 'Promise.all of two (µs more)',
    program: 'promises',
    unit: 'µs',
    how: 'processes',
    value: ({ plain, recorded }) => recorded.figure - plain.figure,
  },
  {
    name: 'HTTP server on loopback, with groups and a semaphore (share of throughput)',
    program: 'serverByTurns',
    unit: 'µs a request',
    how: 'turns',
    value: ({ share }) => share,
    bar: { least: 0.97 },
  },
  {
    name: 'what it does with a request, without a server (µs more)',
    program: 'handlerByTurns',
    unit: 'µs a request',
    how: 'turns',
    value: ({ plain, recorded }) => recorded.figure - plain.figure,
  },
  {
    name: 'plain HTTP server, by `forkline run` (share of throughput)',
    program: 'plainServerByTurns',
    unit: 'µs a request',
    how: 'turns',
    value: ({ share }) => share,
    bar: { least: 0.97 },
  },
  {
    name: 'memory of the former server (MB more)',
    program: 'server',
    unit: 'µs a request',
    how: 'processes',
    value: ({ plain, recorded }) => recorded.memory - plain.memory,
    bar: { most: 20 },
  },
  {
    name: 'not recording, beside a build that cannot (times)',
    program: 'off',
    unit: '',
    how: 'alone',
    value: ({ plain }) => plain.figure,
    bar: { most: 1.03 },
  },
]
