import type ts from 'typescript'
import type { Location } from './locations.ts'

/** A read of a location. */
export interface Read {
  readonly node: ts.Expression
  readonly location: Location
}

/** A read whose value reached a write after a suspension: others may have written in between. */
export interface StaleRead {
  readonly read: Read
  /** Whether the written value is computed from the read one, rather than returned by a call that was given it. */
  readonly direct: boolean
}

export interface Write {
  readonly node: ts.Expression
  readonly location: Location
  readonly stale: readonly StaleRead[]
  /** Whether a suspension may lie between the start of the function and this write. */
  readonly afterSuspension: boolean
}

export interface Call {
  readonly node: ts.CallExpression
  readonly afterSuspension: boolean
}

/** What happens in one activation of a function, in the order of evaluation. */
export interface AsyncFlow {
  /** Each `await`, `for await`, `yield` of an async generator and `await using`. */
  readonly suspensions: readonly ts.Node[]
  /** Of the locations that the function also writes; others cannot grow stale by its doing. */
  readonly reads: readonly Read[]
  readonly writes: readonly Write[]
  readonly calls: readonly Call[]
}
