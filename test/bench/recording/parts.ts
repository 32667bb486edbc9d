import type { Measured } from './measure.ts'

/** One promise that is kept, or not. */
export interface Part {
  readonly name: string
  /** In `programs/`: it measures itself, and records into the file that it is given, if any. */
  readonly program: string
  readonly unit: string
  /** What it is measured beside: itself, not recording, unless that makes no sense. */
  readonly alone?: true
  /** What is held to the bar. */
  readonly value: (plain: Measured, recorded: Measured) => number
  /** None for what is there to look beside. */
  readonly bar?: { readonly most: number; readonly least?: undefined } | { readonly least: number }
}

export const PARTS: readonly Part[] = [
  {
    name: 'one event (ns)',
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
    name: 'the same with the thread that writes (times)',
    program: 'pool',
    unit: 'ns a task',
    value: (plain, recorded) => recorded.all / plain.all,
  },
  {
    name: 'Promise.all of two (µs more)',
    program: 'promises',
    unit: 'µs',
    value: (plain, recorded) => recorded.figure - plain.figure,
  },
  {
    name: 'HTTP server on loopback, with groups and a semaphore (share of throughput)',
    program: 'server',
    unit: 'µs a request',
    value: (plain, recorded) => plain.figure / recorded.figure,
    bar: { least: 0.97 },
  },
  {
    name: 'plain HTTP server, by `forkline run` (share of throughput)',
    program: 'plainServer',
    unit: 'µs a request',
    value: (plain, recorded) => plain.figure / recorded.figure,
    bar: { least: 0.97 },
  },
  {
    name: 'memory of the former server (MB more)',
    program: 'server',
    unit: 'µs a request',
    value: (plain, recorded) => recorded.memory - plain.memory,
    bar: { most: 20 },
  },
  {
    name: 'not recording, beside a build that cannot (times)',
    program: 'off',
    unit: '',
    alone: true,
    value: (plain) => plain.figure,
    bar: { most: 1.03 },
  },
]
