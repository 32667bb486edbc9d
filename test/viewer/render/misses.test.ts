import { describe, expect, it } from 'vitest'
import { Misses, type AsOf } from '../../../viewer/render/misses.ts'
import { deferred, settle, type Deferred } from '../../runtime/deferred.ts'

/** Misses of letters whose answers the test gives one by one. */
function missesOfLetters(most?: number) {
  const asked: { readonly requests: readonly string[]; readonly answer: Deferred<string> }[] = []
  const kept: { readonly keys: readonly string[]; readonly answer: string; readonly asOf: AsOf }[] = []
  const arrivals = { count: 0 }
  const misses = new Misses<string, string>({
    fetch: (requests) => {
      const answer = deferred<string>()
      asked.push({ requests, answer })
      return answer.promise
    },
    keep: (keys, answer, asOf) => {
      kept.push({ keys, answer, asOf })
    },
    arrived: () => {
      arrivals.count++
    },
    ...(most !== undefined && { most }),
  })
  return { misses, asked, kept, arrivals }
}

describe('misses', () => {
  it('are fetched together, each once, and while an answer is under way they gather', async () => {
    const { misses, asked, kept, arrivals } = missesOfLetters()
    for (const letter of ['a', 'b', 'a']) misses.add(letter, letter)
    misses.fetch()
    misses.add('c', 'c')
    misses.fetch()
    expect(asked.map(({ requests }) => requests)).toEqual([['a', 'b']])
    expect(misses.settled).toBe(false)
    asked[0]?.answer.resolve('first')
    await settle()
    expect(kept).toEqual([{ keys: ['a', 'b'], answer: 'first', asOf: { age: 0, until: 0 } }])
    expect(arrivals.count).toBe(1)
    misses.fetch()
    asked[1]?.answer.resolve('second')
    await settle()
    expect(kept[1]?.keys).toEqual(['c'])
    expect(misses.settled).toBe(true)
  })

  it('go to the worker no more at once than told', () => {
    const { misses, asked } = missesOfLetters(2)
    for (const letter of ['a', 'b', 'c']) misses.add(letter, letter)
    misses.fetch()
    expect(asked[0]?.requests).toEqual(['a', 'b'])
  })

  it('that were cleared while they were under way are not kept', async () => {
    const { misses, asked, kept, arrivals } = missesOfLetters()
    misses.add('a', 'a')
    misses.fetch()
    misses.clear()
    asked[0]?.answer.resolve('too late')
    await settle()
    expect([kept.length, arrivals.count]).toEqual([0, 1])
  })

  it('can be asked for again after a failure', async () => {
    const { misses, asked, kept, arrivals } = missesOfLetters()
    misses.add('a', 'a')
    misses.fetch()
    asked[0]?.answer.reject(new Error('the worker is gone'))
    await settle()
    expect([kept.length, arrivals.count, misses.settled]).toEqual([0, 1, true])
    misses.add('a', 'a')
    misses.fetch()
    expect(asked).toHaveLength(2)
  })

  it('tell what is out of date: all when told so, and what ends after the recording did then', () => {
    const { misses } = missesOfLetters()
    misses.grow(100)
    expect(misses.isCurrent({ age: 0, until: 100 }, 150)).toBe(true)
    misses.grow(120)
    expect(misses.isCurrent({ age: 0, until: 100 }, 150)).toBe(false)
    expect(misses.isCurrent({ age: 0, until: 100 }, 90)).toBe(true)
    misses.outdate()
    expect(misses.isCurrent({ age: 0, until: 120 }, 90)).toBe(false)
  })
})
