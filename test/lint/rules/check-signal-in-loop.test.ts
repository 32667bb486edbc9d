import { rule } from '../../../lint/rules/check-signal-in-loop.ts'
import { testRule } from '../harness/ruleTester.ts'

const SLEEP =
  'const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))\ndeclare function ready(): Promise<boolean>\n'
const fetchLoop = (handler: string): string => `declare function isFatal(error: unknown): boolean
export async function load(url: string, signal: AbortSignal): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetch(url, { signal })
    } catch (error) {
      ${handler}
    }
  }
}`
const poll = (
  turn: string,
  condition = '!(await ready())',
): string => `${SLEEP}export async function wait(signal: AbortSignal): Promise<void> {
  while (${condition}) {
    ${turn}
  }
}`

const again = (
  pause: string,
  next = 'load(url, signal, attempt + 1)',
): string => `${SLEEP}export async function load(url: string, signal: AbortSignal, attempt = 0): Promise<Response> {
  try {
    return await fetch(url, { signal })
  } catch (error) {
    if (signal.aborted || attempt > 4) throw error
    ${pause}
    return ${next}
  }
}`

const TOKEN =
  'interface CancellationToken { readonly isCancellationRequested: boolean; onCancellationRequested(listener: () => void): { dispose(): void } }\n'

