import { rule } from '../../../lint/rules/no-check-then-act-across-await.ts'
import { testRule } from '../harness/ruleTester.ts'

const DB = `interface Client { query(sql: string): Promise<void>; close(): Promise<void> }
declare function connect(): Promise<Client>
declare function load(key: string): Promise<string>
`

testRule(rule, {
  valid: [
    {
      name: 'a value made with what is closed right after',
      code: `${DB}interface Facts { names: string[] }
        declare function factsOf(client: Client): Promise<Facts>
        const known = new Map<string, Facts>()
        export async function facts(key: string) {
          if (!known.has(key)) { const client = await connect(); const found = await factsOf(client); known.set(key, found); await client.close() }
          return known.get(key) }`,
    },
    {
      name: 'an effect on the way that does not come by the write',
      code: `${DB}declare function isAdmin(): Promise<boolean>
        export class Schema { granted = false
          async enter() { if (this.granted) return; const admin = await isAdmin()
            if (admin) { this.granted = true; return }
            await connect() } }`,
    },
    {
      name: 'a late flag, with a list that is begun anew each time',
      code: `declare function load(key: string): Promise<string[]>
        export class Log { loaded = false; rows: string[] = []
          async fill() { if (this.loaded) return; this.rows = []; const found = await load('rows')
            found.forEach((row) => this.rows.push(row)); this.loaded = true } }`,
    },
    {
      name: 'a late flag, and a route that is pushed',
      code: `declare function load(key: string): Promise<string[]>
        declare const router: { push(path: string): void }
        export class Page { loaded = false
          async fill() { if (this.loaded) return; await load('rows'); router.push('/home'); this.loaded = true } }`,
    },
    {
      name: 'the last answer, kept by what was asked',
      code: `declare function load(key: string): Promise<string>
        export class Last { asked: string | undefined; answer = ''
          async get(key: string) { if (key !== this.asked) { const found = await load(key); this.answer = found; this.asked = key } return this.answer } }`,
    },
    {
      name: 'a switch that nobody turns off',
      code: `declare const radio: { call(name: string): Promise<void> }
        export class Radio { scanning = false
          async startScan() { if (this.scanning) return; await radio.call('scan'); this.scanning = true } }`,
    },
    {
      name: 'a switch, whose function only looks something up',
      code: `declare function getMode(): Promise<string>
        export class Radio { scanning = false
          async startScan() { if (this.scanning) return; await getMode(); this.scanning = true }
          stop() { this.scanning = false } }`,
    },
    {
      name: 'in a program that runs one command',
      code: `${DB}import { Command } from 'commander'
        export class Store { db: Client | undefined; async open() { if (!this.db) { this.db = await connect() } return this.db } }
        export const program = new Command()`,
      files: { './node_modules/commander/index.d.ts': 'export declare class Command {}' },
    },
    {
      name: 'in a sample',
      filename: 'examples/store.ts',
      code: `${DB}export class Store { db: Client | undefined; async open() { if (!this.db) { this.db = await connect() } return this.db } }`,
    },
    {
      name: 'a set-up that is called from one place, if at all',
      code: `${DB}export class Sync { initialized = false
          async initialize() { if (this.initialized) return; await connect(); this.initialized = true } }`,
    },
    {
      name: 'a pool, to which is added where all are busy',
      code: `interface Engine { busy: boolean; close(): Promise<void> }
        declare function createEngine(): Promise<Engine>
        export class Engines { all: Engine[] = []
          async take() { const idle = this.all.find((engine) => !engine.busy); if (idle) return idle
            const made = await createEngine(); this.all.push(made); return made } }`,
    },
    {
      name: 'a check that never finds the place empty',
      code: `declare function findAll(): Promise<string[]>
        declare const bus: { on(event: string, run: () => void): void }
        declare function heard(): void
        export class Names { names: string[] = []
          async fill() { if (!this.names) { const found = await findAll(); this.names = found; bus.on('name', heard) } } }`,
    },
    {
      name: 'a request to subscribe, which registers no function',
      code: `declare function settled(all: Promise<void>[]): Promise<void>
        export class Topics { timer: unknown
          subscribe(topic: string): Promise<void> { return settled([]).then(() => { void topic }) }
          async retry(topic: string) { if (this.timer) return; const asked = [this.subscribe(topic)]; await settled(asked); this.timer = topic } }`,
    },
    {
      name: 'what is done behind the check, too',
      code: `declare function showErrorMessage(text: string, button?: string): Promise<void>
        let suggested = false
        export async function suggest() { if (suggested) { void showErrorMessage('none'); return } await showErrorMessage('none', 'Get it'); suggested = true }`,
    },
    {
      name: 'a flag of having connected, whose second call is forbidden',
      code: `${DB}export class Channel { connected = false
          async open() { if (this.connected) throw new Error('connected already'); await connect(); this.connected = true } }`,
    },
    {
      name: 'one item after the other, where what is there is passed over',
      code: `declare function createTable(name: string): Promise<void>
        export class Schema { tables = new Set<string>()
          async build(names: string[]) { for (const name of names) { if (this.tables.has(name)) continue; await createTable(name); this.tables.add(name) } } }`,
    },
    {
      name: 'a timer that is taken back first, and needs no end',
      code: `declare function send(text: string): Promise<void>
        declare function later(run: () => void): number
        declare function cancel(timer: number): void
        export class Video { timer: number | undefined
          async mute() { if (this.timer !== undefined) { cancel(this.timer); this.timer = undefined } await send('muted'); this.timer = later(() => undefined) } }`,
    },
    {
      name: 'an await of what is no promise',
      code: `declare function startSession(): { id: string; end(): void }
        export class Sessions { session: { id: string; end(): void } | undefined
          async start() { if (!this.session) { this.session = await startSession() } return this.session } }`,
    },
    {
      name: 'a note that something has failed',
      code: `declare function spawn(command: string): Promise<void>
        export class Jobs { failed: unknown; async run(name: string) { if (this.failed) return; try { await spawn(name) } catch (error) { this.failed = error } } }`,
    },
    {
      name: 'a name may be registered but once, and says so',
      code: `declare function registerAll(name: string): Promise<void>
        export class Engines { names = new Map<string, string>()
          async add(name: string) { if (this.names.has(name)) throw new Error('registered already'); await registerAll(name); this.names.set(name, name) } }`,
    },
    {
      name: 'a listener that is taken back when the call is over',
      code: `declare const client: { on(event: string, run: () => void): void; off(event: string, run: () => void): void }
        declare function move(): Promise<string>
        declare function heard(): void
        export class Mouse { drag: string | undefined
          async go() { if (this.drag) return; let found: string; client.on('drag', heard); try { found = await move() } finally { client.off('drag', heard) } this.drag = found } }`,
    },
    {
      name: 'what is there is let go right before it is replaced',
      code: `declare function find(): Promise<string>
        declare function createServer(path: string): { isBusy: boolean; dispose(): void }
        export class Repl { server = createServer('')
          async change() { if (this.server.isBusy) return; const path = await find(); this.server.dispose(); this.server = createServer(path) } }`,
    },
    {
      name: 'a promise of a lookup, which may as well be asked twice',
      code: `declare function settings(): Promise<string>
        declare function load(url: string): Promise<string>
        export class Line { loading: Promise<string> | undefined
          async open() { if (!this.loading) { const url = await settings(); this.loading = load(url) } return this.loading } }`,
    },
    {
      name: 'an instance that its one caller makes and waits for',
      code: `${DB}export class Keychain { db: Client | undefined; async open() { if (!this.db) { this.db = await connect() } return this.db } }`,
      files: {
        './build.ts':
          'import { Keychain } from "./file.js"\nexport async function build() { const chain = new Keychain(); await chain.open(); return await chain.open() }',
      },
    },
    {
      name: 'a mark of having ended',
      code: `declare function spawn(command: string): Promise<void>
        export class Keychain { destroyed = false; async destroy() { if (this.destroyed) return; await spawn('delete'); this.destroyed = true } }`,
    },
    {
      name: 'a record that a request has read for itself',
      code: `declare class Model {}
        declare function createLink(name: string): Promise<{ name: string }>
        export class Book extends Model { authors: { name: string }[] = []
          async add(name: string) { if (!this.authors.find((author) => author.name === name)) { this.authors.push(await createLink(name)) } } }`,
    },
    {
      name: 'asked again on the one way that waits',
      code: `${DB}declare function pending(): Promise<number>
        export class Outbox { db: Client | undefined; offline = false
          async send() {
            if (this.db) return
            if (this.offline) {
              await pending()
              if (this.db) return
            }
            this.db = (void connect(), { query: async () => {}, close: async () => {} })
          } }`,
    },
    {
      name: 'a decorator gives calls that come meanwhile the promise of the one that runs',
      code: `${DB}declare function gate(): (method: unknown, context: ClassMethodDecoratorContext) => void
        export class Store { db: Client | undefined; @gate() async open() { if (!this.db) { this.db = await connect() } return this.db } }`,
    },
    {
      name: 'the promise is kept, with no await between check and write',
      code: `${DB}export class Store { p: Promise<Client> | undefined; async db() { this.p ??= connect(); return await this.p } }`,
    },
    {
      name: 'only the top of the module calls it, one time after the other',
      code: `${DB}declare function ask(): Promise<string>
        let db: Client | undefined
        async function open() { if (!db) db = await connect(); return db }
        async function answer(question: string) { const client = await open(); await client.query(question) }
        while (true) await answer(await ask())
        export {}`,
    },
    {
      name: 'its comment says that a second run does no harm',
      code: `${DB}export class Store { db: Client | undefined
        /** Idempotent: the server gives the same one to all. */
        async open() { if (!this.db) { this.db = await connect() } return this.db } }`,
    },
    {
      name: 'a second call is forbidden, and says so',
      code: `${DB}export class Service { static it: Client | undefined; static async initialize() { if (Service.it) { throw new Error('Initialized already') } Service.it = await connect(); return Service.it } }`,
    },
    {
      name: 'what is called finds by itself what is there',
      code: `class Socket { pending: Promise<void> | undefined; async connect() { if (this.pending) return this.pending; this.pending = Promise.resolve(); await this.pending } }
        export class Session { applied = false; socket = new Socket(); async apply() { if (this.applied) return; await this.socket.connect(); this.applied = true } }`,
    },
    {
      name: 'a walk that marks what it has seen before it waits',
      code: `interface Item { id: string; below: Item[] }
        declare function details(id: string): Promise<string>
        export async function walk(items: Item[], seen: Map<string, string>): Promise<void> {
          await Promise.all(items.map(async (item) => {
            if (seen.has(item.id)) return
            seen.set(item.id, '')
            seen.set(item.id, await details(item.id))
            await walk(item.below, seen)
          }))
        }`,
    },
    {
      name: 'a map of lookups, with nothing to walk below',
      code: `declare function details(id: string): Promise<string>
        export async function all(ids: string[], seen: Map<string, string>): Promise<void> {
          await Promise.all(ids.map(async (id) => { if (seen.has(id)) return; seen.set(id, await details(id)) }))
        }`,
    },
    {
      name: 'a comment beside the call says that a second run does no harm',
      code: `${DB}const all = new Map<string, Client>()
        declare const api: { createSession(key: string): Promise<Client> }
        export async function open(key: string) {
          if (all.has(key)) return 'open already'
          // Idempotent: the key names one session, whoever asks for it.
          const session = await api.createSession(key)
          all.set(key, session)
          return 'open'
        }`,
    },
    {
      name: 'what is kept for a while only, and made anew after that',
      code: `declare const api: { createReport(key: string): Promise<string> }
        const reports = new Map<string, { report: string; expiresAt: number }>()
        export async function reportOf(key: string) {
          const known = reports.get(key)
          if (known) return known.report
          const report = await api.createReport(key)
          reports.set(key, { report, expiresAt: Date.now() + 1000 })
          return report
        }`,
    },
    {
      name: 'who was overtaken while it waited leaves',
      code: `${DB}export class Session { attempt = {}; db: Client | undefined
        async open() { if (this.db) return; const attempt = this.attempt = {}; const db = await connect(); if (this.attempt !== attempt) { await db.close(); return } this.db = db } }`,
    },
    {
      name: 'only a branch that leaves does something that lasts',
      code: `${DB}declare function publish(message: string): Promise<void>
        export class Worker { running = false; async run(name: string) {
          if (this.running) { await publish('busy'); return }
          const job = await load(name)
          if (!job) { await publish('none'); return }
          this.running = true
        } }`,
    },
    {
      name: 'the promise is kept in an if, too',
      code: `${DB}export class Store { p: Promise<Client> | undefined; async db() { if (!this.p) { this.p = connect() } const db = await this.p; await db.query('x'); return db } }`,
    },
    {
      name: 'a busy flag set before the first await',
      code: `${DB}export class Store { busy = false; async run() { if (this.busy) return; this.busy = true; const db = await connect(); await db.close(); this.busy = false } }`,
    },
    {
      name: 'another flag, checked and set together with it, shuts others out',
      code: `${DB}export class Store { db: Client | undefined; opening = false; async open() {
        if (this.db || this.opening) return
        this.opening = true
        this.db = await connect()
        this.opening = false
      } }`,
    },
    {
      name: 'a set of what is under way, filled before the first await',
      code: `${DB}const running = new Set<string>(); const clients = new Map<string, Client>()
      export async function open(key: string) {
        if (clients.has(key) || running.has(key)) return
        running.add(key)
        clients.set(key, await connect())
      }`,
    },
    {
      name: 'a listener on what is made anew each time',
      code: `declare function run(command: string): { on(event: string, then: () => void): void; done(): Promise<string> }
        export class Tool { path: string | undefined; async find() { if (!this.path) { const child = run('which'); child.on('exit', () => {}); this.path = await child.done() } return this.path } }`,
    },
    {
      name: 'what is done after the check in any case',
      code: `${DB}declare const cache: { send(text: string): Promise<void> }
        export class Page { text: string | undefined; async show() { if (!this.text) { this.text = await load('a') } await cache.send(this.text) } }`,
    },
    {
      name: 'a flag that is set back only where it fails',
      code: `${DB}export class Page { ready = false; async show() { if (this.ready) return; await load('a'); this.ready = true; try { await load('b') } catch { this.ready = false } } }`,
    },
    {
      name: 'a model that another process holds, once',
      code: `declare const server: { loadModel(name: string): Promise<void> }
        export class Model { loaded = false; async load() { if (this.loaded) return; await server.loadModel('a'); this.loaded = true } }`,
    },
    {
      name: 'what it opens it closes again: one call has it alone',
      code: `${DB}export class Query { db: Client | undefined; isOpen = false
        async open() { this.db = await connect(); this.isOpen = true }
        async run(sql: string) { if (!this.isOpen) await this.open(); try { await this.db?.query(sql) } finally { await this.db?.close(); this.isOpen = false } } }`,
    },
    {
      name: 'a variable around a function that stays where it is',
      code: `${DB}export async function once() { let db: Client | undefined; const open = async () => { if (!db) { db = await connect() } return db }; await open(); await open() }`,
    },
    {
      name: 'checked again after the await',
      code: `${DB}export class Store { db: Client | undefined; async open() {
        if (this.db) return this.db
        const db = await connect()
        if (this.db) { await db.close(); return this.db }
        this.db = db
        return db
      } }`,
    },
    {
      name: 'waits for the one under way and then looks again',
      code: `${DB}export class Store { db: Client | undefined; async open() {
        while (this.db) await load('again')
        this.db = undefined as unknown as Client
      } }`,
    },
    {
      name: 'an await only on the branch that returns',
      code: `${DB}export class Store { db: Promise<Client> | undefined; async open() {
        if (this.db) { const db = await this.db; await db.query('ping'); return db }
        this.db = connect()
        return this.db
      } }`,
    },
    {
      name: 'a cache whose duplicate is equal and has no effect',
      code: `${DB}const cache = new Map<string, string>()
      export async function get(key: string) { const known = cache.get(key); if (known) return known; const value = await load(key); cache.set(key, value); return value }`,
    },
    {
      name: 'a module loaded when first needed: the second import finds the first',
      code: `let path: typeof import('node:path') | undefined
      export async function join(a: string, b: string) { if (!path) path = await import('node:path'); return path.join(a, b) }`,
    },
    {
      name: 'something looked up, not made',
      code: `declare const extensions: { get(id: string): { activate(): Promise<void> } | undefined }
      export class Host { extension: { activate(): Promise<void> } | undefined
        async api() { if (!this.extension) { const found = extensions.get('x'); if (!found) return; await found.activate(); this.extension = found } return this.extension } }`,
    },
    {
      name: 'a statement that may run twice: CREATE … IF NOT EXISTS',
      code: `declare const db: { insert(sql: string): Promise<void>; open(sql: string): Promise<void> }
      export class Store { ready = false; async init() { if (this.ready) return; await db.open('CREATE TABLE IF NOT EXISTS t'); this.ready = true } }`,
    },
    {
      name: 'a folder made with { recursive: true }',
      code: `import { mkdir } from 'node:fs/promises'
      export class Store { ready = false; async init() { if (!this.ready) { await mkdir('x', { recursive: true }); this.ready = true } } }`,
    },
    {
      name: 'a command of a cache client, which is no state of this process',
      code: `declare const redis: { get(key: string): Promise<string | null>; set(key: string, value: Client): Promise<void> }
      ${DB}export async function get(key: string) { if (await redis.get(key)) return; await redis.set(key, await connect()) }`,
    },
    {
      name: 'a local of the activation',
      code: `${DB}export async function f(keys: string[]) { let db: Client | undefined; for (const key of keys) { if (!db) db = await connect(); await db.query(key) } await db?.close() }`,
    },
    {
      name: 'a fresh object of the activation',
      code: `${DB}export async function f() { const state: { db?: Client } = {}; if (!state.db) state.db = await connect(); return state }`,
    },
    {
      name: 'under a mutex',
      code: `${DB}declare const mutex: { runExclusive<T>(work: () => Promise<T>): Promise<T> }
      export class Store { db: Client | undefined; open() { return mutex.runExclusive(async () => { if (!this.db) this.db = await connect(); return this.db }) } }`,
    },
    {
      name: 'under a lock taken in the function itself',
      code: `${DB}declare const lock: { acquire(): Promise<() => void> }
      export class Store { db: Client | undefined; async open() { const release = await lock.acquire(); try { if (!this.db) this.db = await connect(); return this.db } finally { release() } } }`,
    },
    {
      name: 'behind a busy flag, set before the check',
      code: `${DB}export class Store { db: Client | undefined; busy = false; async open() {
        if (this.busy) return; this.busy = true
        try { if (!this.db) this.db = await connect() } finally { this.busy = false } } }`,
    },
    {
      name: 'in a finally that other ways lead to unchecked',
      code: `${DB}let ready = false; export async function open() {
        try { if (!ready) { try { await connect() } catch { return } } } finally { ready = true } }`,
    },
    {
      name: 'called only inside a promise chain',
      code: `${DB}export class Store {
        #db: Client | undefined
        #tail: Promise<unknown> = Promise.resolve()
        query(sql: string) { return this.#chain(async () => { const db = await this.#open(); await db.query(sql) }) }
        async #open() { if (!this.#db) this.#db = await connect(); return this.#db }
        #chain<T>(work: () => Promise<T>): Promise<T> { const result = this.#tail.then(work); this.#tail = result.catch(() => undefined); return result }
      }`,
    },
    {
      name: 'waits for its predecessor',
      code: `${DB}export class Store { db: Client | undefined; tail: Promise<void> = Promise.resolve(); async open() {
        const previous = this.tail
        let done = () => {}
        this.tail = new Promise((resolve) => { done = resolve })
        await previous
        if (!this.db) this.db = await connect()
        done()
        return this.db
      } }`,
    },
    {
      name: 'its promise is kept by the caller while it runs',
      code: `${DB}export class Store { db: Client | undefined; opening: Promise<void> | undefined
        open() { return this.opening ??= this.doOpen() }
        private async doOpen() { if (this.db) return; this.db = await connect() } }`,
    },
    {
      name: 'wrapped in once',
      code: `${DB}declare function once<T>(work: () => Promise<T>): () => Promise<T>
      let db: Client | undefined
      export const open = once(async () => { if (!db) db = await connect(); return db })`,
    },
    {
      name: 'decorated so that one call runs at a time',
      code: `${DB}declare function synchronized(target: unknown, context: unknown): void
      export class Store { db: Client | undefined; @synchronized async open() { if (!this.db) this.db = await connect(); return this.db } }`,
    },
    {
      name: 'a stream calls its steps one after another',
      code: `${DB}let db: Client | undefined
      export const stream = new TransformStream<string, string>({ async transform(chunk) { if (!db) db = await connect(); await db.query(chunk) } })
      declare class Transform {}
      export class Rows extends Transform { db: Client | undefined; async _transform() { if (!this.db) this.db = await connect() } }`,
    },
    {
      name: 'called by the constructor alone',
      code: `${DB}export class Store { db: Client | undefined; constructor() { void this.open() } private async open() { if (!this.db) this.db = await connect() } }`,
    },
    {
      name: 'a key of its own, and a check of another key',
      code: `${DB}const clients = new Map<string, Client>()
      export async function open(a: string, b: string) { if (clients.has(a)) return; clients.set(b, await connect()) }`,
    },
    {
      name: 'a counter raised after the check of something else',
      code: `${DB}export class Store { db: Client | undefined; opened = 0; async open() { if (!this.db) { await connect(); this.opened++ } } }`,
    },
    {
      name: 'letting go is not acting on absence',
      code: `${DB}export class Store { db: Client | undefined; async close() { if (this.db) { await this.db.close(); this.db = undefined } } }`,
    },
    {
      name: 'in a nested function, which runs at another time',
      code: `${DB}export class Store { db: Client | undefined; open() { if (!this.db) { return async () => { const db = await connect(); this.db = db } } return undefined } }`,
    },
    {
      name: 'the called method looks for itself',
      code: `${DB}export class Store { db: Client | undefined; opening = false
        async query(sql: string) { if (!this.db) await this.open(); await this.db?.query(sql) }
        async open() { if (this.opening) return; this.opening = true; this.db = await connect() } }`,
    },
    {
      name: 'the called method writes before it waits',
      code: `${DB}export class Store { db: Promise<Client> | undefined
        async query(sql: string) { if (!this.db) await this.open(); await (await this.db)?.query(sql) }
        async open() { this.db = connect(); await this.db } }`,
    },
    {
      name: 'the called method belongs to another object',
      code: `${DB}class Other { db: Client | undefined; async open() { this.db = await connect() } }
      export class Store { db: Client | undefined; other = new Other(); async query() { if (!this.db) await this.other.open() } }`,
    },
    {
      name: 'the promise of the called method is kept elsewhere',
      code: `${DB}export class Store { db: Client | undefined; opening: Promise<void> | undefined
        async query(sql: string) { if (!this.db) await this.open(); await this.db?.query(sql) }
        prepare() { this.opening ??= this.open() }
        private async open() { this.db = await connect() } }`,
    },
    {
      name: 'in a test',
      filename: 'store.test.ts',
      code: `${DB}let db: Client | undefined\nexport async function open() { if (!db) db = await connect(); return db }`,
    },
    {
      name: 'the check is on one path only',
      code: `${DB}export class Store { db: Client | undefined; async open(fresh: boolean) { if (!fresh) { if (this.db) return this.db } const db = await connect(); this.db = db; return db } }`,
    },
    {
      name: 'in a handler of an event that the stream it makes has but once',
      code: `interface Zip { insert(path: string): Promise<void> }
        interface Output { on(event: string, listener: () => void): void; close(): void }
        declare function createOutput(path: string): Output
        export function pack(zip: Zip, path: string, files: string[]) {
          const output = createOutput(path)
          const added = new Set<string>()
          output.on('open', async () => {
            for (const file of files) {
              if (!added.has(file)) {
                await zip.insert(file)
                added.add(file)
              }
            }
            output.close()
          })
        }`,
    },
  ],
  invalid: [
    {
      name: 'a new object in the place of one that was asked for a key',
      code: `declare class Engine { loadModel(name: string): Promise<void> }
        let engines: Record<string, Engine> = {}
        export async function engineOf(name: string) { if (engines[name]) return engines[name]
          const engine = new Engine(); const loaded = await engine.loadModel(name); engines = { [name]: engine }; return [engine, loaded] }`,
      errors: [{ level: 'likely', message: /each of them runs `loadModel`/u }],
    },
    {
      name: 'a late flag, and a list that gets the same rows twice',
      code: `declare function load(key: string): Promise<string[]>
        export class Log { loaded = false; rows: string[] = []
          async fill() { if (this.loaded) return; const found = await load('rows'); this.loaded = true
            found.forEach((row) => this.add(row)) }
          add(row: string) { this.rows.push(row) } }`,
      errors: [{ level: 'likely', message: /each of them runs `add`\.$/u }],
    },
    {
      name: 'a late flag, and a list that is joined to its old self',
      code: `declare function load(key: string): Promise<string[]>
        const page = { css: [] as string[] }; let ready = false
        export async function prepare() { if (!ready) { const found = await load('css'); page.css = found.concat(page.css); ready = true } }`,
      errors: [
        {
          level: 'likely',
          message: /each of them runs `concat`\.$/u,
          suggestions: [
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `declare function load(key: string): Promise<string[]>
        const page = { css: [] as string[] }; let ready = false
        let readyPromise: Promise<void> | undefined;
        export async function prepare() { if (!ready) { readyPromise ??= (async () => {
                const found = await load('css'); page.css = found.concat(page.css); ready = true
        })().finally(() => {
                readyPromise = undefined;
        });
        await readyPromise; } }`,
            },
          ],
        },
      ],
    },
    {
      name: 'another one in the place of the old one, which is let go before the wait',
      code: `declare class Provider { constructor(id: string); readonly id: string; dispose(): void }
        declare function load(key: string): Promise<string>
        export class Service { provider: Provider | undefined
          async get(id: string) {
            if (id !== this.provider?.id) { this.provider?.dispose(); await load(id); this.provider = new Provider(id) }
            return this.provider } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a switch that is turned on too late',
      code: `declare const radio: { call(name: string): Promise<void> }
        export class Radio { scanning = false
          async startScan() { if (this.scanning) return; await radio.call('scan'); this.scanning = true }
          stop() { this.scanning = false } }`,
      errors: [
        {
          level: 'likely',
          message: /each of them runs `call`\.$/u,
          suggestions: [
            {
              title: 'Set `this.scanning` before the `await`',
              output: `declare const radio: { call(name: string): Promise<void> }
        export class Radio { scanning = false
          async startScan() { if (this.scanning) return; this.scanning = true; await radio.call('scan'); }
          stop() { this.scanning = false } }`,
            },
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `declare const radio: { call(name: string): Promise<void> }
        export class Radio { scanning = false
        scanningPromise?: Promise<void> | undefined
          async startScan() { if (this.scanning) return; this.scanningPromise ??= (async () => {
                  await radio.call('scan'); this.scanning = true
          })().finally(() => {
                  this.scanningPromise = undefined
          })
          await this.scanningPromise }
          stop() { this.scanning = false } }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a value made by a function that starts something',
      code: `declare class Server { start(): Promise<void> }
        async function createRunner() { const server = new Server(); await server.start(); return { run: server } }
        let runner: { run: Server } | undefined
        export async function get() { if (!runner) { runner = await createRunner() } return runner }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `declare class Server { start(): Promise<void> }
        async function createRunner() { const server = new Server(); await server.start(); return { run: server } }
        let runner: { run: Server } | undefined
        let runnerPromise: Promise<{ run: Server }> | undefined
        export async function get() { if (!runner) { runnerPromise ??= createRunner().catch((error: unknown) => {
                runnerPromise = undefined
                throw error
        })
        runner = await runnerPromise } return runner }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a value that is to be let go with its owner',
      code: `declare function makeView(): Promise<{ closed(run: () => void): unknown }>
        export class Host { view: { closed(run: () => void): unknown } | undefined; readonly disposables: unknown[] = []
          async load() { if (this.view === undefined) { this.view = await makeView(); this.disposables.push(this.view.closed(() => {})) } } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a timer kept with what it is for',
      code: `declare function accept(id: string): Promise<boolean>
        declare function expire(id: string): void
        const clients = new Map<string, { since: number; timer: ReturnType<typeof setTimeout> }>()
        export async function join(id: string) { if (clients.has(id)) return; await accept(id)
          const timer = setTimeout(() => { expire(id) }, 1000); clients.set(id, { since: 1, timer }) }
        export function leave(id: string) { const client = clients.get(id); if (client) clearTimeout(client.timer) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a lazy value of a function that an object keeps',
      code: `declare class View { constructor(get: () => Promise<unknown>) }
        ${DB}export function activate() { let client: Client | undefined
          async function get() { if (!client) { client = await connect() } return client }
          return new View(get) }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `declare class View { constructor(get: () => Promise<unknown>) }
        ${DB}export function activate() { let client: Client | undefined
let clientPromise: Promise<Client> | undefined
          async function get() { if (!client) { clientPromise ??= connect().catch((error: unknown) => {
                  clientPromise = undefined
                  throw error
          })
          client = await clientPromise } return client }
          return new View(get) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a run that must be the only one, and says so',
      code: `declare function spawn(command: string): Promise<void>
        export class Jobs { running = false; async run(name: string) { if (this.running) throw new Error('busy'); await spawn(name); this.running = true } }`,
      errors: [
        {
          level: 'likely',
          line: 2,
          suggestions: [
            {
              title: 'Set `this.running` before the `await`',
              output: `declare function spawn(command: string): Promise<void>
        export class Jobs { running = false; async run(name: string) { if (this.running) throw new Error('busy'); this.running = true; await spawn(name); } }`,
            },
          ],
        },
      ],
    },
    {
      name: 'what is there is let go before the wait',
      code: `declare function find(): Promise<string>
        declare function createServer(path: string): { isBusy: boolean; dispose(): void }
        export class Repl { server = createServer('')
          async change() { if (this.server.isBusy) return; this.server.dispose(); const path = await find(); this.server = createServer(path) } }`,
      errors: [{ level: 'likely', line: 4 }],
    },
    {
      name: 'a promise for others to share is kept only after a wait',
      code: `declare function settings(): Promise<string>
        export class Line { opening: Promise<string> | undefined
          async open() {
            if (this.opening) return this.opening
            const url = await settings()
            this.opening = new Promise((resolve) => { resolve(url) })
            return this.opening
          } }`,
      errors: [{ level: 'likely', line: 6, message: /though it is kept for all/u }],
    },
    {
      name: 'an instance that is handed in',
      code: `${DB}export class Keychain { db: Client | undefined; async open() { if (!this.db) { this.db = await connect() } return this.db } }`,
      files: {
        './build.ts':
          'import { Keychain } from "./file.js"\nexport async function build(chain: Keychain) { await chain.open() }',
      },
      errors: [{ level: 'likely', line: 4 }],
    },
    {
      name: 'in a program that reads a command line and serves requests',
      code: `${DB}import { Command } from 'commander'
        import express from 'express'
        declare function open(url: string): Promise<Client>
        export class Store { db: Client | undefined; async open(url: string) { if (!this.db) { this.db = await open(url) } return this.db } }
        export const program = [new Command(), express()]`,
      files: {
        './node_modules/commander/index.d.ts': 'export declare class Command {}',
        './node_modules/express/index.d.ts': 'export default function express(): unknown',
      },
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a set-up that two methods make sure of',
      code: `declare function connect(url: string): Promise<void>
        export class Sync { ready = false
          async initialize(url: string) { if (this.ready) return; await connect(url); this.ready = true }
          async read(url: string) { await this.initialize(url) }
          async write(url: string) { await this.initialize(url) } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'one for each name, found by its name',
      code: `interface Engine { name: string; close(): Promise<void> }
        declare function createEngine(): Promise<Engine>
        export class Engines { all: Engine[] = []
          async take(name: string) { const same = this.all.find((engine) => engine.name === name); if (same) return same
            const made = await createEngine(); this.all.push(made); return made } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a module that a worklet takes but once',
      code: `declare const context: { audioWorklet: { addModule(url: string): Promise<void> } }
        export class Voice { ready = false
          async listen(url: string) { if (!this.ready) { await context.audioWorklet.addModule(url); this.ready = true } } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a state of being at work that comes after the first await',
      code: `declare function count(): Promise<number>
        declare function decode(): Promise<void>
        export class Decoder { state = 'idle'
          async run() { if (this.state !== 'idle') return; if ((await count()) === 0) return; this.state = 'running'; await decode(); this.state = 'idle' } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a state of being at work, in a folder that is called like one of samples',
      filename: 'core/docs/decoder.ts',
      code: `declare function count(): Promise<number>
        declare function decode(): Promise<void>
        export class Decoder { state = 'idle'
          async run() { if (this.state !== 'idle') return; if ((await count()) === 0) return; this.state = 'running'; await decode(); this.state = 'idle' } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'what is taken from a pool, and given back by way of a variable',
      code: `declare class Pool { getLease(): Promise<{ id: number }>; releaseLease(lease: { id: number }): void }
        export class Queries { lease: { id: number } | undefined
          constructor(readonly pool: Pool) {}
          async run() { this.lease ??= await this.pool.getLease(); return this.lease.id }
          end() { const lease = this.lease; if (lease) this.pool.releaseLease(lease); this.lease = undefined } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'an interval that is taken back first, for the second one goes on for ever',
      code: `declare function send(text: string): Promise<void>
        export class Members { timer: ReturnType<typeof setInterval> | undefined
          async renew() { if (this.timer !== undefined) { clearInterval(this.timer); this.timer = undefined } await send('here'); this.timer = setInterval(() => undefined, 1000) } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a mark of having ended, by two events',
      code: `declare function spawn(command: string): Promise<void>
        declare const bus: { on(event: string, run: () => Promise<void>): void }
        let closed = false
        bus.on('data', async () => { if (closed) return; await spawn('delete'); closed = true })
        export {}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          suggestions: [
            {
              title: 'Set `closed` before the `await`',
              output: `declare function spawn(command: string): Promise<void>
        declare const bus: { on(event: string, run: () => Promise<void>): void }
        let closed = false
        bus.on('data', async () => { if (closed) return; closed = true; await spawn('delete'); })
        export {}`,
            },
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `declare function spawn(command: string): Promise<void>
        declare const bus: { on(event: string, run: () => Promise<void>): void }
        let closed = false
        let closedPromise: Promise<void> | undefined
        bus.on('data', async () => { if (closed) return; closedPromise ??= (async () => {
                await spawn('delete'); closed = true
        })().finally(() => {
                closedPromise = undefined
        })
        await closedPromise })
        export {}`,
            },
          ],
        },
      ],
    },
    {
      name: 'one of two that are set together is missing',
      code: `${DB}export class Store { reader: Client | undefined; writer: Client | undefined
        async open() { if (!this.reader || !this.writer) { this.reader = await connect(); this.writer = await connect() } return this.reader } }`,
      errors: [
        { level: 'likely', line: 5 },
        { level: 'likely', line: 5 },
      ],
    },
    {
      name: 'what is there is used unless it is out of date',
      code: `${DB}declare function isOpen(db: Client): boolean
        export class Store { db: Client | undefined
          async open() { if (this.db && isOpen(this.db)) return this.db; this.db = await connect(); return this.db } }`,
      errors: [{ level: 'likely', line: 6 }],
    },
    {
      name: 'what is broken is taken out first',
      code: `${DB}export class Store { db: Client | undefined; async open() { if (this.db) { try { await this.db.query(''); return this.db } catch { this.db = undefined } } this.db = await connect(); return this.db } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'an entry that is broken is taken out first',
      code: `${DB}const clients = new Map<string, Client>()
        export async function open(key: string) { if (clients.has(key)) { const db = clients.get(key); if (db) return db; clients.delete(key) } const made = await connect(); clients.set(key, made); return made }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a property of what is replaced is asked',
      code: `interface Socket { isOpen: boolean; close(): void }
        declare function dial(): Promise<Socket>
        export class Line { socket: Socket | undefined; async get() { if (this.socket?.isOpen) return this.socket; this.socket = await dial(); return this.socket } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'what is only done after it, behind the same check',
      code: `${DB}interface Api { onDidChange(listener: () => void): void }
        declare function activate(): Promise<Api>
        let api: Api | undefined
        export async function getApi() { if (api) return api; const made = await activate(); api = made; api.onDidChange(() => {}); return api }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'in a branch that leaves with what it has made',
      code: `${DB}declare const remote: boolean
        export class Store { db: Client | undefined; async open() { if (this.db) return; if (remote) { const made = await connect(); await made.query(''); this.db = made as never; return } await load('a') } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a state that is asked for, and set after the await',
      code: `${DB}export class Line { state = 'closed'; async dial() { if (this.state === 'open') return; await connect(); this.state = 'open' } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a state that it must be in',
      level: 'possible',
      code: `${DB}export class Line { state = 'closed'; async dial() { if (this.state !== 'closed') return; await connect(); this.state = 'open' } }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'a mark of being at work that comes after the first await',
      code: `${DB}export class Index { working = new Set<string>(); async build(url: string) { if (this.working.has(url)) return; const text = await load(url); this.working.add(url); try { await load(text) } finally { this.working.delete(url) } } }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Add to `this.working` before the `await`',
              output: `${DB}export class Index { working = new Set<string>(); async build(url: string) { if (this.working.has(url)) return; this.working.add(url); const text = await load(url); try { await load(text) } finally { this.working.delete(url) } } }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a model of a pipeline',
      code: `declare function pipeline(task: string): Promise<{ run(): void }>
        export class Embedder { run: { run(): void } | undefined; async get() { if (!this.run) { const made = await pipeline('embed'); made.run(); this.run = made } return this.run } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'behind a getter',
      code: `${DB}export class Line { private state = 'closed'; get isOpen() { return this.state === 'open' }
        async dial() { if (this.isOpen === true) return; await connect(); this.state = 'open' } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'behind a getter that says whether something is there',
      code: `${DB}export class Store { private clients = new Map<string, Client>(); private last: Client | undefined; get isOpen() { return this.last !== undefined }
        async open(key: string) { if (this.isOpen) return; this.clients.set(key, this.last = await connect()) } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'behind a method, in another one',
      code: `${DB}export class Store { private client: Client | undefined; isOpen() { return this.client !== undefined }
        async open() { this.client = await connect() }
        async run(sql: string) { if (!this.isOpen()) await this.open(); await this.client?.query(sql) } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'something that runs on, in a constant first',
      code: `declare function prepare(): Promise<string>
        declare function startTunnel(url: string): { dispose(): void }
        export class Tunnel { tunnel: { dispose(): void } | undefined; async start() { if (this.tunnel) return; const url = await prepare(); const next = startTunnel(url); this.tunnel = next } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'of a package that is not installed, by where it is kept',
      code: `declare const Lib: any
        export class Store { db: any; async open() { if (!this.db) { this.db = await this.forceCreate() } return this.db } async forceCreate() { return await Lib.create() } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a variable around a function that is handed on',
      code: `${DB}export function store() { const clients = new Map<string, Client>(); return { async open(key: string) { if (!clients.has(key)) { clients.set(key, await connect()) } return clients.get(key) } } }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'lazy connection in a field',
      code: `${DB}export class Store {
  db: Client | undefined
  async open() {
    if (!this.db) {
      this.db = await connect()
    }
    return this.db
  }
}`,
      errors: [
        {
          level: 'likely',
          line: 8,
          column: 7,
          message:
            '`this.db` is checked before an `await` and set only after it: calls that come in between pass the same check, and each of them runs `connect`.',
          related: ['The check that is no longer true by then.'],
        },
      ],
    },
    {
      name: 'in a private field, in JavaScript',
      filename: 'store.js',
      code: `import { connect } from './db.js'
export class Store {
  #db
  async open() {
    if (this.#db === undefined) this.#db = await connect()
    return this.#db
  }
}`,
      files: { './db.js': 'export async function connect() { return {} }' },
      errors: [
        {
          level: 'likely',
          line: 5,
          suggestions: [
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `import { connect } from './db.js'
export class Store {
  #db
  /** @type {Promise<any> | undefined} */ #dbPromise
  async open() {
    if (this.#db === undefined) {
      this.#dbPromise ??= connect().catch((error) => {
        this.#dbPromise = undefined
        throw error
      })
      this.#db = await this.#dbPromise
    }
    return this.#db
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: '??= evaluates its right side before it writes',
      code: `${DB}let db: Client | undefined\nexport const open = async () => (db ??= await connect())`,
      errors: [{ level: 'likely', line: 5 }],
    },
    {
      name: 'an early return',
      code: `${DB}let db: Client | null = null
export async function open() {
  if (db !== null) return db
  const made = await connect()
  await made.query('set x')
  db = made
  return db
}`,
      errors: [
        {
          level: 'likely',
          line: 9,
          suggestions: [
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `interface Client { query(sql: string): Promise<void>; close(): Promise<void> }
declare function connect(): Promise<Client>
declare function load(key: string): Promise<string>
let db: Client | null = null
let dbPromise: Promise<Client> | undefined
export async function open() {
  if (db !== null) return db
  dbPromise ??= (async (): Promise<Client> => {
    const made = await connect()
    await made.query('set x')
    return made
  })().catch((error: unknown) => {
    dbPromise = undefined
    throw error
  })
  db = await dbPromise
  return db
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a cache of connections by key',
      code: `${DB}const clients = new Map<string, Client>()
export async function open(key: string) {
  const known = clients.get(key)
  if (known) return known
  const made = await connect()
  clients.set(key, made)
  return made
}`,
      errors: [
        { level: 'likely', line: 9, message: /^`clients` is checked before an `await` and changed only after it/u },
      ],
    },
    {
      name: 'a record of connections by key',
      code: `${DB}const clients: Record<string, Client> = {}
export async function open(key: string) {
  if (!(key in clients)) clients[key] = await connect()
  return clients[key]
}`,
      errors: [{ level: 'likely', line: 6 }],
    },
    {
      name: 'through a local name for the map',
      code: `${DB}export class Pool { clients = new Map<string, Client>(); async open(key: string) {
  const { clients } = this
  if (!clients.has(key)) clients.set(key, await connect())
  return clients.get(key)
} }`,
      errors: [{ level: 'likely', line: 6 }],
    },
    {
      name: 'a list that is filled when it is empty',
      code: `${DB}const clients: Client[] = []
export async function first() {
  if (clients.length === 0) clients.push(await connect())
  return clients[0]
}`,
      errors: [{ level: 'likely', line: 6 }],
    },
    {
      name: 'a flag that others take for leave to use what it stands for: not set any earlier',
      code: `declare const server: { createCollection(name: string): Promise<void> }
export class Store {
  ready = false
  async prime() {
    if (this.ready) return
    await server.createCollection('x')
    this.ready = true
  }
}`,
      errors: [
        {
          level: 'likely',
          line: 7,
          message: /each of them runs `createCollection`/u,
          suggestions: [
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `declare const server: { createCollection(name: string): Promise<void> }
export class Store {
  ready = false
  readyPromise?: Promise<void> | undefined
  async prime() {
    if (this.ready) return
    this.readyPromise ??= (async () => {
      await server.createCollection('x')
      this.ready = true
    })().finally(() => {
      this.readyPromise = undefined
    })
    await this.readyPromise
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a flag set when the work is done',
      code: `declare const server: { sendGreeting(name: string): Promise<void> }
export class Host {
  greeted = false
  async greet() {
    if (this.greeted) return
    await server.sendGreeting('x')
    this.greeted = true
  }
}`,
      errors: [
        {
          level: 'likely',
          line: 7,
          message: /each of them runs `sendGreeting`/u,
          suggestions: [
            {
              title: 'Set `this.greeted` before the `await`',
              output: `declare const server: { sendGreeting(name: string): Promise<void> }
export class Host {
  greeted = false
  async greet() {
    if (this.greeted) return
    this.greeted = true
    await server.sendGreeting('x')
  }
}`,
            },
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `declare const server: { sendGreeting(name: string): Promise<void> }
export class Host {
  greeted = false
  greetedPromise?: Promise<void> | undefined
  async greet() {
    if (this.greeted) return
    this.greetedPromise ??= (async () => {
      await server.sendGreeting('x')
      this.greeted = true
    })().finally(() => {
      this.greetedPromise = undefined
    })
    await this.greetedPromise
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a key of a set, in one line',
      code: `declare const server: { sendGreeting(name: string): Promise<void> }
const told = new Set<string>(); export async function greet(name: string) { if (!told.has(name)) { await server.sendGreeting(name); told.add(name) } }`,
      errors: [
        {
          level: 'likely',
          line: 2,
          suggestions: [
            {
              title: 'Add to `told` before the `await`',
              output: `declare const server: { sendGreeting(name: string): Promise<void> }
const told = new Set<string>(); export async function greet(name: string) { if (!told.has(name)) { told.add(name); await server.sendGreeting(name); } }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a flag that cannot be set earlier: something leaves, looks at it, or is said in a comment on the way',
      code: `declare const server: { sendGreeting(name: string): Promise<boolean> }
let told = false
export async function first() { if (told) return; if (!(await server.sendGreeting('x'))) return; told = true }
export async function second() { if (told) return; await server.sendGreeting('x'); console.log(told); told = true }
export async function third() {
  if (told) return
  await server.sendGreeting('x')
  // Only now.
  told = true
}
export async function fourth() { if (told) return; try { await server.sendGreeting('x') } finally { told = true } }`,
      errors: [
        { line: 3 },
        {
          line: 4,
          suggestions: [
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `declare const server: { sendGreeting(name: string): Promise<boolean> }
let told = false
let toldPromise: Promise<void> | undefined
export async function first() { if (told) return; if (!(await server.sendGreeting('x'))) return; told = true }
export async function second() { if (told) return; toldPromise ??= (async () => {
  await server.sendGreeting('x'); console.log(told); told = true
})().finally(() => {
  toldPromise = undefined
})
await toldPromise }
export async function third() {
  if (told) return
  await server.sendGreeting('x')
  // Only now.
  told = true
}
export async function fourth() { if (told) return; try { await server.sendGreeting('x') } finally { told = true } }`,
            },
          ],
        },
        {
          line: 9,
          suggestions: [
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `declare const server: { sendGreeting(name: string): Promise<boolean> }
let told = false
let toldPromise: Promise<void> | undefined
export async function first() { if (told) return; if (!(await server.sendGreeting('x'))) return; told = true }
export async function second() { if (told) return; await server.sendGreeting('x'); console.log(told); told = true }
export async function third() {
  if (told) return
  toldPromise ??= (async () => {
    await server.sendGreeting('x')
    // Only now.
    told = true
  })().finally(() => {
    toldPromise = undefined
  })
  await toldPromise
}
export async function fourth() { if (told) return; try { await server.sendGreeting('x') } finally { told = true } }`,
            },
          ],
        },
        { line: 11 },
      ],
    },
    {
      name: 'listeners registered before the flag is set',
      code: `declare const service: { onDidChange(listener: () => void): void; isWorking(): Promise<boolean> }
export class View {
  registered = false
  async activate(log: (working: boolean) => void) {
    if (!this.registered) {
      service.onDidChange(() => { log(true) })
      log(await service.isWorking())
      this.registered = true
    }
  }
}`,
      errors: [
        {
          level: 'likely',
          line: 8,
          message: /each of them runs `onDidChange`/u,
          suggestions: [
            {
              title: 'Set `this.registered` before the `await`',
              output: `declare const service: { onDidChange(listener: () => void): void; isWorking(): Promise<boolean> }
export class View {
  registered = false
  async activate(log: (working: boolean) => void) {
    if (!this.registered) {
      this.registered = true
      service.onDidChange(() => { log(true) })
      log(await service.isWorking())
    }
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'the effect lies in a function of the program',
      code: `${DB}class Store {
  db: Client | undefined
  async open() { return this.db || (this.db = await this.prepare()) }
  async prepare() { const db = await connect(); await db.query('set x'); return db }
}
export { Store }`,
      errors: [{ level: 'likely', line: 6 }],
    },
    {
      name: 'a value that must be closed, whatever made it is called',
      code: `${DB}declare function made(): Promise<Client>
let db: Client | undefined
export async function open() { if (db === undefined) { db = await made() } return db }`,
      errors: [
        {
          level: 'likely',
          line: 6,
          message: /each of them makes one/u,
          suggestions: [
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `interface Client { query(sql: string): Promise<void>; close(): Promise<void> }
declare function connect(): Promise<Client>
declare function load(key: string): Promise<string>
declare function made(): Promise<Client>
let db: Client | undefined
let dbPromise: Promise<Client> | undefined
export async function open() { if (db === undefined) { dbPromise ??= made().catch((error: unknown) => {
  dbPromise = undefined
  throw error
})
db = await dbPromise } return db }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a lock that is given back before the check: by its callback, in a finally',
      code: `${DB}declare const lock: { acquire(): Promise<() => void>; runExclusive(work: () => Promise<void>): Promise<void> }
declare function log(): Promise<void>
export class First { db: Client | undefined; async open() {
  await lock.runExclusive(async () => { await log() })
  if (!this.db) this.db = await connect()
} }
export class Second { db: Client | undefined; async open() {
  const release = await lock.acquire()
  try { await log() } finally { release() }
  if (!this.db) this.db = await connect()
} }`,
      errors: [
        { level: 'likely', line: 8 },
        { level: 'likely', line: 13 },
      ],
    },
    {
      name: 'beside a counter below a limit, which shuts nobody out',
      code: `${DB}export class Store { db: Client | undefined; opened = 0; async open() {
  if (this.db || this.opened >= 3) return
  this.opened++
  this.db = await connect()
} }`,
      errors: [{ level: 'likely', line: 7 }],
    },
    {
      name: 'in concurrent callbacks that empty the place again: likely, for it is meant to be filled more than once',
      code: `${DB}export async function runAll(sqls: readonly string[]) {
  let db: Client | undefined
  await Promise.all(sqls.map(async (sql) => {
    if (!db) db = await connect()
    await db.query(sql)
    db = undefined
  }))
}`,
      errors: [{ level: 'likely', line: 7 }],
    },
    {
      name: 'in concurrent callbacks: certain',
      code: `${DB}export async function runAll(sqls: readonly string[]) {
  let db: Client | undefined
  await Promise.all(sqls.map(async (sql) => {
    if (!db) db = await connect()
    await db.query(sql)
  }))
  await db?.close()
}`,
      errors: [
        {
          level: 'certain',
          line: 7,
          suggestions: [
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `interface Client { query(sql: string): Promise<void>; close(): Promise<void> }
declare function connect(): Promise<Client>
declare function load(key: string): Promise<string>
export async function runAll(sqls: readonly string[]) {
  let db: Client | undefined
  let dbPromise: Promise<Client> | undefined
  await Promise.all(sqls.map(async (sql) => {
    if (!db) {
      dbPromise ??= connect().catch((error: unknown) => {
        dbPromise = undefined
        throw error
      })
      db = await dbPromise
    }
    await db.query(sql)
  }))
  await db?.close()
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a labelled loop, a ternary and a logical operator change nothing',
      code: `${DB}let db: Client | undefined
export async function open(tries: number) {
  attempts: for (let i = 0; i < tries; i++) {
    if (db) break attempts
    const made = i > 0 ? await connect() : undefined
    if (!made) continue attempts
    db = made
  }
  return db
}`,
      errors: [{ level: 'likely', line: 10 }],
    },
    {
      name: 'in try, with a finally that resets nothing',
      code: `${DB}export class Store { db: Client | undefined; async open() {
  if (this.db) return this.db
  try { this.db = await connect() } finally { console.log('done') }
  return this.db
} }`,
      errors: [{ level: 'likely', line: 6 }],
    },
    {
      name: 'the suspension is the end of an await using',
      code: `${DB}declare function lease(): AsyncDisposable
export class Store { db: Client | undefined; made = 0; async open() {
  if (this.db) return this.db
  let made: Client | undefined
  { await using held = lease(); console.log(held); made = connect as unknown as Client; made = await connect() }
  this.db = made
  return made
} }`,
      errors: [{ level: 'likely', line: 9 }],
    },
    {
      name: 'in a component module (tsx), in module state',
      filename: 'view.tsx',
      code: `${DB}let db: Client | undefined
export async function open() { if (!db) db = await connect(); return db }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Keep the promise, so that calls at the same time share it',
              output: `interface Client { query(sql: string): Promise<void>; close(): Promise<void> }
declare function connect(): Promise<Client>
declare function load(key: string): Promise<string>
let db: Client | undefined
let dbPromise: Promise<Client> | undefined
export async function open() { if (!db) {
  dbPromise ??= connect().catch((error: unknown) => {
    dbPromise = undefined
    throw error
  })
  db = await dbPromise;
} return db }`,
            },
          ],
        },
      ],
    },
    {
      name: 'the write lies in a method that the guarded code calls',
      code: `${DB}export class Store {
  db: Client | undefined
  async query(sql: string) {
    if (!this.db) await this.open()
    await this.db?.query(sql)
  }
  async open() { this.db = await connect() }
}`,
      errors: [
        {
          level: 'likely',
          line: 7,
          column: 25,
          message:
            '`this.db` is checked here, but `open` sets it only after an `await`: calls that come in between pass the same check, and each of them runs `open`.',
          related: ['The check that is no longer true by then.', 'Only here the next check comes out otherwise.'],
        },
      ],
    },
    {
      name: 'the write lies in a function that is called behind an early return',
      code: `${DB}let db: Client | undefined
async function open() { const made = await connect(); db = made }
export async function ensure() {
  if (db || process.env['OFFLINE']) return
  await open()
}
declare const process: { env: Record<string, string> }`,
      errors: [{ level: 'likely', line: 8 }],
    },
    {
      name: 'possible: a cache whose duplicate only costs time',
      level: 'possible',
      code: `${DB}const cache = new Map<string, string>()
export async function get(key: string) { if (!cache.has(key)) cache.set(key, await load(key)); return cache.get(key) }`,
      errors: [{ level: 'possible', line: 5, message: /each of them does the work, and the last one wins/u }],
    },
    {
      name: 'possible: state that came in as a parameter',
      level: 'possible',
      code: `${DB}export async function open(state: { db?: Client }) { if (!state.db) state.db = await connect(); return state.db }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'possible: a condition that is no check of absence',
      level: 'possible',
      code: `${DB}let version = 0
export async function update(next: number) { if (next > version) { await connect(); version = next } }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'a walk of all branches at once that marks what it has seen after it waited',
      code: `interface Item { id: string; below: Item[] }
        declare function details(id: string): Promise<string>
        export async function walk(items: Item[], seen: Map<string, string>): Promise<void> {
          await Promise.all(items.map(async (item) => {
            if (seen.has(item.id)) return
            const text = await details(item.id)
            seen.set(item.id, text)
            await walk(item.below, seen)
          }))
        }`,
      errors: [{ level: 'likely', line: 7, message: /each of them runs `walk`/u }],
    },
    {
      name: 'once, where the called method sets the field as well',
      code: `${DB}export class Worker { db: Client | undefined
        async start() { const db = this.db = await connect(); await load('a'); return db }
        async post() { if (!this.db) { this.db = await this.start() } return this.db } }`,
      errors: [{ level: 'likely', line: 6 }],
    },
    {
      name: 'a value made for a key, of which two are as good as one: possible only',
      level: 'possible',
      code: `declare const api: { createReport(key: string): Promise<string> }
        const reports = new Map<string, { report: string }>()
        export async function reportOf(key: string) {
          const known = reports.get(key)
          if (known) return known.report
          const report = await api.createReport(key)
          reports.set(key, { report })
          return report
        }`,
      errors: [{ level: 'possible', line: 7 }],
    },
    {
      name: 'what is opened for a key, and stays open whatever becomes of its name',
      code: `declare const api: { openReport(key: string): Promise<string> }
        const reports = new Map<string, { report: string }>()
        export async function reportOf(key: string) {
          const known = reports.get(key)
          if (known) return known.report
          const report = await api.openReport(key)
          reports.set(key, { report })
          return report
        }`,
      errors: [{ level: 'likely', line: 7 }],
    },
    {
      name: 'a client that nobody closes, and a token: possible only',
      level: 'possible',
      code: `declare const api: { createClient(): Promise<string>; acquireKey(): Promise<string> }
        export class Site {
          client: string | undefined
          key: string | undefined
          async open() { this.client ??= await api.createClient(); return this.client }
          async sign() { if (this.key === undefined) this.key = await api.acquireKey(); return this.key }
        }`,
      errors: [
        { level: 'possible', line: 5 },
        { level: 'possible', line: 6 },
      ],
    },
    {
      name: 'who was overtaken leaves, but waits once more before the write',
      code: `${DB}export class Session { attempt = {}; db: Client | undefined
        async open() { if (this.db) return; const attempt = this.attempt = {}; const db = await connect(); if (this.attempt !== attempt) return; await load('a'); this.db = db } }`,
      errors: [{ level: 'likely' }],
    },
  ],
})
