import type ts from 'typescript'
import type { Location } from './locations.ts'
import type { FunctionNode } from '../code/syntax.ts'

/** Code that runs as one activation: a function, the top of a module, or a class's static block. */
export type FlowRoot = FunctionNode | ts.SourceFile | ts.ClassStaticBlockDeclaration

/** A read of a location. */
export interface Read {
  readonly node: ts.Node
  readonly location: Location
}

/** A read whose value reached a write after a suspension: others may have written in between. */
export interface StaleRead {
  readonly read: Read
  /** Whether the written value is computed from the read one, rather than returned by a call that was given it. */
  readonly direct: boolean
}

/** A condition on a shared location that has come out one way on every path to a place. */
export interface Guard {
  readonly read: Read
  /** The condition without its `!`, `&&` and `||`: the smallest part that decides. */
  readonly condition: ts.Expression
  readonly holds: boolean
}

export interface Write {
  /** What is assigned to; for a collection, the call that changes it. */
  readonly node: ts.Expression
  readonly location: Location
  /** The call that changes the collection at the location: `cache.set(key, value)`, `list.push(item)`. */
  readonly mutation: ts.CallExpression | undefined
  /** Of `cache.set(key, value)`, the entry of that key; the location is that of the collection. */
  readonly entry: Location | undefined
  readonly stale: readonly StaleRead[]
  /**
   * The conditions on the same location that every path here has passed before a suspension. None when one of them was
   * asked again after it, or when the location, or one checked together with it, was written before the suspension.
   */
  readonly lapsed: readonly Guard[]
  /**
   * Where a busy flag was found unset and set, on every path here, that is still set: other activations of the function
   * find it so, and leave. The same of a mark of a key, where the place is of that key. The offset of the first such check,
   * or infinity.
   */
  readonly claimedFrom: number
  /** Whether a suspension may lie between the start of the function and this write. */
  readonly afterSuspension: boolean
}

export interface Call {
  readonly node: ts.CallExpression
  readonly afterSuspension: boolean
}

/** What happens in one activation of a function, in the order of evaluation. */
export interface AsyncFlow {
  /** Each `await`, `for await`, `yield` and `await using`. */
  readonly suspensions: readonly ts.Node[]
  /** Of the locations that the function also writes; others cannot grow stale by its doing. */
  readonly reads: readonly Read[]
  readonly writes: readonly Write[]
  readonly calls: readonly Call[]
}