testRule(rule, {
  valid: [
    {
      name: 'a poll that looks at its token on each turn',
      code: `${TOKEN}${SLEEP}export async function wait(token: CancellationToken): Promise<void> {
  while (!(await ready())) {
    if (token.isCancellationRequested) return
    await sleep(500)
  }
}`,
    },
    {
      name: 'a poll whose token is a text',
      code: `interface CancellationToken { readonly isCancellationRequested: boolean }
${SLEEP}export async function wait(token: string): Promise<string> {
  while (!(await ready())) await sleep(500)
  return token
}`,
    },
    {
      name: 'a pause before another attempt that the signal ends',
      level: 'possible',
      code: again(
        'await new Promise<void>((resolve) => { const timer = setTimeout(resolve, 9_000); signal.addEventListener("abort", () => { clearTimeout(timer); resolve() }, { once: true }) })',
      ),
    },
    {
      name: 'the same in a loop',
      level: 'possible',
      code: fetchLoop(
        'if (signal.aborted) throw error; await new Promise<void>((resolve) => { const timer = setTimeout(resolve, 9_000); signal.addEventListener("abort", () => { clearTimeout(timer); resolve() }, { once: true }) })',
      ),
    },
    { name: 'a short pause before another attempt', level: 'possible', code: again('await sleep(500)') },
    {
      name: 'another attempt without the signal',
      level: 'possible',
      code: again('await sleep(9_000)', 'load(url, AbortSignal.timeout(500), attempt + 1)'),
    },
    {
      name: 'a pause before something else',
      level: 'possible',
      code: again('await sleep(9_000)', 'fetch(url, { signal })'),
    },
    {
      name: 'a pause that is not long, between polls that are given the signal',
      level: 'possible',
      code: fetchLoop('if (signal.aborted) throw error; await new Promise((resolve) => setTimeout(resolve, 500))'),
    },
    {
      name: 'a long pause of a loop that asks the signal, and gives it to nothing',
      level: 'possible',
      code: poll('signal.throwIfAborted(); await sleep(30_000)'),
    },
    {
      name: 'a long pause in the work itself',
      level: 'possible',
      code: `${SLEEP}declare function each(work: () => Promise<void>, signal: AbortSignal): Promise<void>\nexport async function f(signal: AbortSignal) { while (!signal.aborted) { await each(async () => { await sleep(5_000) }, signal) } }`,
    },
    { name: 'a loop that asks the signal', code: poll('await sleep(1_000)', '!signal.aborted && !(await ready())') },
    { name: 'a loop that throws when aborted', code: poll('signal.throwIfAborted(); await sleep(1_000)') },
    {
      name: 'a sleep that is given the signal',
      code: `import { setTimeout as sleep } from 'node:timers/promises'
declare function ready(): Promise<boolean>
export async function wait(signal: AbortSignal) { while (!(await ready())) { await sleep(1_000, undefined, { signal }) } }`,
    },
    {
      name: 'a sleep that could take a signal, which another rule reports',
      code: `import { setTimeout as sleep } from 'node:timers/promises'
declare function ready(): Promise<boolean>
export async function wait(signal: AbortSignal) { while (!(await ready())) { await sleep(1_000) } }`,
    },
    {
      name: 'a signal that travels in an object',
      code: `${SLEEP}declare function ask(options: { signal?: AbortSignal }): Promise<boolean>
export async function wait(options: { signal?: AbortSignal }) { while (!(await ask(options))) { await sleep(1_000) } }`,
    },
    {
      name: 'no signal in scope',
      code: `${SLEEP}// signal\nexport async function wait() { while (!(await ready())) { await sleep(1_000) } }`,
    },
    {
      name: 'a flag that somebody sets',
      code: `let stopped = false; export const stop = (): void => { stopped = true }\n${poll('await sleep(1_000)', '!stopped')}`,
    },
    { name: 'a short pause', code: poll('await sleep(10)') },
    { name: 'no pause at all', code: poll('await ready()') },
    {
      name: 'a signal that the author means not to use',
      code: poll('await sleep(1_000)').replace('signal:', '_signal:'),
    },
    {
      name: 'a signal made here',
      code: `${SLEEP}export async function wait() { const controller = new AbortController(); while (!(await ready())) await sleep(1_000); controller.abort() }`,
    },
    { name: 'a loop that tidies up', code: poll('await sleep(1_000)').replace('function wait', 'function closeAll') },
    { name: 'a handler that throws', code: fetchLoop('throw error') },
    {
      name: 'a handler that asks what the error is',
      code: fetchLoop("if (error instanceof Error && error.name === 'AbortError') throw error"),
    },
    { name: 'a handler that has the error judged', code: fetchLoop('if (isFatal(error)) throw error') },
    {
      name: 'a handler that has judged the error before',
      code: fetchLoop('const fatal = isFatal(error); if (fatal) throw error'),
    },
    { name: 'a handler that asks the signal', code: fetchLoop('if (signal.aborted) throw error') },
    {
      name: 'a loop that asks the signal each turn although a handler swallows',
      code: `export async function poll(url: string, signal: AbortSignal) {
  while (!signal.aborted) {
    try { await fetch(url, { signal }) } catch { continue }
  }
}`,
    },
    {
      name: 'a handler outside the loop',
      code: `export async function poll(url: string, signal: AbortSignal) {
  try { for (;;) await fetch(url, { signal }) } catch { return }
}`,
    },
  ],
  invalid: [
    {
      name: 'a poll that never looks at its token',
      code: `${TOKEN}${SLEEP}export async function wait(token: CancellationToken): Promise<void> {
  while (!(await ready())) {
    await sleep(500)
  }
}`,
      errors: [{ line: 5, level: 'likely', message: /This loop never looks at `token`/u }],
    },
    {
      name: 'a token that reaches the work of a loop, but not its long pause',
      code: `import type { CancellationToken } from 'vscode'
${SLEEP}declare function stateOf(id: string, token?: CancellationToken): Promise<string>
export async function wait(id: string, token: CancellationToken): Promise<void> {
  while ((await stateOf(id, token)) !== 'done') {
    await sleep(5_000)
  }
}`,
      errors: [{ line: 7, level: 'likely', message: /`token` reaches `stateOf`, but not this pause/u }],
    },
    {
      name: 'a long pause before a function calls itself with the signal',
      code: again('await sleep(2 ** attempt * 1_000)'),
      errors: [
        {
          level: 'likely',
          line: 8,
          message:
            '`signal` reaches the next attempt, but not this pause: after an abort it waits on for as long as it takes before that is seen.',
          related: ['This tries once more.'],
        },
      ],
    },
    {
      name: 'the same in a local function, with the signal among the options',
      code: 'export class Client {\n  async send(options: { url: string, signal?: AbortSignal }, attempt = 0): Promise<Response> {\n    const retry = async () => {\n      await new Promise((resolve) => setTimeout(resolve, 5_000))\n      return this.send({ ...options }, attempt + 1)\n    }\n    const response = await fetch(options.url, { signal: options.signal ?? null })\n    return response.ok || attempt > 3 ? response : retry()\n  }\n}',
      errors: [{ level: 'likely', line: 4, message: /`options\.signal` reaches the next attempt.*up to 5 s/u }],
    },
    {
      name: 'a long pause that the signal does not reach, between polls that are given it',
      code: `${SLEEP}declare function status(signal: AbortSignal | undefined): Promise<string>
export async function finish(signal?: AbortSignal) {
  for (;;) {
    signal?.throwIfAborted()
    if ((await status(signal)) === 'done') return
    await new Promise((resolve) => setTimeout(resolve, 3_000))
  }
}`,
      errors: [
        {
          line: 8,
          level: 'likely',
          message:
            '`signal` reaches `status`, but not this pause: after an abort the loop waits on for up to 3 s before it looks.',
          related: ['This is given the signal.'],
        },
      ],
    },
    {
      name: 'the same for a pause that grows',
      code: fetchLoop(
        'if (signal.aborted) throw error; await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt))',
      ),
      errors: [{ line: 7, message: /as long as it takes/u }],
    },
    {
      name: 'the same, where the pause is all that it waits for',
      code: `declare function open(url: string, signal: AbortSignal): AsyncIterable<string>
declare function backoff(attempt: number): number
export async function stream(url: string, signal: AbortSignal) {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      return open(url, signal)
    } catch (error) {
      if (signal.aborted) throw error
      const delay = backoff(attempt)
      await new Promise((resolve) => setTimeout(resolve, delay))
    }
  }
  return undefined
}`,
      errors: [{ line: 10, level: 'likely' }],
    },
    {
      name: 'the same for a signal in options, and a helper that takes none',
      code: `${SLEEP}declare function status(options: { signal: AbortSignal | undefined }): Promise<string>\nexport async function finish(options: { signal?: AbortSignal; ms: number }) {\n  while ((await status({ signal: options.signal })) !== 'done') await sleep(options.ms)\n}`,
      errors: [{ line: 5 }],
    },
    {
      name: 'a loop that polls and never looks',
      code: poll('await sleep(1_000)'),
      errors: [
        {
          level: 'likely',
          line: 4,
          column: 3,
          message:
            'This loop never looks at `signal`: after an abort it goes on, turn after turn, until it ends by itself.',
          related: ['It pauses here each turn.', '`signal` is at hand since here.'],
          suggestions: [
            {
              title: 'Stop here when `signal` is aborted',
              output: poll('signal.throwIfAborted()\n    await sleep(1_000)'),
            },
          ],
        },
      ],
    },
    {
      name: 'a timer written out, in a method, with a signal that may be missing',
      code: `declare function ready(): Promise<boolean>
export class Job {
  async wait(options?: { signal?: AbortSignal }): Promise<void> {
    do {
      await new Promise((resolve) => { setTimeout(resolve, 500) })
    } while (!(await ready()))
  }
}`,
      errors: [
        {
          line: 4,
          suggestions: [
            {
              title: 'Stop here when `options?.signal` is aborted',
              output: `declare function ready(): Promise<boolean>
export class Job {
  async wait(options?: { signal?: AbortSignal }): Promise<void> {
    do {
      options?.signal?.throwIfAborted()
      await new Promise((resolve) => { setTimeout(resolve, 500) })
    } while (!(await ready()))
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a loop on one line, and one without a block',
      code: `${SLEEP}export async function wait(signal: AbortSignal) { while (true) { await sleep(500) } }
export async function idle(signal: AbortSignal) { for (;;) await sleep(500) }`,
      errors: [
        {
          suggestions: [
            {
              title: 'Stop here when `signal` is aborted',
              output: `${SLEEP}export async function wait(signal: AbortSignal) { while (true) { signal.throwIfAborted(); await sleep(500) } }
export async function idle(signal: AbortSignal) { for (;;) await sleep(500) }`,
            },
          ],
        },
        {},
      ],
    },
    {
      name: 'a helper in JavaScript',
      filename: 'file.js',
      code: `const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
/** @param {AbortSignal} signal */
export async function wait(signal) { while (true) await sleep(2_000) }`,
      errors: [{ line: 3 }],
    },
    {
      name: 'a retry that takes an abort for a failure',
      code: fetchLoop('if (attempt === 5) throw error'),
      errors: [
        {
          level: 'likely',
          line: 6,
          message:
            'When `signal` aborts, `fetch` rejects, and this `catch` takes it for a failure like any other: the loop goes on.',
          related: ['An abort comes out here.'],
          suggestions: [
            {
              title: 'Stop here when `signal` is aborted',
              output: fetchLoop('signal.throwIfAborted()\n      if (attempt === 5) throw error'),
            },
          ],
        },
      ],
    },
    {
      name: 'an empty handler, and one over a list',
      level: 'possible',
      code: `export async function poll(url: string, signal: AbortSignal) {
  for (;;) {
    try { await fetch(url, { signal }) } catch {}
  }
}
export async function all(urls: string[], signal: AbortSignal) {
  for (const url of urls) {
    try { await fetch(url, { signal }) } catch { continue }
  }
}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Stop here when `signal` is aborted',
              output: `export async function poll(url: string, signal: AbortSignal) {
  for (;;) {
    try { await fetch(url, { signal }) } catch {
      signal.throwIfAborted()
    }
  }
}
export async function all(urls: string[], signal: AbortSignal) {
  for (const url of urls) {
    try { await fetch(url, { signal }) } catch { continue }
  }
}`,
            },
          ],
        },
        {
          level: 'possible',
          suggestions: [
            {
              title: 'Stop here when `signal` is aborted',
              output: `export async function poll(url: string, signal: AbortSignal) {
  for (;;) {
    try { await fetch(url, { signal }) } catch {}
  }
}
export async function all(urls: string[], signal: AbortSignal) {
  for (const url of urls) {
    try { await fetch(url, { signal }) } catch { signal.throwIfAborted(); continue }
  }
}`,
            },
          ],
        },
      ],
    },
  ],
})
