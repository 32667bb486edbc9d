import type { Place, Variable } from './store.ts'

/** Where a value comes from: what an activation read, and how the value hangs on it. */
export interface Origin {
  readonly place: Place
  readonly version: number
  readonly turn: number
  readonly frame: number
  /** Whether it was computed from what was read, rather than returned by a function that was given it. */
  readonly direct: boolean
}

export interface Value {
  readonly number: number | undefined
  readonly origins: readonly Origin[]
}

/** A check that this activation has passed, while its block lasts. */
export interface Passed {
  readonly place: Place
  readonly version: number
  readonly turn: number
  /** Whether the check would come out as it did. */
  readonly stillHolds: () => boolean
  /** The key of an entry as the program writes it; two that are written differently are taken for different ones. */
  readonly key: string | undefined
  settled: boolean
}

/** One activation of a function or callback. */
export interface Frame {
  readonly id: number
  /** Who writes: a function that stands in another one and is waited for there is part of what that one does. */
  readonly activation: number
  /** When it began. */
  readonly turn: number
  item: number
  /** The place of the item in the input of the fan-out that started it; undefined outside of one. */
  readonly position: number | undefined
  readonly locals: Map<string, Value>
  /** The variables of the function that started the fan-out. */
  readonly captured: ReadonlyMap<string, Variable>
  readonly passed: Passed[]
}

export function constant(number: number | undefined): Value {
  return { number, origins: [] }
}

export function combine(number: number | undefined, ...values: readonly Value[]): Value {
  return { number, origins: values.flatMap(({ origins }) => origins) }
}
