import { rule } from '../../../lint/rules/no-fire-and-forget-loop.ts'
import { testRule } from '../harness/ruleTester.ts'

const SAVE = 'declare function save(user: string): Promise<void>\n'

testRule(rule, {
  valid: [
    {
      name: 'dropped wherever it is called: possible only',
      code: `${SAVE}export function f(users: string[]) { for (const user of users) save(user) }\nexport function g() { save('a') }`,
    },
    {
      name: 'the last act of a function that is dropped itself: possible only',
      code: `${SAVE}async function saveAll(users: string[]) { await save('first'); for (const user of users) { save(user) } }
export async function f() { saveAll(['a']); await save('b') }`,
    },
    {
      name: 'in a function that only timers call: possible only',
      code: `${SAVE}export class Store {
  waiting: string[] = []
  plan() { setTimeout(() => { this.#flush() }, 10) }
  async now() { for (const user of this.waiting) await save(user) }
  #flush() { this.waiting.forEach((user) => { save(user) }) }
}`,
    },
    {
      name: 'a handler of events: possible only',
      code: `${SAVE}declare const folders: { on(event: 'change', tell: (added: readonly string[]) => void): void }
folders.on('change', (added) => { for (const folder of added) save(folder) })`,
    },
    {
      name: 'lines of a log',
      code: `declare const logger: { debug(line: string): Promise<void> }\nexport async function f(users: string[]) { for (const user of users) logger.debug(user) }`,
    },
    {
      name: 'notices',
      code: `declare function trackUsage(user: string): Promise<void>\nexport async function f(users: string[]) { for (const user of users) trackUsage(user) }`,
    },
    {
      name: 'examples',
      filename: 'examples/stream.ts',
      code: `${SAVE}export async function f(users: string[]) { for (const user of users) save(user) }`,
    },
    {
      name: 'awaited on each turn',
      code: `${SAVE}export async function f(users: string[]) { for (const user of users) await save(user) }`,
    },
    {
      name: 'collected and joined',
      code: `${SAVE}export async function f(users: string[]) {
        const started: Promise<void>[] = []
        for (const user of users) started.push(save(user))
        await Promise.all(started)
      }`,
    },
    {
      name: 'a callee that leaves at once while an earlier call is under way: possible only',
      code: `${SAVE}const view = { isBusy: false, isStale: false }
async function show(user: string) {
  if (view.isBusy) {
    view.isStale = true
    return
  }
  view.isBusy = true
  await save(user)
  view.isBusy = false
}
export async function f(users: string[]) { for (const user of users) show(user); await save('all') }`,
    },
    {
      name: 'a comment says that nobody is to wait',
      code: `${SAVE}export async function f(users: string[]) {
        for (const user of users) {
          // Don't wait for each of them: the next one may start.
          save(user)
        }
      }`,
    },
    {
      name: 'void says that it is meant',
      code: `${SAVE}export async function f(users: string[]) { for (const user of users) void save(user) }`,
    },
    {
      name: 'a handler takes the failures',
      code: `${SAVE}export async function f(users: string[]) { for (const user of users) save(user).catch(console.error) }`,
    },
    {
      name: 'the loop is left right after, so it runs once',
      code: `${SAVE}export async function f(users: string[]) { for (const user of users) { save(user); return } }`,
    },
    {
      name: 'a result that may be no promise, as in dispose(): void | Promise<void>',
      code: `declare const parts: { dispose(): void | Promise<void> }[]\nexport async function f() { for (const part of parts) part.dispose() }`,
    },
    {
      name: 'a handful of items that stand in the code',
      code: `${SAVE}export async function f() { for (const user of ['ann', 'bob']) save(user) }`,
    },
    {
      name: 'a fixed number of workers',
      code: `declare function worker(): Promise<void>\nexport async function f(concurrency: number) { for (let i = 0; i < concurrency; i++) worker() }`,
    },
    {
      name: 'the callee handles every failure',
      code: `async function ping(url: string) { try { await fetch(url) } catch { console.error(url) } }
        export async function f(urls: string[]) { for (const url of urls) ping(url) }`,
    },
    {
      name: 'the callee is async but never waits for anything',
      code: `async function note(user: string) { console.log(user) }\nexport async function f(users: string[]) { for (const user of users) note(user) }`,
    },
    {
      name: 'commands queued into a batch that is executed and awaited after the loop',
      code: `interface Batch { set(key: string): Promise<void>; exec(): Promise<void> }
        declare function batch(): Batch
        export async function f(keys: string[]) { const all = batch(); for (const key of keys) { all.set(key) } await all.exec() }`,
    },
    {
      name: 'a server that accepts one request after another',
      code: `declare const requests: AsyncIterable<Request>\ndeclare function handle(request: Request): Promise<void>
        export async function serve() { for await (const request of requests) { handle(request) } }`,
    },
    {
      name: 'a helper that the project names as one that detaches work',
      options: { allowedCalls: ['background'] },
      code: `declare function background(user: string): Promise<void>\nexport async function f(users: string[]) { for (const user of users) background(user) }`,
    },
    {
      name: 'nothing says that somebody counts on it: each session is told, as events are',
      code: `interface Session { refreshView(): Promise<void> }
        export function f(sessions: Session[]) { for (const session of sessions) session.refreshView() }`,
    },
    {
      name: 'calls that VS Code answers, which shows by itself what fails',
      code: `interface Thenable<T> extends PromiseLike<T> {}
        interface Memento { update(key: string, value: unknown): Thenable<void> }
        export async function f(state: Memento, keys: string[]) { for (const key of keys) state.update(key, undefined) }`,
    },
  ],
  invalid: [
    {
      name: 'what a stream is filled by, in a branch of a switch that a break ends: the wait for it never ends',
      code: `import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
declare function load(page: number): Promise<string[]>
export async function f(kinds: string[], out: NodeJS.WritableStream) {
  for (const kind of kinds) {
    switch (kind) {
      case 'lines': {
        const lines = new Readable({ read() {} })
        const fill = async () => { for (const line of await load(1)) lines.push(line); lines.push(null) }
        fill()
        await pipeline(lines, out)
        break
      }
    }
  }
}`,
      errors: [{ level: 'likely', line: 10 }],
    },
    {
      name: 'a call of which nothing is known, awaited elsewhere in the file',
      code: `import { store } from 'not-installed'
export async function one() { await store.save('a') }
export async function f(users: string[]) { for (const user of users) store.save(user) }`,
      errors: [
        {
          level: 'likely',
          line: 3,
          suggestions: [
            {
              title: 'Await each call in turn',
              output: `import { store } from 'not-installed'
export async function one() { await store.save('a') }
export async function f(users: string[]) { for (const user of users) await store.save(user) }`,
            },
            {
              title: 'Start all calls and wait for them after the loop',
              output: `import { store } from 'not-installed'
export async function one() { await store.save('a') }
export async function f(users: string[]) { const started: PromiseLike<unknown>[] = []; for (const user of users) started.push(store.save(user))
await Promise.all(started) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'work that reaches out, and that nothing else counts on: possible',
      level: 'possible',
      code: `export async function f(urls: string[]) { for (const url of urls) { if (url === '') return; fetch(url) } }`,
      errors: [
        {
          level: 'possible',
          suggestions: [
            {
              title: 'Await each call in turn',
              output: `export async function f(urls: string[]) { for (const url of urls) { if (url === '') return; await fetch(url) } }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a change in a synchronous function, where nobody could have waited: possible',
      level: 'possible',
      code: `${SAVE}export function f(users: string[]) { for (const user of users) { save(user) } }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'a try around the loop is for failures that it never sees',
      code: `interface Session { refreshView(): Promise<void> }
export async function f(sessions: Session[]) {
  try {
    for (const session of sessions) session.refreshView()
  } catch (error) { console.error(error) }
}`,
      errors: [
        {
          level: 'certain',
          line: 4,
          suggestions: [
            {
              title: 'Await each call in turn',
              output: `interface Session { refreshView(): Promise<void> }
export async function f(sessions: Session[]) {
  try {
    for (const session of sessions) await session.refreshView()
  } catch (error) { console.error(error) }
}`,
            },
            {
              title: 'Start all calls and wait for them after the loop',
              output: `interface Session { refreshView(): Promise<void> }
export async function f(sessions: Session[]) {
  try {
    const started: Promise<unknown>[] = []
    for (const session of sessions) started.push(session.refreshView())
    await Promise.all(started)
  } catch (error) { console.error(error) }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a change, where other things are waited for: likely',
      code: `${SAVE}declare function notify(): Promise<void>
export async function f(users: string[]) {
  await notify()
  for (const user of users) save(user)
}`,
      errors: [
        {
          level: 'likely',
          line: 5,
          suggestions: [
            {
              title: 'Await each call in turn',
              output: `${SAVE}declare function notify(): Promise<void>
export async function f(users: string[]) {
  await notify()
  for (const user of users) await save(user)
}`,
            },
            {
              title: 'Start all calls and wait for them after the loop',
              output: `${SAVE}declare function notify(): Promise<void>
export async function f(users: string[]) {
  await notify()
  const started: Promise<unknown>[] = []
  for (const user of users) started.push(save(user))
  await Promise.all(started)
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a callee that sets its mark only after it has waited',
      code: `${SAVE}const view = { isBusy: false }
async function updateOnce(user: string) {
  if (view.isBusy) return
  await save(user)
  view.isBusy = true
}
export async function f(users: string[]) { for (const user of users) { if (user === '') return; updateOnce(user) } }`,
      errors: [
        {
          level: 'certain',
          line: 8,
          suggestions: [
            {
              title: 'Await each call in turn',
              output: `${SAVE}const view = { isBusy: false }
async function updateOnce(user: string) {
  if (view.isBusy) return
  await save(user)
  view.isBusy = true
}
export async function f(users: string[]) { for (const user of users) { if (user === '') return; await updateOnce(user) } }`,
            },
          ],
        },
      ],
    },
    {
      name: 'in an async function: certain',
      code: `${SAVE}export async function f(users: string[]) {
  for (const user of users) {
    save(user)
  }
  console.log('all saved')
}`,
      errors: [
        {
          level: 'certain',
          line: 4,
          message: /^Nothing waits for `save`: each turn of the loop starts one/u,
          related: ['Each turn of this loop starts one.'],
          suggestions: [
            {
              title: 'Await each call in turn',
              output: `${SAVE}export async function f(users: string[]) {
  for (const user of users) {
    await save(user)
  }
  console.log('all saved')
}`,
            },
            {
              title: 'Start all calls and wait for them after the loop',
              output: `${SAVE}export async function f(users: string[]) {
  const started: Promise<unknown>[] = []
  for (const user of users) {
    started.push(save(user))
  }
  await Promise.all(started)
  console.log('all saved')
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'behind a condition, with an early return that a wait after the loop would miss',
      code: `${SAVE}export async function f(users: string[]) {
  for (const user of users) {
    if (user === '') return
    if (user !== 'root') save(user)
  }
}`,
      errors: [
        {
          level: 'certain',
          suggestions: [
            {
              title: 'Await each call in turn',
              output: `${SAVE}export async function f(users: string[]) {
  for (const user of users) {
    if (user === '') return
    if (user !== 'root') await save(user)
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'in a synchronous function, what is told to end and is awaited elsewhere: likely',
      code: `interface Exporter { shutdown(): Promise<void> }
export class Pipeline {
  exporters: Exporter[] = []
  replace(exporters: Exporter[]) {
    for (const one of this.exporters) one.shutdown()
    this.exporters = exporters
  }
  async shutdown() { for (const one of this.exporters) await one.shutdown() }
}`,
      errors: [{ level: 'likely', line: 5 }],
    },
    {
      name: 'in a synchronous callback of forEach',
      code: `${SAVE}export async function f(users: Map<string, string>) { users.forEach((user) => { save(user) }) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'inside a nested loop the calls of one inner loop are joined behind it',
      code: `${SAVE}export async function f(teams: string[][]) {
  for (const team of teams) {
    for (const user of team) save(user)
  }
}`,
      errors: [
        {
          level: 'certain',
          suggestions: [
            {
              title: 'Await each call in turn',
              output: `${SAVE}export async function f(teams: string[][]) {
  for (const team of teams) {
    for (const user of team) await save(user)
  }
}`,
            },
            {
              title: 'Start all calls and wait for them after the loop',
              output: `${SAVE}export async function f(teams: string[][]) {
  for (const team of teams) {
    const started: Promise<unknown>[] = []
    for (const user of team) started.push(save(user))
    await Promise.all(started)
  }
}`,
            },
          ],
        },
      ],
    },
  ],
})
