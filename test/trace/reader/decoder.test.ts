import { CHUNK_TYPES, encodeChunk, encodeString, RECORDS } from '@forkline/runtime/trace-format'
import { TASK_STATES } from '@forkline/trace'
import { describe, expect, it } from 'vitest'
import { encodeRecords, joined, recording, traceOf } from '../support/recording.ts'

describe('tasks', () => {
  it('have when they were created, started and ended, and how', () => {
    const made = recording()
    const scope = made.scope('pool', { limit: 2 })
    made.task(scope, {
      created: 1,
      start: 4,
      end: 9,
      outcome: 'failed',
      error: 'Error: no',
      slot: 1,
      name: 'a',
      from: 'f@/a.ts:1:2',
    })
    made.task(scope, { start: 5, end: 6, parent: 1, outcome: 'cancelled' })
    made.task(scope, { created: 7 })
    made.task(scope, { start: 8 })
    const { tasks, strings, end } = made.trace()
    const rows = Array.from({ length: tasks.length }, (_, row) => ({
      scope: tasks.scope[row],
      parent: tasks.parent[row],
      start: tasks.start[row],
      queued: tasks.queued[row],
      end: tasks.end[row],
      slot: tasks.slot[row],
      state: tasks.state[row],
      error: strings.at(tasks.error.at(row)),
    }))
    expect(rows).toEqual([
      { scope: 1, parent: 0, start: 4, queued: 3, end: 9, slot: 1, state: TASK_STATES.failed, error: 'Error: no' },
      { scope: 1, parent: 1, start: 5, queued: 0, end: 6, slot: 0, state: TASK_STATES.cancelled, error: '' },
      { scope: 1, parent: 0, start: 7, queued: 0, end: NaN, slot: 0, state: TASK_STATES.queued, error: '' },
      { scope: 1, parent: 0, start: 8, queued: 0, end: NaN, slot: 0, state: TASK_STATES.running, error: '' },
    ])
    expect(strings.at(tasks.name.at(0))).toBe('a')
    expect(end).toBe(9)
  })

  it('of another thread are known to those that it started, by numbers of their own', () => {
    const made = recording()
    const scope = made.scope('threads', { limit: 1 })
    const [, second] = [made.task(scope, { start: 1, end: 9 }), made.task(scope, { start: 1, end: 9 })]
    const worker = made.thread('worker 1')
    const grandchild = made.thread('worker 2', worker)
    worker.scope('all', { at: 2, parent: worker.alias(second, 2) })
    const own = worker.task(worker.scope('worker', { at: 3 }), { start: 3 })
    grandchild.scope('all', { at: 4, parent: grandchild.alias(own, 4) })
    const { scopes, tasks, recordings } = made.trace()
    expect(Array.from(scopes.parent.subarray(0, scopes.length))).toEqual([0, second, 0, 3])
    expect([tasks.length, recordings[0]?.nonsense]).toEqual([3, 0])
  })

  it('that wait may be taken from one worker by another', () => {
    const made = recording()
    const task = made.task(made.scope('threads', { limit: 2 }), { created: 1, start: 3, slot: 1 })
    made.steal(task, 0, 1, { at: 2, sent: true })
    const { steals } = made.trace()
    expect([steals.length, steals.task[0], steals.from[0], steals.to[0], steals.sent[0], steals.time[0]]).toEqual([
      1, 1, 0, 1, 1, 2,
    ])
  })

  it('of one worker follow one another, with the parent of the first', () => {
    const made = recording()
    const scope = made.scope('pool')
    const parent = made.task(0, { start: 0 })
    const first = made.task(scope, { start: 1, parent })
    made.put({ kind: RECORDS.taskNext, aux: 3, id: first + 1, time: 5, a: scope, b: first })
    const { tasks } = made.trace()
    expect(tasks.end[1]).toBe(5)
    expect(tasks.state[1]).toBe(TASK_STATES.ok)
    expect([tasks.start[2], tasks.slot[2], tasks.parent[2], tasks.scope[2]]).toEqual([5, 3, 1, 1])
  })

  it('of which the recorder did not look at the clock are laid between the looks before and after', () => {
    const made = recording()
    const scope = made.scope('pool')
    const first = made.task(scope, { start: 1 })
    for (let more = 1; more <= 3; more++) {
      made.put({ kind: RECORDS.taskNext, flags: 1, id: first + more, time: 1, a: scope, b: first + more - 1 })
    }
    made.put({ kind: RECORDS.taskNext, id: first + 4, time: 1.002, a: scope, b: first + 3 })
    for (let more = 5; more <= 7; more++) {
      made.put({ kind: RECORDS.taskNext, flags: 1, id: first + more, time: 1.002, a: scope, b: first + more - 1 })
    }
    made.put({ kind: RECORDS.taskEnd, id: first + 7, time: 9 })
    for (const trace of [made.trace(), traceOf(made.bytes(2))]) {
      const { tasks, recordings } = trace
      expect(recordings[0]?.nonsense).toBe(0)
      const starts = [1, 1.0005, 1.001, 1.0015, 1.002, 1.0025, 1.003, 1.0035]
      for (const [row, start] of starts.entries()) {
        expect(tasks.start[row]).toBeCloseTo(start, 9)
        // The last one took what the others can not have taken: they came in one go.
        expect(tasks.end[row]).toBeCloseTo(starts[row + 1] ?? 9, 9)
      }
    }
  })

  it('that nothing follows keep the time of the last look', () => {
    const made = recording()
    const scope = made.scope('pool')
    const first = made.task(scope, { start: 1 })
    made.put({ kind: RECORDS.taskNext, flags: 1, id: first + 1, time: 1, a: scope, b: first })
    const { tasks } = made.trace()
    expect([tasks.end[0], tasks.start[1]]).toEqual([1, 1])
  })

  it('that are dropped from a queue were queued to their end', () => {
    const made = recording()
    made.task(made.scope('group', { limit: 1 }), { created: 2, end: 9, outcome: 'cancelled' })
    const { tasks } = made.trace()
    expect([tasks.start[0], tasks.queued[0], tasks.end[0]]).toEqual([9, 7, 9])
  })
})

