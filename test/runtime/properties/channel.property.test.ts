import fc from '../../fastCheck.ts'
import { describe, expect, it } from 'vitest'
import { Channel, group, select, sleep } from '@forkline/runtime'
import { settle } from '../deferred.ts'
import { moment } from './arbitraries.ts'
import { Cancelled, tries, useVirtualClock, World } from './world.ts'

const capacity = fc.nat({ max: 3 })
const commands = fc.array(
  fc.record({
    kind: fc.constantFrom('send', 'send', 'send', 'receive', 'receive', 'receive', 'abort', 'close'),
    n: fc.nat({ max: 20 }),
    look: fc.boolean(),
  }),
  { maxLength: 40 },
)

interface Wait {
  readonly kind: 'send' | 'receive'
  readonly value: number
  readonly controller: AbortController
  expected: string
  got: string
}

describe('Channel, whoever sends and receives', () => {
  useVirtualClock()

  it('does at every step what three plain lists do', async () => {
    await fc.assert(
      fc.asyncProperty(capacity, commands, async (places, program) => {
        const channel = new Channel<number>(places)
        const buffer: number[] = []
        let senders: Wait[] = []
        let receivers: Wait[] = []
        const waits: Wait[] = []
        let closed = false
        let next = 0

        const send = (wait: Wait) => {
          const receiver = receivers.shift()
          if (receiver !== undefined) receiver.expected = `value ${wait.value}`
          else if (buffer.length < places) buffer.push(wait.value)
          else {
            senders.push(wait)
            return
          }
          wait.expected = 'sent'
        }
        const receive = (wait: Wait) => {
          if (buffer.length === 0 && senders.length === 0) {
            if (closed) wait.expected = 'end'
            else receivers.push(wait)
            return
          }
          const sender = senders.shift()
          if (sender !== undefined) {
            buffer.push(sender.value)
            sender.expected = 'sent'
          }
          wait.expected = `value ${String(buffer.shift())}`
        }
        for (const { kind, n, look } of program) {
          if (kind === 'close') {
            channel.close()
            closed = true
            for (const wait of senders) wait.expected = 'refused'
            for (const wait of receivers) wait.expected = 'end'
            senders = []
            receivers = []
          } else if (kind === 'abort') {
            const open = waits.filter(({ expected }) => expected === 'waits')
            const wait = open[n % open.length]
            if (wait === undefined) continue
            wait.expected = 'aborted'
            senders = senders.filter((other) => other !== wait)
            receivers = receivers.filter((other) => other !== wait)
            wait.controller.abort(new Cancelled())
          } else if (kind === 'send' && closed) {
            expect(() => channel.send(0)).toThrow('closed')
          } else {
            const wait: Wait = {
              kind,
              value: next++,
              controller: new AbortController(),
              expected: 'waits',
              got: 'waits',
            }
            waits.push(wait)
            const failed = (error: unknown) => {
              wait.got = error instanceof Cancelled ? 'aborted' : 'refused'
            }
            const options = { signal: wait.controller.signal }
            if (kind === 'send') {
              channel.send(wait.value, options).then(() => {
                wait.got = 'sent'
              }, failed)
              send(wait)
            } else {
              channel.receive(options).then((received) => {
                wait.got = received.done ? 'end' : `value ${received.value}`
              }, failed)
              receive(wait)
            }
          }
          if (!look) continue
          await settle()
          expect(channel.size).toBe(buffer.length)
          expect(waits.map(({ got }) => got)).toEqual(waits.map(({ expected }) => expected))
        }
        channel.close()
      }),
      tries(2),
    )
  })

  it('with selects over several channels, every value that was sent is received once, in the order of its sender', async () => {
    const actor = fc.record({
      channels: fc.uniqueArray(fc.nat({ max: 2 }), { minLength: 1, maxLength: 3 }),
      plain: fc.boolean(),
      pause: fc.nat({ max: 5 }),
      values: fc.nat({ max: 8 }),
      abortAt: moment,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(capacity, { minLength: 3, maxLength: 3 }),
        fc.array(actor, { minLength: 1, maxLength: 4 }),
        fc.array(actor, { minLength: 1, maxLength: 4 }),
        async (capacities, senders, receivers) => {
          const world = new World()
          const channels = capacities.map((places) => new Channel<readonly [sender: number, value: number]>(places))
          const of = (indexes: readonly number[]) => channels.filter((_, index) => indexes.includes(index))
          const sent: string[] = []
          const received: string[] = []
          const note = (got: { readonly value: readonly [number, number] | undefined }) => {
            if (got.value !== undefined) received.push(got.value.join())
            return got.value !== undefined
          }
          const sending = senders.map(async ({ channels: indexes, plain, pause, values, abortAt }, name) => {
            const signal = world.signal(abortAt)
            for (let value = 0; value < values; value++) {
              const chosen = plain ? of(indexes).slice(0, 1) : of(indexes)
              const one = [name, value] as const
              if (plain) await chosen[0]?.send(one, { signal })
              else
                await select(
                  chosen.map((channel) => channel.sending(one, () => undefined)),
                  { signal },
                )
              sent.push(one.join())
              await sleep(pause)
            }
          })
          const ended = group({ onError: 'collect' })
          for (const sender of sending) void ended.go(() => sender.catch(() => undefined))
          void world.expectEnd(
            'senders',
            ended.wait().finally(() => {
              for (const channel of channels) channel.close()
            }),
          )
          for (const { channels: indexes, plain, pause, abortAt } of receivers) {
            const signal = world.signal(abortAt)
            const [first] = of(indexes)
            const receiveOne = async () => first !== undefined && note(await first.receive({ signal }))
            const receiveAny = async (open: Set<Channel<readonly [number, number]>>) => {
              await select(
                [...open].map((channel) =>
                  channel.receiving((got) => {
                    if (!note(got)) open.delete(channel)
                  }),
                ),
                { signal },
              )
              return open.size > 0
            }
            void world.expectEnd(
              'receiver',
              (async () => {
                const open = new Set(of(indexes))
                while (plain ? await receiveOne() : await receiveAny(open)) await sleep(pause)
              })(),
            )
          }
          // Takes what nobody else does, so that every sender comes to an end.
          for (const channel of channels) {
            void world.expectEnd(
              'sweeper',
              (async () => {
                await sleep(60)
                for await (const value of channel) note({ value })
              })(),
            )
          }
          await world.finish()
          expect([...received].sort()).toEqual([...sent].sort())
          expect(channels.map(({ size }) => size)).toEqual([0, 0, 0])
        },
      ),
      tries(),
    )
  })
})
