import { array, type Arbitrary, boolean, constantFrom, integer, option, record } from '../../fastCheck.ts'
import { recording, type RecordingBuilder } from './recording.ts'

const time = integer({ min: 0, max: 60 })

/** Recordings of a few scopes and tasks that begin, wait and end at any time, in whole ms. */
export function anyRecording(): Arbitrary<RecordingBuilder> {
  const scope = record({
    kind: constantFrom('pool', 'group', 'all', 'race'),
    at: integer({ min: 0, max: 20 }),
    end: option(integer({ min: 21, max: 70 })),
    limit: constantFrom(0, 2, 4),
  })
  const task = record({
    scope: integer({ min: 0, max: 3 }),
    created: time,
    queued: integer({ min: 0, max: 10 }),
    ran: boolean(),
    lasted: option(integer({ min: 0, max: 20 })),
    slot: integer({ min: 0, max: 4 }),
    parent: integer({ min: 0, max: 5 }),
    outcome: constantFrom('ok', 'failed', 'cancelled'),
  })
  const wait = record({
    task: integer({ min: 1, max: 30 }),
    at: time,
    lasted: option(integer({ min: 0, max: 20 })),
    kind: constantFrom('sleep', 'permit', 'rate'),
  })
  return record({
    scopes: array(scope, { minLength: 3, maxLength: 3 }),
    tasks: array(task, { maxLength: 30 }),
    waits: array(wait, { maxLength: 20 }),
    ended: boolean(),
  }).map(({ scopes, tasks, waits, ended }) => {
    const made = recording()
    for (const { kind, at, end, limit } of scopes) made.scope(kind, { at, limit, ...(end === null ? {} : { end }) })
    for (const { scope: of, created, queued, ran, lasted, slot, parent, outcome } of tasks) {
      const start = created + queued
      made.task(of, {
        created,
        slot,
        parent,
        outcome,
        ...(ran ? { start } : {}),
        ...(lasted === null ? {} : { end: start + lasted }),
      })
    }
    for (const { kind, task: of, at, lasted } of waits) {
      made.wait(kind, of <= tasks.length ? of : 0, { at, ...(lasted === null ? {} : { end: at + lasted }) })
    }
    return ended ? made.exit(100) : made
  })
}
