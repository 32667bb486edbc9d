import { describe, expect, it } from 'vitest'
import { cancellationsOf } from '../../../viewer/inspect/cancellations.ts'
import { stallReportsOf } from '../../../viewer/inspect/stalls.ts'
import { TaskTable } from '../../../viewer/inspect/table.ts'
import { trackStatesOf } from '../../../viewer/inspect/trackStates.ts'
import type { State, TableRow } from '../../../viewer/worker/protocol.ts'
import { LEAKED_STATE, Session } from '../../../viewer/worker/session.ts'
import { sampleRecording } from '../support/sample.ts'

/** By the number that a span is drawn with. */
const STATES: readonly (readonly State[])[] = [
  ['queued'],
  ['running', 'cut off'],
  ['ok'],
  ['failed'],
  ['cancelled'],
  ['leaked'],
]

function sampleSession(): Session {
  const session = new Session()
  session.push(0, sampleRecording())
  session.end(0)
  return session
}

function rowsOf(session: Session): Map<number, TableRow> {
  const table = new TaskTable(session)
  return new Map(table.rows(0, table.sort('start', false)).map((row) => [row.task, row]))
}

describe('the twin of the canvas', () => {
  it('tells of every span what is drawn: its name, state, place, time and waits', () => {
    const session = sampleSession()
    const { tracks, end } = session.overview()
    const rows = rowsOf(session)
    let drawn = 0
    for (const [track, { lanes, label: scope }] of tracks.entries()) {
      for (let lane = 0; lane < lanes; lane++) {
        const [spans] = session.spans([{ track, lane, start: 0, end, shortest: 0.001 }])
        for (const [place, task] of (spans?.task ?? new Uint32Array(0)).entries()) {
          drawn++
          const row = rows.get(task)
          const until = spans?.end[place] ?? NaN
          expect(row).toMatchObject({ lane, scope, start: spans?.start[place] })
          expect(STATES[spans?.state[place] ?? 0]).toContain(row?.state)
          expect(row?.duration).toBe((Number.isNaN(until) ? end : until) - (spans?.start[place] ?? 0))
          const label = spans?.labels[spans.label[place] ?? 0] ?? ''
          if (label !== '') expect(row?.label).toBe(label)
        }
        const waited = (spans?.waits ?? new Float64Array(0)).reduce((sum, at, place) => sum + (place % 2 ? at : -at), 0)
        const told = (spans?.task ?? new Uint32Array(0)).reduce((sum, task) => sum + (rows.get(task)?.waited ?? 0), 0)
        expect(told).toBeCloseTo(waited)
      }
    }
    expect(drawn).toBe(rows.size)
    expect(LEAKED_STATE).toBe(STATES.length - 1)
  })

  it('sorts by everything that is drawn', () => {
    const session = sampleSession()
    const table = new TaskTable(session)
    for (const column of ['lane', 'waited', 'queued', 'duration', 'start'] as const) {
      const count = table.sort(column, true)
      const values = table.rows(0, count).map((row) => row[column])
      expect(values).toEqual(values.toSorted((one, other) => other - one))
    }
  })

  it('tells of every scope how many of its tasks came out badly', () => {
    const session = sampleSession()
    const { tracks } = session.overview()
    const states = trackStatesOf(session)
    const rows = [...rowsOf(session).values()]
    for (const [track, { label, tasks }] of tracks.entries()) {
      const own = rows.filter(({ scope }) => scope === label)
      expect(own).toHaveLength(tasks)
      expect(states.failed[track]).toBe(own.filter(({ state }) => state === 'failed').length)
      expect(states.cancelled[track]).toBe(own.filter(({ state }) => state === 'cancelled').length)
      expect(states.leaked[track]).toBe(own.filter(({ state }) => state === 'leaked').length)
    }
  })

  it('tells of every stretch in which the event loop was blocked', () => {
    const session = sampleSession()
    const [drawn] = session.spans([{ track: -1, lane: 0, start: 0, end: session.trace.end, shortest: 0.001 }])
    const told = stallReportsOf(session).toSorted((one, other) => one.start - other.start)
    expect(told.map(({ start }) => start)).toEqual([...(drawn?.start ?? [])])
    expect(told.map(({ start, duration }) => start + duration)).toEqual([...(drawn?.end ?? [])])
    expect(told[0]).toMatchObject({ held: 10, thread: 'main', location: { line: 31 } })
  })

  it('tells of every cancellation whom it reached and who ran on, as the arrows do', () => {
    const session = sampleSession()
    const [cancel] = cancellationsOf(session)
    const rows = rowsOf(session)
    expect(cancel?.reached.map(({ task }) => rows.get(task)?.label)).toEqual(
      [7, 8, 9, 10, 11, 12, 13].map((number) => `rate article ${String(number)}`),
    )
    expect(cancel?.ranOn[0]).toMatchObject({ label: 'rate article 13' })
    for (const { task, after } of cancel?.reached ?? []) {
      const { start = NaN, duration = NaN } = rows.get(task) ?? {}
      expect((cancel?.time ?? NaN) + after).toBeGreaterThan(start)
      expect((cancel?.time ?? NaN) + after).toBeLessThanOrEqual(start + duration)
    }
  })
})
