import { rule } from '../../../lint/rules/no-abandoned-race-loser.ts'
import { testRule } from '../harness/ruleTester.ts'

const SLEEP = 'export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))\n'
const MESSAGE =
  'When another promise wins this race, the timer runs on for up to 30 s: nothing clears it, and it keeps the process alive along with all that its callback holds.'

const within = (given: string): Record<string, string> => ({
  './answer.ts': `import { within } from './file.ts'\nexport const answer = (work: Promise<string>) => within(work, ${given}, '')`,
})
const limited = (start: string, end: string): string =>
  `export async function within<T>(work: Promise<T>, limitMs: number, otherwise: T): Promise<T> {${start}
  return Promise.race([work, new Promise<T>((resolve) => { ${end} })])`
const WITHIN = `${limited('', 'setTimeout(resolve, limitMs, otherwise)')}\n}`
const reported = (after = ''): { level: 'likely'; suggestions: [{ title: string; output: string }] } => ({
  level: 'likely',
  suggestions: [
    {
      title: 'Clear the timer when the race is over',
      output: `${limited('\n  let timer: ReturnType<typeof setTimeout> | undefined', 'timer = setTimeout(resolve, limitMs, otherwise)')}.finally(() => {\n    clearTimeout(timer)\n  })\n}${after}`,
    },
  ],
})

const LATE = `let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => { timer = setTimeout(() => { resolve(undefined) }, 30_000) })`
const against = (work: string, head = 'declare const init: RequestInit'): string => `${head}
export async function f(url: string): Promise<unknown> {
  ${LATE}
  return Promise.race([${work}, late]).finally(() => { clearTimeout(timer) })
}`

const TOKEN_WAIT = `interface CancellationToken { onCancelled(listener: () => void): { dispose(): void } }
export function delay(ms: number, token?: CancellationToken): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => { held?.dispose(); resolve() }, ms)
    const held = token?.onCancelled(() => { clearTimeout(timer); resolve() })
  })
}
`

const SOCKET = 'declare const socket: { once(event: string, listener: () => void): void }\n'

