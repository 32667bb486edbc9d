import { rule } from '../../../lint/rules/no-overlapping-interval.ts'
import { testRule } from '../harness/ruleTester.ts'

const POLL = "async function poll() { await fetch('/', { method: 'POST' }) }\n"
const ASYNC =
  "export function start() {\n  setInterval(async () => {\n    await fetch('/', { method: 'POST' })\n  }, 1000)\n}"
const GUARDED =
  "export function start() {\n  let isRunning = false\n  setInterval(async () => {\n    if (isRunning) return\n    isRunning = true\n    try {\n      await fetch('/', { method: 'POST' })\n    } finally {\n      isRunning = false\n    }\n  }, 1000)\n}"

testRule(rule, {
  valid: [
    { name: 'work that waits for nothing', level: 'possible', code: 'setInterval(() => { console.log(1) }, 10)' },
    {
      name: 'an async callback without an await',
      level: 'possible',
      code: 'setInterval(async () => { console.log(1) }, 10)',
    },
    {
      name: 'a mark that it looks at and sets',
      level: 'possible',
      code: `let busy = false\nsetInterval(async () => { if (busy) return; busy = true; try { await fetch('/') } finally { busy = false } }, 10)`,
    },
    {
      name: 'a mark in a field',
      level: 'possible',
      code: `class A { busy = false; async poll() { if (this.busy) return; this.busy = true; await fetch('/'); this.busy = false }\n start() { setInterval(() => this.poll(), 10) } }\nexport default A`,
    },
    {
      name: 'a promise in flight that is kept',
      level: 'possible',
      code: `let going: Promise<unknown> | undefined\nsetInterval(async () => { going ??= fetch('/'); await going; going = undefined }, 10)`,
    },
    {
      name: 'a method that waits for the run before, if there is one',
      level: 'possible',
      code: `export class Log { #upload: Promise<void> | undefined
 async flush(): Promise<void> { if (this.#upload) { await this.#upload; return this.flush() } await this.send() }
 async send() { this.#upload = fetch('/').then(() => undefined); await this.#upload; this.#upload = undefined }
 start() { setInterval(() => this.flush(), 10) } }`,
    },
    {
      name: 'a callback that clears its own timer',
      level: 'possible',
      code: `const timer = setInterval(async () => { clearInterval(timer); await fetch('/') }, 10)`,
    },
    {
      name: 'a lock',
      level: 'possible',
      code: `declare const mutex: { runExclusive(run: () => Promise<unknown>): Promise<void> }\nsetInterval(async () => { await mutex.runExclusive(() => fetch('/')) }, 10)`,
    },
    {
      name: 'all that it waits for is a method that turns away a second run',
      level: 'possible',
      code: `class Watch { last = 0
  start() { setInterval(async () => { if (process.memoryUsage().rss > 1e9) await this.report() }, 1000) }
  async report() { if (Date.now() - this.last < 30_000) return; this.last = Date.now(); await fetch('/') } }
export default Watch
declare const process: { memoryUsage(): { rss: number } }`,
    },
    {
      name: 'another function of that name',
      level: 'possible',
      code: `${POLL}declare const clock: { every(run: () => void): void }\nclock.every(() => { void poll() })`,
    },
    {
      name: 'work that only reads: possible only',
      code: `async function look() { const answer = await fetch('/'); console.log(await answer.text()) }\nsetInterval(look, 1000)`,
    },
    {
      name: 'failures are caught: possible only',
      code: `setInterval(async () => { try { await fetch('/', { method: 'POST' }) } catch (error) { console.error(error) } }, 1000)`,
    },
    { name: 'a minute apart: possible only', code: `${POLL}setInterval(poll, 60 * 1000)` },
    {
      name: 'a minute apart by a constant: possible only',
      code: `${POLL}const SECONDS = 60\nsetInterval(poll, SECONDS * 1000)`,
    },
    {
      name: 'a component in a file without the `x`: possible only',
      filename: 'Status.js',
      files: { './node_modules/react/index.d.ts': 'export declare function useEffect(effect: () => void): void' },
      code: `import { useEffect } from 'react'\n${POLL}export function useStatus() { useEffect(() => { setInterval(poll, 2000) }) }`,
    },
    { name: 'tests', filename: 'a.test.ts', code: `${POLL}setInterval(poll, 1000)` },
  ],
  invalid: [
    {
      name: 'a method bound to its instance',
      code: `export class Sync { async push(): Promise<void> { await fetch('/', { method: 'POST' }) }
 start(): void { setInterval(this.push.bind(this), 1_000) } }`,
      errors: [{ line: 2, level: 'likely', message: /does not wait for `this.push`/u }],
    },
    {
      name: 'runs that some caller puts closely together, and others far apart',
      code: `${POLL}export function start(every: number) { setInterval(poll, every) }
start(3_600_000)
start(5_000)`,
      errors: [{ line: 2, level: 'likely' }],
    },
    {
      name: 'runs that all callers put far apart',
      level: 'possible',
      code: `${POLL}function start(every: number) { setInterval(poll, every) }
const HOUR = 60 * 60 * 1_000
start(HOUR)`,
      errors: [{ line: 2, level: 'possible' }],
    },
    {
      name: 'work whose method writes, two calls away',
      code: `declare const store: { insert(rows: string[]): Promise<void> }
class Feed { async turn() { await this.flushRows() }\n async flushRows() { await store.insert([]) }\n start() { setInterval(() => { this.turn() }, 1000) } }
export default Feed`,
      errors: [{ level: 'likely', line: 4, related: ['Each run starts this.'] }],
    },
    {
      name: 'work that closes what others may use',
      code: `declare const pool: { idle(): Promise<{ close(): Promise<void> }> }
setInterval(async () => (await pool.idle()).close(), 1000)`,
      errors: [{ level: 'likely', line: 2 }],
    },
    {
      name: 'in a page, where a rejection is a line in the console',
      level: 'possible',
      code: `${POLL}document.title = ''\nsetInterval(poll, 10)`,
      errors: [{ level: 'possible', line: 3 }],
    },
    {
      name: 'in a component',
      level: 'possible',
      filename: 'list.tsx',
      code: `${POLL}setInterval(poll, 10)`,
      errors: [{ level: 'possible', line: 2 }],
    },
    {
      name: 'in an extension, whose window is no page',
      code: `${POLL}declare const vscode: { window: { show(text: string): void } }\nvscode.window.show('')\nsetInterval(poll, 10)`,
      errors: [{ level: 'likely', line: 4 }],
    },
    {
      name: 'an async callback',
      code: ASYNC,
      errors: [
        {
          level: 'likely',
          line: 2,
          column: 3,
          endColumn: 14,
          message:
            '`setInterval` does not wait for its async callback: a run that takes longer than the interval overlaps the next one, and a rejection is unhandled.',
          suggestions: [{ title: 'Leave a turn out while the last one still runs', output: GUARDED }],
        },
      ],
    },
    {
      name: 'a callback on one line, and a call over several',
      code: "setInterval(\n  async () => { await fetch('/', { method: 'POST' }) }, // soon\n  1000,\n)",
      errors: [
        {
          suggestions: [
            {
              title: 'Leave a turn out while the last one still runs',
              output:
                "let isRunning = false\nsetInterval(\n  async () => {\n    if (isRunning) return\n    isRunning = true\n    try {\n      await fetch('/', { method: 'POST' })\n"
                + '    } finally {\n      isRunning = false\n    }\n  }, // soon\n  1000,\n)',
            },
          ],
        },
      ],
    },
    {
      name: 'one of the two methods that it waits for turns nothing away',
      code: `class Watch { last = 0
  start() { setInterval(() => this.turn(), 1000) }
  async turn() { await this.report(); await this.beat() }
  async beat() { await fetch('/beat') }
  async report() { if (Date.now() - this.last < 30_000) return; this.last = Date.now(); await fetch('/', { method: 'POST' }) } }
export default Watch`,
      errors: [{ level: 'likely', line: 2, related: ['Each run starts this.'] }],
    },
    {
      name: 'a variable of each run, set and looked at, is no mark',
      code: `declare function pack(): Promise<string>\ndeclare function save(path: string): Promise<void>
async function backUp() { let path; try { path = await pack(); await save(path) } finally { console.log(path ? [path] : []) } }
setInterval(backUp, 5000)`,
      errors: [{ level: 'likely', line: 4, message: /`backUp`/u }],
    },
    {
      name: 'the name of an async function',
      code: `${POLL}globalThis.setInterval(poll, 1000)`,
      errors: [{ level: 'likely', message: /does not wait for `poll`/u }],
    },
    {
      name: 'a call inside a callback',
      code: `${POLL}setInterval(() => { poll() }, 1000)`,
      errors: [{ level: 'likely', related: ['Each run starts this.'] }],
    },
    {
      name: 'a method of the program, in another file',
      files: {
        './feed.ts': `export class Feed { async refresh(): Promise<void> { await fetch('/', { method: 'POST' }) } }`,
      },
      code: `import { Feed } from './feed.ts'\nconst feed = new Feed()\nsetInterval(() => feed.refresh(), 1000)`,
      errors: [{ level: 'likely', message: /`feed\.refresh`/u, related: ['Each run starts this.'] }],
    },
    {
      name: 'failures are caught: it may still overlap',
      level: 'possible',
      code: `setInterval(async () => fetch('/', { method: 'POST' }).then(async () => { await fetch('/', { method: 'POST' }) }).catch(console.error), 1000)`,
      errors: [{ level: 'possible' }],
    },
  ],
})
