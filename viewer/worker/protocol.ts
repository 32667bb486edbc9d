import type { IdleReason, Location, TraceFinding } from '@forkline/trace'

/** What the page knows of a track; the spans stay in the worker. */
export interface TrackInfo {
  readonly label: string
  readonly kind: string
  readonly location: Location | null
  /** -1 at the top. */
  readonly parent: number
  readonly depth: number
  readonly lanes: number
  readonly scopes: number
  /** How many tasks it shows. */
  readonly tasks: number
  /** 0 when there is none. */
  readonly limit: number
  /** When the first of its scopes was opened, and when the last one ended, or the recording while it has not. In ms. */
  readonly opened: number
  readonly closed: number
  /** Whether its lanes are places that tasks hold while they run, as those of a pool. */
  readonly slotted: boolean
}

export interface Overview {
  readonly tracks: readonly TrackInfo[]
  /** Of all that is recorded, in ms. */
  readonly end: number
  /** In ms since the Unix epoch; 0 when unknown. */
  readonly origin: number
  readonly tasks: number
  /** How many tasks the filter lets through. */
  readonly shown: number
  readonly dropped: number
  /** Whether the recording was ended in order. */
  readonly complete: boolean
  /** What could not be read, in words; empty when all could. */
  readonly damage: string
  /** What was run, as on the command line. */
  readonly command: string
  readonly stalls: number
  readonly cancels: number
  readonly leaks: number
}

export interface TileRequest {
  readonly track: number
  /** Negative for all of the track, and of the tracks within, as one. */
  readonly lane: number
  /** A pixel lasts 2^level ms. */
  readonly level: number
  /** Which tile, counted from the beginning of the recording. */
  readonly index: number
}

export interface DrawnTiles {
  /** The tiles, one below the other. */
  readonly picture: ImageBitmap
  /** `TILE_CONTENT` of each. */
  readonly contents: Uint8Array
}

export interface SpanRequest {
  /** -1 for the event loop. */
  readonly track: number
  /** Negative for all of the track, and of the tracks within. */
  readonly lane: number
  /** In ms. */
  readonly start: number
  readonly end: number
  /** Spans that are shorter are left out, in ms. */
  readonly shortest: number
}

/** The spans of a lane that are wide enough to be drawn one by one. */
export interface Spans {
  readonly task: Uint32Array
  readonly start: Float64Array
  /** NaN while it runs. */
  readonly end: Float64Array
  readonly state: Uint8Array
  /** Numbers of `labels`. */
  readonly label: Uint32Array
  readonly labels: readonly string[]
  /** When a span's task waited: start and end by turns, in the order of time. */
  readonly waits: Float64Array
}

/** How a task came out, or that it has not. */
export type State = 'running' | 'ok' | 'failed' | 'cancelled' | 'leaked' | 'cut off' | 'queued'

export interface Wait {
  readonly kind: string
  readonly start: number
  readonly end: number | null
  /** What was waited for. */
  readonly what: string
  readonly location: Location | null
}

export interface Cancellation {
  readonly cause: string
  readonly reason: string
  readonly scope: string
  /** The task that did it; null when it was in none. */
  readonly by: number | null
  readonly byLabel: string
  readonly time: number
  /** When it reached the task; null when it did not. */
  readonly reached: number | null
}

export interface TaskDetails {
  readonly task: number
  readonly label: string
  readonly scope: string
  /** -1 when it is on none. */
  readonly track: number
  readonly lane: number
  readonly state: State
  readonly location: Location | null
  /** In ms. */
  readonly start: number
  readonly end: number | null
  readonly queued: number
  readonly thread: string
  /** The task that created it. */
  readonly parent: number | null
  readonly parentLabel: string
  readonly children: number
  readonly waits: readonly Wait[]
  /** In ms. */
  readonly waited: number
  readonly error: string
  readonly cancelled: Cancellation | null
  /** For how long it went on after its scope had ended, in ms; null when it did not. */
  readonly outlived: number | null
}

export type Finding = TraceFinding

/** How the places of a pool were used, and what its tasks waited for. */
export interface PoolReport {
  readonly label: string
  readonly kind: string
  readonly location: Location | null
  readonly limit: number
  readonly scopes: number
  readonly tasks: number
  /** Null for what has no limit. */
  readonly use: {
    /** In ms of one place. */
    readonly capacity: number
    readonly utilisation: number
    readonly idle: Readonly<Record<IdleReason, number>>
  } | null
  readonly peakActive: number
  readonly peakQueued: number
  readonly run: Quantiles
  readonly queued: Quantiles
  /** How many ran and were queued over time: averages of equal stretches from `start` to `end`. */
  readonly start: number
  readonly end: number
  readonly active: Float32Array
  readonly waiting: Float32Array
}

