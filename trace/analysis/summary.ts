import type { Recording, Trace } from '../model/trace.ts'
import { findingsOf } from './analyse.ts'
import { endingOf } from './endings.ts'
import type { FindingKind } from './finding.ts'
import { loadOf } from './load.ts'
import type { Location } from '../model/location.ts'
import { scopeKind, scopeLocation } from './names.ts'
import { ScopeTasks } from './scopeTasks.ts'
import { type Worker, Workers } from './workers.ts'

/** What `forkline trace summary --format json` prints. */
export interface Summary {
  readonly version: 1
  readonly process: {
    readonly pid: number
    readonly command: readonly string[]
    readonly node: string
    readonly exitCode: number | null
    /** How many processes of the run were recorded. */
    readonly processes: number
    /** Whether a recording breaks off, as after kill -9: what is open then was cut off, and not leaked. */
    readonly cutOff: boolean
  }
  /** Each process of the run that was read, the one that started first before the others. */
  readonly recordings: readonly RecordingSummary[]
  readonly durationMs: number
  readonly tasks: {
    readonly total: number
    readonly ok: number
    readonly failed: number
    readonly cancelled: number
    readonly leaked: number
    readonly cutOff: number
  }
  readonly scopes: readonly ScopeSummary[]
  readonly findings: readonly {
    readonly kind: FindingKind
    readonly message: string
    readonly location: Location | null
    /** How many tasks it is about. */
    readonly tasks: number
  }[]
  /** What would have kept a process alive when it was ended nevertheless, by Node's names, the most numerous first. */
  readonly alive: readonly { readonly what: string; readonly count: number }[]
  /** Records that found no room in memory and were left out. */
  readonly dropped: number
}

export interface RecordingSummary {
  readonly pid: number
  readonly parentPid: number
  readonly command: readonly string[]
  readonly exitCode: number | null
  readonly cutOff: boolean
  /** When it started after the first one, in ms. */
  readonly startMs: number
  /** When it was last heard of, in ms after the start of the first one. */
  readonly endMs: number
  /** How many parts of the file could not be read. */
  readonly damage: number
}

export interface ScopeSummary {
  readonly id: number
  readonly kind: string
  readonly name: string | null
  readonly location: Location | null
  /** The id of the scope that it is part of, as a stage is of its pipeline; null when there is none. */
  readonly within: number | null
  /** Null when there is none. */
  readonly limit: number | null
  readonly peakActive: number
  readonly peakQueued: number
  readonly tasks: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly maxMs: number | null
  /** Of a thread pool: what each worker did, by its slot. */
  readonly workers?: readonly WorkerSummary[]
}

export interface WorkerSummary {
  readonly slot: number
  readonly tasks: number
  /** How long it ran them, in ms. */
  readonly busyMs: number
  /** How many tasks it took from which others: each time that one was taken counts. */
  readonly stole: readonly { readonly from: number; readonly tasks: number }[]
}

/** Sums a recording up. */
export function summarise(trace: Trace): Summary {
  const scopeTasks = new ScopeTasks(trace)
  const workers = new Workers(trace)
  const counts = { total: trace.tasks.length, ok: 0, failed: 0, cancelled: 0, leaked: 0, cutOff: 0 }
  for (let task = 0; task < trace.tasks.length; task++) {
    const ending = endingOf(trace, task)
    counts[ending === 'cut off' ? 'cutOff' : ending]++
  }
  const [main] = trace.recordings
  return {
    version: 1,
    process: {
      pid: main?.header.pid ?? 0,
      command: main?.header.metadata.command ?? [],
      node: main?.header.metadata.node ?? '',
      exitCode: main?.exitCode ?? null,
      processes: trace.recordings.length,
      cutOff: !trace.complete,
    },
    recordings: trace.recordings.map(recordingSummary),
    durationMs: round(trace.end),
    tasks: counts,
    scopes: Array.from({ length: trace.scopes.length }, (_, scope) =>
      scopeSummary(trace, scope, scopeTasks.of(scope), workers.of(scope)),
    ),
    findings: findingsOf(trace, scopeTasks).map(({ kind, message, location, tasks }) => ({
      kind,
      message,
      location,
      tasks: tasks.length,
    })),
    alive: stillOpen(trace),
    dropped: trace.dropped.records + trace.dropped.strings,
  }
}

function stillOpen({ alive, strings }: Trace): Summary['alive'] {
  const counts = new Map<string, number>()
  for (let row = 0; row < alive.length; row++) {
    const what = strings.at(alive.what[row] ?? 0)
    counts.set(what, (counts.get(what) ?? 0) + (alive.count[row] ?? 0))
  }
  return Array.from(counts, ([what, count]) => ({ what, count })).sort((one, other) => other.count - one.count)
}

function recordingSummary({ header, exitCode, shift, end, damage }: Recording): RecordingSummary {
  return {
    pid: header.pid,
    parentPid: header.parentPid,
    command: header.metadata.command ?? [],
    exitCode: exitCode ?? null,
    cutOff: exitCode === undefined,
    startMs: round(shift),
    endMs: round(end),
    damage: damage.length,
  }
}

function scopeSummary(
  trace: Trace,
  scope: number,
  rows: Uint32Array,
  workers: readonly Worker[] | undefined,
): ScopeSummary {
  const { p50, p95, max, peakActive, peakQueued } = loadOf(trace, rows)
  const name = trace.strings.at(trace.scopes.name[scope] ?? 0)
  const limit = trace.scopes.limit[scope] ?? 0
  return {
    id: scope + 1,
    kind: scopeKind(trace, scope),
    name: name === '' ? null : name,
    location: scopeLocation(trace, scope),
    within: trace.scopes.within.at(scope) || null,
    limit: limit === 0 ? null : limit,
    peakActive,
    peakQueued,
    tasks: rows.length,
    p50Ms: round(p50),
    p95Ms: round(p95),
    maxMs: round(max),
    ...(workers === undefined ? {} : { workers: workers.map(workerSummary) }),
  }
}

function workerSummary({ slot, tasks, busy, stole }: Worker): WorkerSummary {
  return { slot, tasks, busyMs: round(busy), stole: Array.from(stole, ([from, count]) => ({ from, tasks: count })) }
}

/** To a thousandth: more digits than a clock has only look exact. */
function round(ms: number): number
function round(ms: number | null): number | null
function round(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1000
}
