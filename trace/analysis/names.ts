import { SCOPES, type ScopeKind, type WaitKind, WAITS } from '@forkline/runtime/trace-format'
import type { Trace } from '../model/trace.ts'
import type { Location } from '../model/location.ts'

const KIND_OF_CODE = new Map<number, ScopeKind>(Object.entries(SCOPES).map(([kind, code]) => [code, kind as ScopeKind]))

const KIND_OF_WAIT = new Map<number, WaitKind>(Object.entries(WAITS).map(([kind, code]) => [code, kind as WaitKind]))

const WORDS: Partial<Record<ScopeKind, string>> = {
  all: 'Promise.all',
  allSettled: 'Promise.allSettled',
  any: 'Promise.any',
  race: 'Promise.race',
  rateLimiter: 'rate limiter',
  waitGroup: 'wait group',
  singleFlight: 'single flight',
  stage: 'pipeline stage',
  threads: 'thread pool',
  http: 'HTTP server',
  fetch: 'fetch',
  worker: 'worker thread',
  context: 'scope of cancellation',
}

/** What sort of scope it is; `unknown` for one of a later version. */
export function scopeKind({ scopes }: Trace, scope: number): ScopeKind | 'unknown' {
  return KIND_OF_CODE.get(scopes.kind[scope] ?? 0) ?? 'unknown'
}

/** What sort of wait it is; `unknown` for one of a later version. */
export function waitKind({ waits }: Trace, wait: number): WaitKind | 'unknown' {
  return KIND_OF_WAIT.get(waits.kind[wait] ?? 0) ?? 'unknown'
}

/** Scopes of the platform, whose names say what they are. */
const NAMED_IN_FULL: readonly string[] = ['http', 'fetch', 'worker', 'timer', 'promises']

/** What a scope is called in a message: `pool "uploads"`, `Promise.all`. */
export function scopeLabel(trace: Trace, scope: number): string {
  const kind = scopeKind(trace, scope)
  const word = kind === 'unknown' ? 'scope' : (WORDS[kind] ?? kind)
  const name = trace.strings.at(trace.scopes.name[scope] ?? 0)
  if (name === '') return word
  return NAMED_IN_FULL.includes(kind) ? name : `${word} "${name}"`
}

export function scopeLocation(trace: Trace, scope: number): Location | null {
  return trace.locations.at(trace.scopes.location[scope] ?? 0)
}

/** Where a task comes from: its own place if it was looked up, else that of its scope. */
export function taskLocation(trace: Trace, task: number): Location | null {
  const own = trace.locations.at(trace.tasks.location.at(task))
  const scope = (trace.tasks.scope[task] ?? 0) - 1
  return own ?? (scope < 0 ? null : scopeLocation(trace, scope))
}

/** Where a wait is: its own place if it was looked up, else that of its task. */
export function waitLocation(trace: Trace, wait: number): Location | null {
  const task = (trace.waits.task[wait] ?? 0) - 1
  return trace.locations.at(trace.waits.location.at(wait)) ?? (task < 0 ? null : taskLocation(trace, task))
}

/** What a task is called: its own name, or its number within its scope. */
export function taskLabel(trace: Trace, task: number): string {
  const name = trace.strings.at(trace.tasks.name.at(task))
  const scope = (trace.tasks.scope[task] ?? 0) - 1
  if (name !== '') return name
  return scope < 0 ? `task ${String(task)}` : `task ${String(task)} of ${scopeLabel(trace, scope)}`
}

export function milliseconds(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`
  return ms >= 10 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`
}
