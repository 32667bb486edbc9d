import { describe, expect, it } from 'vitest'
import { cancellationsOf } from '../../../viewer/inspect/cancellations.ts'
import { detailsOf } from '../../../viewer/inspect/details.ts'
import { leaksOf } from '../../../viewer/inspect/leaks.ts'
import { minimapOf } from '../../../viewer/inspect/minimap.ts'
import { pathOf } from '../../../viewer/inspect/path.ts'
import { poolOf } from '../../../viewer/inspect/pool.ts'
import { rangeOf } from '../../../viewer/inspect/range.ts'
import { stallReportsOf } from '../../../viewer/inspect/stalls.ts'
import { TaskTable } from '../../../viewer/inspect/table.ts'
import { trackStatesOf } from '../../../viewer/inspect/trackStates.ts'
import { waitCausesOf } from '../../../viewer/inspect/waits.ts'
import { Rows } from '../../../viewer/layout/rows.ts'
import { TILE_ROWS, TILE_WIDTH } from '../../../viewer/render/tile.ts'
import { Session } from '../../../viewer/worker/session.ts'
import { RecordingBuilder } from '../support/recording.ts'

function sessionOf(bytes: Uint8Array): Session {
  const session = new Session()
  session.push(0, bytes)
  session.end(0)
  session.setPalette({ ok: 1, running: 2, failed: 3, cancelled: 4, leaked: 5 })
  return session
}

/** Asks for everything that the panels show. */
function lookAtAll(session: Session, task: number, track: number): void {
  const { end } = session.overview()
  const table = new TaskTable(session)
  expect(table.rows(0, Math.min(50, table.sort('scope', false))).length).toBeGreaterThan(0)
  expect(detailsOf(session, task)?.task).toBe(task)
  expect(poolOf(session, track)?.tasks).toBeGreaterThan(0)
  expect(pathOf(session, track).length).toBeGreaterThan(0)
  expect(rangeOf(session, 0, end).tasks).toBe(session.trace.starts.length)
  expect(minimapOf(session, 100).active.some((value) => value > 0)).toBe(true)
  expect(trackStatesOf(session).failed).toHaveLength(session.tracks.list.length)
  for (const list of [cancellationsOf, leaksOf, waitCausesOf, stallReportsOf]) {
    expect(Array.isArray(list(session))).toBe(true)
  }
}

/** These take some seconds, and far longer beside other work. In ms. */
const PATIENCE = 180_000

describe('extreme recordings', () => {
  it(
    'of two hundred thousand scopes, each of a line of its own, are laid out and looked at',
    () => {
      const recording = new RecordingBuilder()
      const scopes = 200_000
      for (let number = 0; number < scopes; number++) {
        const scope = recording.scope('group', '', number, { location: `@/app/file.ts:${String(number + 1)}:1` })
        recording.end(recording.start(scope, number + 0.1), number + 0.9, number === 777 ? 'failed' : 'ok')
        recording.endScope(scope, number + 1)
      }
      const session = sessionOf(recording.bytes(scopes))
      const { tracks } = session.overview()
      expect(tracks).toHaveLength(scopes)
      expect(new Rows(tracks).tracks).toHaveLength(scopes)
      lookAtAll(session, 777, 777)
      expect(trackStatesOf(session).failed[777]).toBe(1)
    },
    PATIENCE,
  )

  it(
    'of two hundred thousand scopes of one line, each of a name of its own, are few tracks',
    () => {
      const recording = new RecordingBuilder()
      for (let number = 0; number < 200_000; number++) {
        const options = { limit: 1, location: '@/app/pool.ts:1:1' }
        const scope = recording.scope('pool', `user ${String(number)}`, number, options)
        recording.end(recording.start(scope, number), number + 0.5)
        recording.endScope(scope, number + 1)
      }
      const session = sessionOf(recording.bytes(200_000))
      const { tracks } = session.overview()
      expect(tracks.length).toBeLessThan(20)
      expect(tracks.reduce((sum, { scopes, tasks }) => sum + scopes + tasks, 0)).toBe(400_000)
      lookAtAll(session, 5, tracks.length - 1)
    },
    PATIENCE,
  )

  it('nested ten thousand deep show each level, and a failure at the bottom in the strip of the top', () => {
    const recording = new RecordingBuilder()
    const depth = 10_000
    let task = 0
    const tasks: number[] = []
    for (let level = 0; level < depth; level++) {
      const scope = recording.scope('group', '', level, { task, location: `@/app/deep.ts:${String(level + 1)}:1` })
      task = recording.start(scope, level, { parent: task })
      tasks.push(task)
    }
    for (const [level, one] of tasks.reverse().entries()) {
      recording.end(one, depth + level, level === 0 ? 'failed' : 'ok')
    }
    const session = sessionOf(recording.bytes(3 * depth))
    const { tracks } = session.overview()
    expect(tracks.at(-1)?.depth).toBe(depth - 1)
    const folded = new Rows(tracks, { collapsed: new Set([0]) })
    expect(folded.tracks).toEqual([0])
    expect(folded.find(depth - 1, 0)).toMatchObject({ track: 0 })
    const { pixels } = session.tiles([{ track: 0, lane: -2, level: 5, index: 0 }])
    const marks = pixels.subarray(TILE_WIDTH, TILE_WIDTH * TILE_ROWS)
    expect(marks.some((pixel) => pixel === 3)).toBe(true)
    lookAtAll(session, depth - 1, depth - 1)
  })

  it('with clocks that jump back and far ahead show every task once, none before it began', () => {
    const recording = new RecordingBuilder()
    const pool = recording.scope('pool', 'jumpy', 1000, { limit: 2 })
    const times = [1000, 10, 5e8, 20, 0, 4e8, 1001]
    for (const [number, time] of times.entries()) {
      recording.end(recording.start(pool, time, { slot: number % 2 }), time - 5 + 3 * (number % 3))
    }
    const session = sessionOf(recording.bytes(2000))
    const { tracks } = session.overview()
    expect(tracks[0]?.tasks).toBe(times.length)
    const table = new TaskTable(session)
    for (const row of table.rows(0, table.sort('start', false))) expect(row.duration).toBeGreaterThanOrEqual(0)
    lookAtAll(session, 0, 0)
  })

  it('with names of a megabyte send no more of them than can be shown', () => {
    const recording = new RecordingBuilder()
    const name = `\u202e${'x'.repeat(1_000_000)}`
    const pool = recording.scope('pool', name, 0, { limit: 1, location: `${name}@/app/a.ts:1:1` })
    recording.end(recording.start(pool, 1, { name }), 2, 'failed', name)
    const session = sessionOf(recording.bytes(3))
    const told = JSON.stringify([
      session.overview(),
      session.spans([{ track: 0, lane: 0, start: 0, end: 3, shortest: 0.1 }]),
      new TaskTable(session).rows(0, 1),
      detailsOf(session, 0),
      poolOf(session, 0),
      pathOf(session, 0),
      leaksOf(session),
      waitCausesOf(session),
      rangeOf(session, 0, 3),
      session.findings,
    ])
    expect(told.length).toBeLessThan(200_000)
  })
})