testRule(rule, {
  valid: [
    {
      name: 'a timer that somebody else waits for as well after the race',
      code: `declare function start(): Promise<void>
export async function end(isKnown: boolean, limit: number): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, limit))
  if (isKnown) await Promise.race([start(), late])
  await late
}`,
    },
    {
      name: 'a helper that is given a way to clear its timer',
      code: `declare function keeper(): (timer: unknown) => void
const after = (ms: number, keep: (timer: unknown) => void): Promise<void> => new Promise((resolve) => { keep(setTimeout(resolve, ms)) })
export async function f(work: Promise<void>) { await Promise.race([work, after(5_000, keeper())]) }`,
    },
    {
      name: 'a wait whose token is given',
      code: `${TOKEN_WAIT}export async function f(work: Promise<void>, token: CancellationToken) { await Promise.race([work, delay(5_000, token)]) }`,
    },
    {
      name: 'a function that does something before it waits',
      level: 'possible',
      code: `${SLEEP}declare function look(): Promise<boolean>\nexport async function f(work: Promise<void>) {\n  await Promise.race([work, (async () => { await look(); await sleep(30_000) })()])\n}`,
    },
    {
      name: 'a limit that is short wherever the program says it',
      level: 'possible',
      files: within('200'),
      code: WITHIN,
    },
    {
      name: 'a list that others read',
      level: 'possible',
      code: `${SLEEP}export async function f(work: Promise<void>) {\n  const all: Promise<unknown>[] = [work]\n  all.push(sleep(5_000))\n  await Promise.race(all)\n  return all\n}`,
    },
    {
      name: 'a list that a loop fills',
      level: 'possible',
      code: `${SLEEP}export async function f(works: Promise<void>[]) {\n  const all: Promise<unknown>[] = []\n  for (const work of works) all.push(sleep(5_000), work)\n  await Promise.race(all)\n}`,
    },
    {
      name: 'a timer for what is left of a short limit',
      level: 'possible',
      code: 'export async function f(work: Promise<string>, settings: { graceMs?: number }) {\n  const start = Date.now()\n  const graceMs = Math.max(0, settings.graceMs ?? 800)\n  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, Math.min(5_000, graceMs)))])\n  const restMs = graceMs - (Date.now() - start)\n  return Promise.race([work, new Promise((resolve) => setTimeout(resolve, Math.max(0, restMs)))])\n}',
    },
    {
      name: 'a timer of one second',
      level: 'possible',
      code: 'export async function f(work: Promise<string>) { return Promise.race([work, new Promise((resolve) => setTimeout(resolve, 1000))]) }',
    },
    {
      name: 'a request with a signal',
      level: 'possible',
      code: against('fetch(url, { signal: AbortSignal.timeout(30_000) })'),
    },
    { name: 'a request whose options nobody sees', level: 'possible', code: against('fetch(url, init)') },
    { name: 'options that are spread', level: 'possible', code: against('fetch(url, { ...init })') },
    { name: 'a request that writes', level: 'possible', code: against('fetch(url, { method: "POST" })') },
    {
      name: 'a write by its name',
      level: 'possible',
      code: against(
        'save(url)',
        'const save = async (url: string, signal?: AbortSignal) => fetch(url, { signal: signal ?? null })',
      ),
    },
    {
      name: 'work that takes no signal',
      level: 'possible',
      code: against(
        'load(url)',
        'const load = async (url: string) => (await fetch(url, { signal: AbortSignal.timeout(5) })).text()',
      ),
    },
    {
      name: 'work that stays in the process',
      level: 'possible',
      code: against(
        'count(url)',
        'const count = async (url: string, signal?: AbortSignal) => { signal?.throwIfAborted(); return url.length }',
      ),
    },
    {
      name: 'a request that is used again',
      level: 'possible',
      code: `export async function f(url: string) {\n  const asked = fetch(url)\n  ${LATE}\n  const first = await Promise.race([asked, late])\n  clearTimeout(timer)\n  return first ?? asked\n}`,
    },
    {
      name: "a caller's signal in reach: another rule asks for it",
      level: 'possible',
      code: `export async function f(url: string, signal: AbortSignal) {\n  ${LATE}\n  if (signal.aborted) return undefined\n  return Promise.race([fetch(url), late]).finally(() => { clearTimeout(timer) })\n}`,
    },
    {
      name: 'a race against what is no timer',
      level: 'possible',
      code: 'export async function f(url: string, closed: Promise<void>) { return Promise.race([fetch(url), closed]) }',
    },
    {
      name: 'a promise that only its timer settles',
      level: 'possible',
      code: `export const pause = (ms: number) => new Promise<void>((resolve, reject) => { if (ms < 0) { reject(new Error('past')); return } setTimeout(resolve, 5_000) })`,
    },
    {
      name: 'a timer that is cleared by the event',
      level: 'possible',
      code: `${SOCKET}export const opened = () => new Promise<void>((resolve, reject) => {
  const timer = setTimeout(() => { reject(new Error('late')) }, 5_000)
  socket.once('open', () => { clearTimeout(timer); resolve() })
})`,
    },
    {
      name: 'a timer in a promise that is over soon',
      level: 'possible',
      code: `${SOCKET}export const opened = () => new Promise<void>((resolve) => { setTimeout(resolve, 250); socket.once('open', resolve) })`,
    },
    {
      name: 'a timer that tries again, and settles when it finds what it looks for',
      level: 'possible',
      code: `declare function isReady(): boolean
export const ready = () => new Promise<void>((resolve) => {
  const look = () => { if (isReady()) resolve(); else setTimeout(look, 5_000) }
  setTimeout(look, 5_000)
})`,
    },
    {
      name: 'a timer that does something else than to settle',
      level: 'possible',
      code: `${SOCKET}export const opened = () => new Promise<void>((resolve) => { setTimeout(() => { console.log('slow') }, 5_000); socket.once('open', resolve) })`,
    },
    {
      name: 'an app that ends after the race',
      level: 'possible',
      code: `declare const app: { exit(code: number): void }\ndeclare function close(): Promise<void>
export async function quit() { await Promise.race([close(), new Promise((resolve) => setTimeout(resolve, 2_000))]); app.exit(0) }`,
    },
    { name: 'a request in a test', level: 'possible', filename: 'f.test.ts', code: against('fetch(url)') },
    {
      name: 'a timer cleared in finally',
      code: `export async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    return await Promise.race([work, new Promise<never>((_, reject) => {
      timer = setTimeout(() => { reject(new Error('Too slow')) }, 30_000)
    })])
  } finally {
    clearTimeout(timer)
  }
}`,
    },
    {
      name: 'a timer cleared in the chain after the race',
      code: `export function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => { reject(new Error('Too slow')) }, 30_000)
  })
  return Promise.race([work, deadline]).finally(() => { clearTimeout(timer) })
}`,
    },
    {
      name: 'a timer that the winner clears',
      code: `export async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  return Promise.race([
    work.then((value) => { clearTimeout(timer); return value }),
    new Promise<never>((_, reject) => { timer = setTimeout(() => { reject(new Error('Too slow')) }, 30_000) }),
  ])
}`,
    },
    {
      name: 'a timer that does not hold the process',
      code: `import { setTimeout } from 'node:timers'
export async function flush(work: Promise<void>): Promise<void> {
  await Promise.race([work, new Promise((resolve) => { setTimeout(() => { resolve(undefined) }, 5_000).unref() })])
}`,
    },
    {
      name: 'a wait made with `{ ref: false }`',
      code: `import { setTimeout as sleep } from 'node:timers/promises'
export async function flush(work: Promise<void>): Promise<void> {
  await Promise.race([work, sleep(5_000, undefined, { ref: false })])
}`,
    },
    {
      name: 'a wait that takes a signal',
      code: `import { setTimeout as sleep } from 'node:timers/promises'
export async function flush(work: Promise<void>): Promise<void> {
  const timer = new AbortController()
  await Promise.race([work, sleep(5_000, undefined, { signal: timer.signal })]).finally(() => { timer.abort() })
}`,
    },
    {
      name: 'a handle that somebody else is given',
      code: `declare function unrefTimer(timer: ReturnType<typeof setTimeout>): void
export async function flush(work: Promise<void>): Promise<void> {
  await Promise.race([work, new Promise((resolve) => { unrefTimer(setTimeout(resolve, 5_000)) })])
}`,
    },
    {
      name: 'a timer of less than a second',
      code: `export async function settle(work: Promise<void>): Promise<void> {
  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, 200))])
}`,
    },
    {
      name: 'a timer of less than a second, by a constant of another module',
      files: { './sleep.ts': `${SLEEP}export const BRIEF_MS = 2 * 50` },
      code: `import { BRIEF_MS, sleep } from './sleep.ts'
export async function settle(work: Promise<void>): Promise<void> {
  await Promise.race([work, sleep(BRIEF_MS)])
}`,
    },
    {
      name: 'a timer of less than a second, by the default of a parameter',
      code: `export async function settle(work: Promise<void>, ms = 200): Promise<void> {
  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms))])
}`,
    },
    {
      name: 'the first of the tasks in progress, as limiters wait for it',
      code: `export async function each(tasks: Iterable<() => Promise<void>>): Promise<void> {
  const executing = new Set<Promise<void>>()
  for (const task of tasks) {
    const running: Promise<void> = task().finally(() => { executing.delete(running) })
    executing.add(running)
    if (executing.size >= 4) await Promise.race(executing)
  }
  await Promise.all(executing)
}`,
    },
    {
      name: 'a race against an abort signal',
      code: `export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([work, new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => { reject(signal.reason as Error) }, { once: true })
  })])
}`,
    },
    {
      name: 'a timer promise that is awaited elsewhere too',
      code: `export async function atLeast(work: Promise<void>): Promise<void> {
  const minimum = new Promise((resolve) => setTimeout(resolve, 2_000))
  await Promise.race([work, minimum])
  await minimum
}`,
    },
    {
      name: 'a helper that does more than wait',
      code: `declare function ping(): Promise<boolean>
async function pollUntilUp(ms: number): Promise<void> {
  while (!(await ping())) await new Promise((resolve) => setTimeout(resolve, ms))
}
export async function start(work: Promise<void>): Promise<void> {
  await Promise.race([work, pollUntilUp(5_000)])
}`,
    },
    {
      name: 'a program that exits after the race',
      code: `export async function shutdown(closed: Promise<void>): Promise<void> {
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 10_000))])
  process.exit(0)
}`,
    },
    {
      name: 'a race of timers alone',
      code: `export async function either(): Promise<void> {
  await Promise.race([new Promise((resolve) => setTimeout(resolve, 2_000)), new Promise((resolve) => setTimeout(resolve, 3_000))])
}`,
    },
    {
      name: 'a test, whose process ends soon',
      filename: 'queue.test.ts',
      code: `export async function settled(work: Promise<void>): Promise<void> {
  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, 10_000))])
}`,
    },
    {
      name: 'a wait known by its name alone',
      code: `// @ts-expect-error not installed
import { sleep } from 'not-installed'
export async function settled(work: Promise<void>): Promise<void> {
  await Promise.race([work, sleep(10_000)])
}`,
    },
  ],
  invalid: [
    {
      name: 'a timer that another branch waits for, where nothing races it',
      code: `declare function start(): Promise<void>
export async function end(isKnown: boolean, limit: number): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, limit))
  const later = new Promise<void>((resolve) => setTimeout(resolve, 2 * limit))
  if (isKnown) await Promise.race([start(), late, later])
  else await late
}`,
      errors: [
        {
          line: 5,
          level: 'likely',
          suggestions: [],
          related: ['This timer is never cleared.', 'This timer is never cleared.'],
        },
      ],
    },
    {
      name: 'a time limit in a promise that an event settles',
      code: `${SOCKET}export async function opened(): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    setTimeout(() => { reject(new Error('late')) }, 5_000)
    socket.once('open', resolve)
  })
}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          message: /^When this promise settles in another way, the timer runs on for up to 5 s: /u,
          related: ['This settles it too.'],
          suggestions: [
            {
              title: 'Clear the timer when the promise has settled',
              output: `${SOCKET}export async function opened(): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  await new Promise<void>((resolve, reject) => {
    timer = setTimeout(() => { reject(new Error('late')) }, 5_000)
    socket.once('open', resolve)
  }).finally(() => { clearTimeout(timer) })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a time limit of the length that the caller gives, in a promise that a map keeps',
      code: `const pending = new Map<number, (answer: string) => void>()
export const ask = (id: number, limit: number) => new Promise<string>((resolve, reject) => {
  pending.set(id, resolve)
  setTimeout(() => { if (pending.delete(id)) reject(new Error('late')) }, limit)
})`,
      errors: [{ level: 'likely', line: 4, message: /for up to `limit` ms/u }],
    },
    {
      name: 'a time limit and an event that end by one function of the promise',
      code: `${SOCKET}export const opened = () => new Promise<boolean>((resolve) => {
  const finish = () => { resolve(true) }
  socket.once('open', finish)
  setTimeout(finish, 5_000)
})`,
      errors: [{ level: 'likely', line: 5 }],
    },
    {
      name: 'a time limit beside work that the promise waits for itself',
      code: `declare function load(): Promise<string>
export const loaded = () => new Promise<string>(async (resolve, reject) => {
  setTimeout(() => { reject(new Error('late')) }, 5_000)
  resolve(await load())
})`,
      errors: [{ level: 'likely', line: 3 }],
    },
    {
      name: 'a time limit in a promise, in a test: possible only',
      level: 'possible',
      filename: 'f.test.ts',
      code: `${SOCKET}export const opened = () => new Promise<void>((resolve) => { setTimeout(resolve, 5_000); socket.once('open', resolve) })`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'a helper that ends with an error made on the spot',
      code: `declare function describe(code: number): Error
const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms) })
const rejectAfter = (ms: number, error: Error): Promise<never> => wait(ms).then(() => { throw error })
export async function f(work: Promise<void>, seconds: number) { await Promise.race([work, rejectAfter(seconds * 1000, describe(4))]) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a wait that takes a token and is given none',
      code: `${TOKEN_WAIT}export async function f(work: Promise<void>) { await Promise.race([work, delay(5_000)]) }`,
      errors: [{ level: 'likely', message: /for up to 5 s/u }],
    },
    {
      name: 'a helper that goes on when the wait is over',
      code: 'export class Load {\n  limit(ms = 45_000) { return new Promise((resolve) => setTimeout(resolve, ms)).then(() => { console.log("late"); return 0 }) }\n  async run(work: Promise<number>) { return Promise.race([work, this.limit()]) }\n}',
      errors: [{ line: 3, message: /until it fires/u }],
    },
    {
      name: 'a helper that waits for ever where the delay is infinite',
      code: 'const delay = (ms: number) => isFinite(ms) ? new Promise<void>((resolve) => setTimeout(resolve, ms)) : new Promise<void>(() => undefined)\nexport const f = async (work: Promise<void>) => Promise.race([work, delay(2_000).then(() => false)])',
      errors: [{ line: 2, message: /for up to 2 s/u }],
    },
    {
      name: 'a limit that a caller makes long',
      files: within('Number(process.env.LIMIT)'),
      code: WITHIN,
      errors: [reported()],
    },
    { name: 'a limit that users of the module choose', code: WITHIN, errors: [reported()] },
    {
      name: 'a limit that is short here, and whatever the others say',
      files: within('200'),
      code: `${WITHIN}\nexport const limits = [within]`,
      errors: [reported('\nexport const limits = [within]')],
    },
    {
      name: 'a function that waits before it rejects',
      code: `${SLEEP}export async function f(work: Promise<string>, ms: number) {\n  return Promise.race([work, (async () => { await sleep(ms); throw new Error('late') })()])\n}`,
      errors: [{ line: 3, related: ['This timer is never cleared.'] }],
    },
    {
      name: 'a local function that waits before it gives up',
      code: `${SLEEP}declare function giveUp(): Promise<void>\nexport async function f(work: Promise<void>) {\n  const limit = async () => { await sleep(30_000); await giveUp() }\n  await Promise.race([work, limit()])\n}`,
      errors: [{ line: 5, message: /30 s/u }],
    },
    {
      name: 'a timer that is raced on a condition',
      code: `${SLEEP}export async function f(work: Promise<void>, ms?: number) {\n  await Promise.race([work, ...(ms === undefined ? [] : [(async () => { await sleep(ms) })()])])\n}`,
      errors: [{ line: 3 }],
    },
    {
      name: 'a timer in a list that is filtered',
      code: `${SLEEP}export async function f(work: Promise<void>, ms: number | null) {\n  await Promise.race([work, (async () => { await sleep(20_000) })(), ms === null ? null : work].filter((it) => it !== null))\n}`,
      errors: [{ line: 3 }],
    },
    {
      name: 'a timer that is pushed to the list',
      code: `${SLEEP}export async function f(work: Promise<void>, ms: number) {\n  const all: Promise<unknown>[] = []\n  if (ms > 0) all.push(sleep(ms))\n  all.push(work)\n  await Promise.race(all)\n}`,
      errors: [{ line: 6 }],
    },
    {
      name: 'a timer for what nobody knows, but no less than nothing',
      code: 'export async function f(work: Promise<string>, ms: number) { const list = [work, new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))]; return Promise.race(list) }',
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a request that goes on after the deadline',
      code: against('fetch(url)'),
      errors: [
        {
          level: 'likely',
          message:
            'When another promise wins this race, `fetch(url)` goes on to its end, and nobody wants what it brings: it would take a signal, and has none.',
          related: ['This goes on when it has lost.'],
        },
      ],
    },
    {
      name: 'the same at the head of a chain',
      code: against('fetch(url).then((response) => response.text())'),
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a function of the program that takes a signal',
      code: against(
        'load(url)',
        'const load = async (url: string, signal?: AbortSignal) => (await fetch(url, { signal: signal ?? null })).text()',
      ),
      errors: [{ level: 'likely' }],
    },
    {
      name: 'one of two mirrors',
      code: 'export const f = async (a: string, b: string) => Promise.race([fetch(a), fetch(b)])',
      errors: [{ level: 'likely', related: ['This goes on when it has lost.', 'This goes on when it has lost.'] }],
    },
    {
      name: 'a child process in a JavaScript script',
      level: 'possible',
      filename: 'scripts/build.js',
      code: "import { execFile } from 'node:child_process'\nimport { promisify } from 'node:util'\nconst run = promisify(execFile)\nexport async function f() {\n  let timer\n  const late = new Promise((resolve) => { timer = setTimeout(resolve, 30_000) })\n  return Promise.race([run('make', ['all'], {}), late]).finally(() => { clearTimeout(timer) })\n}",
      errors: [{ level: 'possible' }],
    },
    {
      name: 'a rejecting timer in a block',
      code: `export async function withDeadline<T>(work: Promise<T>): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      setTimeout(() => { reject(new Error('Too slow')) }, 30_000)
    }),
  ])
}`,
      errors: [
        {
          message: MESSAGE,
          level: 'likely',
          line: 2,
          column: 10,
          endLine: 2,
          endColumn: 22,
          related: ['This timer is never cleared.'],
          suggestions: [
            {
              title: 'Clear the timer when the race is over',
              output: `export async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      timer = setTimeout(() => { reject(new Error('Too slow')) }, 30_000)
    }),
  ]).finally(() => { clearTimeout(timer) })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a timer on a line of its own, as the body of an arrow function',
      code: `export async function withDeadline<T>(work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => {
      reject(new Error('Too slow'))
    }, 30_000),
  )
  return Promise.race([work, late])
}`,
      errors: [
        {
          suggestions: [
            {
              title: 'Clear the timer when the race is over',
              output: `export async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('Too slow'))
    }, 30_000)
  })
  return Promise.race([work, late]).finally(() => { clearTimeout(timer) })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a resolving timer as the body of an arrow function, of unknown length, in a file with semicolons',
      code: `declare const flushed: Promise<void>;
export async function flush(timeoutMs: number): Promise<void> {
  await Promise.race([flushed, new Promise((resolve) => setTimeout(resolve, timeoutMs))]);
}
console.log('ready');
console.log('steady');`,
      errors: [
        {
          message: /for up to `timeoutMs` ms: nothing clears it/u,
          suggestions: [
            {
              title: 'Clear the timer when the race is over',
              output: `declare const flushed: Promise<void>;
export async function flush(timeoutMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([flushed, new Promise((resolve) => { timer = setTimeout(resolve, timeoutMs); })]).finally(() => {
    clearTimeout(timer);
  });
}
console.log('ready');
console.log('steady');`,
            },
          ],
        },
      ],
    },
    {
      name: 'a timer promise in a variable, in JavaScript where `timer` is taken',
      filename: 'file.js',
      code: `export const timer = 'taken'
/** @param {Promise<void>} work */
export async function withDeadline(work) {
  const deadline = new Promise((_, reject) => {
    setTimeout(() => { reject(new Error('Too slow')) }, 30_000)
  })
  deadline.catch(() => {})
  await Promise.race([work, deadline])
}`,
      errors: [
        {
          line: 8,
          suggestions: [
            {
              title: 'Clear the timer when the race is over',
              output: `export const timer = 'taken'
/** @param {Promise<void>} work */
export async function withDeadline(work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let timer2
  const deadline = new Promise((_, reject) => {
    timer2 = setTimeout(() => { reject(new Error('Too slow')) }, 30_000)
  })
  deadline.catch(() => {})
  await Promise.race([work, deadline]).finally(() => { clearTimeout(timer2) })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a call that takes a signal, raced against a timer that rejects',
      code: `export async function load(url: string): Promise<Response> {
  return await Promise.race([
    fetch(url),
    new Promise<never>((_, reject) => { setTimeout(reject, 30_000) }),
  ])
}`,
      errors: [
        {
          suggestions: [
            {
              title: 'Clear the timer when the race is over',
              output: `export async function load(url: string): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined
  return await Promise.race([
    fetch(url),
    new Promise<never>((_, reject) => { timer = setTimeout(reject, 30_000) }),
  ]).finally(() => { clearTimeout(timer) })
}`,
            },
            {
              title: 'Pass `AbortSignal.timeout` to `fetch` in place of the race, which stops both',
              output: `export async function load(url: string): Promise<Response> {
  return await fetch(url, { signal: AbortSignal.timeout(30_000) })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a wait of Node’s that could take a signal',
      code: `import { setTimeout as sleep } from 'node:timers/promises'
export async function flush(work: Promise<void>): Promise<void> {
  await Promise.race([work, sleep(5_000)])
}`,
      errors: [
        {
          message: /the timer of `sleep\(5_000\)` runs on for up to 5 s/u,
          suggestions: [
            {
              title: 'Abort the wait when the race is over',
              output: `import { setTimeout as sleep } from 'node:timers/promises'
export async function flush(work: Promise<void>): Promise<void> {
  const timer = new AbortController()
  await Promise.race([work, sleep(5_000, undefined, { signal: timer.signal })]).finally(() => { timer.abort() })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'the runtime’s wait',
      code: `import { sleep } from '@forkline/runtime'
export async function flush(work: Promise<void>): Promise<void> {
  const timeout = sleep(5_000)
  await Promise.race([work, timeout])
}`,
      errors: [
        {
          suggestions: [
            {
              title: 'Abort the wait when the race is over',
              output: `import { sleep } from '@forkline/runtime'
export async function flush(work: Promise<void>): Promise<void> {
  const timer = new AbortController()
  const timeout = sleep(5_000, { signal: timer.signal })
  await Promise.race([work, timeout]).finally(() => { timer.abort() })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a helper of another module that only waits, with a handler on it',
      files: { './sleep.ts': SLEEP },
      code: `import { sleep } from './sleep.ts'
const LIMIT_MS = 50 * 1000
export async function ready(start: () => Promise<void>): Promise<boolean> {
  return Promise.race([start().then(() => true), sleep(LIMIT_MS + 3_000).then(() => false)])
}`,
      errors: [{ message: /the timer of `sleep\(LIMIT_MS \+ 3_000\)` runs on for up to 53 s/u }],
    },
    {
      name: 'a helper that waits and then throws',
      code: `${SLEEP}
async function timeout(seconds: number, what: string): Promise<never> {
  await sleep(10_000)
  throw new Error(what + String(seconds))
}
export async function ready(work: Promise<void>): Promise<void> {
  await Promise.race([work, timeout(10, 'start')])
}`,
      errors: [{ message: /the timer of `timeout\(10, 'start'\)` runs on for up to 10 s/u }],
    },
    {
      name: 'a promisified timer',
      code: `import { promisify } from 'node:util'
const wait = promisify(setTimeout) as unknown as (ms: number) => Promise<void>
const pause: (ms: number) => Promise<void> = promisify(setTimeout as never)
export async function ready(work: Promise<void>): Promise<void> {
  await Promise.race([work, wait(10_000)])
  await pause(1)
}`,
      errors: [{ message: /`wait\(10_000\)`/u }],
    },
    {
      name: 'a handle that is kept but never read',
      code: `export async function ready(work: Promise<void>): Promise<void> {
  let timer
  await Promise.race([work, new Promise((resolve) => { timer = setTimeout(resolve, 10_000) })])
}`,
      errors: [{}],
    },
    {
      name: 'promises listed in a constant first',
      code: `export async function ready(work: Promise<void>): Promise<void> {
  const contestants = [work, new Promise((resolve) => setTimeout(resolve, 10_000))]
  await Promise.race(contestants)
}`,
      errors: [{ line: 3 }],
    },
    {
      name: 'a race where a declaration has no place before it',
      code: `export const withDeadline = <T>(work: Promise<T>): Promise<T> =>
  Promise.race([work, new Promise<never>((_, reject) => setTimeout(reject, 30_000))])`,
      errors: [{ line: 2 }],
    },
    {
      name: 'a test and a wait known by its name, when asked for what is only possible',
      filename: 'queue.test.ts',
      level: 'possible',
      code: `// @ts-expect-error not installed
import { sleep } from 'not-installed'
export async function settled(work: Promise<void>): Promise<void> {
  await Promise.race([work, sleep(10_000)])
}`,
      errors: [{ level: 'possible', line: 4 }],
    },
  ],
})