describe('records that make no sense', () => {
  const ODD = {
    'the end of a task that never began': { kind: RECORDS.taskEnd, id: 9, time: 1 },
    'a task without a number': { kind: RECORDS.taskStart, id: 0, time: 1 },
    'a task that starts twice': { kind: RECORDS.taskStart, id: 1, time: 1 },
    'an outcome that there is none of': { kind: RECORDS.taskEnd, aux: 7, id: 1, time: 1 },
    'a scope that opens twice': { kind: RECORDS.scopeOpen, aux: 1, id: 1, time: 1 },
    'the end of a scope that never opened': { kind: RECORDS.scopeEnd, id: 5, time: 1 },
    'the end of a wait that never began': { kind: RECORDS.waitEnd, id: 5, time: 1 },
    'the cancellation of nothing': { kind: RECORDS.cancel, id: 5, time: 1 },
    'a task that was stolen and never created': { kind: RECORDS.taskStolen, id: 9, time: 1 },
    'a task of the thread that started the first one': { kind: RECORDS.taskAlias, id: 9, time: 1, a: 1 },
    'a time before the beginning': { kind: RECORDS.taskCreated, id: 2, time: -1 },
    'a time that is none': { kind: RECORDS.taskCreated, id: 2, time: NaN },
    'a time that no program lasts to': { kind: RECORDS.taskCreated, id: 2, time: 1e300 },
  }
  it.each(Object.entries(ODD))('are counted: %s', (_name, record) => {
    const made = recording()
    made.task(made.scope('group'), { start: 0 })
    const odd = encodeChunk(CHUNK_TYPES.records, 0, encodeRecords([record]))
    const trace = traceOf(joined([...made.chunks(), odd]))
    expect(trace.recordings[0]?.nonsense).toBe(1)
    expect([trace.tasks.length, trace.scopes.length, trace.cancels.length]).toEqual([1, 1, 0])
  })

  it('are told from those of a later version, which are skipped', () => {
    const made = recording()
    made.put({ kind: 200, id: 1, time: 1 })
    const later = encodeChunk(77, 0, Uint8Array.of(1, 2, 3))
    expect(traceOf(joined([...made.chunks(), later])).recordings[0]).toMatchObject({ nonsense: 0, damage: [] })
  })

  it('never end before they begin', () => {
    const made = recording()
    const scope = made.scope('group', { at: 5 })
    made.task(scope, { start: 6 })
    const early = encodeChunk(
      CHUNK_TYPES.records,
      0,
      encodeRecords([
        { kind: RECORDS.taskEnd, id: 1, time: 3 },
        { kind: RECORDS.scopeEnd, id: scope, time: 1 },
      ]),
    )
    const { tasks, scopes } = traceOf(joined([...made.chunks(), early]))
    expect([tasks.end[0], scopes.end[0]]).toEqual([6, 5])
  })
})

