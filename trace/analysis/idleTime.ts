import type { Trace } from '../model/trace.ts'
import { lastSeen, waitLastSeen } from './endings.ts'
import { inOrder, Overlaps } from './overlaps.ts'
import { ScopeEvents } from './scopeEvents.ts'

/** Why places of a pool were empty, or held by tasks that did no work. */
export const IDLE_REASONS = ['blocked', 'paused', 'cancelled', 'rate', 'producer', 'tail'] as const

export type IdleReason = (typeof IDLE_REASONS)[number]

export interface IdleTime {
  /** How long the scope was open, in ms, times its places: the most that its tasks could have run. */
  readonly capacity: number
  /** The share of it that was used, from 0 to 1. */
  readonly utilisation: number
  /** How the rest divides, in ms of one place. */
  readonly idle: Readonly<Record<IdleReason, number>>
}

interface Interval {
  readonly start: number
  readonly end: number
}

/**
 * How the places of a scope with a limit were used, and why not. One sweep over time: in each stretch the empty
 * places are put down to the first reason that holds, in the order of `IDLE_REASONS`. Places held by a task that
 * waits for the rate limit count as empty.
 *
 * @param rows the scope's tasks.
 * @param events to be given where many scopes are asked for: it takes a pass over all of the trace.
 * @returns undefined for a scope without a limit, and for one that no task ran in.
 */
export function idleTimeOf(
  trace: Trace,
  scope: number,
  rows: Uint32Array,
  events = new ScopeEvents(trace),
): IdleTime | undefined {
  const { scopes, tasks } = trace
  const limit = scopes.limit[scope] ?? 0
  if (limit === 0 || rows.length === 0) return undefined
  const open: Interval = { start: scopes.start[scope] ?? 0, end: endOf(trace, scope, rows) }
  const ran = rows.filter((row) => tasks.state[row] !== 0)
  const running = within(
    open,
    ran,
    (row) => tasks.start[row] ?? 0,
    (row) => lastSeen(trace, row),
  )
  const lastStart = running.starts.at(-1) ?? open.start
  const capacity = (open.end - open.start) * limit
  if (capacity <= 0) return undefined
  const runs = new Overlaps(running.starts, running.ends)
  const reasons = reasonsOf(trace, scope, events, open, running.starts)
  const all = [runs, ...Object.values(reasons)]
  const idle: Record<IdleReason, number> = { blocked: 0, paused: 0, cancelled: 0, rate: 0, producer: 0, tail: 0 }
  let used = 0
  for (let from = open.start; from < open.end;) {
    let until = from < lastStart ? lastStart : open.end
    for (const one of all) {
      one.advance(from)
      until = Math.min(until, one.next)
    }
    const working = Math.max(0, Math.min(limit, runs.count) - reasons.rate.count)
    used += working * (until - from)
    idle[reasonOf(reasons, from >= lastStart)] += (limit - working) * (until - from)
    from = until
  }
  return { capacity, utilisation: Math.min(1, used / capacity), idle }
}

type Reasons = Readonly<Record<'blocked' | 'paused' | 'cancelled' | 'rate', Overlaps>>

function reasonOf({ blocked, paused, cancelled, rate }: Reasons, tail: boolean): IdleReason {
  if (blocked.count > 0) return 'blocked'
  if (paused.count > 0) return 'paused'
  if (cancelled.count > 0) return 'cancelled'
  if (rate.count > 0) return 'rate'
  return tail ? 'tail' : 'producer'
}

/** A pool that is never closed counts until its last task has ended. */
function endOf(trace: Trace, scope: number, rows: Uint32Array): number {
  const end = trace.scopes.end[scope] ?? NaN
  return Number.isNaN(end) ? rows.reduce((latest, row) => Math.max(latest, lastSeen(trace, row)), 0) : end
}

/** @param starts when tasks of the scope started, in order. */
function reasonsOf(trace: Trace, scope: number, events: ScopeEvents, open: Interval, starts: Float64Array): Reasons {
  const { waits, stalls, reaches } = trace
  const stallRows = events.stallsAfter(trace.scopes.thread[scope] ?? 0, open.start)
  const pauses = pausesOf(trace, events.pauses.of(scope), open.end)
  const overlaps = ({ starts: begin, ends }: Times): Overlaps => new Overlaps(begin, ends)
  return {
    blocked: overlaps(
      within(
        open,
        stallRows,
        (row) => stalls.start[row] ?? 0,
        (row) => (stalls.start[row] ?? 0) + (stalls.duration[row] ?? 0),
      ),
    ),
    paused: overlaps(
      within(
        open,
        Uint32Array.from(pauses.keys()),
        (row) => pauses[row]?.[0] ?? 0,
        (row) => pauses[row]?.[1] ?? 0,
      ),
    ),
    // From when a task was told to stop until it has, or until others are given work: then only its call was cancelled.
    cancelled: overlaps(
      within(
        open,
        events.reaches.of(scope),
        (row) => reaches.time[row] ?? 0,
        (row) => Math.min(lastSeen(trace, (reaches.task[row] ?? 0) - 1), firstAfter(starts, reaches.time[row] ?? 0)),
      ),
    ),
    rate: overlaps(
      within(
        open,
        events.rateWaits.of(scope),
        (row) => waits.start[row] ?? 0,
        (row) => waitLastSeen(trace, row),
      ),
    ),
  }
}

interface Times {
  /** In ascending order. */
  readonly starts: Float64Array
  readonly ends: Float64Array
}

/** When each of the rows began and ended, as far as it is within an interval. */
function within(
  interval: Interval,
  rows: Uint32Array,
  startOf: (row: number) => number,
  endOf: (row: number) => number,
): Times {
  const starts = new Float64Array(rows.length)
  const ends = new Float64Array(rows.length)
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] ?? 0
    const start = clamp(startOf(row), interval)
    starts[index] = start
    ends[index] = Math.max(start, clamp(endOf(row), interval))
  }
  return { starts: inOrder(starts), ends: inOrder(ends) }
}

/** The first of the ascending times that is later; Infinity when there is none. */
function firstAfter(times: Float64Array, time: number): number {
  let low = 0
  for (let high = times.length; low < high;) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) <= time) low = middle + 1
    else high = middle
  }
  return times[low] ?? Infinity
}

/** From when to when a scope was paused. */
function pausesOf({ pauses }: Trace, rows: Uint32Array, end: number): [start: number, end: number][] {
  const spans: [number, number][] = []
  let pausedAt: number | undefined
  for (const row of rows) {
    const time = pauses.time[row] ?? 0
    if (pauses.paused[row] === 1) pausedAt ??= time
    else if (pausedAt !== undefined) {
      spans.push([pausedAt, time])
      pausedAt = undefined
    }
  }
  if (pausedAt !== undefined) spans.push([pausedAt, end])
  return spans
}

function clamp(time: number, { start, end }: Interval): number {
  return Math.min(Math.max(time, start), end)
}
