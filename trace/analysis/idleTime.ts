import type { Trace } from '../model/trace.ts'
import { lastSeen, waitLastSeen } from './endings.ts'
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

type Edge = readonly [time: number, what: keyof State, by: 1 | -1]

interface State {
  running: number
  rate: number
  blocked: number
  paused: number
  cancelled: number
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
  trace: Trace, scope: number, rows: Uint32Array, events = new ScopeEvents(trace),
): IdleTime | undefined {
  const { scopes, tasks } = trace
  const limit = scopes.limit[scope] ?? 0
  if (limit === 0 || rows.length === 0) return undefined
  const open: Interval = { start: scopes.start[scope] ?? 0, end: endOf(trace, scope, rows) }
  const lastStart = clamp(rows.reduce((latest, row) => Math.max(latest, tasks.start[row] ?? 0), 0), open)
  const capacity = (open.end - open.start) * limit
  if (capacity <= 0) return undefined
  const idle: Record<IdleReason, number> = { blocked: 0, paused: 0, cancelled: 0, rate: 0, producer: 0, tail: 0 }
  const state: State = { running: 0, rate: 0, blocked: 0, paused: 0, cancelled: 0 }
  let used = 0
  let last = open.start
  for (const [time, what, by] of edgesOf(trace, scope, rows, events, open, lastStart)) {
    const span = time - last
    if (span > 0) {
      const working = Math.max(0, Math.min(limit, state.running) - state.rate)
      used += working * span
      idle[reasonOf(state, last >= lastStart)] += (limit - working) * span
      last = time
    }
    state[what] += by
  }
  return { capacity, utilisation: Math.min(1, used / capacity), idle }
}

function reasonOf(state: State, tail: boolean): IdleReason {
  if (state.blocked > 0) return 'blocked'
  if (state.paused > 0) return 'paused'
  if (state.cancelled > 0) return 'cancelled'
  if (state.rate > 0) return 'rate'
  return tail ? 'tail' : 'producer'
}

/** A pool that is never closed counts until its last task has ended. */
function endOf(trace: Trace, scope: number, rows: Uint32Array): number {
  const end = trace.scopes.end[scope] ?? NaN
  return Number.isNaN(end) ? rows.reduce((latest, row) => Math.max(latest, lastSeen(trace, row)), 0) : end
}

/** All that changes while the scope is open, in the order of time; the last edge is the scope's end. */
function edgesOf(
  trace: Trace, scope: number, rows: Uint32Array, events: ScopeEvents, open: Interval, lastStart: number,
): Edge[] {
  const edges: Edge[] = [[lastStart, 'running', 1], [lastStart, 'running', -1]]
  const add = (what: keyof State, start: number, end: number): void => {
    edges.push([clamp(start, open), what, 1], [clamp(end, open), what, -1])
  }
  const { tasks, waits, stalls, cancels } = trace
  const thread = trace.scopes.thread[scope] ?? 0
  for (const row of rows) if (tasks.state[row] !== 0) add('running', tasks.start[row] ?? 0, lastSeen(trace, row))
  for (const row of events.rateWaits.of(scope)) add('rate', waits.start[row] ?? 0, waitLastSeen(trace, row))
  for (const row of events.stallsAfter(thread, open.start)) {
    const start = stalls.start[row] ?? 0
    if (start >= open.end) break
    add('blocked', start, start + (stalls.duration[row] ?? 0))
  }
  for (const [start, end] of pausesOf(trace, events.pauses.of(scope), open.end)) add('paused', start, end)
  for (const row of events.cancels.of(scope)) add('cancelled', cancels.time[row] ?? 0, open.end)
  edges.push([open.end, 'running', 1])
  return edges.sort((one, other) => one[0] - other[0])
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
