import { describe, expect, it } from 'vitest'
import { Channel, select } from '@forkline/runtime'
import { deferred, state } from './deferred.ts'
import { listeners } from './listeners.ts'

const boom = new Error('boom')
const CLOSED = 'The channel is closed: nothing more can be sent'

describe('Channel', () => {
  it('without capacity, a send waits for its receiver and a receive for its sender', async () => {
    const channel = new Channel<number>()
    const sent = channel.send(1)
    expect(await state(sent)).toBe('pending')
    expect(await channel.receive()).toEqual({ value: 1, done: false })
    await sent
    const received = channel.receive()
    expect(await state(received)).toBe('pending')
    await channel.send(2)
    expect(await received).toEqual({ value: 2, done: false })
  })

  it('with capacity, sends wait only while it is full; all values arrive once, in order', async () => {
    const channel = new Channel<number>(2)
    await channel.send(1)
    await channel.send(2)
    const third = channel.send(3)
    const fourth = channel.send(4)
    expect([await state(third), channel.size]).toEqual(['pending', 2])
    const values: unknown[] = []
    for (let i = 0; i < 4; i++) values.push((await channel.receive()).value)
    await Promise.all([third, fourth])
    expect(values).toEqual([1, 2, 3, 4])
  })

  it('serves receivers in the order in which they came', async () => {
    const channel = new Channel<string>()
    const received = [channel.receive(), channel.receive()]
    await channel.send('first')
    await channel.send('second')
    expect((await Promise.all(received)).map(({ value }) => value)).toEqual(['first', 'second'])
  })

  it('carries undefined as a value like any other', async () => {
    const channel = new Channel<undefined>(1)
    await channel.send(undefined)
    expect(await channel.receive()).toEqual({ value: undefined, done: false })
  })

  it('is iterated until closed and empty, each value to one loop', async () => {
    const channel = new Channel<number>(1)
    const loop = async () => {
      const seen: number[] = []
      for await (const value of channel) seen.push(value)
      return seen
    }
    const loops = [loop(), loop()]
    for (let i = 0; i < 10; i++) await channel.send(i)
    channel.close()
    expect((await Promise.all(loops)).flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('leaving a loop does not close it', async () => {
    const channel = new Channel<number>(2)
    await channel.send(1)
    for await (const value of channel) {
      expect(value).toBe(1)
      break
    }
    expect(channel.closed).toBe(false)
  })

  it('close leaves nobody waiting: values held are received, then `done`; waiting sends are refused', async () => {
    const channel = new Channel<number>(1)
    await channel.send(1)
    const refused = channel.send(2)
    channel.close()
    channel.close()
    await expect(refused).rejects.toThrow(CLOSED)
    expect(await channel.receive()).toEqual({ value: 1, done: false })
    expect(await channel.receive()).toEqual({ value: undefined, done: true })
    const empty = new Channel()
    const waiting = empty.receive()
    empty.close()
    expect((await waiting).done).toBe(true)
  })

  it('sending on a closed one throws at the call', () => {
    const channel = new Channel<number>()
    channel.close()
    expect(() => channel.send(1)).toThrow(CLOSED)
  })

  it('abort ends a wait, loses no value, and leaves no listener', async () => {
    const channel = new Channel<number>()
    const controller = new AbortController()
    const { signal } = controller
    const received = channel.receive({ signal })
    await channel.send(0)
    expect((await received).value).toBe(0)
    expect(listeners(signal)).toBe(0)
    const receive = channel.receive({ signal })
    const other = new Channel<number>()
    const send = other.send(1, { signal })
    controller.abort(boom)
    await expect(receive).rejects.toBe(boom)
    await expect(send).rejects.toBe(boom)
    await expect(channel.send(1, { signal })).rejects.toBe(boom)
    await expect(channel.receive({ signal })).rejects.toBe(boom)
    expect(listeners(signal)).toBe(0)
    const next = channel.receive()
    await channel.send(2)
    expect((await next).value).toBe(2)
    expect(await state(other.receive())).toBe('pending')
  })

  it.each([-1, 0.5, Infinity, '1'])('new Channel(%o) is a TypeError', (capacity) => {
    expect(() => new Channel(capacity as never)).toThrow(TypeError)
  })
})

describe('select', () => {
  it('takes the one that is ready, and leaves the others alone', async () => {
    const empty = new Channel<number>()
    const full = new Channel<string>(1)
    await full.send('ready')
    expect(
      await select(
        [empty.receiving(() => 'no'), full.receiving(({ value }) => value), full.sending('no room', () => 'no')].slice(
          0,
          2,
        ),
      ),
    ).toBe('ready')
    expect(await state(empty.send(1))).toBe('pending')
  })

  it('waits for the first to become ready, then withdraws from the others', async () => {
    const a = new Channel<number>()
    const b = new Channel<number>()
    const c = new Channel<number>()
    const chosen = select([
      a.receiving(({ value }) => `a ${String(value)}`),
      b.receiving(({ value }) => `b ${String(value)}`),
      c.sending(3, () => 'c'),
    ])
    expect(await state(chosen)).toBe('pending')
    await b.send(2)
    expect(await chosen).toBe('b 2')
    expect([await state(a.send(1)), await state(c.receive())]).toEqual(['pending', 'pending'])
  })

  it('sends once a receiver comes', async () => {
    const channel = new Channel<number>()
    const chosen = select([channel.sending(7, () => 'sent')])
    expect((await channel.receive()).value).toBe(7)
    expect(await chosen).toBe('sent')
  })

  it('receives what is sent on the very channel it would send to, but not from itself', async () => {
    const channel = new Channel<number>()
    const chosen = select([channel.receiving(({ value }) => value), channel.sending(1, () => 'sent')])
    expect(await state(chosen)).toBe('pending')
    await channel.send(2)
    expect(await chosen).toBe(2)
  })

  it('the default case is for when nothing is ready', async () => {
    const channel = new Channel<number>(1)
    const poll = () => select([channel.receiving(({ value }) => value), { default: () => 'nothing' }])
    expect(await poll()).toBe('nothing')
    await channel.send(1)
    expect(await poll()).toBe(1)
  })

  it('starves nobody when several are always ready', async () => {
    const a = new Channel<string>()
    const b = new Channel<string>()
    a.close()
    b.close()
    const seen = new Set<string>()
    while (seen.size < 2) seen.add(await select([a.receiving(() => 'a'), b.receiving(() => 'b')]))
    expect(seen).toEqual(new Set(['a', 'b']))
  })

  it('a closed channel is ready to receive from, and an error to send to', async () => {
    const channel = new Channel<number>()
    const waiting = select([channel.sending(1, () => 1)])
    const ending = select([new Channel<number>().receiving(() => false), channel.sending(2, () => true)])
    channel.close()
    await expect(waiting).rejects.toThrow(CLOSED)
    await expect(ending).rejects.toThrow(CLOSED)
    await expect(select([channel.sending(1, () => 1)])).rejects.toThrow(CLOSED)
    expect(await select([channel.receiving(({ done }) => done)])).toBe(true)
  })

  it('abort ends the wait, and nothing is received or sent', async () => {
    const channel = new Channel<number>()
    const controller = new AbortController()
    const { signal } = controller
    const waiting = select([channel.receiving(() => 1), channel.sending(1, () => 2)], { signal })
    controller.abort(boom)
    await expect(waiting).rejects.toBe(boom)
    expect(listeners(signal)).toBe(0)
    expect(await state(channel.send(1))).toBe('pending')
    channel.close()
    await expect(select([channel.receiving(() => 1)], { signal })).rejects.toBe(boom)
  })

  it("rejects with what the chosen case's function throws", async () => {
    const channel = new Channel<number>()
    const gate = deferred()
    const failing = select([
      channel.receiving(async () => {
        await gate.promise
        throw boom
      }),
    ])
    await channel.send(1)
    gate.resolve()
    await expect(failing).rejects.toBe(boom)
  })

  it.each([[[]], [undefined], [[7]], [[{ default: () => 1 }, { default: () => 2 }]]])(
    'select(%o) is a TypeError at the call',
    (cases) => {
      expect(() => select(cases as never)).toThrow(TypeError)
    },
  )
})
