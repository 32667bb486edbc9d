import type { Location } from '../model/location.ts'

export type FindingKind =
  | 'leak'
  | 'idle-pool'
  | 'cancellation-not-reached'
  | 'lost-update'
  | 'unbounded-fan-out'
  | 'unhandled-rejection'
  | 'blocked-event-loop'
  | 'never-awaited'

/** Something that a recording shows and that its reader should know. */
export interface TraceFinding {
  readonly kind: FindingKind
  readonly message: string
  readonly location: Location | null
  /** The tasks that it is about, as rows: what the timeline marks. */
  readonly tasks: readonly number[]
  /** The scope that it is about, as a row; -1 when there is none. */
  readonly scope: number
}