describe('strings', () => {
  it('that were dropped are empty, and those that reach too far end their chunk', () => {
    const made = recording()
    made.put({ kind: RECORDS.scopeOpen, aux: 2, id: 1, time: 0, b: 99 })
    const text = encodeString(1, new TextEncoder().encode('abc'))
    new DataView(text.buffer).setUint32(4, 1000, true)
    const trace = traceOf(joined([...made.chunks(), encodeChunk(CHUNK_TYPES.strings, 0, text)]))
    expect(trace.strings.at(trace.scopes.location[0] ?? 0)).toBe('')
    expect(trace.recordings[0]?.nonsense).toBe(1)
  })

  it('and numbers of each thread are its own', () => {
    const made = recording()
    made.task(made.scope('group', { name: 'main one' }), { start: 0, end: 1 })
    const other = made.thread('worker 1')
    other.task(other.scope('pool', { name: 'other one' }), { start: 0, end: 1 })
    const { tasks, scopes, strings, threads } = made.trace()
    expect(threads.map(({ name }) => name)).toEqual(['main', 'worker 1'])
    expect([strings.at(scopes.name[0] ?? 0), strings.at(scopes.name[1] ?? 0)]).toEqual(['main one', 'other one'])
    expect([tasks.scope[0], tasks.scope[1], tasks.thread[1]]).toEqual([1, 2, 1])
  })
})

describe('several processes in one trace', () => {
  it('are on one clock, that of the first', () => {
    const first = recording({ origin: 1000 })
    first.task(first.scope('group'), { start: 1, end: 2 })
    const second = recording({ origin: 1500, pid: 5 })
    second.task(second.scope('group'), { start: 1, end: 2 })
    const { tasks, recordings, origin, end } = traceOf(first.exit(3), second.exit(4))
    expect([tasks.start[0], tasks.start[1]]).toEqual([1, 501])
    expect(recordings.map((one) => [one.shift, one.end])).toEqual([
      [0, 3],
      [500, 504],
    ])
    expect([origin, end]).toEqual([1000, 504])
  })

  it('are not moved apart by a clock that cannot be right', () => {
    expect(traceOf(recording().exit(1), recording({ origin: NaN }).exit(2)).end).toBe(2)
  })
})

describe('what was dropped', () => {
  it('is counted for each thread, and once however often it is told', () => {
    const made = recording()
    made.drop(5, 3, 1)
    const other = made.thread('worker')
    other.drop(5, 4)
    const again = made.chunks().filter((chunk) => chunk[4] === CHUNK_TYPES.drops && chunk[6] === 0)
    const { dropped, threads } = traceOf(joined([...made.chunks(), ...again]))
    expect(dropped).toEqual({ records: 7, strings: 1 })
    expect(threads.map((thread) => thread.dropped.records)).toEqual([3, 4])
  })
})
