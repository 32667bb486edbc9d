import { rule } from '../../../lint/rules/no-race-against-long-lived-promise.ts'
import { testRule } from '../harness/ruleTester.ts'

const HEAD = 'declare function next(): Promise<string>\ndeclare const closed: Promise<void>\n'
const level = 'possible'

testRule(rule, {
  valid: [
    { name: 'one race', level, code: `${HEAD}export async function f() { await Promise.race([next(), closed]) }` },
    {
      name: 'both made on each turn',
      level,
      code: `${HEAD}export async function f() { while (true) { const a = next(); await Promise.race([a, next()]) } }`,
    },
    {
      name: 'kept in a variable that a turn sets anew',
      level,
      code: `${HEAD}export async function f() { let other = next(); while (true) { await Promise.race([next(), other]); other = next() } }`,
    },
    {
      name: 'a variable that somebody else may set',
      level,
      code: `${HEAD}let gate = next()\nexport function renew() { gate = next() }\nexport async function f() { while (true) await Promise.race([next(), gate]) }`,
    },
    {
      name: 'a field that is set anew elsewhere',
      level,
      code: `${HEAD}export class Box { #gate = next(); renew() { this.#gate = next() } async f() { while (true) await Promise.race([next(), this.#gate]) } }`,
    },
    {
      name: 'a getter',
      level,
      code: `${HEAD}export class Box { get gate() { return next() } async f() { while (true) await Promise.race([next(), this.gate]) } }`,
    },
    {
      name: 'a window of work',
      level,
      code: `${HEAD}export async function f() { const running = new Set<Promise<string>>(); while (true) { running.add(next()); await Promise.race(running) } }`,
    },
    {
      name: 'a window that is spread',
      level,
      code: `${HEAD}export async function f() { const running = new Set<Promise<string>>(); while (true) { running.add(next()); await Promise.race([...running, next()]) } }`,
    },
    {
      name: 'two that both stay',
      level,
      code: `${HEAD}export async function f(a: Promise<void>) { while (true) await Promise.race([a, closed]) }`,
    },
    {
      name: 'a race that leaves the loop',
      level,
      code: `${HEAD}export async function f() { while (true) { return await Promise.race([next(), closed]) } }`,
    },
    {
      name: 'a deadline that is near',
      level,
      code: `${HEAD}export async function f() { const late = new Promise((resolve) => { setTimeout(resolve, 5_000) }); while (true) await Promise.race([next(), late]) }`,
    },
    {
      name: 'a fixed number of turns',
      level,
      code: `${HEAD}export async function f() { for (let i = 0; i < 3; i++) await Promise.race([next(), closed]) }`,
    },
    {
      name: 'a callback in the loop, which runs another time',
      level,
      code: `${HEAD}export function f() { const all: unknown[] = []; while (all.length < 9) all.push(() => Promise.race([next(), closed])) }`,
    },
    {
      name: 'no promise at all',
      level,
      code: `${HEAD}export async function f(stop: string) { while (true) await Promise.race([next(), stop]) }`,
    },
    {
      name: 'a function of another object',
      level,
      code: `${HEAD}export async function f(track: { race(of: unknown[]): Promise<void> }) { while (true) await track.race([next(), closed]) }`,
    },
  ],
  invalid: [
    {
      name: 'a promise of the module',
      code: `${HEAD}export async function f() {\n  while (true) {\n    await Promise.race([next(), closed])\n  }\n}`,
      errors: [
        {
          line: 5,
          column: 33,
          level: 'likely',
          message:
            'Each turn of this loop attaches one more handler to `closed`, and none goes before it settles: the handlers, with the results of the races they belong to, fill the memory.',
          related: ['This loop races against it turn after turn.'],
        },
      ],
    },
    {
      name: 'a parameter',
      code: `${HEAD}export async function f(stop: Promise<void>) { for (;;) await Promise.race([stop, next()]) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a constant of the function that waits for an event, as long as the loop likes',
      code: `import { EventEmitter, once } from 'node:events'\n${HEAD}export async function f(bus: EventEmitter) {\n  const end = once(bus, 'end')\n  while (true) await Promise.race([next(), end])\n}`,
      errors: [{ line: 6, level: 'likely' }],
    },
    {
      name: 'a constant of the function, for one stream',
      level,
      code: `import { EventEmitter, once } from 'node:events'\n${HEAD}export async function f(bus: EventEmitter, parts: AsyncIterable<string>) {\n  const end = once(bus, 'end')\n  for await (const part of parts) console.log(part, await Promise.race([next(), end]))\n}`,
      errors: [{ line: 6, level: 'possible' }],
    },
    {
      name: 'a private field',
      code: `${HEAD}export class Box { readonly #end = next(); async f() { while (true) await Promise.race([next(), this.#end]) } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a field that the constructor sets',
      code: `${HEAD}export class Box { readonly end: Promise<string>; constructor() { this.end = next() } async f() { while (true) await Promise.race([next(), this.end]) } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a stream of events',
      code: `${HEAD}export async function f(events: AsyncIterable<string>) { for await (const event of events) { const done = next(); console.log(event, await Promise.race([done, closed])) } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a generator',
      code: `${HEAD}export async function* f() { while (true) yield await Promise.race([next(), closed]) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'any',
      code: `${HEAD}export async function f() { while (true) await Promise.any([next(), closed]) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'the promise of a deferred',
      code: `${HEAD}export async function f() { const stop = Promise.withResolvers<void>(); setTimeout(stop.resolve, 5); while (true) await Promise.race([next(), stop.promise]) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a deadline that is far',
      code: `${HEAD}export async function f() { const late = new Promise((resolve) => { setTimeout(resolve, 3_600_000) }); while (true) await Promise.race([next(), late]) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a list of unknown length',
      level,
      code: `${HEAD}export async function f(ids: string[]) { for (const id of ids) console.log(id, await Promise.race([next(), closed])) }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'counted turns',
      level,
      code: `${HEAD}export async function f(most: number) { let turn = 0; while (turn++ < most) await Promise.race([next(), closed]) }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'a test',
      level,
      filename: 'a.test.ts',
      code: `${HEAD}export async function f() { while (true) await Promise.race([next(), closed]) }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'JavaScript',
      filename: 'a.js',
      code: 'const closed = new Promise(() => {})\nconst next = async () => 1\nexport async function f() { while (true) await Promise.race([next(), closed]) }',
      errors: [{ level: 'likely' }],
    },
  ],
})
