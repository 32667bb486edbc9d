import { rule } from '../../../lint/rules/no-stale-write-after-await.ts'
import { testRule } from '../harness/ruleTester.ts'

const PRICE = 'declare function price(item: string): Promise<number>\n'

testRule(rule, {
  valid: [
    {
      name: 'a list made anew from the old one, which nobody else changes',
      code: `declare function renew(row: string): Promise<string>
export class Table {
  rows: string[]
  constructor(rows: string[]) { this.rows = []; this.rows.push(...rows) }
  async renewAll() { this.rows = await Promise.all(this.rows.map((row) => renew(row))) }
}`,
    },
    {
      name: 'a list made anew from the old one, in whose place other code puts another',
      code: `declare function renew(row: string): Promise<string>
export class Table {
  rows: string[] = []
  put(rows: string[]) { this.rows = rows }
  async renewAll() { this.rows = await Promise.all(this.rows.map((row) => renew(row))) }
}`,
    },
    {
      name: 'a copy that is put back when it has failed',
      code: `declare function apply(): Promise<void>
export class View {
  media = { scheme: 'dark' }
  async set(scheme: string) {
    const before = { ...this.media }
    this.media.scheme = scheme
    try { await apply() } catch (error) { this.media = before; throw error }
  }
}`,
    },
    {
      name: 'its one caller keeps the promise for those who come meanwhile',
      code: `declare function attempt(id: string): Promise<void>
const failures = new Map<string, number>()
export async function retry(id: string) {
  const before = failures.get(id) ?? 0
  await attempt(id)
  failures.set(id, before + 1)
}`,
      files: {
        './service.ts': `import { retry } from './file.ts'
declare function gate(): (method: unknown, context: ClassMethodDecoratorContext) => void
export class Service { @gate() async run(id: string) { await retry(id) } }`,
      },
    },
    {
      name: 'the key is marked as being worked on, and turns others away',
      code: `declare function attempt(id: string): Promise<void>
export class Retries {
  private readonly failures = new Map<string, number>()
  private readonly busy = new Set<string>()
  async run(id: string) {
    if (this.busy.has(id)) return
    const before = this.failures.get(id) ?? 0
    this.busy.add(id)
    try { await attempt(id) } catch { this.failures.set(id, before + 1) } finally { this.busy.delete(id) }
  }
}`,
    },
    {
      name: 'read in one branch of what is written, on each turn of a loop that waits',
      code: `export class Run {
  task: string | undefined
  async follow(chunks: AsyncIterable<{ id?: string; isLast?: boolean }>): Promise<void> {
    for await (const { id, isLast } of chunks) this.task = isLast ? undefined : (id ?? this.task)
  }
}`,
      level: 'possible',
    },
    {
      name: 'a promise that gives way to its own value',
      code: `export class Lazy {
  store: Promise<string> | string
  constructor(store: Promise<string>) { this.store = store }
  async get(): Promise<string> { this.store = await this.store; return this.store }
}`,
      level: 'possible',
    },
    {
      name: 'what was there is kept, so that only a second answer is lost',
      code: `declare function ask(): Promise<string>
export class Branch { name = ''; async get(): Promise<string> { this.name = this.name || (await ask()); return this.name } }`,
    },
    {
      name: 'a loop that reads anew after each wait, into the same variable',
      code: `declare function send(n: number): Promise<void>
export class Tail {
  read: number[] = []
  async look(size: number): Promise<void> {
    for (let from = this.read[0] ?? 0; from < size; from = this.read[0] ?? size) {
      this.read[0] = Math.min(size, from + 10)
      await send(from)
    }
  }
}`,
      level: 'possible',
    },
    {
      name: 'a local of the activation itself',
      code: `${PRICE}export async function f(items: string[]) { let total = 0; for (const item of items) total += await price(item); return total }`,
    },
    {
      name: 'awaited first, then read and written with no suspension between',
      code: `${PRICE}export async function f(items: string[]) {
        let total = 0
        await Promise.all(items.map(async (item) => { const value = await price(item); total += value }))
        return total
      }`,
    },
    {
      name: 'a failure puts the old value back',
      code: `${PRICE}export class Cart { last = { at: 0 }; async load() {
        const before = this.last
        this.last = { at: 1 }
        try { await price('a') } catch { this.last = before.at > 0 ? before : { at: 0 } }
      } }`,
    },
    {
      name: 'read anew after the await',
      code: `${PRICE}class Cart { total = 0; async add(item: string) { console.log(this.total); const value = await price(item); this.total = this.total + value } }
        export { Cart }`,
    },
    {
      name: 'a key of its own for each activation',
      code: `${PRICE}export async function f(items: string[]) {
        const totals: Record<string, number> = {}
        await Promise.all(items.map(async (item) => { totals[item] = (totals[item] ?? 0) + await price(item) }))
      }`,
    },
    {
      name: 'under a lock',
      code: `${PRICE}declare const mutex: { runExclusive<T>(work: () => Promise<T>): Promise<T> }
        class Cart { total = 0; async add(item: string) { await mutex.runExclusive(async () => { this.total += await price(item) }) } }
        export { Cart }`,
    },
    {
      name: 'on a promise chain, which runs one after another',
      code: `${PRICE}class Cart { total = 0; tail = Promise.resolve(); add(item: string) { this.tail = this.tail.then(async () => { this.total += await price(item) }) } }
        export { Cart }`,
    },
    {
      name: 'a value that does not depend on the old one',
      code: `${PRICE}class Cart { last = 0; async add(item: string) { if (this.last > 9) return; this.last = await price(item) } }\nexport { Cart }`,
    },
    {
      name: 'the in-flight pattern',
      code: `${PRICE}class Cart { p: Promise<number> | undefined; async get() { this.p ??= price('a'); return await this.p } }\nexport { Cart }`,
    },
    {
      name: 'a captured sum in callbacks that nothing shows to overlap',
      code: `${PRICE}declare function eachBatch(work: (item: string) => Promise<void>): Promise<void>
        export async function f() { let total = 0; await eachBatch(async (item) => { total += await price(item) }); return total }`,
    },
    {
      name: 'an await on another path than the write',
      code: `${PRICE}class Cart { total = 0; async add(item: string, known?: number) {
        const before = this.total
        if (known === undefined) { await price(item); return }
        this.total = before + known
      } }\nexport { Cart }`,
    },
    {
      name: 'a limiter of one runs the callbacks one after another',
      code: `import pLimit from 'p-limit'\n${PRICE}const limit = pLimit(1)
        export async function f(items: string[]) { let total = 0; await Promise.all(items.map((item) => limit(async () => { total += await price(item) }))); return total }`,
    },
    {
      name: 'behind a busy flag, set before the read',
      code: `${PRICE}export async function f(items: string[]) { let total = 0; let busy = false
        await Promise.all(items.map(async (item) => { if (busy) return; busy = true; total += await price(item); busy = false })); return total }`,
    },
    {
      name: 'a limiter of one made in the function itself, by whichever package',
      code: `import pLimit from 'p-limit'\nimport PQueue from 'p-queue'\n${PRICE}
        export async function f(items: string[]) { const limit = pLimit(1); let total = 0; await Promise.all(items.map((item) => limit(async () => { total += await price(item) }))); return total }
        export async function g(items: string[]) { const work = new PQueue({ concurrency: 1 }); let total = 0; await Promise.all(items.map((item) => work.add(async () => { total += await price(item) }))); return total }`,
    },
    {
      name: 'an entry that is read anew after the await',
      code: `${PRICE}const prices = new Map<string, number>()
        export async function f(item: string) { const value = await price(item); prices.set(item, (prices.get(item) ?? 0) + value) }`,
      level: 'possible',
    },
    {
      name: 'an entry of its own for each item of a fan-out',
      code: `${PRICE}const prices = new Map<string, number>()
        export async function f(items: readonly { id: string }[]) {
          await Promise.all(items.map(async (item) => { prices.set(item.id, (prices.get(item.id) ?? 0) + await price(item.id)) }))
        }`,
    },
    {
      name: 'an entry of its own for each function that a callback makes',
      code: `declare function runAll(tasks: readonly ((task: number) => Promise<void>)[]): Promise<void>
        declare function price(item: string): Promise<number>
        export async function f(items: readonly string[], done: Map<string, number>) {
          await runAll(items.map((item) => async (task) => { done.set(item, (done.get(item) ?? 0) + await price(item) + task) }))
        }`,
    },
    {
      name: 'an entry for each of distinct keys',
      level: 'possible',
      code: `${PRICE}export async function f(wanted: Record<string, string>, done: Map<string, number>) {
          await Promise.all(Object.entries(wanted).map(async ([name, item]) => { done.set(name, (done.get(name) ?? 0) + await price(item)) }))
        }`,
    },
    {
      name: 'another entry than the one that was read',
      code: `${PRICE}const prices = new Map<string, number>()
        export async function f(a: string, b: string) { prices.set(a, (prices.get(b) ?? 0) + await price(a)) }`,
      level: 'possible',
    },
    {
      name: 'a client of a store, whose get and set are commands',
      code: `${PRICE}declare const store: { get(key: string): Promise<number>; set(key: string, value: number): Promise<void> }
        export async function f() { await store.set('sum', (await store.get('sum')) + await price('a')) }`,
      level: 'possible',
    },
    {
      name: 'a map of the activation itself',
      code: `${PRICE}export async function f(items: string[]) { const sums = new Map<string, number>()
        for (const item of items) sums.set('all', (sums.get('all') ?? 0) + await price(item)); return sums }`,
      level: 'possible',
    },
    {
      name: 'an entry under a lock',
      code: `${PRICE}declare const mutex: { runExclusive<T>(work: () => Promise<T>): Promise<T> }
        const prices = new Map<string, number>()
        export async function f(item: string) { await mutex.runExclusive(async () => { prices.set(item, (prices.get(item) ?? 0) + await price(item)) }) }`,
      level: 'possible',
    },
    {
      name: 'what was taken out goes back in front of what has come since',
      code: `declare function send(lines: readonly string[]): Promise<void>
        export class Log {
          #waiting: string[] = []
          write(line: string): void { this.#waiting.push(line) }
          async flush(): Promise<void> {
            const taken = this.#waiting
            this.#waiting = []
            try { await send(taken) } catch { this.#waiting = taken.concat(this.#waiting) }
          }
        }`,
    },
  ],
  invalid: [
    {
      name: 'a list made anew from the old one, to which other code adds',
      code: `declare function renew(row: string): Promise<string>
export class Table {
  rows: string[] = []
  add(row: string) { this.rows.push(row) }
  async renewAll() { this.rows = await Promise.all(this.rows.map((row) => renew(row))) }
}`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'the same, out of which other code takes some',
      code: `declare function renew(row: string): Promise<string>
export class Table {
  rows: string[] = []
  drop(row: string) { this.rows = this.rows.filter((other) => other !== row) }
  async renewAll() { this.rows = await Promise.all(this.rows.map((row) => renew(row))) }
}`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'another key is marked as being worked on',
      code: `declare function attempt(id: string): Promise<void>
export class Retries {
  private readonly failures = new Map<string, number>()
  private readonly busy = new Set<string>()
  async run(id: string, group: string) {
    if (this.busy.has(id)) return
    const before = this.failures.get(group) ?? 0
    this.busy.add(id)
    try { await attempt(id) } catch { this.failures.set(group, before + 1) } finally { this.busy.delete(id) }
  }
}`,
      errors: [{ level: 'likely', line: 9, related: ['The value written comes from this read.'] }],
    },
    {
      name: 'an item of the old list at the head of a new one: possible',
      level: 'possible',
      code: `declare function ask(host: string): Promise<string[]>
export class Nodes { hosts: string[] = []
  async renew() { for (const host of this.hosts) { const found = await ask(host); this.hosts = [host].concat(found); return } } }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'a copy that is changed over an await and written back: possible, for it may be meant to replace the old one',
      level: 'possible',
      code: `${PRICE}export class Cart { state = { name: '', price: 0 }
  async load(item: string) {
    const next = { ...this.state }
    next.price = await price(item)
    this.state = next
  } }`,
      errors: [{ level: 'possible', line: 6 }],
    },
    {
      name: 'a sum over concurrent callbacks: certain, with a safe fix',
      code: `${PRICE}export async function f(items: string[]) {
  let total = 0
  await Promise.all(items.map(async (item) => {
    total += await price(item)
  }))
  return total
}`,
      output: `${PRICE}export async function f(items: string[]) {
  let total = 0
  await Promise.all(items.map(async (item) => {
    const value = await price(item)
    total += value
  }))
  return total
}`,
      errors: [
        {
          level: 'certain',
          line: 5,
          column: 5,
          message:
            '`total` is read before the `await` and written after it, so an update that the call for another item makes in between is lost.',
        },
      ],
    },
    {
      name: 'written out, with the await in a larger expression: a suggestion',
      code: `${PRICE}export async function f(items: string[]) {
  let total = 0
  await Promise.all(items.map(async (item) => { total = total + 2 * (await price(item)) }))
  return total
}`,
      errors: [
        {
          level: 'certain',
          related: ['The value written comes from this read.'],
          suggestions: [
            {
              title: 'Await first, then read `total`',
              output: `${PRICE}export async function f(items: string[]) {
  let total = 0
  await Promise.all(items.map(async (item) => { const value = await price(item); total = total + 2 * value }))
  return total
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'in the expression body of an arrow function',
      code: `${PRICE}let total = 0
export async function f(items: string[]) { await Promise.all(items.map(async (item) => total += await price(item))) }`,
      errors: [
        {
          level: 'certain',
          suggestions: [
            {
              title: 'Await first, then read `total`',
              output: `${PRICE}let total = 0
export async function f(items: string[]) { await Promise.all(items.map(async (item) => { const value = await price(item); return total += value })) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'through a local that holds the old value',
      code: `${PRICE}class Cart {
  total = 0
  async add(item: string) {
    const before = this.total
    const value = await price(item)
    this.total = before + value
  }
}
export { Cart }`,
      errors: [
        {
          level: 'likely',
          line: 7,
          related: ['The value written comes from this read.'],
          message: /an overlapping call makes in between is lost/u,
        },
      ],
    },
    ...[
      ['a choice by the item', '(item.length > 3 ? before : totals.count)'],
      ['a choice by the item of what is awaited', 'before + (item.length > 3 ? await price(item) : totals.count)'],
      ['a sum of what lies outside', 'before + totals.size'],
    ].map(([what, value]) => ({
      name: `${String(what)}: no more than likely`,
      code: `${PRICE}const totals = { count: 1, size: 0 }
export async function f(items: string[]) {
  await Promise.all(items.map(async (item) => {
    const before = totals.count
    await price(item)
    totals.count = ${String(value)}
  }))
}`,
      errors: [{ level: 'likely' as const, related: ['The value written comes from this read.'] }],
    })),
    {
      name: 'a sum with what was awaited by another name: certain',
      code: `${PRICE}const totals = { count: 1 }
export async function f(items: string[]) {
  await Promise.all(items.map(async (item) => {
    const before = totals.count
    const { length } = await load(item)
    totals.count = before + length
  }))
}
declare function load(item: string): Promise<string>`,
      errors: [{ level: 'certain', related: ['The value written comes from this read.'] }],
    },
    {
      name: 'a list of the module built from itself',
      code: `declare function load(): Promise<string[]>
let known: string[] = []
export async function refresh() {
  known = [...known, ...(await load())]
}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          related: ['The value written comes from this read.'],
          suggestions: [
            {
              title: 'Await first, then read `known`',
              output: `declare function load(): Promise<string[]>
let known: string[] = []
export async function refresh() {
  const value = await load()
  known = [...known, ...value]
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'in a method that concurrent callbacks of the same class call',
      code: `${PRICE}class Cart {
  total = 0
  async fill(items: string[]) { await Promise.all(items.map((item) => this.add(item))) }
  async add(item: string) {
    this.total += await price(item)
  }
}
export { Cart }`,
      output: `${PRICE}class Cart {
  total = 0
  async fill(items: string[]) { await Promise.all(items.map((item) => this.add(item))) }
  async add(item: string) {
    const value = await price(item)
    this.total += value
  }
}
export { Cart }`,
      errors: [{ level: 'likely', line: 6, message: /the call for another item/u }],
    },
    {
      name: 'the suspension is a for await in between',
      code: `declare const ticks: AsyncIterable<number>
let count = 0
export async function drain() {
  let next = count
  for await (const tick of ticks) next += tick
  count = next + 1
}`,
      errors: [{ level: 'likely', line: 6, related: ['The value written comes from this read.'] }],
    },
    {
      name: 'an old value put back as it was is only possible',
      level: 'possible',
      code: `let mode = 'idle'
export async function f(work: () => Promise<void>) { const before = mode; mode = 'busy'; await work(); mode = before }`,
      errors: [{ level: 'possible', related: ['The value written comes from this read.'] }],
    },
    {
      name: 'an old value kept in an object and put back as it was is only possible',
      level: 'possible',
      code: `export async function quietly<T>(work: () => Promise<T>) {
  const saved = { warn: console.warn }
  console.warn = () => {}
  try { return await work() } finally { console.warn = saved.warn }
}`,
      errors: [{ level: 'possible', related: ['The value written comes from this read.'] }],
    },
    {
      name: 'a total kept in an object and added to is no old value put back',
      level: 'possible',
      code: `${PRICE}class Cart {
  total = 0
  async add(item: string) {
    const before = { total: this.total + 1 }
    await price(item)
    this.total = before.total
  }
}
export { Cart }`,
      errors: [{ level: 'possible', related: ['The value written comes from this read.'] }],
    },
    {
      name: 'an entry of a map, in concurrent callbacks: the await first, as a suggestion',
      code: `${PRICE}export async function f(items: string[]) {
  const sums = new Map<string, number>()
  await Promise.all(items.map(async (item) => {
    sums.set('all', (sums.get('all') ?? 0) + await price(item))
  }))
  return sums
}`,
      errors: [
        {
          level: 'certain',
          line: 5,
          related: [],
          message:
            "`sums.get('all')` is read before the `await` and set after it, so an update that the call for another item makes in between is lost.",
          suggestions: [
            {
              title: 'Await first, then read `sums`',
              output: `${PRICE}export async function f(items: string[]) {
  const sums = new Map<string, number>()
  await Promise.all(items.map(async (item) => {
    const value = await price(item)
    sums.set('all', (sums.get('all') ?? 0) + value)
  }))
  return sums
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'an entry that several items share',
      code: `${PRICE}const sums = new Map<string, number>()
export async function f(items: readonly { id: string; kind: string }[]) {
  await Promise.all(items.map(async (item) => { sums.set(item.kind, (sums.get(item.kind) ?? 0) + await price(item.id)) }))
}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Await first, then read `sums`',
              output: `${PRICE}const sums = new Map<string, number>()
export async function f(items: readonly { id: string; kind: string }[]) {
  await Promise.all(items.map(async (item) => { const value = await price(item.id); sums.set(item.kind, (sums.get(item.kind) ?? 0) + value) }))
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'an entry of an instance, held in a local',
      code: `${PRICE}export class Ledger {
  readonly #sums = new Map<string, number>()
  async add(account: string) {
    const before = this.#sums.get(account) ?? 0
    const value = await price(account)
    this.#sums.set(account, before + value)
  }
}`,
      errors: [
        {
          level: 'likely',
          line: 7,
          message: /^`this\.#sums\.get\(account\)` is read before/u,
          related: ['The value written comes from this read.'],
        },
      ],
    },
    {
      name: 'a list in a map, built anew with what was loaded: a variable has kept it, so no order of the wait will do',
      code: `declare function load(topic: string): Promise<string[]>
const known = new Map<string, string[]>()
export async function refresh(topic: string) {
  const before = known.get(topic) ?? []
  known.set(topic, [...before, ...(await load(topic))])
}`,
      errors: [
        {
          level: 'likely',
          line: 5,
          related: ['The value written comes from this read.'],
        },
      ],
    },
    {
      name: 'a record by a key that the caller gives: the same call may come twice',
      code: `${PRICE}export class Ledger {
  readonly sums: Record<string, number> = {}
  async add(account: string) {
    const value = (this.sums[account] ?? 0) + await price(account)
    this.sums[account] = value
  }
}`,
      errors: [{ level: 'likely', line: 6, related: ['The value written comes from this read.'] }],
    },
    {
      name: 'a sum that was computed before the wait',
      code: `${PRICE}export async function f(items: string[]) {
  let total = 0
  await Promise.all(items.map(async (item) => {
    const next = total + item.length
    await price(item)
    total = next
  }))
  return total
}`,
      errors: [{ level: 'likely', line: 7, related: ['The value written comes from this read.'] }],
    },
  ],
})
