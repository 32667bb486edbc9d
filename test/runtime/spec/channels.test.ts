import { describe, expect, it } from 'vitest'
import { Channel, group, select, WaitGroup, type Received } from '@forkline/runtime'
import { settle, state } from '../deferred.ts'

const CLOSED = 'The channel is closed: nothing more can be sent'
const value = <T>(received: Received<T>) => received.value

/** What `select` does when nothing is ready, as a value. */
const nothing = { default: () => 'nothing' as const }

/** Behaviour that Go's tests of channels pin down; docs/runtime-parity.md says which carries over. */
describe('channels of Go', () => {
  describe.each([0, 1, 2, 7])('TestChan, capacity %i:', (capacity) => {
    it('TestChan: receiving from an empty one waits, and does not when there is a default', async () => {
      const channel = new Channel<number>(capacity)
      const received = channel.receive()
      expect(await state(received)).toBe('pending')
      expect(await select([new Channel<number>(capacity).receiving(value), nothing])).toBe('nothing')
      await channel.send(5)
      expect(await received).toEqual({ value: 5, done: false })
    })

    it('TestChan: sending to a full one waits, and does not when there is a default', async () => {
      const channel = new Channel<number>(capacity)
      for (let i = 0; i < capacity; i++) await channel.send(i)
      expect([channel.size, channel.capacity]).toEqual([capacity, capacity])
      expect(await select([channel.sending(-1, () => 'sent'), nothing])).toBe('nothing')
      const sent = channel.send(capacity)
      expect(await state(sent)).toBe('pending')
      expect(value(await channel.receive())).toBe(0)
      await sent
    })

    it('TestChan: a closed one gives what it holds, then its end, for ever', async () => {
      const channel = new Channel<number>(capacity)
      for (let i = 0; i < capacity; i++) await channel.send(i)
      channel.close()
      for (let i = 0; i < capacity; i++) expect(await channel.receive()).toEqual({ value: i, done: false })
      for (let i = 0; i < 3; i++) expect(await channel.receive()).toEqual({ value: undefined, done: true })
    })

    it('TestChan: closing wakes those who receive', async () => {
      const channel = new Channel<number>(capacity)
      const received = [channel.receive(), channel.receive()]
      channel.close()
      expect((await Promise.all(received)).map(({ done }) => done)).toEqual([true, true])
    })

    it('TestChan: a hundred values keep their order', async () => {
      const channel = new Channel<number>(capacity)
      const sender = group.run(async () => {
        for (let i = 0; i < 100; i++) await channel.send(i)
      })
      for (let i = 0; i < 100; i++) expect(value(await channel.receive())).toBe(i)
      await sender
    })

    it('TestChan: of four senders and four receivers, each value arrives once', async () => {
      const channel = new Channel<number>(capacity)
      const counts = new Map<number, number>()
      await group.run((tasks) => {
        for (let p = 0; p < 4; p++) {
          void tasks.go(async () => {
            for (let i = 0; i < 100; i++) await channel.send(i)
          })
          void tasks.go(async () => {
            for (let i = 0; i < 100; i++) {
              const received = value(await channel.receive()) as number
              counts.set(received, (counts.get(received) ?? 0) + 1)
            }
          })
        }
      })
      expect([...counts.values()]).toEqual(Array.from({ length: 100 }, () => 4))
    })
  })

  it('TestNonblockRecvRace: closing a channel that holds a value leaves it ready', async () => {
    const channel = new Channel<number>(1)
    await channel.send(1)
    channel.close()
    expect(await select([channel.receiving(value), nothing])).toBe(1)
  })

  it('TestNonblockSelectRace: a select sees all its channels at one moment, so one of two is always ready', async () => {
    for (let i = 0; i < 200; i++) {
      const [one, two] = [new Channel<number>(1), new Channel<number>(1)]
      await one.send(1)
      const selected = select([one.receiving(value), two.receiving(value), nothing])
      void two.send(1)
      await select([one.receiving(value), nothing])
      expect(await selected).toBe(1)
    }
  })

  it('TestNonblockSelectRace2: the same with a channel that is closed', async () => {
    for (let i = 0; i < 200; i++) {
      const [one, two] = [new Channel<number>(1), new Channel<number>()]
      await one.send(1)
      const selected = select([one.receiving(value), two.receiving(value), nothing])
      two.close()
      await select([one.receiving(value), nothing])
      expect(await selected).not.toBe('nothing')
    }
  })

  it.each([0, 10])(
    'TestSelfSelect: two that both send and receive on one channel never hang (capacity %i)',
    async (capacity) => {
      const channel = new Channel<number>(capacity)
      let own = 0
      await group.run((tasks) => {
        for (let p = 0; p < 2; p++) {
          void tasks.go(async () => {
            for (let i = 0; i < 200; i++) {
              await select([
                channel.sending(p, () => undefined),
                channel.receiving((received) => {
                  if (capacity === 0 && value(received) === p) own++
                }),
              ])
            }
          })
        }
      })
      expect(own).toBe(0)
    },
  )

  it('TestSelectStress: plain and selecting senders and receivers over four channels all come to their end', async () => {
    const rounds = 50
    const channels = [0, 0, 2, 3].map((capacity) => new Channel<number>(capacity))
    await group.run((tasks) => {
      for (const channel of channels) {
        void tasks.go(async () => {
          for (let i = 0; i < rounds; i++) await channel.send(0)
        })
        void tasks.go(async () => {
          for (let i = 0; i < rounds; i++) await channel.receive()
        })
      }
      const left = () => channels.map((channel) => ({ channel, left: rounds }))
      const overAll = async (receives: boolean) => {
        for (let open = left(); open.length > 0; open = open.filter((entry) => entry.left > 0)) {
          await select(
            open.map((entry) => {
              const count = () => {
                entry.left--
              }
              return receives ? entry.channel.receiving(count) : entry.channel.sending(0, count)
            }),
          )
        }
      }
      void tasks.go(() => overAll(true))
      void tasks.go(() => overAll(false))
    })
    expect(channels.map(({ size }) => size)).toEqual([0, 0, 0, 0])
  })

  it('TestChanSendInterface: carries objects as they are; one that is full takes neither of two sends', async () => {
    const channel = new Channel<object>(1)
    const sent = {}
    await channel.send(sent)
    expect(await select([channel.sending({}, () => 1), channel.sending(sent, () => 2), nothing])).toBe('nothing')
    expect(value(await channel.receive())).toBe(sent)
  })

  it.each([0, 100])(
    'TestPseudoRandomSend: of two cases that are ready, neither is always taken (capacity %i)',
    async (capacity) => {
      const channel = new Channel<number>(capacity)
      const seen: number[] = []
      const receiver = group.run(async () => {
        for (let i = 0; i < 100; i++) seen.push(value(await channel.receive()) as number)
      })
      for (let i = 0; i < 100; i++) {
        await settle()
        await select([channel.sending(1, () => undefined), channel.sending(0, () => undefined)])
      }
      await receiver
      // By chance alone, fewer than 11 of either come up less than once in 10^16 runs.
      expect(seen.filter((one) => one === 1).length).toBeGreaterThan(10)
      expect(seen.filter((one) => one === 0).length).toBeGreaterThan(10)
    },
  )

  it('TestMultiConsumer: many workers between two channels lose and double nothing', async () => {
    const [jobs, results] = [new Channel<number>(9), new Channel<number>(9)]
    const workers = new WaitGroup()
    for (let w = 0; w < 5; w++) {
      void workers.go(async () => {
        for await (const job of jobs) await results.send(job)
      })
    }
    let expected = 0
    const feeder = group.run(async () => {
      for (let i = 0; i < 500; i++) {
        expected += i
        await jobs.send(i)
      }
      jobs.close()
      await workers.wait()
      results.close()
    })
    let sum = 0
    let count = 0
    for await (const result of results) {
      sum += result
      count++
    }
    await feeder
    expect([count, sum]).toEqual([500, expected])
  })

  it('TestSelectDuplicateChannel: one channel twice in a select leaves no trace in its line', async () => {
    const [twice, other] = [new Channel<number>(), new Channel<number>()]
    const selected = select([twice.receiving(value), twice.receiving(value), other.receiving(value)])
    await settle()
    const behind = twice.receive()
    await settle()
    await other.send(7)
    expect(await selected).toBe(7)
    await twice.send(8)
    expect(value(await behind)).toBe(8)
  })

  it('chan/doubleselect: one value wakes one select, though several wait for it', async () => {
    const [one, two] = [new Channel<number>(), new Channel<number>()]
    const selects = [1, 2].map(() => select([one.receiving(value), two.receiving(value)]))
    await settle()
    await one.send(1)
    await settle()
    await two.send(2)
    expect(await Promise.all(selects)).toEqual([1, 2])
  })

  it('chan/fifo: a chain of tasks, each waiting for the one before, wakes in order', async () => {
    const order: number[] = []
    let before = new Channel<undefined>()
    const start = before
    const tasks = group()
    for (let i = 0; i < 10; i++) {
      const [mine, next] = [before, new Channel<undefined>(1)]
      void tasks.go(async () => {
        await mine.receive()
        order.push(i)
        await next.send(undefined)
      })
      before = next
    }
    await start.send(undefined)
    await tasks.wait()
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('chan/goroutines: a thousand links, joined by channels without capacity, pass a value on', async () => {
    const channels = Array.from({ length: 1001 }, () => new Channel<number>())
    const tasks = group()
    for (let i = 0; i < 1000; i++) {
      void tasks.go(async () => {
        await channels[i + 1]?.send(
          (value((await channels[i]?.receive()) ?? { done: true, value: undefined }) ?? 0) + 1,
        )
      })
    }
    await channels[0]?.send(0)
    expect(value((await channels[1000]?.receive()) ?? { done: true, value: undefined })).toBe(1000)
    await tasks.wait()
  })

  it('chan/nonblock: without capacity, a send that does not wait succeeds only once a receiver waits', async () => {
    const channel = new Channel<string>()
    expect(await select([channel.sending('a', () => 'sent'), nothing])).toBe('nothing')
    const received = channel.receive()
    expect(await select([channel.sending('b', () => 'sent'), nothing])).toBe('sent')
    expect(value(await received)).toBe('b')
    const sent = channel.send('c')
    expect(await select([channel.receiving(value), nothing])).toBe('c')
    await sent
  })

  it('chan/select: a case whose channel is left out never happens', async () => {
    const [one, two] = [new Channel<number>(1), new Channel<number>(1)]
    const seen: number[] = []
    const send = async (channel: Channel<number>, also: boolean) =>
      await select([channel.sending(1, () => 'one'), ...(also ? [two.sending(2, () => 'two')] : [])])
    expect(await send(one, false)).toBe('one')
    expect(await send(one, true)).toBe('two')
    for (const channel of [one, two]) seen.push(value(await channel.receive()) as number)
    expect(seen).toEqual([1, 2])
  })

  it('chan/select3: with nothing to choose from, a select would wait for ever, so it is an error at the call', () => {
    expect(() => select([])).toThrow(
      new TypeError('Expected `cases` to be an array of at least one case, got an empty array'),
    )
  })

  it('chan/select3: sending to a closed channel is an error also in a select, receiving from it is not', async () => {
    const channel = new Channel<number>(1)
    channel.close()
    await expect(select([channel.sending(7, () => 1)])).rejects.toThrow(CLOSED)
    expect(() => channel.send(7)).toThrow(CLOSED)
    expect(await select([channel.receiving(({ done }) => done), nothing])).toBe(true)
  })

  it('chan/select6: a select that loses leaves the line, and those behind it are served', async () => {
    const [one, two] = [new Channel<boolean>(), new Channel<boolean>()]
    const blocked = one.receive()
    const losing = select([one.receiving(value), two.receiving(value)])
    await settle()
    await two.send(true)
    expect(await losing).toBe(true)
    const behind = one.receive()
    await one.send(true)
    await one.send(false)
    expect([value(await blocked), value(await behind)]).toEqual([true, false])
  })

  it('chan/select7: a select that is woken by a plain send or receive takes part in it just once', async () => {
    const channel = new Channel<number>()
    const receiving = select([channel.receiving(value)])
    await settle()
    await channel.send(1)
    expect(await receiving).toBe(1)
    const sending = select([channel.sending(2, () => 'sent')])
    await settle()
    expect(value(await channel.receive())).toBe(2)
    expect(await sending).toBe('sent')
    expect(await state(channel.receive())).toBe('pending')
  })

  it('chan/sieve1: a chain of filters that grows as it runs sieves the primes', async () => {
    const tasks = group()
    const { signal } = tasks
    let numbers = new Channel<number>()
    const source = numbers
    void tasks.go(async () => {
      for (let i = 2; ; i++) await source.send(i, { signal })
    })
    const primes: number[] = []
    while (primes.length < 15) {
      const prime = value(await numbers.receive({ signal })) as number
      const [from, to] = [numbers, new Channel<number>()]
      primes.push(prime)
      void tasks.go(async () => {
        for (;;) {
          const number = value(await from.receive({ signal })) as number
          if (number % prime !== 0) await to.send(number, { signal })
        }
      })
      numbers = to
    }
    expect(primes).toEqual([2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47])
    tasks.cancel()
    await expect(tasks.wait()).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('chan/sendstmt: a value is worked out before the wait, once', async () => {
    const channel = new Channel<number>()
    let worked = 0
    const sent = channel.send(++worked)
    expect(await state(sent)).toBe('pending')
    expect(value(await channel.receive())).toBe(1)
    expect(worked).toBe(1)
  })

  it('chan/zerosize: values without content count like any other', async () => {
    const channel = new Channel<undefined>(3)
    for (let i = 0; i < 3; i++) await channel.send(undefined)
    expect(channel.size).toBe(3)
    channel.close()
    const all: undefined[] = []
    for await (const received of channel) all.push(received)
    expect(all).toEqual([undefined, undefined, undefined])
  })
})
