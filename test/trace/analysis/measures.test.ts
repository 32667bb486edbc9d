import {
  criticalPath,
  endingOf,
  findingsOf,
  idleTimeOf,
  lastSeen,
  loadOf,
  RowGroups,
  ScopeTasks,
  summarise,
  type Trace,
} from '@forkline/trace'
import { array, assert, constantFrom, integer, property, record } from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { anyRecording } from '../support/anyRecording.ts'
import { recording, traceOf } from '../support/recording.ts'

function idle(trace: Trace, scope = 0): unknown {
  const time = idleTimeOf(trace, scope, new ScopeTasks(trace).of(scope))
  return time && Object.fromEntries(Object.entries(time.idle).filter(([, ms]) => ms > 0))
}

describe('load', () => {
  it('is what counting at every moment gives', () => {
    assert(
      property(anyRecording(), (made) => {
        const trace = made.trace()
        const { tasks } = trace
        const scopeTasks = new ScopeTasks(trace)
        for (let scope = -1; scope < trace.scopes.length; scope++) {
          const rows = Array.from(scopeTasks.of(scope))
          const spans = rows.map((row) => {
            const start = tasks.start[row] ?? 0
            const neverRan = tasks.state[row] === 0
            return {
              created: start - (tasks.queued[row] ?? 0),
              start: neverRan ? lastSeen(trace, row) : start,
              end: neverRan ? 0 : lastSeen(trace, row),
              ended: !Number.isNaN(tasks.end[row]) && !neverRan,
            }
          })
          // Times are whole numbers, so that a quarter past each half is between all changes.
          const moments = Array.from({ length: 200 }, (_, half) => half / 2 + 0.25)
          const most = (test: (span: (typeof spans)[number], at: number) => boolean): number =>
            Math.max(0, ...moments.map((at) => spans.filter((span) => test(span, at)).length))
          const load = loadOf(trace, scopeTasks.of(scope))
          const active = most((span, at) => span.start <= at && at < span.end)
          const queued = most((span, at) => span.created <= at && at < span.start)
          // What begins and ends in the same moment was there, if only for that.
          expect(load.peakActive).toBeGreaterThanOrEqual(active)
          expect(load.peakActive).toBeLessThanOrEqual(active + spans.filter(({ start, end }) => start === end).length)
          expect(load.peakQueued).toBeGreaterThanOrEqual(queued)
          const lasted = spans
            .filter(({ ended }) => ended)
            .map(({ start, end }) => end - start)
            .sort((a, b) => a - b)
          expect(load.max).toBe(lasted.at(-1) ?? null)
          expect(load.p50).toBe(lasted[Math.max(0, Math.ceil(lasted.length / 2) - 1)] ?? null)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('does not take two tasks for overlapping of which one ends when the other begins', () => {
    const made = recording()
    const scope = made.scope('pool')
    made.task(scope, { start: 0, end: 5 })
    made.task(scope, { start: 5, end: 9 })
    const trace = made.trace()
    expect(loadOf(trace, new ScopeTasks(trace).of(0)).peakActive).toBe(1)
  })
})

describe('idle time', () => {
  it('is put down to the event loop, a pause, a cancellation, the rate, the producer or the tail', () => {
    const cases: Record<string, (made: ReturnType<typeof recording>, scope: number) => void> = {
      blocked: (made) => {
        made.stall(10, 50)
      },
      paused: (made, scope) => {
        made.pause(scope, 10, 60)
      },
      rate: (made, scope) => {
        const task = made.task(scope, { start: 10, end: 60 })
        made.wait('rate', task, { at: 10, end: 60 })
      },
      producer: () => undefined,
    }
    for (const [reason, happen] of Object.entries(cases)) {
      const made = recording()
      const scope = made.scope('pool', { limit: 1, end: 100 })
      made.task(scope, { start: 0, end: 10 })
      happen(made, scope)
      made.task(scope, { start: 60, end: 100 })
      expect(idle(made.exit(100).trace())).toEqual({ [reason]: 50 })
    }
    const made = recording()
    const scope = made.scope('pool', { limit: 2, end: 100 })
    made.task(scope, { start: 0, end: 10 })
    const long = made.task(scope, { start: 0, end: 80 })
    expect(idle(made.trace())).toEqual({ tail: 110 })
    made.cancel(scope, 50)
    made.reach(long, scope, 50)
    expect(idle(made.trace())).toEqual({ tail: 80, cancelled: 30 })
  })

  it('of a pool that several calls share is not that of the one that was cancelled', () => {
    const made = recording()
    const scope = made.scope('pool', { limit: 2, end: 100 })
    const failed = made.task(scope, { start: 0, end: 10, outcome: 'failed' })
    const told = made.task(scope, { start: 0, end: 20, outcome: 'cancelled' })
    made.cancel(scope, 10, { cause: 'failed', by: failed })
    made.reach(told, scope, 10)
    // Somebody else's call begins long after, and its own end is told to stop while others go on.
    const other = made.task(scope, { start: 60, end: 80 })
    made.reach(other, scope, 70)
    made.task(scope, { start: 75, end: 100 })
    expect(idle(made.exit(100).trace())).toEqual({ cancelled: 10 + 5, producer: 40 * 2 + 10, tail: 20 })
  })

  it('counts a pause that does not end, and a wait that does not', () => {
    const made = recording()
    const scope = made.scope('pool', { limit: 1, end: 100 })
    const task = made.task(scope, { start: 0, end: 50 })
    made.wait('rate', task, { at: 20 })
    made.pause(scope, 60)
    expect(idle(made.exit(100).trace())).toEqual({ rate: 30, tail: 10, paused: 40 })
  })

  it('is none for what has no limit, no task, or no time', () => {
    const made = recording()
    made.task(made.scope('group', { end: 9 }), { start: 0, end: 1 })
    made.scope('pool', { limit: 2, end: 9 })
    made.task(made.scope('pool', { limit: 2, end: 0 }), { start: 0, end: 0 })
    const trace = made.trace()
    expect([idle(trace, 0), idle(trace, 1), idle(trace, 2)]).toEqual([undefined, undefined, undefined])
  })

  it('and the time that was used are all the time that there was, whatever happened', () => {
    assert(
      property(anyRecording(), (made) => {
        const trace = made.trace()
        const scopeTasks = new ScopeTasks(trace)
        for (let scope = 0; scope < trace.scopes.length; scope++) {
          const time = idleTimeOf(trace, scope, scopeTasks.of(scope))
          if (time === undefined) continue
          const sum = Object.values(time.idle).reduce((total, ms) => total + ms, 0)
          expect(sum + time.utilisation * time.capacity).toBeCloseTo(time.capacity, 6)
          expect(Math.min(...Object.values(time.idle))).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('the critical path', () => {
  it('goes from worker to worker, back from what ended last', () => {
    const made = recording()
    const scope = made.scope('pool', { limit: 2 })
    made.task(scope, { created: 0, start: 0, end: 4 })
    made.task(scope, { created: 0, start: 0, end: 7 })
    made.task(scope, { created: 0, start: 4, end: 6 })
    made.task(scope, { created: 0, start: 7, end: 20 })
    const trace = made.exit(20).trace()
    expect(criticalPath(trace, 0, new ScopeTasks(trace))).toEqual([
      { task: 1, what: 'ran', start: 0, end: 7, slack: 1 },
      { task: 3, what: 'ran', start: 7, end: 20, slack: 13 },
    ])
  })

  it('goes on with the task that created the first one of a chain', () => {
    const made = recording()
    const scope = made.scope('group')
    const first = made.task(scope, { start: 0, end: 5 })
    made.task(scope, { start: 3, end: 9, parent: first })
    const trace = made.exit(9).trace()
    expect(criticalPath(trace, 0, new ScopeTasks(trace)).map(({ task, start, end }) => [task, start, end])).toEqual([
      [0, 0, 3],
      [1, 3, 9],
    ])
  })

  it('is in the order of time without overlaps, whatever happened', () => {
    assert(
      property(anyRecording(), (made) => {
        const trace = made.trace()
        const scopeTasks = new ScopeTasks(trace)
        for (let scope = 0; scope < trace.scopes.length; scope++) {
          const steps = criticalPath(trace, scope, scopeTasks)
          for (const [index, { start, end }] of steps.entries()) {
            expect(end).toBeGreaterThanOrEqual(start)
            expect(start).toBeGreaterThanOrEqual(steps[index - 1]?.end ?? 0)
          }
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('rows in groups', () => {
  it('are those of each group, in order', () => {
    const any = record({ of: array(integer({ min: -1, max: 6 }), { maxLength: 50 }), groups: constantFrom(0, 1, 5) })
    assert(
      property(any, ({ of, groups }) => {
        const made = new RowGroups(of.length, groups, (row) => of[row] ?? -1)
        for (let group = 0; group < groups; group++) {
          expect(Array.from(made.of(group))).toEqual(of.flatMap((its, row) => (its === group ? [row] : [])))
        }
      }),
    )
  })
})

describe('a summary', () => {
  it('counts each task once, by how it came out', () => {
    assert(
      property(anyRecording(), (made) => {
        const trace = made.trace()
        const { tasks } = summarise(trace)
        const { total, ...others } = tasks
        expect(Object.values(others).reduce((sum, count) => sum + count, 0)).toBe(total)
        expect(total).toBe(trace.tasks.length)
      }),
    )
  })

  it('has the fields of its contract, in the shape that is promised', () => {
    const made = recording()
    const scope = made.scope('pool', { name: 'p', limit: 2, from: 'f@/a.ts:1:2', end: 9 })
    made.task(scope, { created: 0, start: 2, end: 5 })
    made.task(scope, { start: 2, end: 6, outcome: 'failed' })
    made.task(scope, { created: 3, end: 6, outcome: 'cancelled' })
    made.scope('group', { at: 1, end: 2 })
    made.drop(9, 3)
    expect(summarise(made.exit(10, 3).trace())).toMatchObject({
      version: 1,
      process: { pid: 4711, command: ['/usr/bin/node', '/app/main.js'], node: 'v24.0.0', exitCode: 3, cutOff: false },
      recordings: [{ pid: 4711, exitCode: 3, cutOff: false, startMs: 0, endMs: 10, damage: 0 }],
      durationMs: 10,
      tasks: { total: 3, ok: 1, failed: 1, cancelled: 1, leaked: 0, cutOff: 0 },
      scopes: [
        {
          id: 1,
          kind: 'pool',
          name: 'p',
          location: { file: '/a.ts', line: 1, column: 2, function: 'f' },
          limit: 2,
          within: null,
          peakActive: 2,
          peakQueued: 1,
          tasks: 3,
          p50Ms: 3,
          p95Ms: 4,
          maxMs: 4,
        },
        {
          id: 2,
          kind: 'group',
          name: null,
          location: null,
          limit: null,
          tasks: 0,
          p50Ms: null,
          p95Ms: null,
          maxMs: null,
        },
      ],
      findings: [],
      dropped: 3,
    })
  })

  it('tells what was cut off from what was leaked, by process', () => {
    const killed = recording({ pid: 2 })
    killed.task(killed.scope('group'), { start: 0 })
    const ended = recording()
    ended.task(ended.scope('group'), { start: 0 })
    const trace = traceOf(ended.exit(5), killed)
    expect([endingOf(trace, 0), endingOf(trace, 1)]).toEqual(['leaked', 'cut off'])
    expect(summarise(trace)).toMatchObject({ tasks: { leaked: 1, cutOff: 1 }, process: { cutOff: true, processes: 2 } })
  })
})

describe('a trace of 200,000 scopes and a million waits', () => {
  it('is summed up by going over it a few times, not once per scope', () => {
    const made = recording().exit(1).trace()
    const { scopes, tasks, waits } = made
    for (let scope = 0; scope < 200_000; scope++) {
      const row = scopes.add()
      scopes.kind[row] = 3
      scopes.limit[row] = 2
      scopes.start[row] = scope
      scopes.end[row] = scope + 1
      scopes.outcome[row] = 1
      for (let task = 0; task < 3; task++) {
        const place = tasks.add()
        tasks.scope[place] = row + 1
        tasks.start[place] = scope
        tasks.end[place] = scope + 1
        tasks.state[place] = 2
      }
    }
    for (let wait = 0; wait < 1_000_000; wait++) {
      const row = waits.add()
      waits.task[row] = (wait % tasks.length) + 1
      waits.kind[row] = 4
      waits.end[row] = 1
    }
    // By going over all waits for each scope it would take 200 billion steps, and this test would not end.
    expect(findingsOf(made)).toEqual([])
  })
})

describe('workers', () => {
  it('of a thread pool: what each ran, for how long, and what it took from whom', () => {
    const made = recording()
    made.task(made.scope('pool', { limit: 2 }), { start: 0, end: 5 })
    const scope = made.scope('threads', { limit: 3 })
    made.task(scope, { created: 0, start: 1, end: 11, slot: 0 })
    const stolen = [
      made.task(scope, { created: 0, start: 1, end: 2, slot: 2 }),
      made.task(scope, { created: 0, start: 2, end: 4, slot: 2 }),
    ]
    for (const task of stolen) made.steal(task, 0, 2, { at: 0.5 })
    made.task(scope, { created: 0, end: 3, outcome: 'cancelled' })
    made.task(scope, { created: 0, start: 5, slot: 0 })
    const [pool, threads] = summarise(made.exit(20).trace()).scopes
    expect(pool?.workers).toBeUndefined()
    expect(threads?.workers).toEqual([
      { slot: 0, tasks: 2, busyMs: 25, stole: [] },
      { slot: 2, tasks: 2, busyMs: 3, stole: [{ from: 0, tasks: 2 }] },
    ])
  })
})
