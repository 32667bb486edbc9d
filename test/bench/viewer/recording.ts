import { RecordingBuilder } from '../../viewer/support/recording.ts'
import { numbers } from '../../viewer/support/sample.ts'

export const LANES = 200
/** One task in so many fails, and one is cancelled: seldom enough to be lost among the others. */
const FAIL_EVERY = 997
const CANCEL_EVERY = 1499

export interface GeneratedRecording {
  readonly bytes: Uint8Array
  readonly spans: number
  /** In ms. */
  readonly end: number
  /** The lane and time span of every failed task. */
  /** Columns of all spans, lane by lane, for the renderers that this one is compared with. */
  readonly starts: Float64Array
  readonly ends: Float64Array
  readonly states: Uint8Array
  readonly failed: readonly { readonly lane: number; readonly start: number; readonly end: number }[]
}

/** A recording of so many spans on 200 lanes, in pools of so many places, with durations that differ a thousandfold. */
export function generateRecording(spans: number, lanesPerPool: number): GeneratedRecording {
  const recording = new RecordingBuilder(['node', 'bench.js'])
  const random = numbers(spans)
  const pools = Array.from({ length: LANES / lanesPerPool }, (_, pool) =>
    recording.scope('pool', `pool ${String(pool)}`, 0, {
      limit: lanesPerPool,
      location: `run@/bench/pool${String(pool)}.ts:1:1`,
    }),
  )
  const failed: { readonly lane: number; readonly start: number; readonly end: number }[] = []
  const free = new Float64Array(LANES)
  const perLane = spans / LANES
  const starts = new Float64Array(spans)
  const ends = new Float64Array(spans)
  const states = new Uint8Array(spans)
  let end = 0
  for (let number = 0; number < spans; number++) {
    const lane = number % LANES
    const start = (free[lane] ?? 0) + random() * 0.3
    const until = start + 0.02 * 10 ** (random() * 3)
    const task = recording.start(pools[Math.floor(lane / lanesPerPool)] ?? 0, start, { slot: lane % lanesPerPool })
    const outcome = number % FAIL_EVERY === 0 ? 'failed' : number % CANCEL_EVERY === 0 ? 'cancelled' : 'ok'
    recording.end(task, until, outcome)
    if (outcome === 'failed') failed.push({ lane, start, end: until })
    const place = lane * perLane + Math.floor(number / LANES)
    starts[place] = start
    ends[place] = until
    states[place] = outcome === 'failed' ? 1 : outcome === 'cancelled' ? 2 : 0
    free[lane] = until
    end = Math.max(end, until)
  }
  for (const pool of pools) recording.endScope(pool, end)
  return { bytes: recording.bytes(end), spans, end, starts, ends, states, failed }
}
