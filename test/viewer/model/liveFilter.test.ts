import { expect, it } from 'vitest'
import { Session } from '../../../viewer/worker/session.ts'
import { RecordingBuilder } from '../support/recording.ts'

it('a filter shows tasks that come to fit it, and hides those that fit no longer, while a recording goes on', () => {
  const recording = new RecordingBuilder()
  const pool = recording.scope('pool', 'uploads', 0, { limit: 3 })
  const tasks = [0, 1, 2].map((slot) => recording.start(pool, slot, { slot }))
  const before = recording.bytes()
  recording.end(tasks[1] ?? 0, 10, 'failed')
  recording.end(tasks[2] ?? 0, 11)
  const whole = recording.bytes()
  const session = new Session()
  session.push(0, before)
  expect(session.filter('state:failed')).toBe('')
  expect(session.overview().shown).toBe(0)
  session.push(0, whole.slice(before.length))
  expect(session.overview().shown).toBe(1)
  expect(session.find(1)).toMatchObject({ track: 0, lane: 1 })
  expect(session.filter('state:running')).toBe('')
  expect(session.overview().shown).toBe(1)
})
