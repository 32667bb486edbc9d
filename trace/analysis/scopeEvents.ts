import { WAITS } from '@forkline/runtime/trace-format'
import type { Trace } from '../model/trace.ts'
import { RowGroups } from './rowGroups.ts'

/** What happened to scopes besides their tasks, found in one pass for all of them. */
export class ScopeEvents {
  /** Waits for a rate limiter by tasks of the scope. */
  readonly rateWaits: RowGroups
  readonly pauses: RowGroups
  /** Cancellations that reached tasks of the scope. */
  readonly reaches: RowGroups
  readonly #stalls: RowGroups
  readonly #trace: Trace

  constructor(trace: Trace) {
    const { tasks, waits, pauses, reaches, stalls, scopes, threads } = trace
    this.#trace = trace
    this.rateWaits = new RowGroups(waits.length, scopes.length, (row) => {
      const task = (waits.task[row] ?? 0) - 1
      return waits.kind[row] === WAITS.rate && task >= 0 ? (tasks.scope[task] ?? 0) - 1 : -1
    })
    this.pauses = new RowGroups(pauses.length, scopes.length, (row) => (pauses.scope[row] ?? 0) - 1)
    this.reaches = new RowGroups(reaches.length, scopes.length, (row) => {
      const task = (reaches.task[row] ?? 0) - 1
      return task >= 0 ? (tasks.scope[task] ?? 0) - 1 : -1
    })
    this.#stalls = new RowGroups(stalls.length, threads.length, (row) => stalls.thread[row] ?? 0)
  }

  /** For how long the event loop of a thread was blocked between two times, in ms. */
  blockedBetween(thread: number, from: number, until: number): number {
    const { start, duration } = this.#trace.stalls
    let blocked = 0
    for (const row of this.stallsAfter(thread, from)) {
      const begin = start[row] ?? 0
      if (begin >= until) break
      blocked += Math.min(until, begin + (duration[row] ?? 0)) - Math.max(from, begin)
    }
    return blocked
  }

  /** When the event loop of a thread was blocked: what ended after a time, in the order of time, as it is recorded. */
  stallsAfter(thread: number, time: number): Uint32Array {
    const { start, duration } = this.#trace.stalls
    const rows = this.#stalls.of(thread)
    let low = 0
    for (let high = rows.length; low < high;) {
      const middle = (low + high) >> 1
      const row = rows[middle] ?? 0
      if ((start[row] ?? 0) + (duration[row] ?? 0) <= time) low = middle + 1
      else high = middle
    }
    return rows.subarray(low)
  }
}
