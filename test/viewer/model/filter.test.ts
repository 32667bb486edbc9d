import { readRecording, taskLabel, Trace } from '@forkline/trace'
import { describe, expect, it } from 'vitest'
import { FilterError, matcherOf, parseFilter } from '../../../viewer/model/filter.ts'
import { TaskWaits } from '../../../viewer/model/taskWaits.ts'
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
      'GET /feeds/6', 'GET /feeds/19', 'GET /feeds/32', 'GET /feeds/45', 'rate article 6',
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
