import { rule } from '../../../lint/rules/no-leaked-abort-listener.ts'
import { testRule } from '../harness/ruleTester.ts'

const load = (
  listener: string,
  after = '',
): string => `export async function load(url: string, signal: AbortSignal): Promise<Response> {
  const controller = new AbortController()
  const onAbort = (): void => { controller.abort() }
  ${listener}
  const response = await fetch(url, { signal: controller.signal })
  ${after}
  return response
}`

const own = (rest: string): string => `declare function onData(handler: () => void): void
declare function turn(signal: AbortSignal): Promise<void>
declare function isOpen(): boolean
export async function run(): Promise<void> {
  const controller = new AbortController()
  const { signal } = controller
  const stop = (): void => { onData(() => {}) }
  process.once('SIGINT', () => { controller.abort(); stop() })
  ${rest}
}`

const join = (
  attach: string,
  before = '',
  given = 'end.signal',
): string => `export function either(signals: (AbortSignal | undefined)[]) {
  ${before}
  const end = new AbortController()
  const stop = () => { end.abort() }
  const present = signals.filter((signal) => signal !== undefined)
  ${attach}
  return ${given}
}`
const OVER = 'for (const signal of present) signal.addEventListener("abort", stop, { once: true })'

const queued = (put: string): string => `interface Task { work: () => Promise<void>; settle: () => void }
const tasks: Task[] = []
declare function next(): void
export function enqueue(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  let place = 0
  const promise = new Promise<void>((settle) => { ${put}; place = tasks.length - 1 })
  signal.addEventListener('abort', () => { tasks.splice(place, 1) })
  next()
  return promise
}`

