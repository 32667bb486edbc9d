import type { Location, TraceFinding } from '@forkline/trace'

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
  readonly limit: number
}

export interface Overview {
  readonly tracks: readonly TrackInfo[]
  /** Of all that is recorded, in ms. */
  readonly end: number
  readonly tasks: number
  readonly dropped: number
  /** Whether the recording was ended in order. */
  readonly complete: boolean
  /** What could not be read, in words; empty when all could. */
  readonly damage: string
}

export interface TileRequest {
  readonly track: number
  readonly lane: number
  /** A pixel lasts 2^level ms. */
  readonly level: number
  /** Which tile, counted from the beginning of the recording. */
  readonly index: number
}

/** The spans of a lane that are wide enough to be drawn one by one. */
export interface Spans {
  readonly task: Uint32Array
  readonly start: Float64Array
  /** NaN while it runs. */
  readonly end: Float64Array
  readonly state: Uint8Array
  readonly labels: readonly string[]
}

export interface TaskDetails {
  readonly task: number
  readonly label: string
  readonly scope: string
  readonly state: string
  readonly location: Location | null
  /** In ms. */
  readonly start: number
  readonly end: number | null
  readonly queued: number
  readonly parent: number | null
  readonly waits: readonly { readonly kind: string, readonly start: number, readonly end: number | null, readonly what: string }[]
  readonly error: string
  readonly cancelledBy: string
}

export type Finding = TraceFinding
