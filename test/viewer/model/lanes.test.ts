import { readRecording, RecordingReader, Trace } from '@forkline/trace'
import fc from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { RECORDS } from '../../../runtime/src/trace/format.ts'
import { FreeLanes } from '../../../viewer/model/freeLanes.ts'
import { Forest } from '../../../viewer/model/forest.ts'
import { STATE_BITS } from '../../../viewer/model/lane.ts'
import { Tracks } from '../../../viewer/model/tracks.ts'
import { wideSpans } from '../../../viewer/model/wideSpans.ts'
import { RecordingBuilder } from '../support/recording.ts'
import { sampleRecording } from '../support/sample.ts'

const spans = fc.array(
  fc.record({
    gap: fc.double({ min: 0, max: 50, noNaN: true }),
    length: fc.double({ min: 0, max: 50, noNaN: true }),
  }),
  { minLength: 1, maxLength: 80 },
)

describe('the forest over a lane', () => {
  it('sums up any range as a loop does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ mask: fc.integer({ min: 0, max: 31 }), busy: fc.integer({ min: 0, max: 1000 }) }), {
          maxLength: 200,
        }),
        fc.nat(200),
        fc.nat(200),
        (list, one, other) => {
          const forest = new Forest()
          for (const { mask, busy } of list) forest.append(mask, busy)
          const [from, to] = [Math.min(one, other, list.length), Math.min(Math.max(one, other), list.length)]
          const found = { mask: 0, busy: 0 }
          forest.query(from, to, found)
          const slice = list.slice(from, to)
          expect(found.mask).toBe(slice.reduce((mask, span) => mask | span.mask, 0))
          expect(found.busy).toBe(slice.reduce((sum, span) => sum + span.busy, 0))
          forest.trim()
          forest.query(from, to, found)
          expect(found.busy).toBe(slice.reduce((sum, span) => sum + span.busy, 0))
        },
      ),
    )
  })
})

describe('free lanes', () => {
  it('gives the topmost lane that is free', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), fc.nat(20), (times, time) => {
        const lanes = new FreeLanes()
        for (const [lane, free] of times.entries()) lanes.set(lane, free)
        expect(lanes.at(time)).toBe(times.findIndex((free) => free <= time))
      }),
    )
  })
})

