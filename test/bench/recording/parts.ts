import type { Measured } from './measure.ts'

/** One promise that is kept, or not. */
export interface Part {
  readonly name: string
  /** In `programs/`: it measures itself, and records into the file that it is given, if any. */
  readonly program: string
  readonly unit: string
  /** What is held to the bar. */
  readonly value: (plain: Measured, recorded: Measured) => number
  readonly bar: { readonly most: number, readonly least?: undefined } | { readonly least: number }
}

export const PARTS: readonly Part[] = [
  {
    name: 'one event, all in (ns)',
    program: 'events',
    unit: 'ns',
    value: (_plain, recorded) => recorded.figure,
    bar: { most: 100 },
  },
  {
    name: 'pool.map of 1M trivial tasks (times)',
    program: 'pool',
    unit: 'ns a task',
    value: (plain, recorded) => recorded.figure / plain.figure,
    bar: { most: 1.5 },
  },
  {
    name: 'HTTP server on loopback (share of throughput)',
    program: 'server',
    unit: 'requests/s',
    value: (plain, recorded) => recorded.figure / plain.figure,
    bar: { least: 0.97 },
  },
  {
    name: 'memory of that server (MB more)',
    program: 'server',
    unit: 'requests/s',
    value: (plain, recorded) => recorded.memory - plain.memory,
    bar: { most: 20 },
  },
]
