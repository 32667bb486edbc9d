import { rule } from '../../../lint/rules/no-ineffective-limiter.ts'
import { testRule } from '../harness/ruleTester.ts'

testRule(rule, {
  valid: [
    {
      name: 'a pool that starts the work itself',
      code: `declare function asyncPool<T>(limit: number, items: T[], work: (item: T) => Promise<unknown>): Promise<void>\nexport const f = (urls: string[]) => asyncPool(5, urls, async (url) => await fetch(url))`,
    },
    {
      name: 'a pool that is given values, handed back as they are',
      code: `declare function asyncPool<T>(limit: number, items: T[], work: (item: T) => T): Promise<void>\nexport const f = (urls: string[]) => asyncPool(5, urls, (url) => url)`,
    },
    {
      name: 'promises handed to what is no pool',
      code: `declare function each<T>(items: T[], work: (item: T) => T): void\nexport const f = (urls: string[]) => { each(urls.map((url) => fetch(url)), (started) => started) }`,
    },
    {
      name: 'a task that hands back what is no promise',
      code: `import pLimit from 'p-limit'\nconst limit = pLimit(5)\nexport const f = (urls: string[]) => Promise.all(urls.map((url) => limit(() => url)))`,
    },
    {
      name: 'one limiter for all',
      code: `import pLimit from 'p-limit'\nconst limit = pLimit(5)\nexport const f = (urls: string[]) => Promise.all(urls.map((url) => limit(() => fetch(url))))`,
    },
    {
      name: 'made in the function that runs many tasks in it',
      code: `import pLimit from 'p-limit'\nexport function f(urls: string[]) { const limit = pLimit(5); return Promise.all(urls.map((url) => limit(() => fetch(url)))) }`,
    },
    {
      name: 'made in the function whose loop runs many',
      code: `import PQueue from 'p-queue'\nexport async function f(urls: string[]) { const queue = new PQueue({ concurrency: 2 }); for (const url of urls) void queue.add(() => fetch(url)) }`,
    },
    {
      name: 'made in the function for one call that runs many tasks',
      code: `import { pool } from '@forkline/runtime'\nexport const f = (urls: string[]) => pool({ concurrency: 8 }).map(urls, (url, { signal }) => fetch(url, { signal }))`,
    },
    {
      name: 'a queue that is given many tasks at once',
      code: `import PQueue from 'p-queue'\nexport function f(tasks: (() => Promise<void>)[]) { const queue = new PQueue({ concurrency: 2 }); return queue.addAll(tasks) }`,
    },
    {
      name: 'a test of one task',
      level: 'possible',
      filename: 'a.test.ts',
      code: `import { Semaphore } from '@forkline/runtime'\nexport async function check() { const gate = new Semaphore(1); await gate.use(async () => { await fetch('/') }) }`,
    },
    {
      name: 'a limiter that is handed on',
      code: `import pLimit from 'p-limit'\ndeclare function share(x: unknown): void\nexport function f() { const limit = pLimit(5); share(limit); return limit(() => fetch('/')) }`,
    },
    {
      name: 'a limiter kept in a field',
      code: `import pLimit from 'p-limit'\nexport class A { limit = pLimit(2); run(url: string) { return this.limit(() => fetch(url)) } }`,
    },
    {
      name: 'a function that makes the task',
      code: `import pLimit from 'p-limit'\nconst limit = pLimit(5)\ndeclare function task(url: string): () => Promise<number>\nexport const f = (url: string) => limit(task(url))`,
    },
    {
      name: 'a limit that was left out on purpose',
      code: `import pMap from 'p-map'\nexport const f = (urls: string[]) => pMap(urls, (url) => fetch(url), { concurrency: Infinity })`,
    },
    {
      name: 'no limit, and no I/O',
      code: `import pMap from 'p-map'\nexport const f = (texts: string[]) => pMap(texts, async (text) => JSON.parse(text))`,
    },
    {
      name: 'no limit, over a few',
      code: `import pMap from 'p-map'\nexport const f = () => pMap(['/a', '/b'], (url) => fetch(url))`,
    },
    {
      name: 'workers that await each turn',
      code: `export const f = (urls: string[]) => Promise.all(Array.from({ length: 4 }, async () => { const got: Response[] = []; while (urls.length > 0) got.push(await fetch(urls.pop()!)); return got }))`,
    },
  ],
  invalid: [
    {
      name: 'a pool of promises',
      code: `declare function asyncPool<T>(limit: number, items: T[], work: (item: T) => T): Promise<void>
export async function f(urls: string[]) {
  const started = urls.map(async (url) => await fetch(url))
  await asyncPool(5, started, (promise) => promise)
}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          message: /`started` holds promises: their work has started before `asyncPool` sees them/u,
        },
      ],
    },
    {
      name: 'a pool of promises, each awaited',
      code: `import pMap from 'p-map'\nexport const f = (urls: string[]) => pMap(urls.map((url) => fetch(url)), async (one) => { return await one }, { concurrency: 2 })`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'tasks that hand back what runs already',
      code: `import pLimit from 'p-limit'\nconst limit = pLimit(5)\nexport function f(urls: string[]) { const started = urls.map((url) => fetch(url)); return Promise.all(started.map((one) => limit(() => one))) }`,
      errors: [{ level: 'likely', message: /`started` has started all its work before `limit` sees any of it/u }],
    },
    {
      name: 'made for one task',
      code: `import pLimit from 'p-limit'
export async function f(urls: string[]) {
  return Promise.all(urls.map(async (url) => {
    const limit = pLimit(5)
    return limit(() => fetch(url))
  }))
}`,
      errors: [
        {
          level: 'certain',
          line: 4,
          message: /Each call of the callback of `urls\.map` makes a `pLimit` of its own/u,
          related: ['This is the only task that it ever runs.'],
          suggestions: [
            {
              title: 'Make it once, at the top of the module',
              output: `import pLimit from 'p-limit'
const limit = pLimit(5)
export async function f(urls: string[]) {
  return Promise.all(urls.map(async (url) => {
    return limit(() => fetch(url))
  }))
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'made and used in one expression',
      code: `import pLimit from 'p-limit'\nexport const f = (urls: string[]) => Promise.all(urls.map((url) => pLimit(5)(() => fetch(url))))`,
      errors: [{ level: 'certain', line: 2 }],
    },
    {
      name: 'a lock that is local to the call it should guard; no place outside for one that takes a parameter',
      code: `import { Semaphore } from '@forkline/runtime'\nexport async function save(n: number) { const gate = new Semaphore(n); await gate.use(async () => { await fetch('/') }) }`,
      errors: [{ level: 'certain', message: /Each call of `save` makes a `Semaphore` of its own/u }],
    },
    {
      name: 'in a loop, made on each turn',
      code: `import pLimit from 'p-limit'\nexport function f(urls: string[]) { const all = []; for (const url of urls) { const limit = pLimit(2); all.push(limit(() => fetch(url))) } return Promise.all(all) }`,
      errors: [
        {
          level: 'certain',
          suggestions: [
            {
              title: 'Make it once, at the top of the module',
              output: `import pLimit from 'p-limit'\nconst limit = pLimit(2);\nexport function f(urls: string[]) { const all = []; for (const url of urls) {  all.push(limit(() => fetch(url))) } return Promise.all(all) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'given a promise',
      filename: 'file.js',
      code: `import pLimit from 'p-limit'\nconst limit = pLimit(5)\nexport const f = (/** @type {string[]} */ urls) => Promise.all(urls.map((url) => limit(fetch(url))))`,
      errors: [
        {
          level: 'certain',
          line: 3,
          message: /`fetch` has started before `limit` sees it/u,
          suggestions: [
            {
              title: 'Pass a function that starts the work',
              output: `import pLimit from 'p-limit'\nconst limit = pLimit(5)\nexport const f = (/** @type {string[]} */ urls) => Promise.all(urls.map((url) => limit(() => fetch(url))))`,
            },
          ],
        },
      ],
    },
    {
      name: 'given a promise whose argument awaits: no suggestion',
      filename: 'file.js',
      code: `import PQueue from 'p-queue'\nconst queue = new PQueue({ concurrency: 1 })\nexport const f = async (/** @type {Promise<string>} */ url) => queue.add(fetch(await url))`,
      errors: [{ level: 'certain', message: /`fetch` has started before `queue` sees it/u }],
    },
    {
      name: 'p-map with no limit',
      code: `import pMap from 'p-map'\nexport const f = (urls: string[]) => pMap(urls, (url) => fetch(url))`,
      errors: [
        {
          level: 'likely',
          message:
            'Without `concurrency`, `pMap` starts the work for every one of `urls` at once, however many there are.',
          suggestions: [
            {
              title: 'Pass `concurrency`',
              output: `import pMap from 'p-map'\nexport const f = (urls: string[]) => pMap(urls, (url) => fetch(url), { concurrency: 8 })`,
            },
          ],
        },
      ],
    },
    {
      name: 'workers of which the first takes everything',
      code: `export async function f(urls: string[]) {
  const started: Promise<Response>[] = []
  await Promise.all(Array.from({ length: 4 }, async () => {
    while (urls.length > 0) started.push(fetch(urls.pop()!))
  }))
  return Promise.all(started)
}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          message: /the first one starts `fetch/u,
          related: ['Awaited here, each worker would run one at a time.'],
        },
      ],
    },
  ],
})
