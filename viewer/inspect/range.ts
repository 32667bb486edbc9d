import { bucketOf, HISTOGRAM_BUCKETS } from '../model/histogram.ts'
import type { RangeReport, State } from '../worker/protocol.ts'
import type { Session } from '../worker/session.ts'
import { peakOf } from './pool.ts'
import { quantilesOf, stateOf } from './tasks.ts'
import { beginning, LONGEST_NAME } from './texts.ts'

/** So many tracks are told, those with the most run time. */
const MOST_TRACKS = 12

/** What went on between two times, of what the filter lets through. Tasks that only partly lie in it count whole. */
export function rangeOf({ trace, tracks, live }: Session, start: number, end: number): RangeReport {
  const byState: Record<State, number> = {
    running: 0,
    ok: 0,
    failed: 0,
    cancelled: 0,
    leaked: 0,
    'cut off': 0,
    queued: 0,
  }
  const run: number[] = []
  const queued: number[] = []
  const intervals: [start: number, end: number][] = []
  const histogram = new Array<number>(HISTOGRAM_BUCKETS).fill(0)
  const perTrack: RangeReport['tracks'][number][] = []
  let inside = 0
  for (const [track, { lanes, label }] of tracks.list.entries()) {
    let busy = 0
    let count = 0
    for (const lane of lanes) {
      for (let place = lane.firstEndingAfter(start); place < lane.length && lane.start(place) < end; place++) {
        const row = lane.task(place)
        const from = lane.start(place)
        const to = lane.end(place)
        byState[stateOf(trace, row, live)]++
        run.push(to - from)
        queued.push(trace.tasks.queued[row] ?? 0)
        intervals.push([Math.max(from, start), Math.min(to, end)])
        const bucket = bucketOf(to - from)
        histogram[bucket] = (histogram[bucket] ?? 0) + 1
        busy += Math.min(to, end) - Math.max(from, start)
        count++
      }
    }
    inside += busy
    if (count > 0) perTrack.push({ track, label: beginning(label, LONGEST_NAME), tasks: count, busy })
  }
  return {
    start,
    end,
    tasks: run.length,
    byState,
    run: quantilesOf(run),
    queued: quantilesOf(queued),
    average: end > start ? inside / (end - start) : 0,
    peak: peakOf(intervals),
    blocked: blockedIn(trace, start, end),
    histogram,
    tracks: perTrack.sort((one, other) => other.busy - one.busy).slice(0, MOST_TRACKS),
  }
}

function blockedIn({ stalls }: Session['trace'], start: number, end: number): number {
  let blocked = 0
  for (let row = 0; row < stalls.length; row++) {
    const from = stalls.start[row] ?? 0
    blocked += Math.max(0, Math.min(end, from + (stalls.duration[row] ?? 0)) - Math.max(start, from))
  }
  return blocked
}
