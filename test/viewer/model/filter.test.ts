import { WAITS } from '@forkline/runtime/trace-format'
import { readRecording, taskLabel, Trace } from '@forkline/trace'
import { describe, expect, it } from 'vitest'
import { between, FilterError, matcherOf, parseFilter } from '../../../viewer/model/filter.ts'
import { TaskWaits } from '../../../viewer/model/taskWaits.ts'
import { RecordingBuilder } from '../support/recording.ts'
import { sampleRecording } from '../support/sample.ts'

const trace = new Trace()
readRecording(trace, sampleRecording())
const waits = new TaskWaits(trace)

function matches(text: string): number[] {
  const test = matcherOf(parseFilter(text), trace, () => waits)
  return Array.from({ length: trace.tasks.length }, (_, task) => task).filter(test)
}

function labels(text: string): string[] {
  return matches(text).map((task) => taskLabel(trace, task))
}

describe('a filter', () => {
  it('that is empty lets everything through', () => {
    expect(matches('')).toHaveLength(trace.tasks.length)
    expect(matches('   ')).toHaveLength(trace.tasks.length)
  })

  it('picks states, several at once', () => {
    expect(labels('state:failed')).toEqual([
      'GET /feeds/6',
      'GET /feeds/19',
      'GET /feeds/32',
      'GET /feeds/45',
      'rate article 6',
    ])
    expect(matches('state:failed,leaked')).toHaveLength(7)
  })

  it('takes all conditions together, and a minus turns one around', () => {
    expect(labels('state:failed -scope:fetch')).toEqual(['rate article 6'])
    expect(labels('kind:pool dur>200ms')).toEqual(['GET /feeds/17'])
  })

  it('compares times in the unit that is written', () => {
    expect(matches('dur>0.2s')).toEqual(matches('dur>200ms'))
    expect(matches('dur>200000us')).toEqual(matches('dur>200ms'))
    expect(matches('dur>=0')).toHaveLength(trace.tasks.length)
    expect(matches('queued>0')).toHaveLength(48)
  })

  it('looks for a word alone in names, and for quoted ones as they are', () => {
    expect(matches('thumbnail')).toHaveLength(9)
    expect(labels('name:"article 13"')).toEqual(['rate article 13'])
    expect(labels('"article 13"')).toEqual(['rate article 13'])
  })

  it('finds the tasks of a line by the end of its path', () => {
    expect(matches('at:feeds.ts:33')).toHaveLength(48)
    expect(matches('at:"/work/news/src/feeds.ts:33"')).toHaveLength(48)
    expect(matches('at:feeds.ts')).toHaveLength(48)
    expect(matches('at:feeds.ts:34')).toHaveLength(0)
  })

  it('finds what waited, and for how long', () => {
    expect(matches('wait:rate')).toHaveLength(48)
    expect(matches('wait:lock')).toHaveLength(0)
    expect(matches('waited>11ms').length).toBeLessThan(48)
    expect(labels('error:overloaded')).toEqual(['rate article 6'])
    expect(matches('task:3,5')).toEqual([3, 5])
  })

  it('holds what is said of waits against one wait at a time', () => {
    const recording = new RecordingBuilder()
    const limiter = recording.scope('rateLimiter', 'api', 0, { location: '@/app/limits.ts:3:1' })
    const lock = recording.scope('mutex', '', 0, { location: '@/app/lock.ts:7:1' })
    const group = recording.scope('group', 'say "hi"', 0, { location: '@/app/main.ts:9:1' })
    for (const [rate, held] of [
      [5, 50],
      [50, 5],
      [5, 5],
    ] as const) {
      const task = recording.start(group, 0)
      recording.wait(WAITS.rate, task, limiter, 1, 1 + rate)
      recording.wait(WAITS.lock, task, lock, 60, 60 + held)
      recording.end(task, 200)
    }
    const own = new Trace()
    readRecording(own, recording.bytes(201))
    const ownWaits = new TaskWaits(own)
    const found = (text: string): number[] => {
      const test = matcherOf(parseFilter(text), own, () => ownWaits)
      return [0, 1, 2].filter(test)
    }
    expect(found('wait:rate wait-dur>=20ms')).toEqual([1])
    expect(found('wait-at:lock.ts:7 wait-dur>=20ms')).toEqual([0])
    expect(found('wait-at:lock.ts:7 wait:rate')).toEqual([])
    expect(found('wait-for:"rate limiter api" wait-dur>=20ms')).toEqual([1])
    expect(found('-wait-dur>=20ms')).toEqual([2])
    expect(found('scope-at:main.ts:9')).toEqual([0, 1, 2])
    expect(found('scope-at:main.ts:8')).toEqual([])
    expect(found('scope:"group say hi"')).toEqual([0, 1, 2])
    expect(found(`wait:lock ${between('wait-dur', 4, 8)}`)).toEqual([1, 2])
    expect(found(`wait:lock ${between('wait-dur', 8, Infinity)}`)).toEqual([0])
  })

  it.each([
    ['stat:failed', /There is no "stat".*state/],
    ['state:broken', /no state "broken".*failed/],
    ['dur:50ms', /compared with > or </],
    ['dur>fast', /"fast" is no time/],
    ['name>a', /compared with ":"/],
    ['scope:', /What is "scope:" to be/],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseFilter(text)).toThrow(FilterError)
    expect(() => parseFilter(text)).toThrow(message)
  })
})
