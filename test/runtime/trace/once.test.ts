import { describe, expect, it } from 'vitest'
import { once } from '@forkline/runtime'
import { recorded } from './recorded.ts'

describe('once, recorded', () => {
  it('the call, until its promise is settled, and those that share it meanwhile', async () => {
    const found = await recorded(async () => {
      const load = once(async () => {
        await Promise.resolve()
        return 7
      })
      expect(await Promise.all([load(), load(), load()])).toEqual([7, 7, 7])
      expect(await load()).toBe(7)
    })
    const scope = found.scopes.find(({ name }) => name === 'once')
    expect(scope).toMatchObject({ kind: 'singleFlight', endings: ['ok'] })
    expect(scope?.location).toContain('once.test.ts')
    expect(found.waits('flight')).toMatchObject([
      { scope: scope?.row, ended: true },
      { scope: scope?.row, ended: true },
    ])
  })

  it.each<[string, () => unknown, string]>([
    [
      'a failure',
      () => {
        throw new Error('no')
      },
      'failed',
    ],
    ['a value', () => 7, 'ok'],
    ['a promise that rejects', () => Promise.reject(new Error('no')), 'failed'],
  ])('%s', async (_, fn, ending) => {
    const found = await recorded(async () => {
      const load = once(fn)
      const outcomes: unknown[] = []
      for (const turn of [1, 2]) {
        try {
          outcomes.push([turn, await load()])
        } catch (error) {
          outcomes.push([turn, String(error)])
        }
      }
      expect(outcomes).toEqual([1, 2].map((turn) => [turn, ending === 'ok' ? 7 : 'Error: no']))
    })
    expect(found.scopes.find(({ name }) => name === 'once')?.endings).toEqual([ending])
  })
})
