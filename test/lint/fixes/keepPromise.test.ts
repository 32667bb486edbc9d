import { runInNewContext } from 'node:vm'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { rule } from '../../../lint/rules/no-check-then-act-across-await.ts'
import { lintWithOwnFace } from '../harness/ownFace.ts'
import { testRule } from '../harness/ruleTester.ts'

const TITLE = 'Keep the promise, so that calls at the same time share it'
const DB = `interface Client { query(sql: string): Promise<void>; close(): Promise<void> }
declare function connect(url?: string): Promise<Client>
declare function load(): Promise<string>
`

function kept(name: string, code: string, output: string, filename = 'file.ts') {
  return { name, filename, code: DB + code, errors: [{ suggestions: [{ title: TITLE, output: DB + output }] }] }
}

/** A finding that has no such suggestion, and why. */
function bare(name: string, code: string) {
  return { name: `no promise is kept: ${name}`, code: DB + code, errors: [{}], level: 'possible' as const }
}

testRule(rule, {
  valid: [
    {
      name: 'what the suggestion makes of a value',
      level: 'possible',
      code: `${DB}export class S { #c: Client | undefined; #p: Promise<Client> | undefined; async open() {
        if (!this.#c) {
          this.#p ??= connect().catch((error: unknown) => { this.#p = undefined; throw error })
          this.#c = await this.#p
        }
        return this.#c
      } }`,
    },
    {
      name: 'what the suggestion makes of a flag',
      level: 'possible',
      code: `${DB}export class S { ready = false; p?: Promise<void> | undefined; async prime() {
        if (this.ready) return
        this.p ??= (async () => { await connect(); this.ready = true })().finally(() => { this.p = undefined })
        await this.p
      } }`,
    },
  ],
  invalid: [
    kept(
      'a field that is emptied elsewhere: the promise goes with it',
      `export class Store {
  #client: Client | undefined // The only one.

  async client(): Promise<Client> {
    if (!this.#client) {
      this.#client = await connect()
    }
    return this.#client
  }

  async close() {
    await this.#client?.close()
    this.#client = undefined // The next call connects again.
  }
}`,
      `export class Store {
  #client: Client | undefined // The only one.
  #clientPromise: Promise<Client> | undefined

  async client(): Promise<Client> {
    if (!this.#client) {
      this.#clientPromise ??= connect().catch((error: unknown) => {
        this.#clientPromise = undefined
        throw error
      })
      this.#client = await this.#clientPromise
    }
    return this.#client
  }

  async close() {
    await this.#client?.close()
    this.#client = undefined // The next call connects again.
    this.#clientPromise = undefined
  }
}`,
    ),
    kept(
      'work of several statements, with text over lines and a name that is used further down',
      `export class Store {
  private db: Client | null = null

  async open() {
    if (this.db !== null) return this.db
    const url = await load()
    // Before anybody asks.
    const made = await connect(url)
    await made.query(\`set
x \${url}\`)
    this.db = made
    return made
  }
}`,
      `export class Store {
  private db: Client | null = null
  private dbPromise: Promise<Client> | undefined

  async open() {
    if (this.db !== null) return this.db
    this.dbPromise ??= (async (): Promise<Client> => {
      const url = await load()
      // Before anybody asks.
      const made = await connect(url)
      await made.query(\`set
x \${url}\`)
      return made
    })().catch((error: unknown) => {
      this.dbPromise = undefined
      throw error
    })
    const made = await this.dbPromise
    this.db = made
    return made
  }
}`,
    ),
    kept(
      'a variable, and an `if` without braces',
      `let db: undefined | Client
export async function open() {
  if (!db)
    db = await connect()
  return db
}`,
      `let db: undefined | Client
let dbPromise: Promise<Client> | undefined
export async function open() {
  if (!db) {
    dbPromise ??= connect().catch((error: unknown) => {
      dbPromise = undefined
      throw error
    })
    db = await dbPromise
  }
  return db
}`,
    ),
    kept(
      'semicolons, tabs, Windows line ends, and a static field',
      'export class Pool {\n\tprivate static it?: Client;\n\tstatic async open(): Promise<Client> {\n\t\tif (Pool.it === undefined) {\n\t\t\tconst made = await connect(\n\t\t\t\t"x",\n\t\t\t);\n\t\t\tPool.it = made;\n\t\t\tawait made.query("x");\n\t\t}\n\t\treturn Pool.it;\n\t}\n}\n'.replaceAll(
        '\n',
        '\r\n',
      ),
      'export class Pool {\n\tprivate static it?: Client;\n\tprivate static itPromise: Promise<Client> | undefined;\n\tstatic async open(): Promise<Client> {\n\t\tif (Pool.it === undefined) {\n\t\t\tPool.itPromise ??= connect(\n\t\t\t\t"x",\n\t\t\t).catch((error: unknown) => {\n\t\t\t\tPool.itPromise = undefined;\n\t\t\t\tthrow error;\n\t\t\t});\n\t\t\tconst made = await Pool.itPromise;\n\t\t\tPool.it = made;\n\t\t\tawait made.query("x");\n\t\t}\n\t\treturn Pool.it;\n\t}\n}\n'.replaceAll(
        '\n',
        '\r\n',
      ),
    ),
    kept(
      'a flag: the promise is there while the work goes on',
      `declare const server: { create(name: string): Promise<void>; register(): Promise<void> }
export class Index {
  protected ready = false
  async prime(names: string) {
    if (this.ready) return
    for (const name of ['news', 'users']) {
      if (name === 'news') continue
      await server.create(name)
    }
    await server.register()
    this.ready = true
    console.log(names)
  }
}`,
      `declare const server: { create(name: string): Promise<void>; register(): Promise<void> }
export class Index {
  protected ready = false
  private readyPromise: Promise<void> | undefined
  async prime(names: string) {
    if (this.ready) return
    this.readyPromise ??= (async () => {
      for (const name of ['news', 'users']) {
        if (name === 'news') continue
        await server.create(name)
      }
      await server.register()
      this.ready = true
    })().finally(() => {
      this.readyPromise = undefined
    })
    await this.readyPromise
    console.log(names)
  }
}`,
    ),
    kept(
      'a field whose name for the promise is taken',
      `export class Store {
  private client?: Client
  readonly clientPromise = 1
  async open() {
    if (!this.client) {
      this.client = await connect()
    }
    return this.client
  }
}`,
      `export class Store {
  private client?: Client
  private clientPromise2: Promise<Client> | undefined
  readonly clientPromise = 1
  async open() {
    if (!this.client) {
      this.clientPromise2 ??= connect().catch((error: unknown) => {
        this.clientPromise2 = undefined
        throw error
      })
      this.client = await this.clientPromise2
    }
    return this.client
  }
}`,
    ),
    {
      name: 'an entry of a map, in a file that imports the runtime',
      code: `import { sleep } from '@forkline/runtime'
${DB}const clients = new Map<string, Client>()
export async function open(url: string) {
  const known = clients.get(url)
  if (known) return known
  const made = await connect(url)
  await sleep(1)
  clients.set(url, made)
  return made
}`,
      errors: [
        {
          suggestions: [
            {
              title: 'Share the work for one `url` among the calls for it, with `SingleFlight`',
              output: `import { sleep, SingleFlight } from '@forkline/runtime'
${DB}const clients = new Map<string, Client>()
const clientsUnderWay = new SingleFlight<string>()
export async function open(url: string) {
  const known = clients.get(url)
  if (known) return known
  return await clientsUnderWay.do(url, async () => {
    const made = await connect(url)
    await sleep(1)
    clients.set(url, made)
    return made
  })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'an entry of a map in a field, with work in an `if`',
      code: `import { SingleFlight as Once } from '@forkline/runtime'
${DB}export class Pool {
  readonly #clients: Map<string, Client> = new Map()
  readonly flights = new Once()
  async open(key: string) {
    if (!this.#clients.has(key)) {
      // The first one.
      this.#clients.set(key, await connect(key))
    }
    return this.#clients.get(key)
  }
}`,
      errors: [
        {
          suggestions: [
            {
              title: 'Share the work for one `key` among the calls for it, with `SingleFlight`',
              output: `import { SingleFlight as Once } from '@forkline/runtime'
${DB}export class Pool {
  readonly #clients: Map<string, Client> = new Map()
  readonly #clientsUnderWay = new Once<string>()
  readonly flights = new Once()
  async open(key: string) {
    if (!this.#clients.has(key)) {
      // The first one.
      await this.#clientsUnderWay.do(key, async () => {
        this.#clients.set(key, await connect(key))
      })
    }
    return this.#clients.get(key)
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'no flight is shared: the work for an entry hangs on more than its key',
      code: `import { sleep } from '@forkline/runtime'
${DB}const all = new Map<string, Client>()
export async function open(key: string, host: string) { await sleep(1); if (!all.has(key)) { all.set(key, await connect(host)) } return all.get(key) }`,
      errors: [{}],
    },
    bare(
      'an entry of a map, in a file without the runtime',
      'const all = new Map<string, Client>()\nexport async function open(key: string) { if (!all.has(key)) { all.set(key, await connect(key)) } return all.get(key) }',
    ),
    bare(
      'the promise is there already',
      'export class S { #c: Client | undefined; #p = connect(); async open() { if (!this.#c) { this.#c = await this.#p } return this.#c } }',
    ),
    bare(
      'the work is for what this call was given',
      'export class S { #c: Client | undefined; async open(url: string) { if (!this.#c) { this.#c = await connect(url) } return this.#c } }',
    ),
    bare(
      'a constant comes from what this call was given',
      'export class S { #c: Client | undefined; async open(host: string) { const url = `http://${host}`; if (!this.#c) { this.#c = await connect(url) } return this.#c } }',
    ),
    bare(
      'the work ends with the signal of one caller',
      'declare function join(signal: AbortSignal): Promise<Client>\nexport class S { #c: Client | undefined; signal = AbortSignal.timeout(9); async open() { if (!this.#c) { this.#c = await join(this.signal) } return this.#c } }',
    ),
    bare(
      'the function empties the place again',
      'export class S { #c: Client | undefined; async run() { if (!this.#c) { this.#c = await connect() } await this.#c.query("x"); this.#c = undefined } }',
    ),
    bare(
      'another file may empty the place',
      'export class S { c: Client | undefined; async open() { if (!this.c) { this.c = await connect() } return this.c } }',
    ),
    bare(
      'the variable is exported',
      'let db: Client | undefined; export { db }; export async function open() { if (!db) { db = await connect() } return db }',
    ),
    bare(
      'nothing says what the place holds',
      'export class S { #c; constructor() { this.#c = undefined as Client | undefined } async open() { if (!this.#c) { this.#c = await connect() } return this.#c } }',
    ),
    bare(
      'the work may leave the function',
      'export class S { #c: Client | undefined; async open() { if (!this.#c) { const url = await load(); if (url === "") return; const c = await connect(url); await c.query("x"); this.#c = c } } }',
    ),
    bare(
      'a name of the work is used behind it',
      'export class S { #c: Client | undefined; async open() { if (this.#c) return; const url = await load(); const c = await connect(url); await c.query("x"); this.#c = c; console.log(url) } }',
    ),
    bare(
      'it is emptied where nothing can be said beside it',
      'export class S { #c: Client | undefined; async open() { if (!this.#c) { this.#c = await connect() } return this.#c } close(): void { const old = this.#c; [this.#c] = [undefined]; void old } }',
    ),
    bare(
      'the type has a name that says nothing of what may be missing',
      'type Maybe = Client | undefined\nexport class S { #c: Maybe; async open() { if (!this.#c) { this.#c = await connect() } return this.#c } }',
    ),
  ],
})

describe('after the suggestion', () => {
  const SOURCE = `declare const server: { connect(): Promise<{ close(): Promise<void> }> }
export class Store {
  #client: { close(): Promise<void> } | undefined
  ready = false
  async client() { if (!this.#client) { this.#client = await server.connect() } return this.#client }
  async prime() { if (this.ready) return; await server.connect(); this.ready = true }
  close(): void { this.#client = undefined; this.ready = false }
}
`
  interface Store {
    client(): Promise<object>
    prime(): Promise<void>
    close(): void
  }

  /** The class as the suggestions make it, over a server that counts, and fails where it is told to. */
  function mended(failing: readonly number[]): { readonly store: Store; readonly connections: () => number } {
    let text = SOURCE
    for (let round = 0; round < 2; round++) {
      const { shown } = lintWithOwnFace(rule, {
        code: text,
        filename: 'file.ts',
        files: {},
        options: {},
        level: 'possible',
      })
      text = shown.flatMap(({ suggestions }) => suggestions).find(({ title }) => title === TITLE)?.output ?? text
    }
    expect(text).toContain('this.#clientPromise ??=')
    expect(text).toContain('this.#readyPromise ??=')
    let made = 0
    const server = {
      connect: async () => {
        const turn = ++made
        await Promise.resolve()
        if (failing.includes(turn)) throw new Error(`refused ${String(turn)}`)
        return { close: () => Promise.resolve() }
      },
    }
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    })
    const exported: { Store?: new () => Store } = {}
    runInNewContext(outputText, { exports: exported, server })
    if (!exported.Store) throw new Error('The module exports no class')
    return { store: new exported.Store(), connections: () => made }
  }

  it.each(['client', 'prime'] as const)(
    'calls of `%s` at the same time share one run, and later ones find what it left',
    async (method) => {
      const { store, connections } = mended([])
      await Promise.all([store[method](), store[method](), store[method]()])
      await store[method]()
      expect(connections()).toBe(1)
      store.close()
      await Promise.all([store[method](), store[method]()])
      expect(connections()).toBe(2)
    },
  )

  it.each(['client', 'prime'] as const)(
    'a failure of `%s` is told to all who share it, and then forgotten',
    async (method) => {
      const { store, connections } = mended([1])
      const outcomes = await Promise.allSettled([store[method](), store[method]()])
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
      await Promise.all([store[method](), store[method]()])
      expect(connections()).toBe(2)
    },
  )
})
