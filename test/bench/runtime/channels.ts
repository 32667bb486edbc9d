import { Effect, Fiber, Queue } from 'effect'
import { Channel } from '@forkline/runtime'
import type { Comparison } from './compare.ts'

/** Two sides that answer each other: nothing can be done ahead. */
export function pingPong(count: number): Comparison {
  const ours = async () => {
    const [there, back] = [new Channel<number>(1), new Channel<number>(1)]
    const echo = async () => {
      for (let turn = 0; turn < count; turn++) await back.send((await there.receive()).value ?? Number.NaN)
    }
    const serve = async () => {
      let sum = 0
      for (let turn = 0; turn < count; turn++) {
        await there.send(turn)
        sum += (await back.receive()).value ?? Number.NaN
      }
      return sum
    }
    const [sum] = await Promise.all([serve(), echo()])
    return sum
  }
  const effect = Effect.gen(function* () {
    const there = yield* Queue.bounded<number>(1)
    const back = yield* Queue.bounded<number>(1)
    const echoing = yield* Effect.forkChild(
      Effect.gen(function* () {
        for (let turn = 0; turn < count; turn++) yield* Queue.offer(back, yield* Queue.take(there))
      }),
    )
    let sum = 0
    for (let turn = 0; turn < count; turn++) {
      yield* Queue.offer(there, turn)
      sum += yield* Queue.take(back)
    }
    yield* Fiber.join(echoing)
    return sum
  })
  return {
    what: 'channel, ping-pong',
    units: count,
    sum: (count * (count - 1)) / 2,
    ours: { name: 'Channel', run: ours },
    others: [{ name: 'Effect Queue', bar: 1, run: () => Effect.runPromise(effect) }],
  }
}

/** One side sends as fast as it may, the other takes. */
export function stream(count: number, capacity: number): Comparison {
  const ours = async () => {
    const channel = new Channel<number>(capacity)
    const produce = async () => {
      for (let item = 0; item < count; item++) await channel.send(item)
    }
    const consume = async () => {
      let sum = 0
      for (let item = 0; item < count; item++) sum += (await channel.receive()).value ?? Number.NaN
      return sum
    }
    const [sum] = await Promise.all([consume(), produce()])
    return sum
  }
  const effect = Effect.gen(function* () {
    const queue = yield* Queue.bounded<number>(capacity)
    const producing = yield* Effect.forkChild(
      Effect.gen(function* () {
        for (let item = 0; item < count; item++) yield* Queue.offer(queue, item)
      }),
    )
    let sum = 0
    for (let item = 0; item < count; item++) sum += yield* Queue.take(queue)
    yield* Fiber.join(producing)
    return sum
  })
  return {
    what: `channel of ${capacity}, one way`,
    units: count,
    sum: (count * (count - 1)) / 2,
    ours: { name: 'Channel', run: ours },
    others: [{ name: 'Effect Queue', bar: 1, run: () => Effect.runPromise(effect) }],
  }
}
