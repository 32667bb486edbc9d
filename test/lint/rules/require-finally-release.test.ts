import { rule } from '../../../lint/rules/require-finally-release.ts'
import { testRule } from '../harness/ruleTester.ts'

const WORK = `declare function work(): Promise<number>
declare function safe(): Promise<void>
declare const mutex: { acquire(): Promise<() => void>; lock(): Promise<void>; unlock(): void }
declare const pool: { connect(): Promise<{ query(sql: string): Promise<void>; release(): void }> }
`

testRule(rule, {
  valid: [
    {
      name: 'a mark of a key that turns nobody away',
      code: `${WORK}export class A { seen = new Set<string>(); async f(id: string) { this.seen.add(id); await work(); this.seen.delete(id) } }`,
    },
    {
      name: 'a job in hand that turns nobody away',
      code: `${WORK}export class A { job: Date | undefined; async f(job: Date) { this.job = job; await work(); this.job = undefined } }`,
    },
    {
      name: 'a branch takes it, and what is awaited there is caught',
      code: `${WORK}export class A { busy = false; async f(now: boolean) { if (this.busy) return; if (now) { this.busy = true; try { await work() } catch { console.error() } } this.busy = false } }`,
    },
    {
      name: 'given back in finally',
      code: `${WORK}export async function f() { const release = await mutex.acquire(); try { await work() } finally { release() } }`,
    },
    {
      name: 'given back on both ways',
      code: `${WORK}export async function f() { const release = await mutex.acquire(); try { await work() } catch (error) { release(); throw error } console.log('x'); release() }`,
    },
    {
      name: 'nothing in between can reject',
      code: `${WORK}async function quiet() { try { await work() } catch { console.log('x') } }\nexport async function f() { const release = await mutex.acquire(); await quiet(); release() }`,
    },
    {
      name: 'jobs of a queue, each of which catches its own failure',
      code: `${WORK}export class Line { private jobs: (() => Promise<void>)[] = []; private busy = false
        private async run() { if (this.busy) return; this.busy = true; while (this.jobs.length > 0) { await this.jobs[0]?.(); this.jobs.shift() } this.busy = false }
        add(job: () => Promise<void>) { return new Promise<void>((resolve, reject) => { this.jobs.push(async () => { try { await job(); resolve() } catch (error) { reject(error) } }); void this.run() }) } }`,
    },
    {
      name: 'nothing in between can reject, in a function that React keeps',
      level: 'possible',
      code: `${WORK}declare function useCallback<T>(fn: T, inputs: unknown[]): T
        export function useLoad(busy: { current: boolean }) {
          const refresh = useCallback(async () => { try { await work(); return true } catch { return false } }, [])
          return useCallback(async () => { if (busy.current) return; busy.current = true; await refresh(); busy.current = false }, [refresh])
        }`,
    },
    {
      name: 'nothing in between can reject: a race of a pause, by the name that the file gives it, with a promise that only resolves',
      code: `import { setTimeout as pause } from 'node:timers/promises'
        interface Child { kill(): void; once(event: string, listener: () => void): void }
        export class Runner {
          #isStopping = false
          constructor(private readonly child: Child) {}
          async stop(): Promise<void> {
            if (this.#isStopping) return
            this.#isStopping = true
            const timeout = pause(2000)
            const exit = new Promise<void>((resolve) => { this.child.once('exit', resolve) })
            this.child.kill()
            await Promise.race([exit, timeout])
            this.#isStopping = false
          }
        }`,
    },
    {
      name: 'what rejects is caught',
      code: `${WORK}export async function f() { const release = await mutex.acquire(); try { await work() } catch { console.log('x') } release() }`,
    },
    {
      name: 'nothing is awaited in between',
      code: `${WORK}export async function f() { const release = await mutex.acquire(); console.log('x'); release(); await work() }`,
    },
    {
      name: 'never given back here: held on purpose',
      code: `${WORK}export async function f() { const release = await mutex.acquire(); await work(); return release }`,
    },
    {
      name: 'given back by a callback',
      code: `${WORK}export async function f() { const release = await mutex.acquire(); const done = work().finally(() => { release() }); await done; release() }`,
    },
    {
      name: 'nothing but plain code before the try that resets the flag',
      code: `${WORK}export class A { busy = false
          async f() { if (this.busy) return; this.busy = true; console.log('x'); try { await work() } finally { this.busy = false } } }`,
    },
    {
      name: 'a list that is collected, and of which some are dropped',
      code: `${WORK}export class A { found: string[] = []
          async run(id: string) { if (this.found.includes('x')) return
            this.found.push(id); await work(); this.found = this.found.filter((other) => other !== 'x') } }`,
    },
    {
      name: 'a flag meant to stay',
      code: `${WORK}export class A { started = false; async f() { if (this.started) return; this.started = true; await work() } }`,
    },
    {
      name: 'a flag that turns nobody away',
      code: `${WORK}export class A { loading = false; async f() { this.loading = true; await work(); this.loading = false } }`,
    },
    {
      name: 'a local flag',
      code: `${WORK}export async function f() { let busy = false; if (busy) return; busy = true; await work(); busy = false }`,
    },
    {
      name: 'a counter for show',
      code: `${WORK}export class A { calls = 0; async f() { this.calls++; await work(); this.calls-- } }`,
    },
    {
      name: 'another function in between runs at another time',
      code: `${WORK}export async function f() { const release = await mutex.acquire(); const later = async () => { await work() }; release(); return later }`,
    },
    {
      name: 'a return that gives back first',
      code: `${WORK}export async function f(x: boolean) { const release = await mutex.acquire(); if (x) { release(); return } console.log('x'); release() }`,
    },
    {
      name: 'using gives back by itself',
      code: `${WORK}declare function lease(): Promise<Disposable>\nexport async function f() { using held = await lease(); console.log(held); await work() }`,
    },
    {
      name: 'in a test',
      level: 'possible',
      filename: 'a.test.ts',
      code: `${WORK}export async function f() { const release = await mutex.acquire(); await work(); release() }`,
    },
    {
      name: 'something else that is called connect',
      code: `${WORK}declare function connect(): Promise<{ close(): void }>\nexport async function f() { const socket = await connect(); await work(); socket.close() }`,
    },
  ],
  invalid: [
    {
      name: 'a wait before the try that resets the flag',
      code: `${WORK}export class A { busy = false
          async f() { if (this.busy) return; this.busy = true; const first = work(); await first; try { await work() } finally { this.busy = false } } }`,
      errors: [{ message: /^When `await first` rejects, `this.busy = false` is skipped/u }],
    },
    {
      name: 'a list of what is at work, which callers ask',
      code: `${WORK}export class A { running: string[] = []
          start(id: string) { if (this.running.includes(id)) return; void this.run(id) }
          private async run(id: string) { this.running.push(id); await work(); this.running = this.running.filter((other) => other !== id) } }`,
      errors: [
        {
          message: /`this.running` keeps the entry/u,
          suggestions: [
            {
              title: 'Give it back in `finally`',
              output: `${WORK}export class A { running: string[] = []
          start(id: string) { if (this.running.includes(id)) return; void this.run(id) }
          private async run(id: string) { this.running.push(id); try {
            await work();
          } finally {
            this.running = this.running.filter((other) => other !== id)
          } } }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a list of what is at work, which it asks itself',
      code: `${WORK}export class A { running: string[] = []
          async run(id: string) { if (this.running.includes(id)) return
            this.running.push(id); await work(); this.running.splice(this.running.indexOf(id), 1) } }`,
      errors: [
        {
          suggestions: [
            {
              title: 'Give it back in `finally`',
              output: `${WORK}export class A { running: string[] = []
          async run(id: string) { if (this.running.includes(id)) return
            this.running.push(id); try {
              await work();
            } finally {
              this.running.splice(this.running.indexOf(id), 1)
            } } }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a mark of a key, taken in a branch and given back behind it',
      code: `${WORK}export class A { busy = new Set<string>(); async f(id: string, now: boolean) { if (this.busy.has(id)) return; if (now) { this.busy.add(id); console.log(id) } await work(); this.busy.delete(id) } }`,
      errors: [
        {
          level: 'likely',
          message: /keeps the entry/u,
          related: ['The function may be left here.', 'Then this does not run.'],
        },
      ],
    },
    {
      name: 'the job in hand, for which others queue',
      code: `${WORK}export class A { job: Date | undefined; rest: Date[] = []
        async f(job: Date, now: boolean) { if (this.job) { this.rest.push(job); return } if (now) { this.job = job; console.log(job) } await work(); this.job = undefined } }`,
      errors: [
        {
          level: 'likely',
          message: /stays filled/u,
          related: ['The function may be left here.', 'Then this does not run.'],
        },
      ],
    },
    {
      name: 'a flag that every caller looks at',
      code: `${WORK}export class A { busy = false
        start() { if (!this.busy) { void new Promise<void>((resolve) => { void this.drain().then(resolve) }) } }
        private async drain() { if (Date.now() > 0) { this.busy = true; console.log() } await work(); this.busy = false } }`,
      errors: [{ level: 'likely', related: ['The function may be left here.', 'Then this does not run.'] }],
    },
    {
      name: 'a lock whose release is a function',
      code: `${WORK}export async function f() {
  const release = await mutex.acquire()
  // first
  await work() // slow
  await safe()
  // last
  release()
}`,
      errors: [
        {
          level: 'likely',
          line: 6,
          column: 9,
          message:
            'When `await work()` rejects, `release()` is skipped: `release` is never given back, and all who wait for it wait for ever.',
          related: ['The function may be left here.', 'Then this does not run.'],
          suggestions: [
            {
              title: 'Give it back in `finally`',
              output: `${WORK}export async function f() {
  const release = await mutex.acquire()
  // first
  try {
    await work() // slow
    await safe()
  } finally {
    // last
    release()
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a lock that is unlocked by name',
      code: `${WORK}export async function f() {
  await mutex.lock()
  const n = await work()
  mutex.unlock()
  return n
}`,
      errors: [{ level: 'likely', line: 6, message: /`mutex` is never given back/u }],
    },
    {
      name: 'a pooled connection',
      code: `${WORK}export async function f() {
  const client = await pool.connect()
  await client.query('select 1')
  client.release()
}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Give it back in `finally`',
              output: `${WORK}export async function f() {
  const client = await pool.connect()
  try {
    await client.query('select 1')
  } finally {
    client.release()
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a return on the way',
      code: `${WORK}export async function f(x: boolean) {
  const release = await mutex.acquire()
  if (x) return
  console.log('x')
  release()
}`,
      errors: [
        {
          level: 'likely',
          message:
            'The `return` further down skips `release()`: `release` is never given back, and all who wait for it wait for ever.',
          suggestions: [
            {
              title: 'Give it back in `finally`',
              output: `${WORK}export async function f(x: boolean) {
  const release = await mutex.acquire()
  try {
    if (x) return
    console.log('x')
  } finally {
    release()
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a busy flag',
      code: `${WORK}export class A {
  #busy = false
  async f() {
    if (this.#busy) return
    this.#busy = true
    await work()
    this.#busy = false
  }
}`,
      errors: [
        {
          level: 'likely',
          line: 9,
          message:
            'When `await work()` rejects, `this.#busy = false` is skipped: `this.#busy` stays true, and every later call is turned away.',
          suggestions: [
            {
              title: 'Give it back in `finally`',
              output: `${WORK}export class A {
  #busy = false
  async f() {
    if (this.#busy) return
    this.#busy = true
    try {
      await work()
    } finally {
      this.#busy = false
    }
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a busy flag of the module, in a timer, in JavaScript',
      filename: 'poll.js',
      code: `import { work } from './work.js'
let busy = false
setInterval(async () => {
  if (busy) return
  busy = true
  await work()
  busy = false
}, 5000)`,
      files: { './work.js': 'export async function work() { throw new Error() }' },
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Give it back in `finally`',
              output: `import { work } from './work.js'
let busy = false
setInterval(async () => {
  if (busy) return
  busy = true
  try {
    await work()
  } finally {
    busy = false
  }
}, 5000)`,
            },
          ],
        },
      ],
    },
    {
      name: 'a count that limits',
      code: `${WORK}export class A {
  active = 0
  async f() {
    while (this.active >= 4) await safe()
    this.active += 1
    await work()
    this.active -= 1
  }
}`,
      errors: [
        {
          level: 'likely',
          message: /`this\.active` stays too high for good/u,
          suggestions: [
            {
              title: 'Give it back in `finally`',
              output: `${WORK}export class A {
  active = 0
  async f() {
    while (this.active >= 4) await safe()
    this.active += 1
    try {
      await work()
    } finally {
      this.active -= 1
    }
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'lines of a template literal stay where they are',
      code: `${WORK}export async function f() {
  const release = await mutex.acquire()
  console.log(\`a
  b\`)
  await work()
  release()
}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Give it back in `finally`',
              output: `${WORK}export async function f() {
  const release = await mutex.acquire()
  try {
    console.log(\`a
  b\`)
    await work()
  } finally {
    release()
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'possible: a flag that only shows',
      level: 'possible',
      code: `${WORK}export class A { loading = false; async f() {
  this.loading = true
  await work()
  this.loading = false
} }`,
      errors: [
        {
          level: 'possible',
          suggestions: [
            {
              title: 'Give it back in `finally`',
              output: `${WORK}export class A { loading = false; async f() {
  this.loading = true
  try {
    await work()
  } finally {
    this.loading = false
  }
} }`,
            },
          ],
        },
      ],
    },
  ],
})
