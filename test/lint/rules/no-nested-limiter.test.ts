import { rule } from '../../../lint/rules/no-nested-limiter.ts'
import { testRule } from '../harness/ruleTester.ts'

const LIMIT = `import pLimit from 'p-limit'\nconst limit = pLimit(3)\ndeclare function work(x: unknown): Promise<number>\n`

testRule(rule, {
  valid: [
    {
      name: 'another limiter',
      code: `${LIMIT}const second = pLimit(3)\nexport const f = () => limit(async () => { await second(() => work(1)) })`,
    },
    {
      name: 'a function that calls itself in the task makes a limiter of its own',
      level: 'possible',
      code: `import pLimit from 'p-limit'
export async function count(text: string): Promise<number> {
  if (text.length < 10) return text.length
  const limit = pLimit(2)
  const halves = [text.slice(0, 5), text.slice(5)]
  const counts = await Promise.all(halves.map((half) => limit(() => count(half))))
  return counts.reduce((sum, next) => sum + next, 0)
}`,
    },
    {
      name: 'one after the other',
      code: `${LIMIT}export async function f() { await limit(() => work(1)); await limit(() => work(2)) }`,
    },
    {
      name: 'work that the task starts and does not wait for',
      code: `${LIMIT}export const f = () => limit(async () => { void limit(() => work(1)); await work(2) })`,
    },
    {
      name: 'a queue without a limit',
      code: `import PQueue from 'p-queue'\nconst queue = new PQueue()\nexport const f = () => queue.add(async () => { await queue.add(async () => 1) })`,
    },
    {
      name: 'a callee that takes no slot',
      code: `${LIMIT}async function g() { await work(1) }\nexport const f = () => limit(async () => { await g() })`,
    },
    {
      name: 'the same field of another object',
      code: `import pLimit from 'p-limit'\nexport class Node {
        limit = pLimit(1)
        child?: Node
        run(): Promise<void> { return this.limit(async () => { await this.child?.run() }) }
      }`,
    },
    {
      name: 'a function defined in the task and called later',
      code: `${LIMIT}export let later: unknown\nexport const f = () => limit(async () => { later = () => limit(() => work(1)); await work(2) })`,
    },
    {
      name: 'a name that merely looks like a limiter',
      code: `declare function limit<T>(f: () => T): T\nexport const f = () => limit(async () => { await limit(async () => 1) })`,
    },
  ],
  invalid: [
    {
      name: 'a function that calls itself in a task of a limiter outside',
      code: `${LIMIT}export async function count(text: string): Promise<number> {
  if (text.length < 10) return work(text)
  const halves = [text.slice(0, 5), text.slice(5)]
  const counts = await Promise.all(halves.map((half) => limit(() => count(half))))
  return counts.reduce((sum, next) => sum + next, 0)
}`,
      errors: [{ level: 'likely', line: 7, related: ['The task waits here for another slot of `limit`.'] }],
    },
    {
      name: 'a task that awaits a slot of its own limiter',
      code: `${LIMIT}export const f = () => limit(async () => { await limit(() => work(1)) })`,
      errors: [
        {
          level: 'likely',
          line: 4,
          column: 24,
          message: /once its 3 slots all hold such tasks, every one waits/u,
          related: ['The task waits here for another slot of `limit`.'],
          suggestions: [
            {
              title: 'Give the inner work a limiter of its own',
              output: `import pLimit from 'p-limit'\nconst limit = pLimit(3)\nconst limitInner = pLimit(3)\ndeclare function work(x: unknown): Promise<number>\nexport const f = () => limit(async () => { await limitInner(() => work(1)) })`,
            },
          ],
        },
      ],
    },
    {
      name: 'one slot: certain',
      code: `import pLimit from 'p-limit'\nconst one = pLimit(1)\nexport const f = () => one(() => one(async () => 1))`,
      errors: [
        {
          level: 'certain',
          suggestions: [
            {
              title: 'Give the inner work a limiter of its own',
              output: `import pLimit from 'p-limit'\nconst one = pLimit(1)\nconst oneInner = pLimit(1)\nexport const f = () => one(() => oneInner(async () => 1))`,
            },
          ],
        },
      ],
    },
    {
      name: 'a queue, through Promise.all over map',
      code: `import PQueue from 'p-queue'\nconst queue = new PQueue({ concurrency: 2 })\nexport const f = (ids: string[]) => queue.add(async () => { await Promise.all(ids.map((id) => queue.add(async () => id))) })`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Give the inner work a limiter of its own',
              output: `import PQueue from 'p-queue'\nconst queue = new PQueue({ concurrency: 2 })\nconst queueInner = new PQueue({ concurrency: 2 })\nexport const f = (ids: string[]) => queue.add(async () => { await Promise.all(ids.map((id) => queueInner.add(async () => id))) })`,
            },
          ],
        },
      ],
    },
    {
      name: 'a function that walks a tree and limits itself',
      code: `${LIMIT}declare function children(x: string): Promise<string[]>
export function walk(x: string): Promise<void> {
  return limit(async () => {
    for (const child of await children(x)) await walk(child)
  })
}`,
      errors: [{ level: 'likely', line: 6, related: ['The task waits here for another slot of `limit`.'] }],
    },
    {
      name: 'a mutex that is held while a method takes it again',
      code: `import { Mutex } from '@forkline/runtime'
export class Account {
  readonly #lock = new Mutex()
  #balance = 0
  async add(n: number) { return this.#lock.runExclusive(async () => { this.#balance += n; return this.read() }) }
  async read() { return this.#lock.runExclusive(async () => this.#balance) }
}`,
      errors: [{ level: 'certain', line: 5, message: /once its only slot holds such a task/u }],
    },
    {
      name: 'through a variable',
      code: `${LIMIT}export const f = () => limit(async () => { const p = limit(() => work(1)); await work(2); return (await p) + 1 })`,
      errors: [
        {
          suggestions: [
            {
              title: 'Give the inner work a limiter of its own',
              output: `import pLimit from 'p-limit'\nconst limit = pLimit(3)\nconst limitInner = pLimit(3)\ndeclare function work(x: unknown): Promise<number>\nexport const f = () => limit(async () => { const p = limitInner(() => work(1)); await work(2); return (await p) + 1 })`,
            },
          ],
        },
      ],
    },
  ],
})
