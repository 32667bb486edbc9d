import { rule } from '../../../lint/rules/no-floating-fan-out.ts'
import { testRule } from '../harness/ruleTester.ts'
import { mended } from './droppedCall.ts'

const STORE = "import { open, store } from 'not-installed'\n"

const TYPED = 'declare const client: { request(name: string): Promise<string> }\n'
const IN_BETWEEN = mended(
  `${TYPED}export async function f() {\n  const id = await client.request('new')\n  `,
  "client.request('model')",
  "\n  return [id, await client.request('submit')]\n}",
)
const SCHEDULED = mended(
  `${STORE}export async function f(isNew: boolean) {\n  try {\n    if (!isNew) {\n      `,
  "store.scheduleNotification('a')",
  "\n      return\n    }\n    await store.scheduleNotification('b')\n  } catch (error) { console.error(error) }\n}",
)
const REMOVED = mended(
  "declare const users: { remove(id: string): Promise<void> }\nexport async function g() { await users.remove('a') }\nexport async function f() {\n  await fetch('/')\n  ",
  "users.remove('b')",
  '\n}',
)
const READY = `declare function connect(): Promise<void>
export function f() {
  let isReady: (() => void) | undefined
  const ready = new Promise<void>((resolve) => { isReady = resolve })
  connect().then(() => { isReady?.() })
  return ready
}`
const FORKED = `declare function work(): Promise<string>
declare const jobs: Set<Promise<string>>
export function f() {
  const job = work()
  job.finally(() => jobs.delete(job))
  return job
}`

testRule(rule, {
  valid: [
    {
      name: 'a call of which nothing is known, and that nobody waits for',
      level: 'possible',
      code: `${STORE}export async function f() { await open(); store.save('a') }`,
    },
    {
      name: 'a call of which nothing is known, awaited elsewhere, that stores nothing: possible only',
      code: `${STORE}export async function g() { await store.open('a') }\nexport async function f() { await open(); store.open('b') }`,
    },
    {
      name: 'what is awaited in the same function, but said to run alone',
      code: `${TYPED}export async function f() {\n  await client.request('a')\n  // in the background\n  client.request('b')\n}`,
    },
    {
      name: 'a notice that the same function waits for in another place: possible only',
      code: `${STORE}export async function f() { await store.sendMessage('a'); store.sendMessage('b') }`,
    },
    {
      name: 'new data for a view, looked for at the end of a try: possible only',
      code: `declare function send(): Promise<void>
declare function mutate(): Promise<void>
export async function f() { try { await send(); mutate() } catch (error) { console.error(error) } }`,
    },
    {
      name: 'the steps of a query that is run when it is waited for',
      level: 'possible',
      code: `declare class Query implements PromiseLike<string[]> {
  then: PromiseLike<string[]>['then']
  limit(count: number): this
  where(name: string): Query
}
export async function f(query: Query) {
  try {
    query.limit(5)
    query.where('a').limit(3)
    return await query
  } catch { return [] }
}
export class Newest extends Query {
  override limit(count: number) { super.where('new'); this.where('b'); return super.limit(count) }
}`,
    },
    {
      name: 'a fork of a promise that cannot reject',
      code: `declare function work(): Promise<string>
export function f() {
  const job = work().then(() => 1, () => 2)
  job.finally(() => { console.log('done') })
  return job
}`,
    },
    {
      name: 'a fork in a handler of events: possible only',
      code: `declare function work(): Promise<string>
export async function onClick() { const job = work(); job.then(console.log); await job }`,
    },
    {
      name: 'what settles nothing that a variable keeps, and a helper that is given something else',
      level: 'possible',
      code: `declare function connect(): Promise<void>
export function f(res: string, page: string, sendPage: (page: string) => void) {
  let isReady: (() => void) | undefined
  isReady = () => { console.log(res) }
  connect().then(() => { isReady?.() })
  connect().then(() => { sendPage(page) })
}`,
    },
  ],
  invalid: [
    {
      name: 'what the same function waits for in two other places',
      code: IN_BETWEEN.code,
      errors: [{ level: 'likely', line: 4, related: ['Here it is awaited.'], suggestions: IN_BETWEEN.suggestions }],
    },
    {
      name: 'what the same function waits for, of a package that is not installed, whatever it is called',
      code: SCHEDULED.code,
      errors: [
        { level: 'likely', line: 5, message: /the `catch` around it/u, suggestions: SCHEDULED.suggestions.slice(0, 1) },
      ],
    },
    {
      name: 'what removes something, and is awaited in another function',
      code: REMOVED.code,
      errors: [{ level: 'likely', line: 5, related: ['Here it is awaited.'], suggestions: REMOVED.suggestions }],
    },
    {
      name: 'what a stream is filled by that is waited for further down',
      code: `import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
declare function load(page: number): Promise<string[]>
export async function f(out: NodeJS.WritableStream) {
  const lines = new Readable({ read() {} })
  const fill = async () => { for (const line of await load(1)) lines.push(line); lines.push(null) }
  fill()
  await pipeline(lines, out)
}`,
      errors: [
        {
          level: 'likely',
          line: 7,
          message:
            'Nothing waits for `fill`: `await pipeline(lines, out)` waits for what it hands on, and for ever where it fails, and a rejection is unhandled.',
          related: ['This waits for what the call hands on.'],
        },
      ],
    },
    {
      name: 'success alone settles a promise by a function that a variable keeps',
      code: READY,
      errors: [{ level: 'likely', line: 5, related: ['Only success settles the other promise.'] }],
    },
    {
      name: 'success alone answers a request, by a helper',
      code: `declare function load(): Promise<string>
declare function sendPage(res: unknown, page: string): void
export const page = (req: unknown, res: unknown) => { load().then((page) => { sendPage(res, page) }) }`,
      errors: [{ level: 'likely', line: 3, related: ['Only success answers the request.'] }],
    },
    {
      name: 'a chain on a promise that is given back',
      code: FORKED,
      errors: [
        {
          level: 'likely',
          line: 5,
          message:
            '`job.finally` makes a promise of its own: where `job` rejects, that one does, too, and nothing handles it, whoever handles `job`.',
          related: ['This sees to `job` alone.'],
          suggestions: [
            {
              title: 'Ignore its failure here',
              output: FORKED.replace('jobs.delete(job))', 'jobs.delete(job)).catch(() => {})'),
            },
          ],
        },
      ],
    },
  ],
})
