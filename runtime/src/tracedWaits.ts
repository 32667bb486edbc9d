/** What tasks wait for, as primitives tell of it: alone, or in a line. */
import type { Outcome, WaitKind } from './trace/format.ts'
import { tracing } from './trace/probe.ts'
import { scopeOf } from './tracedScope.ts'

/** A line of those who wait. */
interface TracedLine {
  readonly kind: WaitKind
  readonly owner: object
}

const lines = new WeakMap<object, TracedLine>()
const waits = new WeakMap<object, number>()

/** @returns the number of the wait, for `endWait`. */
export function beginWait(kind: WaitKind, owner?: object): number | undefined {
  const { probe } = tracing
  if (probe === undefined) return undefined
  return probe.beginWait(kind, owner === undefined ? 0 : (scopeOf(owner)?.number ?? 0))
}

export function endWait(wait: number | undefined, outcome: Outcome = 'ok'): void {
  if (wait !== undefined) tracing.probe?.endWait(wait, outcome)
}

/** Says what those in a line wait for. */
export function traceLine(line: object, kind: WaitKind, owner: object): void {
  if (tracing.probe !== undefined) lines.set(line, { kind, owner })
}

export function enterLine(line: object, waiter: object): void {
  if (tracing.probe === undefined) return
  const traced = lines.get(line)
  const wait = traced === undefined ? undefined : beginWait(traced.kind, traced.owner)
  if (wait !== undefined) waits.set(waiter, wait)
}

export function leaveLine(waiter: object, outcome: Outcome = 'ok'): void {
  if (tracing.probe === undefined) return
  endWait(waits.get(waiter), outcome)
  waits.delete(waiter)
}