describe('tracks', () => {
  it('put every task that ran onto exactly one lane, in order and without overlap', () => {
    const trace = new Trace()
    readRecording(trace, sampleRecording())
    const tracks = new Tracks(trace)
    tracks.update()
    const seen: number[] = []
    for (const { lanes } of tracks.list) {
      for (const lane of lanes) {
        for (let place = 0; place < lane.length; place++) {
          seen.push(lane.task(place))
          if (place > 0) expect(lane.start(place)).toBeGreaterThanOrEqual(lane.end(place - 1))
        }
      }
    }
    expect(seen.sort((one, other) => one - other)).toEqual(
      Array.from({ length: trace.tasks.length }, (_, task) => task),
    )
  })

  it('tell the few names at a line apart, and put together what has many', () => {
    const recording = new RecordingBuilder()
    for (let user = 0; user < 40; user++) {
      for (const name of ['orders', 'invoices', `user ${String(user)}`]) {
        const scope = recording.scope('pool', name, user, { location: 'serve@/app.ts:1:2' })
        recording.end(recording.start(scope, user), user + 0.5)
      }
    }
    const trace = new Trace()
    readRecording(trace, recording.bytes(50))
    const tracks = new Tracks(trace)
    tracks.update()
    expect(tracks.list.map(({ label, scopes, tasks }) => [label, scopes, tasks])).toEqual([
      ['pool "orders"', 40, 40],
      ['pool "invoices"', 40, 40],
      ...Array.from({ length: 10 }, (_, user) => [`pool "user ${String(user)}"`, 1, 1]),
      ['pool "user 10" and others', 30, 30],
    ])
  })

  it('lie within that of the scope that theirs is part of, also when that is told later', () => {
    const recording = new RecordingBuilder()
    recording.end(recording.start(0, 0), 9)
    const pipeline = recording.scope('pipeline', 'import', 1)
    for (const name of ['1. map', '2. filter']) {
      const stage = recording.scope('stage', name, 2)
      recording.flush()
      recording.put(RECORDS.scopeWithin, 0, stage, 2, pipeline)
      recording.end(recording.start(stage, 3), 4)
    }
    // As in a damaged recording: scopes of one line, each part of the one before.
    const first = recording.scope('group', 'nested', 5, { location: 'run@/app.ts:1:2' })
    const second = recording.scope('group', 'nested', 5, { location: 'run@/app.ts:1:2' })
    recording.put(RECORDS.scopeWithin, 0, second, 5, first)
    const bytes = recording.bytes(10)
    for (let cut = 0; cut <= bytes.length; cut += 8) {
      const trace = new Trace()
      const tracks = new Tracks(trace)
      const reader = new RecordingReader(trace)
      for (const piece of [bytes.slice(0, cut), bytes.slice(cut)]) {
        reader.push(piece)
        tracks.update()
      }
      const { list } = tracks
      const outer = Object.fromEntries(list.map(({ label, parent }) => [label, list[parent]?.label]))
      expect(outer).toEqual({
        'tasks of no scope': undefined,
        'pipeline "import"': undefined,
        'pipeline stage "1. map"': 'pipeline "import"',
        'pipeline stage "2. filter"': 'pipeline "import"',
        'group "nested"': undefined,
      })
      const number = list.findIndex(({ kind }) => kind === 'pipeline')
      expect(tracks.lanesWithin(number)).toHaveLength(2)
    }
  })

  it('find a task again by itself', () => {
    const trace = new Trace()
    readRecording(trace, sampleRecording())
    const tracks = new Tracks(trace)
    tracks.update()
    for (let task = 0; task < trace.tasks.length; task++) {
      const track = tracks.ofScope((trace.tasks.scope[task] ?? 0) - 1)
      const found = tracks.find(track, task)
      expect(tracks.list[track]?.lanes[found?.lane ?? -1]?.task(found?.place ?? -1)).toBe(task)
    }
  })

  it('lay out two hundred thousand tasks that run at once', () => {
    const recording = new RecordingBuilder()
    const group = recording.scope('group', 'all at once', 0)
    const tasks = Array.from({ length: 200_000 }, (_, number) => recording.start(group, 1 + number / 1e6))
    for (const task of tasks) recording.end(task, 10)
    const trace = new Trace()
    readRecording(trace, recording.bytes(11))
    const tracks = new Tracks(trace)
    tracks.update()
    expect(tracks.list[0]?.lanes).toHaveLength(200_000)
  })

  it('are the same when a recording comes in pieces and when it comes whole, for slots', () => {
    const bytes = sampleRecording()
    const whole = new Trace()
    readRecording(whole, bytes)
    const tracks = new Tracks(whole)
    tracks.update()
    expect(tracks.list.map(({ label, limit, tasks }) => ({ label, limit, tasks }))).toEqual([
      { label: 'group "edition"', limit: 0, tasks: 1 },
      { label: 'pool "fetch feeds"', limit: 6, tasks: 48 },
      { label: 'rate limiter "api.news.example"', limit: 0, tasks: 0 },
      { label: 'group "rate articles"', limit: 0, tasks: 14 },
      { label: 'Promise.all', limit: 0, tasks: 9 },
    ])
  })

  it('do not believe a slot that no limit could have', () => {
    const recording = new RecordingBuilder()
    const pool = recording.scope('pool', '', 0, { limit: 2 })
    recording.end(recording.start(pool, 1, { slot: 65_000 }), 2)
    const trace = new Trace()
    readRecording(trace, recording.bytes(3))
    const tracks = new Tracks(trace)
    tracks.update()
    expect(tracks.list[0]?.lanes).toHaveLength(1)
  })

  it('hold only what a filter lets through', () => {
    const trace = new Trace()
    readRecording(trace, sampleRecording())
    const tracks = new Tracks(trace, (task) => task % 2 === 0)
    tracks.update()
    expect(tracks.list.reduce((sum, track) => sum + track.tasks, 0)).toBe(Math.ceil(trace.tasks.length / 2))
  })

  it('mark a task that outlived its scope as leaked, besides what became of it', () => {
    const trace = new Trace()
    readRecording(trace, sampleRecording())
    const tracks = new Tracks(trace)
    tracks.update()
    const found = { mask: 0, busy: 0 }
    const lanes = tracks.list.find(({ label }) => label === 'group "rate articles"')?.lanes ?? []
    for (const lane of lanes) {
      const own = { mask: 0, busy: 0 }
      lane.query(0, lane.length, own)
      found.mask |= own.mask
    }
    expect(found.mask).toBe(STATE_BITS.ok | STATE_BITS.failed | STATE_BITS.cancelled | STATE_BITS.leaked)
  })
})

describe('a task that has not ended', () => {
  it('goes as far as the recording does, and no further', () => {
    const recording = new RecordingBuilder()
    const pool = recording.scope('pool', '', 0, { limit: 1 })
    recording.end(recording.start(pool, 1), 2)
    recording.start(pool, 10)
    const trace = new Trace()
    readRecording(trace, recording.bytes(15))
    const tracks = new Tracks(trace)
    tracks.update()
    const lane = tracks.list[0]?.lanes[0]
    const end = trace.end
    expect(lane?.firstEndingAfter(end - 1)).toBe(1)
    expect(lane?.firstEndingAfter(end)).toBe(2)
    expect(lane?.firstEndingAfter(0)).toBe(0)
    expect(lane === undefined ? [] : wideSpans(lane, 0, 1e6, 1000)).toEqual([])
  })
})

describe('wide spans', () => {
  it('are all those of a stretch that are long enough, however many short ones lie between', () => {
    fc.assert(
      fc.property(
        spans,
        fc.double({ min: 0, max: 500, noNaN: true }),
        fc.double({ min: 1, max: 800, noNaN: true }),
        fc.double({ min: 0.5, max: 40, noNaN: true }),
        (list, start, length, shortest) => {
          const recording = new RecordingBuilder()
          const pool = recording.scope('pool', '', 0, { limit: 1 })
          let time = 0
          const all = list.map(({ gap, length: long }) => {
            const from = time + gap
            time = from + long
            recording.end(recording.start(pool, from), time)
            return { from, to: time }
          })
          const trace = new Trace()
          readRecording(trace, recording.bytes(time + 1))
          const tracks = new Tracks(trace)
          tracks.update()
          const lane = tracks.list[0]?.lanes[0]
          if (lane === undefined) throw new Error('There is no lane')
          const expected = all.flatMap(({ from, to }, place) =>
            to - from >= shortest && to > start && from < start + length ? [place] : [],
          )
          expect(wideSpans(lane, start, start + length, shortest)).toEqual(expected)
        },
      ),
    )
  })
})
