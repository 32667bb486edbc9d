import { type Location, scopeLocation, waitKind, waitLastSeen } from '@forkline/trace'
import { bucketOf, HISTOGRAM_BUCKETS } from '../model/histogram.ts'
import { waitPlace } from '../model/waitPlace.ts'
import type { WaitCause } from '../worker/protocol.ts'
import type { Session } from '../worker/session.ts'
import { quantilesOf, rowOf } from './tasks.ts'
import { scopeName } from './texts.ts'

/** So many causes are told, those that took the longest together. */
const MOST = 200

interface Cause {
  readonly kind: string
  readonly what: string
  readonly one: boolean
  readonly location: Location | null
  readonly durations: number[]
}

/** What was waited for, by the line that waits, or the one that made what is waited for. Waits for a slot included. */
export function waitCausesOf({ trace, tracks }: Session): WaitCause[] {
  const { waits, tasks } = trace
  const causes = new Map<string, Cause>()
  const isMixed = (scope: number): boolean => tracks.list[tracks.ofScope(scope)]?.others ?? false
  const add = (key: string, duration: number, make: () => Omit<Cause, 'durations'>): void => {
    let cause = causes.get(key)
    if (cause === undefined) {
      cause = { ...make(), durations: [] }
      causes.set(key, cause)
    }
    cause.durations.push(duration)
  }
  for (let row = 0; row < waits.length; row++) {
    const scope = rowOf(waits.scope[row])
    const own = waits.location.at(row)
    const place = own !== 0 ? `line ${String(own)}` : scope === null ? '' : `track ${String(tracks.ofScope(scope))}`
    add(`${String(waits.kind[row] ?? 0)} ${place}`, waitLastSeen(trace, row) - (waits.start[row] ?? 0), () => ({
      kind: waitKind(trace, row),
      what: scopeName(trace, scope ?? -1),
      one: own === 0 && scope !== null && !isMixed(scope),
      location: waitPlace(trace, row),
    }))
  }
  for (let task = 0; task < tasks.length; task++) {
    const queued = tasks.queued[task] ?? 0
    const scope = rowOf(tasks.scope[task])
    if (queued <= 0 || scope === null) continue
    add(`queue ${String(tracks.ofScope(scope))}`, queued, () => ({
      kind: 'queue',
      what: scopeName(trace, scope),
      one: !isMixed(scope),
      location: scopeLocation(trace, scope),
    }))
  }
  return Array.from(causes.values(), toReport)
    .sort((one, other) => other.total - one.total)
    .slice(0, MOST)
}

function toReport({ durations, ...rest }: Cause): WaitCause {
  const histogram = new Array<number>(HISTOGRAM_BUCKETS).fill(0)
  let total = 0
  for (const duration of durations) {
    total += duration
    const bucket = bucketOf(duration)
    histogram[bucket] = (histogram[bucket] ?? 0) + 1
  }
  return { ...rest, count: durations.length, total, quantiles: quantilesOf(durations), histogram }
}
