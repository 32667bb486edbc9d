import { expect, test } from 'vitest'
import { lastingEffectIn } from '../../../../lint/analysis/flow/lastingEffect.ts'
import { marked } from '../marked.ts'

test.each([
  ['a connection', 'await x.connect()', 'x.connect()'],
  ['a record', 'await x.createCollection()', 'x.createCollection()'],
  ['a folder, which is there or is made', 'await x.createDirectory(path)', undefined],
  ['a listener', "x.on('end', () => {})", "x.on('end', () => {})"],
  ['an event of VS Code', 'x.onDidChange(() => {})', 'x.onDidChange(() => {})'],
  ['an event of VS Code, with a named listener', 'x.onDidChange(prepare)', 'x.onDidChange(prepare)'],
  ['an event with a handle to wait for', 'await x.onDidChange(() => {})', 'x.onDidChange(() => {})'],
  ['a listener that is told', 'await x.onUpdate(state)', undefined],
  ['a listener that is told if there is one', 'x.onUpdate?.(state)', undefined],
  ['a function that connects, and whose name says so', 'await newStore()', 'newStore()'],
  ['a function that connects, as its name does not say', 'await prepare()', undefined],
  ['a function that gives what is there', 'await connectNow()', undefined],
  ['a method that gives what is there, or makes it', 'await openOnce()', undefined],
  ['a request for what is kept', 'const it = await x.sendRequest(1); x.use(it)', undefined],
  [
    'a connection that is closed below',
    'const line = await x.connect(); try { x.y() } finally { line.close() }',
    undefined,
  ],
  ['a connection that is closed by using', 'await using line = await x.connect(); x.y()', undefined],
  [
    'a lock that is released below',
    'x.lease = await x.acquire(); try { x.y() } finally { x.lease.release() }',
    undefined,
  ],
  [
    'a connection that is closed only where nothing fails',
    'const line = await x.connect(); x.y(); line.close()',
    'x.connect()',
  ],
  ['a function that looks first, as its name says', 'await ensureAll()', undefined],
  ['a lookup', 'await x.getClient()', undefined],
  ['a load', 'await x.load()', undefined],
  ['a function that only looks up', 'await lookup()', undefined],
  ['a hash', "await x.createHash('md5')", undefined],
  ['a token to get in with', 'await x.createInstallationAccessToken()', undefined],
  ['a line of a log', 'await x.sendLogToServer()', undefined],
  ['a mail', 'await x.sendLoginMail()', 'x.sendLoginMail()'],
  ['what is not awaited', 'x.createThing()', undefined],
  ['what does nothing the second time', "await x.open('CREATE TABLE IF NOT EXISTS t')", undefined],
  ['what finds the first one', 'await x.createIfMissing()', undefined],
  ['a span of a trace', 'await x.startActiveSpan()', undefined],
  ['what only a branch that leaves does', 'if (x.isBusy) { await x.send(); return } await x.load()', undefined],
  ['what a branch that stays does', 'if (x.isBusy) { await x.send() } await x.load()', 'x.send()'],
  ['a command that only reads', 'await x.send(new ListQueuesCommand({}))', undefined],
  ['a command that asks a model', 'await x.send(new InvokeModelCommand({}))', undefined],
  ['a migration that finds its work done', 'await migrateOld()', undefined],
  ['a state that is written anew', 'await saveState()', undefined],
  ['a record that is saved', 'await x.save()', 'x.save()'],
  ['a migration elsewhere', 'await x.migrate()', 'x.migrate()'],
  ['a command that writes', 'await x.send(new CreateQueueCommand({}))', 'x.send(new CreateQueueCommand({}))'],
  ['a factory that leaves nothing but what it gives', 'await createOptions()', undefined],
  ['a factory that also connects', 'await createStore()', 'createStore()'],
  ['a factory of what must be released', 'await createLease()', 'createLease()'],
  ['a static factory of a class elsewhere', "await Store.open('a')", undefined],
  ['a set-up of what was just made', 'const made = new Store(); await made.init()', undefined],
  ['a request that makes a record', "await x.users.create('a')", "x.users.create('a')"],
  ['a listener on what was just made', "const made = x.make(); made.on('end', () => {})", undefined],
  ['a listener on what was found', "const found = x.getBus(); found.on('end', () => {})", "found.on('end', () => {})"],
  ['a function that listens until it ends', 'await ask()', undefined],
  ['a function that listens into a bag which it empties', 'await askWithBag()', undefined],
  ['a function that listens into a bag which it keeps', 'await askAndKeep()', 'askAndKeep()'],
  ['a reload, whatever it calls', 'await reloadAll()', undefined],
  ['a set-up that looks for itself', 'await settings.initialize()', undefined],
  ['a set-up that does all of it again', 'await settings.connectAll()', 'settings.connectAll()'],
  ['an answer of a model', 'await x.audio.speech.create()', undefined],
  ['a model that is kept', 'const model = await x.loadModel()', 'x.loadModel()'],
  ['a model that another process keeps', 'await x.loadModel()', undefined],
  ['an answer about a model', 'const { ok } = await x.loadModel()', undefined],
  ['what a nested function does', 'const g = async () => { await x.connect() }; await x.load(g)', undefined],
])('%s: %s', (_, body, expected) => {
  const { analysis, fn } = marked(`declare const x: any
    declare const state: object
    const kept: any = {}
    async function newStore() { const made = await x.make(); await made.connect(); return made }
    function connectNow() { return Promise.resolve(kept.client) }
    async function openOnce() { if (kept.client) return kept.client; return await x.connect() }
    async function prepare() { const made = await x.make(); await made.connect(); return made }
    async function migrateOld() { if (await x.find()) await x.write() }
    async function saveState() { await x.writeFile('a', 'b') }
    async function lookup() { return await x.find() }
    async function createOptions() { return { all: await x.load() } }
    async function createStore() { const made = await x.make(); await made.connect(); return made }
    async function createLease(): Promise<{ release(): void; close(): void }> { return await x.load() }
    async function ask() { const heard = x.onCancel(() => {}); try { return await x.load() } finally { heard.dispose() } }
    async function askWithBag() { const bag = x.bag(); try { bag.push(x.onCancel(() => {})); return await x.load() } finally { bag.dispose() } }
    async function askAndKeep() { const bag = x.bag(); bag.push(x.onCancel(() => {})); return await x.load() }
    async function reloadAll() { await x.connect() }
    async function ensureAll() { await x.connect() }
    class Settings { #isInitialized = false
      async initialize() { if (!this.#isInitialized) await this.fill(); this.#isInitialized = true }
      async connectAll() { await this.fill(); this.#isInitialized = true }
      async fill() { await x.connect() } }
    const settings = new Settings()
    declare class ListQueuesCommand { constructor(options: object) }
    declare class InvokeModelCommand { constructor(options: object) }
    declare class CreateQueueCommand { constructor(options: object) }
    declare class Store { init(): Promise<void>; static open(name: string): Promise<{ name: string }> }
    export async function f() { ${body} }
    export const all = [newStore, connectNow, openOnce, ask, askWithBag, askAndKeep, reloadAll, ensureAll, prepare, lookup, createOptions, createStore, createLease, ListQueuesCommand, CreateQueueCommand, InvokeModelCommand, migrateOld, saveState, Store]`)
  expect(lastingEffectIn(fn, fn.pos, fn.end, analysis.types)?.getText()).toBe(expected)
})
