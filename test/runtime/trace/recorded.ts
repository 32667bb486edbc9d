import { afterAll, expect } from 'vitest'
import { openSync } from 'node:fs'
import { endingOf, ScopeTasks, scopeKind, type Trace, waitKind } from '@forkline/trace'
import { startRecording } from '../../../runtime/src/trace/start.ts'
import { Programs, read } from './recordings.ts'

const programs = new Programs()
afterAll(() => {
  programs.remove()
})

/** Runs `body` with recording on, and reads back what was recorded. */
export async function recorded(body: () => unknown): Promise<Recorded> {
  const file = programs.newFile()
  const writer = await programs.writer()
  const recording = startRecording({ file: openSync(file, 'wx'), writer })
  try {
    await body()
  } finally {
    recording.stop()
  }
  const trace = read(file)
  expect(trace.recordings[0]).toMatchObject({ nonsense: 0, damage: [] })
  expect(trace.dropped).toEqual({ records: 0, strings: 0 })
  return new Recorded(trace)
}

/** One scope, with what tests ask about it. */
export interface RecordedScope {
  readonly row: number
  readonly kind: string
  readonly name: string
  readonly limit: number
  readonly location: string
  /** The row of the task in which it was opened; -1 when it was in none. */
  readonly parent: number
  readonly outcome: 'open' | 'ok' | 'failed' | 'cancelled'
  readonly error: string
  /** How its tasks ended, in the order of their creation. */
  readonly endings: readonly string[]
  /** Their rows. */
  readonly tasks: readonly number[]
  /** The most that ran at once. */
  readonly peak: number
}

const OUTCOMES = ['open', 'ok', 'failed', 'cancelled'] as const

/** A recording, in the terms in which tests speak. */
export class Recorded {
  readonly trace: Trace
  readonly scopes: readonly RecordedScope[]

  constructor(trace: Trace) {
    this.trace = trace
    const tasks = new ScopeTasks(trace)
    this.scopes = Array.from({ length: trace.scopes.length }, (_, row) => this.#scope(row, Array.from(tasks.of(row))))
  }

  /** The only scope of a kind. */
  only(kind: string): RecordedScope {
    const found = this.scopes.filter((scope) => scope.kind === kind)
    expect(found.map(({ kind: each }) => each)).toEqual([kind])
    return found[0] as RecordedScope
  }

  /** The waits of a kind: in which task, as a row, and for which scope. */
  waits(
    kind: string,
  ): { readonly task: number; readonly scope: number; readonly ended: boolean; readonly ms: number }[] {
    const { waits } = this.trace
    return Array.from({ length: waits.length }, (_, row) => row)
      .filter((row) => waitKind(this.trace, row) === kind)
      .map((row) => ({
        task: (waits.task[row] ?? 0) - 1,
        scope: (waits.scope[row] ?? 0) - 1,
        ended: !Number.isNaN(waits.end[row]),
        ms: (waits.end[row] ?? NaN) - (waits.start[row] ?? NaN),
      }))
  }

  /** Where a task came from, by its row. */
  location(task: number): string {
    return this.trace.strings.at(this.trace.tasks.location.at(task))
  }

  name(task: number): string {
    return this.trace.strings.at(this.trace.tasks.name.at(task))
  }

  /** The first line of what a task failed with. */
  error(task: number): string {
    return this.trace.strings.at(this.trace.tasks.error.at(task)).split('\n')[0] ?? ''
  }

  cancels(): { readonly scope: number; readonly cause: number; readonly by: number; readonly reason: string }[] {
    const { cancels, strings } = this.trace
    return Array.from({ length: cancels.length }, (_, row) => ({
      scope: (cancels.scope[row] ?? 0) - 1,
      cause: cancels.cause[row] ?? 0,
      by: (cancels.by[row] ?? 0) - 1,
      reason: strings.at(cancels.reason[row] ?? 0).split('\n')[0] ?? '',
    }))
  }

  /** Which tasks were reached by a cancellation, and from which scope, as rows. */
  reaches(): { readonly task: number; readonly scope: number }[] {
    const { reaches } = this.trace
    return Array.from({ length: reaches.length }, (_, row) => ({
      task: (reaches.task[row] ?? 0) - 1,
      scope: (reaches.scope[row] ?? 0) - 1,
    }))
  }

  levels(scope: RecordedScope): (readonly [held: number, waiting: number])[] {
    const { levels } = this.trace
    return Array.from({ length: levels.length }, (_, row) => row)
      .filter((row) => (levels.scope[row] ?? 0) - 1 === scope.row)
      .map((row) => [levels.held[row] ?? 0, levels.waiting[row] ?? 0] as const)
  }

  #scope(row: number, rows: number[]): RecordedScope {
    const { scopes, strings, tasks } = this.trace
    let most = 0
    for (const row of rows) {
      const start = tasks.start[row] ?? 0
      const at = rows.filter(
        (other) =>
          tasks.state[other] !== 0
          && other <= row
          && (tasks.start[other] ?? 0) <= start
          && !((tasks.end[other] ?? NaN) <= start),
      )
      most = Math.max(most, at.length)
    }
    return {
      row,
      kind: scopeKind(this.trace, row),
      name: strings.at(scopes.name[row] ?? 0),
      limit: scopes.limit[row] ?? 0,
      location: strings.at(scopes.location[row] ?? 0),
      parent: (scopes.parent[row] ?? 0) - 1,
      outcome: OUTCOMES[scopes.outcome[row] ?? 0] ?? 'open',
      error: strings.at(scopes.error[row] ?? 0).split('\n')[0] ?? '',
      endings: rows.map((task) => endingOf(this.trace, task)),
      tasks: rows,
      peak: most,
    }
  }
}
