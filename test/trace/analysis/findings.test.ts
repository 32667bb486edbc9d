import { findingsOf, type FindingKind, type Trace, type TraceFinding } from '@forkline/trace'
import { describe, expect, it } from 'vitest'
import { joined, recording, traceOf } from '../support/recording.ts'

function found(trace: Trace, kind: FindingKind): TraceFinding[] {
  return findingsOf(trace).filter((finding) => finding.kind === kind)
}

describe('a leak', () => {
  it('is a task that went on after its scope had ended', () => {
    const made = recording()
    const scope = made.scope('all', { from: 'f@/a.ts:1:2', end: 10, outcome: 'failed' })
    made.task(scope, { start: 0, end: 10, outcome: 'failed' })
    made.task(scope, { start: 0, end: 250 })
    expect(found(made.exit(300).trace(), 'leak')).toEqual([
      {
        kind: 'leak',
        message: '1 task of Promise.all went on after it had ended, the longest for 240 ms.',
        location: { file: '/a.ts', line: 1, column: 2, function: 'f' },
        tasks: [1],
        scope: 0,
      },
    ])
  })

  it('is none that was on its way out', () => {
    const made = recording()
    const scope = made.scope('all', { end: 10, outcome: 'failed' })
    made.task(scope, { start: 0, end: 12 })
    expect(found(made.exit(300).trace(), 'leak')).toEqual([])
  })

  it('is a task that the program ended before', () => {
    const made = recording()
    made.task(made.scope('group'), { start: 0 })
    made.task(0, { start: 1 })
    expect(found(made.exit(5).trace(), 'leak').map(({ message, scope }) => [scope, message])).toEqual([
      [-1, '1 task never ended: the program ended first, and took the work with it.'],
      [0, '1 task of group never ended: the program ended first, and took the work with it.'],
    ])
  })

  it('is a promise that never settled, told for each place where such were made', () => {
    const made = recording()
    const scope = made.scope('promises')
    for (const from of ['f@/a.ts:1:2', 'g@/a.ts:7:2', 'f@/a.ts:1:2']) made.task(scope, { start: 0, from })
    // What awaits one of them has no place of its own.
    made.task(scope, { start: 1 })
    made.task(scope, { start: 1, end: 2, from: 'h@/a.ts:9:2' })
    expect(
      found(made.exit(5).trace(), 'leak').map(({ message, location, tasks }) => [message, location?.line, tasks]),
    ).toEqual([
      ['2 promises never settled: the program ended first.', 1, [0, 2]],
      ['1 promise never settled: the program ended first.', 7, [1]],
    ])
  })

  it('is told once for all runs of one place', () => {
    const made = recording()
    for (let run = 0; run < 5; run++) {
      made.task(made.scope('all', { from: 'f@/a.ts:1:2', end: 10 }), { start: 0, end: 20 + run })
    }
    const [leak, ...more] = found(made.exit(30).trace(), 'leak')
    expect(more).toEqual([])
    expect(leak?.tasks).toEqual([0, 1, 2, 3, 4])
    expect(leak?.message).toContain('the longest for 14 ms, in 5 of its runs together.')
  })

  it('is none when the recording was cut off: nobody knows what was still to come', () => {
    const made = recording()
    made.task(made.scope('group'), { start: 0 })
    expect(found(made.trace(), 'leak')).toEqual([])
  })

  it('stays one in the parent when a child was killed, and is none in the child', () => {
    const parent = recording()
    parent.task(parent.scope('group', { name: 'parent' }), { start: 0 })
    const child = recording({ pid: 2 })
    child.task(child.scope('group', { name: 'child' }), { start: 0 })
    expect(found(traceOf(parent.exit(9), child), 'leak').map(({ scope }) => scope)).toEqual([0])
  })

  it('is none when its end may be among what was dropped or garbled', () => {
    for (const end of [undefined, 5]) {
      const made = recording()
      made.task(made.scope('group', end === undefined ? {} : { end }), { start: 0 })
      const chunks = made.exit(9).chunks()
      const garbled = Uint8Array.from([...(chunks.at(-1) ?? [])].fill(1))
      expect(found(traceOf(joined([...chunks.slice(0, -1), garbled, ...chunks.slice(-1)])), 'leak')).toEqual([])
      made.drop(3, 1)
      expect(found(made.trace(), 'leak')).toEqual([])
    }
  })

  it('of a race is a loser that goes on for long, and none that never settles', () => {
    const made = recording()
    for (const end of [150, 50, undefined]) {
      const scope = made.scope('race', { end: 10, from: `f@/a.ts:${String(end)}:1` })
      made.task(scope, { start: 0, end: 10 })
      made.task(scope, { start: 0, ...(end === undefined ? {} : { end }) })
    }
    expect(found(made.exit(200).trace(), 'leak').map(({ tasks }) => tasks)).toEqual([[1]])
  })
})