/** In ms; null when there are none. */
export interface Quantiles {
  readonly p50: number | null
  readonly p95: number | null
  readonly max: number | null
}

export interface CancelReport {
  readonly number: number
  readonly scope: string
  /** The track of the scope; -1 when it has none. */
  readonly track: number
  readonly cause: string
  readonly reason: string
  readonly by: number | null
  readonly byLabel: string
  readonly time: number
  readonly location: Location | null
  /** Tasks that its signal reached, and how soon, in ms. The first ones of `reachedCount`. */
  readonly reached: readonly { readonly task: number; readonly label: string; readonly after: number }[]
  readonly reachedCount: number
  /** Tasks of the scope that went on, and for how long, in ms: the longest ones of `ranOnCount`. */
  readonly ranOn: readonly { readonly task: number; readonly label: string; readonly for: number }[]
  readonly ranOnCount: number
  /** How soon after it the last of its tasks had stopped, in ms. */
  readonly stoppedAfter: number
}

export interface LeakReport {
  readonly kind: 'outlived' | 'never ended' | 'unhandled' | 'alive'
  readonly text: string
  readonly task: number | null
  readonly location: Location | null
  readonly time: number
  /** In ms; null when unknown. */
  readonly for: number | null
}

/** A time in which the event loop was blocked, so that nothing else on its thread could run. */
export interface StallReport {
  readonly number: number
  /** In ms. */
  readonly start: number
  readonly duration: number
  readonly location: Location | null
  readonly thread: string
  /** How many tasks of the thread had started and not ended: none of them could go on. */
  readonly held: number
}

/** What became of the tasks of each track, by its number. */
export interface TrackStates {
  readonly running: Uint32Array
  readonly failed: Uint32Array
  readonly cancelled: Uint32Array
  readonly leaked: Uint32Array
}

/** What is said of a task beside the pointer. */
export interface Brief {
  readonly where: Whereabouts
  readonly label: string
  readonly state: State
  readonly queued: number
}

export interface PathStep {
  readonly task: number
  readonly label: string
  readonly what: 'ran' | 'queued'
  readonly start: number
  readonly end: number
  readonly slack: number
  readonly track: number
  readonly lane: number
}

export interface WaitCause {
  readonly kind: string
  /** What was waited for. */
  readonly what: string
  /** Whether that goes for all waits of this cause; otherwise they are for scopes of many names. */
  readonly one: boolean
  readonly location: Location | null
  readonly count: number
  /** In ms. */
  readonly total: number
  readonly quantiles: Quantiles
  /** How many waits took 2^(n + `HISTOGRAM_FROM`) ms and more, up to twice that. */
  readonly histogram: readonly number[]
}

export interface RangeReport {
  readonly start: number
  readonly end: number
  readonly tasks: number
  readonly byState: Readonly<Record<State, number>>
  readonly run: Quantiles
  readonly queued: Quantiles
  /** How many ran at a time: the average, and the most. */
  readonly average: number
  readonly peak: number
  /** In ms. */
  readonly blocked: number
  readonly histogram: readonly number[]
  /** Where the time went: tracks with the longest sum of run time. */
  readonly tracks: readonly {
    readonly track: number
    readonly label: string
    readonly tasks: number
    readonly busy: number
  }[]
}

export const TABLE_COLUMNS = [
  'task',
  'scope',
  'state',
  'start',
  'duration',
  'queued',
  'waited',
  'lane',
  'location',
] as const

export type TableColumn = (typeof TABLE_COLUMNS)[number]

export interface TableRow {
  readonly task: number
  readonly label: string
  readonly scope: string
  readonly state: State
  readonly start: number
  readonly duration: number
  readonly queued: number
  /** How long it waited for something while it ran, in ms. */
  readonly waited: number
  /** The lane of its track; -1 when it is on none. */
  readonly lane: number
  readonly location: Location | null
}

/** Everything of a recording in little: what the minimap shows, by column. */
export interface Minimap {
  /** How many tasks ran, on average, by column. */
  readonly active: Float32Array
  /** `STATE_BITS` that a column holds. */
  readonly marks: Uint8Array
}

/** The lane of a task and what is next to it. */
export interface Whereabouts {
  readonly task: number
  readonly track: number
  readonly lane: number
  readonly start: number
  readonly end: number
}
