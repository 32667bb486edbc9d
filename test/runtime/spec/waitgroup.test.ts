import { describe, expect, it } from 'vitest'
import { WaitGroup } from '@forkline/runtime'
import { settle, state } from '../deferred.ts'

/** Behaviour that the tests of Go's sync.WaitGroup pin down; docs/runtime-parity.md says which carries over. */
describe('sync.WaitGroup', () => {
  it('TestWaitGroup: two of them make a barrier, eight times over: nobody is let go too soon, nobody is kept', async () => {
    const arrived = new WaitGroup()
    const released = new WaitGroup()
    for (let round = 0; round < 8; round++) {
      let exited = 0
      arrived.add(16)
      released.add(16)
      const workers = Array.from({ length: 16 }, async () => {
        arrived.done()
        await released.wait()
        exited++
      })
      await arrived.wait()
      for (let i = 0; i < 16; i++) {
        await settle()
        expect(exited).toBe(0)
        released.done()
      }
      await Promise.all(workers)
      expect(exited).toBe(16)
    }
  })

  it('TestWaitGroupMisuse: going below zero is an error that says so, and the count stays', () => {
    const wait = new WaitGroup()
    wait.add(1)
    wait.done()
    expect(() => {
      wait.done()
    }).toThrow(new RangeError('The count would fall to -1: `done` was called more often than `add`'))
    expect(wait.count).toBe(0)
  })

  it('TestWaitGroupMisuse3: it may be used again before those who waited for the first round have gone on', async () => {
    const wait = new WaitGroup()
    wait.add(1)
    const first = wait.wait()
    wait.done()
    wait.add(1)
    await first
    const second = wait.wait()
    expect(await state(second)).toBe('pending')
    wait.done()
    await second
  })

  it('TestWaitGroupRace: `wait` comes back only when all work is done', async () => {
    for (let round = 0; round < 1000; round++) {
      const wait = new WaitGroup()
      let done = 0
      for (let i = 0; i < 2; i++) {
        void wait.go(async () => {
          await Promise.resolve()
          done++
        })
      }
      await wait.wait()
      expect(done).toBe(2)
    }
  })

  it('TestWaitGroupAlign: with nothing to wait for, `wait` comes back at once', async () => {
    const wait = new WaitGroup()
    await wait.wait()
    wait.add(3)
    wait.add(-3)
    await wait.wait()
    expect(wait.count).toBe(0)
  })

  it('TestWaitGroupGo: counts the function from the call, in any number, until it has ended', async () => {
    const wait = new WaitGroup()
    const ran: number[] = []
    for (let i = 0; i < 10; i++)
      void wait.go(() => {
        ran.push(i)
      })
    expect(wait.count).toBe(10)
    await wait.wait()
    expect(ran).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})
