/** What the compiler knows of the runtime: checked by `tsc`; run only so that the calls are known to be real. */
import { expectTypeOf, it } from 'vitest'
import {
  all,
  Channel,
  contextKey,
  group,
  Mutex,
  once,
  pool,
  race,
  retry,
  select,
  Semaphore,
  SingleFlight,
  timeout,
  withValue,
  type Group,
  type Permit,
  type Received,
} from '@forkline/runtime'

it('types follow the values', async () => {
  const untyped = group()
  expectTypeOf(untyped.go(() => 1)).toEqualTypeOf<Promise<number>>()
  expectTypeOf(untyped.go(() => Promise.resolve('x'))).toEqualTypeOf<Promise<string>>()
  expectTypeOf(untyped.tryGo(() => 1)).toEqualTypeOf<Promise<number> | undefined>()
  expectTypeOf(untyped.wait()).toEqualTypeOf<Promise<unknown[]>>()
  await untyped.wait()
  const typed = group<number>()
  // @ts-expect-error -- a task of another type
  void typed.go(() => 'x')
  expectTypeOf(typed.wait()).toEqualTypeOf<Promise<number[]>>()
  await typed.wait()
  expectTypeOf(group.run((tasks: Group) => tasks.go(() => 1))).toEqualTypeOf<Promise<number>>()

  const workers = pool({ concurrency: 2 })
  expectTypeOf(workers.map([1], async (item) => Promise.resolve(String(item)))).toEqualTypeOf<Promise<string[]>>()
  expectTypeOf(workers.map(new Map([['a', 1]]), ([key, value]) => ({ key, value }))).toEqualTypeOf<
    Promise<{ key: string; value: number }[]>
  >()
  expectTypeOf(workers.forEach(new Set([1]), () => 'ignored')).toEqualTypeOf<Promise<void>>()
  expectTypeOf(workers.mapSettled([1], (item) => item)).toEqualTypeOf<Promise<PromiseSettledResult<number>[]>>()
  expectTypeOf(workers.stream([1], (item) => Promise.resolve(item))).toEqualTypeOf<AsyncGenerator<number>>()
  expectTypeOf(workers.run(() => Promise.resolve(1))).toEqualTypeOf<Promise<number>>()
  // @ts-expect-error -- not iterable
  expectTypeOf(() => workers.map(7, () => 1)).toBeFunction()

  expectTypeOf(all([() => 1, () => Promise.resolve('x')])).toEqualTypeOf<Promise<[number, string]>>()
  expectTypeOf(all(new Set([() => Number('1')]))).toEqualTypeOf<Promise<number[]>>()
  expectTypeOf(race([() => 1, () => Promise.resolve(2)])).toEqualTypeOf<Promise<number>>()
  expectTypeOf(timeout(1000, () => 'x')).toEqualTypeOf<Promise<string>>()
  expectTypeOf(retry(({ attempt }) => attempt)).toEqualTypeOf<Promise<number>>()
  expectTypeOf(once(() => 1)).toEqualTypeOf<() => number>()
  expectTypeOf(new SingleFlight<string, number>().do('a', () => Number('1'))).toEqualTypeOf<Promise<number>>()
  expectTypeOf(new Semaphore(1).acquire()).toEqualTypeOf<Promise<Permit>>()
  expectTypeOf(new Mutex().runExclusive(() => 1)).toEqualTypeOf<Promise<number>>()

  const user = contextKey<{ id: number }>('user')
  expectTypeOf(withValue(user, { id: 1 }).value(user)).toEqualTypeOf<{ id: number } | undefined>()
  // @ts-expect-error -- a value of another type
  withValue(user, 'ann')

  const numbers = new Channel<number>(1)
  expectTypeOf(numbers.send(1)).toEqualTypeOf<Promise<void>>()
  expectTypeOf(numbers.receive()).toEqualTypeOf<Promise<Received<number>>>()
  expectTypeOf(
    select([numbers.receiving(({ value, done }) => (done ? 0 : value)), { default: () => 'x' }]),
  ).toEqualTypeOf<Promise<string | number>>()
})
