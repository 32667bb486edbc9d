import fs from 'node:fs'
import path from 'node:path'

/** Lines of the files that are edited: a usual one, a long one, and one of those that every old project has. */
export const SIZES = [300, 2000, 6000] as const
export type Size = (typeof SIZES)[number]

const SERVICES = 260

/** Writes the same project each time: {@link SERVICES} async services, and one file per size over them. */
export function generateProject(root: string): ReadonlyMap<Size, string> {
  const write = generateServices(root, SERVICES)
  const targets = new Map<Size, string>()
  for (const size of SIZES) targets.set(size, write(`src/jobs/jobs${String(size)}.ts`, jobs(size)))
  write(
    'src/main.ts',
    SIZES.map(
      (size) => `import { job0 as job${String(size)} } from './jobs/jobs${String(size)}.js'
export const result${String(size)} = job${String(size)}(['a'])`,
    ).join('\n'),
  )
  return targets
}

/** Writes a project of so many services, which call one another. Gives what writes more files into it. */
export function generateServices(root: string, services: number): (name: string, text: string) => string {
  const write = (name: string, text: string): string => {
    const file = path.join(root, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
    return file
  }
  write('tsconfig.json', JSON.stringify({ compilerOptions: OPTIONS, include: ['src'] }, null, 2))
  write('package.json', JSON.stringify({ name: 'bench', type: 'module', version: '1.0.0', private: true }))
  write('src/model.ts', MODEL)
  for (let index = 0; index < services; index++) write(`src/services/s${String(index)}.ts`, service(index))
  return write
}

const OPTIONS = {
  strict: true,
  target: 'es2022',
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'nodenext',
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  types: [],
}

const MODEL = `export interface Item { readonly id: string; readonly score: number; readonly tags: readonly string[] }
export interface Page<T> { readonly items: readonly T[]; readonly next: string | undefined }
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Error }
export class Store<T extends { readonly id: string }> {
  readonly #items = new Map<string, T>()
  async get(id: string): Promise<T | undefined> { return this.#items.get(id) }
  async put(item: T): Promise<void> { this.#items.set(item.id, item) }
  list(): readonly T[] { return [...this.#items.values()] }
}
`

/** Of so many services one holds a mistake that every linter of promises should find: they did look then. */
const MISTAKE_EACH = 20

/** About 90 lines: a class with state, helpers, and calls of the services before it. */
function service(index: number): string {
  const n = String(index)
  const mistake = `
export async function warm${n}(ids: readonly string[]): Promise<void> {
  ids.forEach(async (id) => {
    await store.put(await load${n}(id))
  })
}
`
  const before = [1, 7, 31]
    .map((step) => index - step)
    .filter((other) => other >= 0)
    .map(String)
  return `import { type Item, type Page, type Result, Store } from '../model.js'
${before.map((other) => `import { load${other}, Service${other} } from './s${other}.js'`).join('\n')}

const store = new Store<Item>()

export async function load${n}(id: string, signal?: AbortSignal): Promise<Item> {
  const known = await store.get(id)
  if (known) return known
  const response = await fetch('https://service${n}.example/' + id, { signal: signal ?? null })
  if (!response.ok) throw new Error('load${n}: ' + String(response.status))
  return await response.json() as Item
}

export async function page${n}(after: string | undefined): Promise<Page<Item>> {
  const response = await fetch('https://service${n}.example/page?after=' + (after ?? ''))
  return await response.json() as Page<Item>
}

export async function all${n}(ids: readonly string[]): Promise<readonly Item[]> {
  const items = await Promise.all(ids.map((id) => load${n}(id)))
  return items.filter((item) => item.score > ${n}).sort((a, b) => b.score - a.score)
}

export async function settled${n}(ids: readonly string[]): Promise<readonly Result<Item>[]> {
  const results: Result<Item>[] = []
  for (const id of ids) {
    try {
      results.push({ ok: true, value: await load${n}(id) })
    } catch (error) {
      results.push({ ok: false, error: error instanceof Error ? error : new Error(String(error)) })
    }
  }
  return results
}
${index % MISTAKE_EACH === 0 ? mistake : ''}
export class Service${n} {
  #total = 0
  readonly #seen = new Set<string>()
${before.map((other) => `  readonly #service${other} = new Service${other}()`).join('\n')}

  async refresh(ids: readonly string[]): Promise<number> {
    for await (const item of this.stream(ids)) {
      this.#seen.add(item.id)
      this.#total += item.score
    }
    return this.#total
  }

  async *stream(ids: readonly string[]): AsyncGenerator<Item> {
    for (const id of ids) yield await load${n}(id)
  }

  async sync(item: Item): Promise<void> {
    await store.put(item)
${before.map((other) => `    await this.#service${other}.sync(await load${other}(item.id))`).join('\n')}
  }
}
`
}

/** How many lines one job of {@link job} takes. */
const JOB_LINES = 50

function jobs(size: Size): string {
  const count = Math.floor(size / JOB_LINES)
  const used = Array.from({ length: 20 }, (_, index) => String(index * 13))
  const head = `import { type Item, Store } from '../model.js'
${used.map((n) => `import { all${n}, load${n}, page${n}, Service${n} } from '../services/s${n}.js'`).join('\n')}
const cache = new Store<Item>()
let running = 0
`
  const body = Array.from({ length: count }, (_, index) => job(index, used[index % used.length] ?? '0'))
  const text = head + body.join('')
  const missing = size - text.split('\n').length + 1
  return text + '// The end of the jobs.\n'.repeat(Math.max(0, missing))
}

/** One job in the style of hand-written code, with both sound and unsound concurrency. */
function job(index: number, service: string): string {
  const n = String(index)
  const each = `ids.forEach(async (id) => { await load${service}(id) })
  items.map((item) => cache.put(item))`
  const some = `await Promise.all(ids.slice(0, 5).map((id) => load${service}(id)))
  await cache.put(items[0] ?? { id: '', score: 0, tags: [] })`
  return `
export async function job${n}(ids: readonly string[]): Promise<number> {
  const started = ${n}
  const items = await all${service}(ids)
  let total = 0
  for (const item of items) {
    if (item.tags.includes('skip')) continue
    const fresh = await load${service}(item.id)
    total += fresh.score * started
  }
  ${index % 10 === 0 ? each : some}
  return total
}

class Worker${n} {
  readonly #service = new Service${service}()
  #done = 0

  async run(queue: readonly Item[], signal: AbortSignal): Promise<number> {
    running += 1
    try {
      const [first, ...rest] = queue
      if (first === undefined) return 0
      await this.#service.sync(first)
      for (const item of rest) {
        if (signal.aborted) break
        await this.#step(item)
      }
      const { items, next } = await page${service}(first.id)
      return next === undefined ? items.length : this.#done
    } finally {
      running -= 1
    }
  }

  async #step(item: Item): Promise<void> {
    const loaded = await load${service}(item.id)
    const scores = loaded.tags.map((tag) => tag.length).filter((length) => length > 2)
    this.#done += scores.reduce((sum, length) => sum + length, 0)
  }
}

export const worker${n} = (ids: readonly string[], signal: AbortSignal): Promise<number> =>
  all${service}(ids).then((items) => new Worker${n}().run(items, signal))
`
}