testRule(rule, {
  valid: [
    {
      name: 'a promise that only the listener settles',
      code: `export function aborted(signal: AbortSignal): Promise<void> {
  let end: () => void
  const promise = new Promise<void>((settle) => { end = settle })
  signal.addEventListener('abort', () => { end() })
  return promise
}`,
    },
    {
      name: 'joined signals that the caller can part again',
      level: 'possible',
      code: join(
        OVER,
        '',
        '{ signal: end.signal, part: () => { for (const signal of present) signal.removeEventListener("abort", stop) } }',
      ),
    },
    {
      name: 'joined signals whose listeners go with the first abort',
      level: 'possible',
      code: join('for (const signal of present) signal.addEventListener("abort", stop, { signal: end.signal })'),
    },
    {
      name: 'signals joined by hand where the platform cannot',
      level: 'possible',
      code: join(
        OVER,
        'if (typeof AbortSignal.any === "function") return AbortSignal.any(signals.filter((signal) => signal !== undefined))',
      ),
    },
    {
      name: 'listeners on signals made here',
      level: 'possible',
      code: 'export function f() {\n  const all = [AbortSignal.timeout(5_000), AbortSignal.timeout(9_000)]\n  const end = new AbortController()\n  for (const signal of all) signal.addEventListener("abort", () => { end.abort() })\n  return end.signal\n}',
    },
    {
      name: 'in an example at likely',
      filename: 'examples/load.ts',
      code: load("signal.addEventListener('abort', onAbort)"),
    },
    { name: 'a signal of its own, once', level: 'possible', code: own('await turn(signal)') },
    {
      name: 'a signal of its own, in a loop that ends',
      level: 'possible',
      code: own('for (let i = 0; i < 3; i++) await turn(signal)'),
    },
    {
      name: 'a signal of its own that each turn makes',
      level: 'possible',
      code: own(
        'while (isOpen()) { const end = new AbortController(); await new Promise<void>((resolve) => { onData(resolve); end.signal.addEventListener("abort", () => { resolve() }) }) }',
      ),
    },
    {
      name: 'a signal of its own, where the turn removes the listener',
      level: 'possible',
      code: own(
        'while (!signal.aborted) { await new Promise<void>((resolve) => { onData(resolve); signal.addEventListener("abort", stop) }); signal.removeEventListener("abort", stop) }',
      ),
    },
    {
      name: 'in a test, whose signals end with it',
      filename: 'load.test.ts',
      level: 'possible',
      code: load(`signal.addEventListener('abort', onAbort)`),
    },
    {
      name: 'a handler that is removed',
      code: load("signal.addEventListener('abort', onAbort)", "signal.removeEventListener('abort', onAbort)"),
    },
    {
      name: 'a listener with a signal of its own',
      code: load("signal.addEventListener('abort', onAbort, { signal: controller.signal })"),
    },
    {
      name: 'options that are not written out',
      code: `declare const options: AddEventListenerOptions\n${load("signal.addEventListener('abort', onAbort, options)")}`,
    },
    {
      name: 'a handler handed to a helper that removes it',
      code: `declare function onDone(f: () => void): void\n${load("signal.addEventListener('abort', onAbort)", 'onDone(onAbort)')}`,
    },
    {
      name: 'a listener that goes after the abort',
      code: load("signal.addEventListener('abort', onAbort, { once: true })"),
    },
    {
      name: 'another event',
      code: `export async function f(target: EventTarget, signal: AbortSignal) { target.addEventListener('load', () => {}); await fetch('', { signal }) }`,
    },
    {
      name: 'a signal made here',
      code: `export async function f(url: string) { const own = new AbortController(); own.signal.addEventListener('abort', () => { console.log(url) }); await fetch(url, { signal: own.signal }) }`,
    },
    {
      name: 'a promise that only the abort settles',
      code: `export async function untilAborted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => { signal.addEventListener('abort', () => { resolve() }) })
}`,
    },
    {
      name: 'a server that lives until the abort',
      code: `import { createServer, type Server } from 'node:http'
declare function listen(server: Server): Promise<void>
export async function serve(signal: AbortSignal): Promise<Server> {
  const server = createServer()
  signal.addEventListener('abort', () => { server.close() })
  await listen(server)
  return server
}`,
    },
    {
      name: 'work that nobody here sees the end of',
      code: `declare function start(): { stop(): void }
export function run(signal: AbortSignal): void { const job = start(); signal.addEventListener('abort', () => { job.stop() }) }`,
    },
  ],
  invalid: [
    {
      name: 'a listener that only notes the abort, which the signal says itself, even if it goes with the abort',
      code: `declare function reply(): Promise<string | undefined>
export async function ask(signal?: AbortSignal): Promise<string> {
  let aborted = false
  signal?.addEventListener('abort', () => { aborted = true }, { once: true })
  for (;;) {
    if (aborted) throw new Error('aborted')
    const text = await reply()
    if (text) return text
  }
}`,
      errors: [
        {
          line: 4,
          level: 'likely',
          suggestions: [
            {
              title: 'Remove the listener when the work is done',
              output: `declare function reply(): Promise<string | undefined>
export async function ask(signal?: AbortSignal): Promise<string> {
  let aborted = false
  const onAbort = () => { aborted = true }
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      if (aborted) throw new Error('aborted')
      const text = await reply()
      if (text) return text
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a listener that goes with the abort, in a file that takes another one off again',
      code: `declare function walk(onEnd: () => void): Promise<string>
export async function first(signal: AbortSignal): Promise<string> {
  const onAbort = (): void => console.log('stopped')
  signal.addEventListener('abort', onAbort, { once: true })
  try { return await walk(onAbort) } finally { signal.removeEventListener('abort', onAbort) }
}
export async function second(signal: AbortSignal, stop: () => void): Promise<string> {
  signal.addEventListener('abort', () => stop(), { once: true })
  return await walk(stop)
}`,
      errors: [
        {
          line: 8,
          level: 'likely',
          suggestions: [
            {
              title: 'Remove the listener when the work is done',
              output: `declare function walk(onEnd: () => void): Promise<string>
export async function first(signal: AbortSignal): Promise<string> {
  const onAbort = (): void => console.log('stopped')
  signal.addEventListener('abort', onAbort, { once: true })
  try { return await walk(onAbort) } finally { signal.removeEventListener('abort', onAbort) }
}
export async function second(signal: AbortSignal, stop: () => void): Promise<string> {
  const onAbort = () => stop()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await walk(stop)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a promise with a name, raced on each turn against a pause',
      code: `declare function keep(it: unknown): void
declare function request(signal: AbortSignal): Promise<boolean>
export async function run(pause: number): Promise<void> {
  const end = new AbortController()
  keep(end)
  let isMore = true
  while (isMore) {
    const stopped = new Promise((_, reject) => { end.signal.addEventListener('abort', () => { reject(new Error('stopped')) }) })
    await Promise.race([new Promise((resolve) => { setTimeout(resolve, pause) }), stopped])
    isMore = await request(end.signal)
  }
}`,
      errors: [
        { level: 'likely', line: 8, message: /^Each turn of the loop leaves one more listener on `end\.signal`/u },
      ],
    },
    {
      name: 'a task that waits in a queue for its turn',
      code: queued('const task = { work, settle }; tasks.push(task)'),
      errors: [{ level: 'likely', line: 7 }],
    },
    {
      name: 'signals joined by hand, in a loop',
      code: join(OVER),
      errors: [
        {
          level: 'likely',
          line: 6,
          message:
            'Nothing takes this listener off `signal` again but an abort: a signal that lives longer than the joined one gathers one for each call. `AbortSignal.any` leaves none.',
          related: ['Who gets the joined signal has no way to remove them.'],
        },
      ],
    },
    {
      name: 'signals joined by hand, by a callback',
      code: join('present.forEach((signal) => { signal.addEventListener("abort", stop, { once: true }) })'),
      errors: [{ level: 'likely', line: 6 }],
    },
    {
      name: 'signals joined by hand in JavaScript',
      filename: 'either.js',
      code: '/** @param {AbortSignal[]} signals */\nexport function either(...signals) {\n  const end = new AbortController()\n  for (const one of signals) one.addEventListener("abort", () => end.abort(one.reason), { once: true })\n  return end.signal\n}',
      errors: [{ level: 'likely', line: 4 }],
    },
    {
      name: 'a signal of its own that outlives the turns of a loop without an end',
      code: own(
        'while (!signal.aborted) {\n    await new Promise<void>((resolve) => {\n      onData(resolve)\n      signal.addEventListener("abort", () => { resolve() }, { once: true })\n    })\n  }',
      ),
      errors: [{ line: 12, level: 'likely', message: /^Each turn of the loop leaves one more listener on `signal`/u }],
    },
    {
      name: 'a signal of the instance, in a loop without an end',
      code: `export class Queue {
  readonly #end = new AbortController()
  stop() { this.#end.abort() }
  async *items(next: (resolve: () => void) => void) {
    for (;;) {
      await new Promise<void>((resolve) => {
        next(resolve)
        this.#end.signal.addEventListener('abort', () => { resolve() })
      })
      yield 1
    }
  }
}`,
      errors: [{ line: 8, level: 'likely' }],
    },
    {
      name: 'a listener that outlives the request',
      code: load("signal.addEventListener('abort', onAbort)"),
      errors: [
        {
          level: 'likely',
          line: 4,
          message:
            'When the work ends without an abort, this listener stays on `signal`, with all that it holds: a signal that lives longer gathers one for each call.',
          related: ['The work may end here, and the listener stays.'],
          suggestions: [
            {
              title: 'Remove the listener when the work is done',
              output: `export async function load(url: string, signal: AbortSignal): Promise<Response> {
  const controller = new AbortController()
  const onAbort = (): void => { controller.abort() }
  signal.addEventListener('abort', onAbort)
  try {
    const response = await fetch(url, { signal: controller.signal })
  ${''}
    return response
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a handler by name that a promise settles without, on a signal that may be missing',
      code: `export function pause(ms: number, options?: { signal?: AbortSignal }): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => { clearTimeout(timer); reject(new Error('Aborted')) }
    const timer = setTimeout(resolve, ms)
    options?.signal?.addEventListener('abort', onAbort)
  })
}`,
      errors: [{ level: 'likely', line: 5 }],
    },
    {
      name: 'with `once`, and in a loop all the same',
      level: 'possible',
      code: `export async function each(urls: string[], signal: AbortSignal): Promise<void> {
  for (const url of urls) {
    const own = new AbortController()
    signal.addEventListener('abort', () => { own.abort() }, { once: true })
    await fetch(url, { signal: own.signal })
  }
}
export async function one(url: string, signal: AbortSignal): Promise<void> {
  const own = new AbortController()
  signal.addEventListener('abort', () => { own.abort() }, { once: true })
  await fetch(url, { signal: own.signal })
}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          message: /^Each turn of the loop leaves one more listener on `signal`/u,
          suggestions: [
            {
              title: 'Remove the listener when the work is done',
              output: `export async function each(urls: string[], signal: AbortSignal): Promise<void> {
  for (const url of urls) {
    const own = new AbortController()
    const onAbort = () => { own.abort() }
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      await fetch(url, { signal: own.signal })
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
}
export async function one(url: string, signal: AbortSignal): Promise<void> {
  const own = new AbortController()
  signal.addEventListener('abort', () => { own.abort() }, { once: true })
  await fetch(url, { signal: own.signal })
}`,
            },
          ],
        },
        {
          level: 'possible',
          line: 10,
          suggestions: [
            {
              title: 'Remove the listener when the work is done',
              output: `export async function each(urls: string[], signal: AbortSignal): Promise<void> {
  for (const url of urls) {
    const own = new AbortController()
    signal.addEventListener('abort', () => { own.abort() }, { once: true })
    await fetch(url, { signal: own.signal })
  }
}
export async function one(url: string, signal: AbortSignal): Promise<void> {
  const own = new AbortController()
  const onAbort = () => { own.abort() }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await fetch(url, { signal: own.signal })
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a race that the abort may lose',
      code: `export async function first<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([work, new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => { reject(new Error('Aborted')) })
  })])
}`,
      errors: [{ level: 'likely', line: 3 }],
    },
    {
      name: 'a JavaScript method',
      filename: 'file.js',
      code: `export class Client {
  /** @param {AbortSignal} signal */
  async send(signal) {
    const own = new AbortController()
    signal.addEventListener('abort', () => own.abort())
    await fetch('/', { signal: own.signal })
  }
}`,
      errors: [
        {
          line: 5,
          suggestions: [
            {
              title: 'Remove the listener when the work is done',
              output: `export class Client {
  /** @param {AbortSignal} signal */
  async send(signal) {
    const own = new AbortController()
    const onAbort = () => own.abort()
    signal.addEventListener('abort', onAbort)
    try {
      await fetch('/', { signal: own.signal })
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'with comments around, on a signal that may be missing, and a name that is taken',
      code: `declare function store(text: string, isDone: boolean): void
export async function load(url: string, onAbort: boolean, signal?: AbortSignal): Promise<void> {
  const own = new AbortController()
  signal?.addEventListener('abort', () => { own.abort() }) // the caller's
  // One page is enough.
  const response = await fetch(url, { signal: own.signal })
  store(await response.text(), onAbort) // kept
}`,
      errors: [
        {
          line: 4,
          suggestions: [
            {
              title: 'Remove the listener when the work is done',
              output: `declare function store(text: string, isDone: boolean): void
export async function load(url: string, onAbort: boolean, signal?: AbortSignal): Promise<void> {
  const own = new AbortController()
  const onAbort2 = () => { own.abort() }
  signal?.addEventListener('abort', onAbort2) // the caller's
  try {
    // One page is enough.
    const response = await fetch(url, { signal: own.signal })
    store(await response.text(), onAbort) // kept
  } finally {
    signal?.removeEventListener('abort', onAbort2)
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'no suggestion where a promise is given out: the listener would go before it settles',
      code: `declare function read(): Promise<string>
export async function load(url: string, signal: AbortSignal) {
  const own = new AbortController()
  signal.addEventListener('abort', () => { own.abort() })
  await fetch(url, { method: 'HEAD', signal: own.signal })
  return read()
}`,
      errors: [{ line: 4 }],
    },
    {
      name: 'no suggestion where the end of a stream does what the abort would do: it comes after the return',
      level: 'possible',
      code: `declare const exchange: { open(url: string): Promise<ReadableStream<string>>; close(): void }
export async function relay(url: string, signal: AbortSignal): Promise<Response> {
  const tearDown = () => { exchange.close() }
  signal.addEventListener('abort', tearDown, { once: true })
  const source = (await exchange.open(url)).getReader()
  const done = () => { tearDown() }
  return new Response(new ReadableStream({
    async pull(sink) {
      const { value } = await source.read()
      if (value === undefined) { done(); sink.close() } else sink.enqueue(value)
    },
  }))
}`,
      errors: [{ line: 4, level: 'possible' }],
    },
    {
      name: 'no suggestion for a handler that takes its type from its place',
      code: `export async function load(url: string, signal: AbortSignal) {
  const own = new AbortController()
  signal.addEventListener('abort', (event) => { own.abort(event.type) })
  await fetch(url, { signal: own.signal })
}`,
      errors: [{ line: 3 }],
    },
  ],
})