describe('a cancellation that was not heeded', () => {
  it('is a task that ran on for longer than it takes to tidy up', () => {
    const made = recording()
    const scope = made.scope('group')
    made.task(scope, { start: 0, end: 500 })
    made.task(scope, { start: 0, end: 60 })
    made.task(scope, { created: 0, end: 500 })
    made.cancel(scope, 50)
    expect(found(made.exit(500).trace(), 'cancellation-not-reached')).toMatchObject([
      {
        tasks: [0],
        message: '1 task ran on after group was cancelled, the longest for 450 ms: the work does not obey its signal.',
      },
    ])
  })

  it('is none while the event loop was blocked, when it could not stop', () => {
    const made = recording()
    const scope = made.scope('group')
    made.task(scope, { start: 0, end: 420 })
    made.cancel(scope, 50)
    made.stall(60, 300)
    expect(found(made.exit(500).trace(), 'cancellation-not-reached')).toEqual([])
    made.task(scope, { start: 0, end: 490 })
    expect(found(made.exit(500).trace(), 'cancellation-not-reached')).toMatchObject([{ tasks: [1] }])
  })

  it('is measured in the process of its own, not by how long others ran', () => {
    const killed = recording()
    const scope = killed.scope('group')
    killed.task(scope, { start: 0 })
    killed.cancel(scope, 50)
    killed.level(scope, 60, 0, 0)
    expect(found(traceOf(recording({ pid: 2 }).exit(9000), killed), 'cancellation-not-reached')).toEqual([])
    killed.level(scope, 400, 0, 0)
    expect(found(killed.trace(), 'cancellation-not-reached')).toHaveLength(1)
    killed.drop(300, 5)
    expect(found(killed.trace(), 'cancellation-not-reached')).toEqual([])
  })
})

describe('an unbounded fan-out', () => {
  function fanOut(count: number, limit = 0): ReturnType<typeof recording> {
    const made = recording()
    const scope = made.scope('all', { limit, from: 'f@/a.ts:1:2' })
    for (let task = 0; task < count; task++) made.task(scope, { start: 0, end: 100 })
    return made
  }

  it('is very many tasks in flight at once', () => {
    expect(found(fanOut(900).exit(100).trace(), 'unbounded-fan-out')).toMatchObject([
      { message: '900 tasks of Promise.all were in flight at once: no limit held them back.', location: { line: 1 } },
    ])
  })

  it('is none with few tasks, with a limit, or with one after the other', () => {
    expect(found(fanOut(99).exit(100).trace(), 'unbounded-fan-out')).toEqual([])
    expect(found(fanOut(900, 900).exit(100).trace(), 'unbounded-fan-out')).toEqual([])
    const made = recording()
    const scope = made.scope('group')
    for (let task = 0; task < 900; task++) made.task(scope, { start: task, end: task + 1 })
    expect(found(made.exit(1000).trace(), 'unbounded-fan-out')).toEqual([])
  })

  it('is none when a limiter holds back what the promises stand for', () => {
    const queued = fanOut(900)
    const limiter = queued.scope('limiter', { limit: 5 })
    for (let task = 0; task < 900; task++)
      queued.task(limiter, { created: 0, start: 0.1 + task / 10, end: 1 + task / 10 })
    expect(found(queued.exit(100).trace(), 'unbounded-fan-out')).toEqual([])
    const waiting = fanOut(900)
    for (let task = 0; task < 900; task++) waiting.wait('permit', task + 1, { at: 1, end: 50 })
    expect(found(waiting.exit(100).trace(), 'unbounded-fan-out')).toEqual([])
  })

  it('is one when a limiter was at work at another time', () => {
    const made = fanOut(900)
    const limiter = made.scope('limiter', { at: 200, limit: 5 })
    for (let task = 0; task < 900; task++) made.task(limiter, { created: 200, start: 201 + task, end: 2000 })
    made.put({ kind: 3, id: 1, time: 100 })
    expect(found(made.exit(2000).trace(), 'unbounded-fan-out')).toHaveLength(1)
  })
})

