import { rule } from '../../../lint/rules/no-lost-cancel.ts'
import { testRule } from '../harness/ruleTester.ts'

const load = (before: string): string => `declare function keep(it: unknown): void
export async function load(url: string): Promise<Response> {
  const controller = new AbortController()
  ${before}
  const response = await fetch(url, { signal: controller.signal })
  return response
}`

const background = (rest: string): string => `declare function listen(options: { signal: AbortSignal }): void
declare function work(): Promise<boolean>
declare function keep(it: unknown): void
export async function run(): Promise<void> {
  const end = new AbortController()
  listen({ signal: end.signal })
  ${rest}
}`

const limited = (body: string, cleanup = 'clearTimeout(timer)'): string => `declare function load(): Promise<string>
declare function isKept(): boolean
export async function loadInTime(limit: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => { reject(new Error('late')) }, limit) })
  try { ${body} } finally { ${cleanup} }
}`

const slow = (rest: string, late = 'show("still busy")'): string => `declare function show(text: string): void
declare function work(): Promise<string>
declare const child: { kill(): void }
declare const logger: { warn(text: string): void }
export async function run(): Promise<string | undefined> {
  const timer = setTimeout(() => { ${late} }, 5_000)
  ${rest}
}`

const aborted = (body: string): string => `export async function loadInTime(url: string) {
  const controller = new AbortController()
  const timer = setTimeout(() => { controller.abort() }, 30_000)
  try { ${body} } finally { clearTimeout(timer) }
}`

