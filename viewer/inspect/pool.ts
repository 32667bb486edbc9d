import { IDLE_REASONS, idleTimeOf, type IdleReason, ScopeEvents, TASK_STATES } from '@forkline/trace'
import type { PoolReport } from '../worker/protocol.ts'
import type { Session } from '../worker/session.ts'
import { scopesOf } from './scopes.ts'
import { endOf, quantilesOf } from './tasks.ts'
import { beginning, LONGEST_NAME } from './texts.ts'

/** Into how many equal stretches the time of a pool is divided. */
const STRETCHES = 240

/** How the places of a track's scopes were used, why they were not, and what its tasks waited. */
export function poolOf(session: Session, track: number): PoolReport | undefined {
  const info = session.tracks.list[track]
  if (info === undefined) return undefined
  const { trace, scopeTasks } = session
  const { tasks } = trace
  const scopes = scopesOf(session, track)
  const idle: Record<IdleReason, number> = { blocked: 0, paused: 0, cancelled: 0, rate: 0, producer: 0, tail: 0 }
  let capacity = 0
  let used = 0
  const run: number[] = []
  const queued: number[] = []
  const starts: [start: number, end: number][] = []
  const waiting: [start: number, end: number][] = []
  const events = new ScopeEvents(trace)
  for (const scope of scopes) {
    const rows = scopeTasks.of(scope)
    const time = scope < 0 ? undefined : idleTimeOf(trace, scope, rows, events)
    if (time !== undefined) {
      capacity += time.capacity
      used += time.capacity * time.utilisation
      for (const reason of IDLE_REASONS) idle[reason] += time.idle[reason]
    }
    for (const row of rows) {
      const start = tasks.start[row] ?? 0
      const end = endOf(trace, row)
      const wait = tasks.queued[row] ?? 0
      if (tasks.state[row] === TASK_STATES.queued) {
        waiting.push([start, end])
        continue
      }
      starts.push([start, end])
      if (wait > 0) waiting.push([start - wait, start])
      queued.push(wait)
      if (!Number.isNaN(tasks.end[row])) run.push(end - start)
    }
  }
  const all = [...starts, ...waiting]
  const from = all.reduce((least, [start]) => Math.min(least, start), all.length === 0 ? 0 : Infinity)
  const until = all.reduce((most, [, end]) => Math.max(most, end), 0)
  return {
    label: beginning(info.label, LONGEST_NAME),
    kind: info.kind,
    location: info.location,
    limit: info.limit,
    scopes: scopes.length,
    tasks: starts.length,
    use: capacity === 0 ? null : { capacity, utilisation: used / capacity, idle },
    peakActive: peakOf(starts),
    peakQueued: peakOf(waiting),
    run: quantilesOf(run),
    queued: quantilesOf(queued),
    start: from,
    end: until,
    active: averages(starts, from, until),
    waiting: averages(waiting, from, until),
  }
}

/** The most intervals at a time. One that ends when another begins does not overlap it. */
export function peakOf(intervals: readonly (readonly [start: number, end: number])[]): number {
  const starts = Float64Array.from(intervals, ([start]) => start).sort()
  const ends = Float64Array.from(intervals, ([, end]) => end).sort()
  let most = 0
  for (let begun = 0, ended = 0; begun < starts.length; begun++) {
    while (ended < ends.length && (ends[ended] ?? 0) <= (starts[begun] ?? 0)) ended++
    most = Math.max(most, begun + 1 - ended)
  }
  return most
}

/** How many intervals there were at a time, on average, in each of `STRETCHES` equal stretches. */
function averages(
  intervals: readonly (readonly [start: number, end: number])[],
  from: number,
  until: number,
): Float32Array {
  const step = Math.max(until - from, 1e-6) / STRETCHES
  const sums = new Float32Array(STRETCHES)
  for (const [start, end] of intervals) {
    const last = Math.min(STRETCHES - 1, Math.floor((end - from) / step))
    for (let stretch = Math.max(0, Math.floor((start - from) / step)); stretch <= last; stretch++) {
      const left = from + stretch * step
      sums[stretch] = (sums[stretch] ?? 0) + Math.max(0, Math.min(end, left + step) - Math.max(start, left)) / step
    }
  }
  return sums
}