describe('an idle pool', () => {
  it('says why most of its places were empty', () => {
    const made = recording()
    const scope = made.scope('pool', { name: 'p', limit: 4, end: 1000 })
    for (let task = 0; task < 4; task++) made.task(scope, { start: 0, end: 100, slot: task })
    made.task(scope, { start: 100, end: 1000 })
    expect(found(made.exit(1000).trace(), 'idle-pool')).toMatchObject([
      {
        message:
          'The 4 places of pool "p" were used 33 % of the 1.00 s that it was open, mostly because the last tasks '
          + 'took long and nothing was left for the other places: start the long ones first.',
      },
    ])
  })

  it('is none when it was busy, short, without enough tasks, or only waiting for work that may come', () => {
    const pools = [
      {
        limit: 2,
        end: 1000,
        tasks: [
          [0, 1000],
          [0, 900],
          [950, 1000],
        ],
      },
      {
        limit: 2,
        end: 200,
        tasks: [
          [0, 10],
          [0, 10],
          [0, 10],
        ],
      },
      {
        limit: 4,
        end: 1000,
        tasks: [
          [0, 1000],
          [0, 10],
        ],
      },
      {
        limit: 2,
        end: undefined,
        tasks: [
          [0, 10],
          [0, 10],
          [990, 1000],
        ],
      },
    ] as const
    for (const { limit, end, tasks } of pools) {
      const made = recording()
      const scope = made.scope('pool', { limit, ...(end === undefined ? {} : { end }) })
      for (const [start, until] of tasks) made.task(scope, { start, end: until })
      expect(found(made.exit(1000).trace(), 'idle-pool')).toEqual([])
    }
  })
})

describe('what else is found', () => {
  it('are rejections that nobody handled, once for each message and place', () => {
    const made = recording()
    const task = made.task(made.scope('group', { from: 'f@/a.ts:1:2' }), { start: 0, end: 1 })
    made.unhandled('Error: no\n    at f', 1, { task })
    for (let time = 2; time < 5; time++) made.unhandled('Error: other', time)
    expect(found(made.exit(9).trace(), 'unhandled-rejection')).toMatchObject([
      {
        message: 'A promise was rejected and nobody handled it: Error: no',
        tasks: [0],
        scope: 0,
        location: { line: 1 },
      },
      {
        message: '3 promises were rejected and nobody handled them: Error: other',
        tasks: [],
        scope: -1,
        location: null,
      },
    ])
  })

  it('is an event loop that was blocked for long, and not one that was for short', () => {
    const made = recording()
    made.scope('pool', { at: 5 })
    made.stall(10, 199)
    expect(found(made.trace(), 'blocked-event-loop')).toEqual([])
    made.stall(300, 250)
    made.stall(900, 2500, 'parse@/b.ts:3:4')
    expect(found(made.exit(4000).trace(), 'blocked-event-loop')).toMatchObject([
      {
        message: expect.stringContaining('blocked 2 times, the longest for 2.50 s') as string,
        location: { file: '/b.ts' },
      },
    ])
  })

  it('is no event loop that was blocked while the program was loaded, when nothing else was there to run', () => {
    const made = recording()
    made.scope('promises')
    made.stall(1, 800)
    made.scope('pool', { at: 790 })
    expect(found(made.exit(900).trace(), 'blocked-event-loop')).toEqual([])
  })

  it('is nothing when all went well', () => {
    const made = recording()
    const scope = made.scope('pool', { limit: 2, end: 20 })
    for (let task = 0; task < 20; task++) made.task(scope, { created: 0, start: task >> 1, end: (task >> 1) + 1 })
    expect(findingsOf(made.exit(21).trace())).toEqual([])
  })
})