testRule(rule, {
  valid: [
    {
      name: 'a timer that acts when work takes long, cleared in finally',
      level: 'possible',
      code: slow('try { return await work() } finally { clearTimeout(timer) }'),
    },
    {
      name: 'such a timer, where the failure has been caught',
      level: 'possible',
      code: slow('const text = await work().catch(() => undefined); clearTimeout(timer); return text'),
    },
    {
      name: 'such a timer that only logs',
      level: 'possible',
      code: slow('const text = await work(); clearTimeout(timer); return text', 'logger.warn("still busy")'),
    },
    {
      name: 'such a timer that kills what should be gone by then',
      level: 'possible',
      code: slow('const text = await work(); clearTimeout(timer); return text', 'child.kill()'),
    },
    {
      name: 'a controller for something without types, which may demand a signal: possible only',
      code: `declare const host: any
export async function load(): Promise<unknown> { const controller = new AbortController(); return await host.upload({ signal: controller.signal }) }`,
    },
    { name: 'a race that is waited for in `try`', code: limited('return await Promise.race([load(), late])') },
    {
      name: 'a race whose outcome is used in `try`',
      code: limited('const text = await Promise.race([load(), late]); return text.trim()'),
    },
    {
      name: 'a promise given out of `try` that no time limit is for',
      code: limited('await Promise.race([load(), late]); return load()'),
    },
    {
      name: 'a timer that is cleared on a condition',
      code: limited('return Promise.race([load(), late])', 'if (isKept()) clearTimeout(timer)'),
    },
    {
      name: 'a request that is waited for in `try`',
      code: aborted('return await fetch(url, { signal: controller.signal })'),
    },
    {
      name: 'a request without the limit',
      code: aborted('await fetch(url, { signal: controller.signal }); return fetch(url)'),
    },
    {
      name: 'a value that is there',
      code: aborted('await fetch(url, { signal: controller.signal }); return String(controller.signal.aborted)'),
    },
    {
      name: 'an async generator, which waits for what it returns',
      code: limited('return Promise.race([load(), late])').replace('async function', 'async function*'),
    },
    {
      name: 'a deadline in an example, at likely',
      filename: 'examples/load.ts',
      code: load('setTimeout(() => { controller.abort() }, 30_000)'),
    },
    { name: 'a controller that is aborted', code: load("process.once('SIGINT', () => { controller.abort() })") },
    { name: 'a controller that is handed on', code: load('keep(controller)') },
    { name: 'an `abort` that is handed on', code: load('keep(controller.abort.bind(controller))') },
    {
      name: 'a placeholder',
      code: 'export const load = (url: string): Promise<Response> => fetch(url, { signal: new AbortController().signal })',
    },
    {
      name: 'a controller that nothing uses',
      code: 'export async function f() { const controller = new AbortController(); await fetch("/") }',
    },
    {
      name: 'a handle that is kept',
      code: load('const timer = setTimeout(() => { controller.abort() }, 30_000); keep(timer)'),
    },
    {
      name: 'a timer that does not hold the process',
      code: load('setTimeout(() => { controller.abort() }, 30_000).unref()'),
    },
    { name: 'a short timer', code: load('setTimeout(() => { controller.abort() }, 100)') },
    { name: 'a timer that does more', code: load('setTimeout(() => { keep(url); controller.abort() }, 30_000)') },
    {
      name: 'a timer that nothing comes after',
      code: 'export async function f() { const c = new AbortController(); void fetch("/", { signal: c.signal }); setTimeout(() => { c.abort() }, 5_000) }',
    },
    {
      name: 'a field, which others may abort',
      code: 'export class Job { controller = new AbortController(); run() { return fetch("/", { signal: this.controller.signal }) } }',
    },
    {
      name: 'a private field that is aborted',
      code: 'export class Job { readonly #end = new AbortController(); run() { return fetch("/", { signal: this.#end.signal }) } stop() { this.#end.abort() } }',
    },
    {
      name: 'a private field that is handed on',
      code: 'export class Job { readonly #end = new AbortController(); run(keep: (it: unknown) => void) { keep(this.#end); return fetch("/", { signal: this.#end.signal }) } }',
    },
    {
      name: 'a private field that is set anew',
      code: 'export class Job { private end = new AbortController(); run() { this.end = new AbortController(); return fetch("/", { signal: this.end.signal }) } }',
    },
    {
      name: 'a protected field, which a subclass may abort',
      code: 'export class Job { protected end = new AbortController(); run() { return fetch("/", { signal: this.end.signal }) } }',
    },
    {
      name: 'a timer that is cleared in finally',
      code: `export async function load(url: string) {
  const controller = new AbortController()
  const timer = setTimeout(() => { controller.abort() }, 30_000)
  try { return await fetch(url, { signal: controller.signal }) } finally { clearTimeout(timer) }
}`,
    },
    {
      name: 'a timer that is cleared on both ways',
      code: `export async function load(url: string) {
  const controller = new AbortController()
  const timer = setTimeout(() => { controller.abort() }, 30_000)
  try { const it = await fetch(url, { signal: controller.signal }); clearTimeout(timer); return it } catch (error) { clearTimeout(timer); throw error }
}`,
    },
    {
      name: 'a failure that is caught before the clearing',
      code: `export async function load(url: string) {
  const controller = new AbortController()
  const timer = setTimeout(() => { controller.abort() }, 30_000)
  let it
  try { it = await fetch(url, { signal: controller.signal }) } catch { it = undefined }
  clearTimeout(timer)
  return it
}`,
    },
    {
      name: 'a timer that a handler clears',
      code: `export async function load(url: string) {
  const controller = new AbortController()
  const timer = setTimeout(() => { controller.abort() }, 30_000)
  return fetch(url, { signal: controller.signal }).finally(() => { clearTimeout(timer) })
}`,
    },
    {
      name: 'a short timer that is cleared on success',
      code: `export async function load(url: string) {
  const controller = new AbortController()
  const timer = setTimeout(() => { controller.abort() }, 300)
  const it = await fetch(url, { signal: controller.signal })
  clearTimeout(timer)
  return it
}`,
    },
    {
      name: 'a timer of one second that is cleared on success',
      code: load(
        'const timer = setTimeout(() => { controller.abort() }, 1_000); await fetch(url, { signal: controller.signal }); clearTimeout(timer)',
      ),
    },
    {
      name: 'an abort for a time limit that has passed, where success leaves before it too',
      code: `declare function start(signal: AbortSignal): Promise<string>
declare function first(work: Promise<string>): Promise<{ value: string } | { error: unknown } | undefined>
export async function run(): Promise<string> {
  const limit = new AbortController()
  const work = start(limit.signal)
  const outcome = await first(work)
  if (outcome && 'value' in outcome) return outcome.value
  if (outcome) throw outcome.error
  limit.abort()
  throw new Error('too late')
}`,
    },
    {
      name: 'a late abort of what was waited for',
      code: 'export async function f(url: string) { const end = new AbortController(); const it = await fetch(url, { signal: end.signal }); end.abort(); return it.status }',
    },
    {
      name: 'an abort for the one that may have lost a race',
      code: 'declare function closed(signal: AbortSignal): Promise<boolean>\nexport async function f(ready: Promise<boolean>) { const end = new AbortController(); const it = await Promise.race([ready, closed(end.signal)]); end.abort(); return it }',
    },
    { name: 'an abort in finally', code: background('try { await work() } finally { end.abort() }') },
    { name: 'an abort in a branch', code: background('if (await work()) end.abort()') },
    {
      name: 'an abort after a failure too',
      code: background('try { await work() } catch (error) { end.abort(); throw error }\n  end.abort()'),
    },
    {
      name: 'an abort after a failure that was caught',
      code: background('try { await work() } catch {}\n  end.abort()'),
    },
    {
      name: 'an abort after waits that cannot fail',
      code: background('await Promise.allSettled([work()])\n  await work().catch(() => false)\n  end.abort()'),
    },
    {
      name: 'an abort that somebody else may make',
      code: background("process.once('SIGINT', () => { end.abort() })\n  await work()\n  end.abort()"),
    },
    {
      name: 'a controller that is handed on before its abort',
      code: background('keep(end)\n  await work()\n  end.abort()'),
    },
    {
      name: 'a returned request under no deadline',
      code: 'export function f(url: string) { const end = new AbortController(); setTimeout(() => { end.abort() }, 5_000); return url }',
    },
    { name: 'in a test', filename: 'load.test.ts', level: 'possible', code: load('') },
  ],
  invalid: [
    {
      name: 'a timer that acts when work takes long, and that only success clears',
      code: slow('show(await work())\n  clearTimeout(timer)\n  return undefined'),
      errors: [
        {
          line: 6,
          level: 'likely',
          message: 'When the work fails, nothing clears this timer: it fires later, and acts for work that is over.',
          related: ['A failure here leaves the function.', 'This clears the timer only when all went well.'],
          suggestions: [
            {
              title: 'Clear the timer in `finally`',
              output: slow(
                'try {\n    show(await work())\n  } finally {\n    clearTimeout(timer)\n  }\n  return undefined',
              ),
            },
          ],
        },
      ],
    },
    {
      name: 'the same, where a handler leaves the function',
      code: slow(
        'let text\n  try { text = await work() } catch (error) { show(String(error)); return }\n  clearTimeout(timer)\n  return text',
      ),
      errors: [{ line: 6, level: 'likely' }],
    },
    {
      name: 'a race given out of `try` before `finally` clears its time limit',
      code: limited('return Promise.race([load(), late])', 'if (timer) { clearTimeout(timer) }'),
      errors: [
        {
          level: 'certain',
          line: 6,
          message:
            'Nothing waits here, so that `finally` clears the timer as soon as `Promise.race` has begun: the time limit never comes.',
          related: ['This runs before the promise has ended.', 'This is cleared before it can fire.'],
          suggestions: [
            {
              title: 'Wait for it before `finally`',
              output: limited('return await Promise.race([load(), late])', 'if (timer) { clearTimeout(timer) }'),
            },
          ],
        },
      ],
    },
    {
      name: 'the same with the time limit in the list, and no async function',
      code: `declare function load(): Promise<string>
export function loadInTime(limit: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    return Promise.race([load(), new Promise<never>((_, reject) => (timer = setTimeout(reject, limit)))])
  } finally {
    clearTimeout(timer)
  }
}`,
      errors: [{ line: 5 }],
    },
    {
      name: 'a request given out of `try` before `finally` clears its deadline',
      code: aborted('return fetch(url, { signal: controller.signal })'),
      errors: [
        {
          level: 'certain',
          suggestions: [
            {
              title: 'Wait for it before `finally`',
              output: aborted('return await fetch(url, { signal: controller.signal })'),
            },
          ],
        },
      ],
    },
    {
      name: 'a private field that only gives out its signal',
      code: 'export class Job {\n  readonly #end = new AbortController()\n  run() { return fetch("/", { signal: this.#end.signal }) }\n}',
      errors: [
        {
          line: 2,
          level: 'likely',
          message:
            'Nothing ever aborts `#end`: what is given its signal looks as if it could be cancelled, and cannot.',
          related: ['This signal never aborts.'],
        },
      ],
    },
    {
      name: 'a private field by its modifier',
      code: 'export class Job {\n  private end = new AbortController()\n  run() { return fetch("/", { signal: this.end.signal }) }\n}',
      errors: [{ line: 2 }],
    },
    {
      name: 'a timer that only success clears',
      code: `export async function load(url: string): Promise<Response> {
  const controller = new AbortController()
  const timer = setTimeout(() => { controller.abort() }, 30_000)
  const response = await fetch(url, { signal: controller.signal })
  clearTimeout(timer)
  return response
}`,
      errors: [
        {
          line: 3,
          level: 'likely',
          message:
            'When the work fails, nothing clears this timer: it runs on until it fires, and keeps the process alive and `controller` with all that listens to it.',
          related: ['A failure here leaves the function.', 'This clears the timer only when all went well.'],
        },
      ],
    },
    {
      name: 'the same, where `finally` takes it',
      code: `declare function store(response: Response): void
export async function load(url: string): Promise<void> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), 30_000)
  // The answer is small.
  store(await fetch(url, { signal: controller.signal }))
  clearTimeout(timer)
}`,
      errors: [
        {
          line: 4,
          suggestions: [
            {
              title: 'Clear the timer in `finally`',
              output: `declare function store(response: Response): void
export async function load(url: string): Promise<void> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), 30_000)
  // The answer is small.
  try {
    store(await fetch(url, { signal: controller.signal }))
  } finally {
    clearTimeout(timer)
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'in a try whose handler clears nothing',
      code: `export async function load(url: string) {
  const controller = new AbortController()
  const timer = setTimeout(() => { controller.abort() }, 30_000)
  try { const it = await fetch(url, { signal: controller.signal }); clearTimeout(timer); return it } catch { return undefined }
}`,
      errors: [{ line: 3 }],
    },
    {
      name: 'a controller that only gives out its signal',
      code: load(''),
      errors: [
        {
          level: 'likely',
          line: 3,
          message:
            'Nothing ever aborts `controller`: what is given its signal looks as if it could be cancelled, and cannot.',
          related: ['This signal never aborts.'],
        },
      ],
    },
    {
      name: 'a controller that only success aborts',
      code: background('await work()\n  end.abort()'),
      errors: [
        {
          line: 5,
          level: 'likely',
          message:
            'When the work fails, nothing aborts `end`: what was given its signal runs on, and nobody waits for it any more.',
          related: ['A failure here leaves the function.', 'This aborts only when all went well.'],
          suggestions: [
            {
              title: 'Abort in `finally`',
              output:
                background('').replace(/ {2}listen\([^]*/u, '')
                + '  try {\n    listen({ signal: end.signal })\n    await work()\n  } finally {\n    end.abort()\n  }\n}',
            },
          ],
        },
      ],
    },
    {
      name: 'the same, by a throw, and by a handler that throws on',
      code: `declare function start(signal: AbortSignal): Promise<string>
export async function run(isReady: () => boolean): Promise<string> {
  const end = new AbortController()
  const { signal } = end
  const running = start(signal)
  if (!isReady()) throw new Error('not ready')
  end.abort()
  return running
}
export async function runAgain(work: () => Promise<void>): Promise<string> {
  const end = new AbortController()
  const signal = end.signal
  const running = start(signal)
  try { await work() } catch (error) { console.error(error); throw error }
  end.abort()
  return running
}`,
      errors: [
        { line: 3, related: ['A failure here leaves the function.', 'This aborts only when all went well.'] },
        { line: 11 },
      ],
    },
    {
      name: 'two that race each other',
      code: 'declare function ask(host: string, signal: AbortSignal): Promise<string>\nexport async function f() {\n  const end = new AbortController()\n  const it = await Promise.race([ask("a", end.signal), ask("b", end.signal)])\n  end.abort()\n  return it\n}',
      errors: [{ line: 3 }],
    },
    {
      name: 'a listener that ends a server',
      code: 'import { createServer } from "node:http"\nexport async function f(login: () => Promise<string>) {\n  const end = new AbortController()\n  const signal = end.signal\n  const server = createServer()\n  signal.addEventListener("abort", () => { server.close() })\n  const token = await login()\n  end.abort()\n  return token\n}',
      errors: [{ line: 3 }],
    },
    {
      name: 'a deadline of a request that is returned',
      code: 'export function load(url: string, ms: number): Promise<Response> {\n  const controller = new AbortController()\n  if (ms > 0) {\n    setTimeout(() => { controller.abort() }, ms)\n  }\n  return fetch(url, { signal: controller.signal })\n}',
      errors: [{ line: 4, message: /^When the work is done in time/u }],
    },
    {
      name: 'a deadline that is logged',
      code: load("setTimeout(() => { controller.abort(); console.error('late') }, 30_000)"),
      errors: [{ line: 4 }],
    },
    {
      name: 'a timer on a condition, and cleared so on success only',
      code: `export async function load(url: string, ms?: number): Promise<Response> {
  const controller = new AbortController()
  const timer = ms ? setTimeout(() => { controller.abort() }, ms) : undefined
  const response = await fetch(url, { signal: controller.signal })
  if (timer) {
    clearTimeout(timer)
  }
  return response
}`,
      errors: [{ line: 3, message: /^When the work fails/u }],
    },
    {
      name: 'a handle that is set later, and cleared on success only',
      code: `export async function load(url: string): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const controller = new AbortController()
  timer = setTimeout(() => { controller.abort() }, 30_000)
  const response = await fetch(url, { signal: controller.signal })
  clearTimeout(timer)
  return response
}`,
      errors: [{ line: 4, message: /^When the work fails/u }],
    },
    {
      name: 'a deadline whose handle is dropped',
      code: load('setTimeout(() => { controller.abort() }, 30_000)'),
      errors: [{ level: 'likely', line: 4, message: /^When the work is done in time, this timer runs on/u }],
    },
    {
      name: 'the same without braces, for a time that the caller says',
      code: load('setTimeout(() => controller.abort(), Number(url))'),
      errors: [{ line: 4 }],
    },
    {
      name: 'in a JavaScript method, as a function',
      filename: 'file.js',
      code: 'export class C { async run() { const c = new AbortController(); void setTimeout(function () { c.abort() }, 9e3); await fetch("/", { signal: c.signal }) } }',
      errors: [{}],
    },
  ],
})
