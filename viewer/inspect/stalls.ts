import { TASK_STATES, type Trace } from '@forkline/trace'
import type { SpanRequest, Spans, StallReport } from '../worker/protocol.ts'
import type { Session } from '../worker/session.ts'

/** So many are told, the longest. */
const MOST = 300

/** When the event loop was blocked, for drawing. Those that would share a pixel are one; none is left out. */
export function stallsIn({ stalls }: Trace, { start, end, shortest }: SpanRequest): Spans {
  const from: number[] = []
  const to: number[] = []
  for (let row = 0; row < stalls.length; row++) {
    const begin = stalls.start[row] ?? 0
    const until = begin + (stalls.duration[row] ?? 0)
    if (until < start || begin > end) continue
    const last = to.length - 1
    if (last >= 0 && begin - (to[last] ?? 0) < shortest / 4) to[last] = Math.max(to[last] ?? 0, until)
    else {
      from.push(begin)
      to.push(until)
    }
  }
  return {
    task: new Uint32Array(from.length),
    start: Float64Array.from(from),
    end: Float64Array.from(to),
    state: new Uint8Array(from.length),
    label: new Uint32Array(from.length),
    labels: [''],
    waits: new Float64Array(0),
  }
}

/** When and where the event loop was blocked, the longest first, and how many tasks could not go on meanwhile. */
export function stallReportsOf({ trace }: Session): StallReport[] {
  const { stalls, locations, threads } = trace
  const rows = Array.from({ length: stalls.length }, (_, row) => row)
  const longest = rows.sort((one, other) => (stalls.duration[other] ?? 0) - (stalls.duration[one] ?? 0)).slice(0, MOST)
  const held = heldBy(trace, longest)
  return longest.map((number) => ({
    number,
    start: stalls.start[number] ?? 0,
    duration: stalls.duration[number] ?? 0,
    location: locations.at(stalls.location[number] ?? 0),
    thread: threads[stalls.thread[number] ?? 0]?.name ?? '',
    held: held.get(number) ?? 0,
  }))
}

/** How many tasks of its thread had started and not ended when each stall began. */
function heldBy({ stalls, tasks }: Trace, rows: readonly number[]): Map<number, number> {
  const inOrder = rows.toSorted((one, other) => (stalls.start[one] ?? 0) - (stalls.start[other] ?? 0))
  const starts = Float64Array.from(inOrder, (row) => stalls.start[row] ?? 0)
  const held = new Map<number, number>()
  for (let task = 0; task < tasks.length; task++) {
    if (tasks.state[task] === TASK_STATES.queued) continue
    const end = tasks.end[task] ?? NaN
    for (let place = firstFrom(starts, tasks.start[task] ?? 0); place < inOrder.length; place++) {
      if ((starts[place] ?? 0) >= end) break
      const row = inOrder[place] ?? 0
      if (stalls.thread[row] === tasks.thread[task]) held.set(row, (held.get(row) ?? 0) + 1)
    }
  }
  return held
}

/** The first place of sorted times that is at a time or later. */
function firstFrom(times: Float64Array, time: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) < time) low = middle + 1
    else high = middle
  }
  return low
}

/** The stall at a time, or the nearest one within `reach` ms, as a row; -1 when there is none. */
export function stallAt({ trace: { stalls } }: Session, time: number, reach: number): number {
  let nearest = -1
  let least = reach
  for (let row = 0; row < stalls.length; row++) {
    const start = stalls.start[row] ?? 0
    const away = Math.max(start - time, time - start - (stalls.duration[row] ?? 0), 0)
    if (away > least || (away === least && nearest >= 0)) continue
    nearest = row
    least = away
  }
  return nearest
}
