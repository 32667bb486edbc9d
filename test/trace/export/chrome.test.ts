import { chromeTrace } from '@forkline/trace'
import { assert, property } from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { anyRecording } from '../support/anyRecording.ts'
import { recording, type RecordingBuilder } from '../support/recording.ts'

interface ChromeEvent {
  readonly ph: string
  readonly name: string
  readonly cat?: string
  readonly id?: string
  readonly pid: number
  readonly ts?: number
  readonly dur?: number
  readonly args?: Readonly<Record<string, unknown>>
}

function exported(made: RecordingBuilder): ChromeEvent[] {
  const text = Array.from(chromeTrace(made.trace())).join('')
  return (JSON.parse(text) as { traceEvents: ChromeEvent[] }).traceEvents
}

describe('the export to Chrome', () => {
  it('has a pair of async events for each task, with an id of its own, in µs', () => {
    const made = recording()
    const scope = made.scope('pool', { name: 'p' })
    made.task(scope, { start: 1, end: 5.5, name: 'one' })
    made.task(scope, { start: 2, end: 3 })
    const pairs = exported(made.exit(6)).filter(({ ph }) => ph === 'b' || ph === 'e')
    expect(pairs.map(({ ph, ts, id, name, cat, pid }) => [ph, ts, id, name, cat, pid])).toEqual([
      ['b', 1000, '0x0', 'one', 'pool "p"', 4711],
      ['e', 5500, '0x0', 'one', 'pool "p"', 4711],
      ['b', 2000, '0x1', 'pool "p"', 'pool "p"', 4711],
      ['e', 3000, '0x1', 'pool "p"', 'pool "p"', 4711],
    ])
  })

  it('has names, counters, cancellations, stalls and rejections', () => {
    const made = recording()
    const scope = made.scope('group')
    made.task(scope, { start: 0, end: 4 })
    made.task(scope, { start: 1, end: 2 })
    made.cancel(scope, 3, { reason: 'late' })
    made.stall(5, 250)
    made.unhandled('Error: lost', 6)
    const events = exported(made.exit(300))
    expect(events.filter(({ ph }) => ph === 'M').map(({ args }) => args?.['name'])).toEqual([
      '/usr/bin/node /app/main.js',
      'main',
    ])
    expect(events.filter(({ ph }) => ph === 'C').map(({ ts, args }) => [ts, args])).toEqual([
      [0, { running: 1 }],
      [1000, { running: 2 }],
      [2000, { running: 1 }],
      [4000, { running: 0 }],
    ])
    expect(events).toContainEqual(expect.objectContaining({ ph: 'i', name: 'cancel group', args: { reason: 'late' } }))
    expect(events).toContainEqual(expect.objectContaining({ ph: 'X', ts: 5000, dur: 250_000 }))
    expect(events).toContainEqual(
      expect.objectContaining({ name: 'unhandled rejection', args: { error: 'Error: lost' } }),
    )
  })

  it('is JSON with an end for each beginning, whatever happened', () => {
    assert(
      property(anyRecording(), (made) => {
        const open = new Map<string, number>()
        for (const { ph, cat = '', id = '', ts = 0 } of exported(made)) {
          const key = `${cat} ${id}`
          if (ph === 'b') {
            expect(open.has(key)).toBe(false)
            open.set(key, ts)
          } else if (ph === 'e') {
            expect(ts).toBeGreaterThanOrEqual(open.get(key) ?? Infinity)
            open.delete(key)
          }
        }
        expect(open.size).toBe(0)
      }),
      { numRuns: 100 },
    )
  })

  it('is JSON when nothing was recorded', () => {
    expect(exported(recording()).every(({ ph }) => ph === 'M')).toBe(true)
  })
})
