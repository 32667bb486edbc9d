import { rule } from '../../../lint/rules/forward-abort-signal.ts'
import { testRule } from '../harness/ruleTester.ts'

const SLEEP = `import { setTimeout as sleep } from 'node:timers/promises'\n`
const QUERY =
  'declare function query(text: string, options?: { signal?: AbortSignal | undefined }): Promise<string[]>\n'

const CLIENTS = `import OpenAI from 'openai'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
export async function ask(signal: AbortSignal): Promise<unknown> {
  const client = new OpenAI()
  signal.throwIfAborted()
  return client.chat.completions.create({ model: 'm' })
}
export class Tools {
  constructor(private readonly client: Client) {}
  async call(name: string, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted()
    return this.client.callTool({ name }, undefined)
  }
  async list(signal: AbortSignal): Promise<unknown> { return this.client.listTools(undefined, { signal }) }
}`

const POLL = `import { delay, getFromApi } from '@ai-sdk/provider-utils'
export async function poll(url: string, abortSignal: AbortSignal | undefined): Promise<unknown> {
  for (;;) {
    const { value } = await getFromApi({ url, abortSignal })
    if (value !== undefined) return value
    await delay(2_000)
  }
}`

const TOKEN =
  'interface CancellationToken { readonly isCancellationRequested: boolean; onCancellationRequested(listener: () => void): { dispose(): void } }\n'

testRule(rule, {
  valid: [
    {
      name: 'the token of a progress that nobody can cancel',
      code: `import * as vscode from 'vscode'
declare function install(name: string, token?: vscode.CancellationToken): Promise<void>
export async function run(name: string): Promise<void> {
  await vscode.window.withProgress({ title: 'cancellable' }, async (_progress, token) => {
    await install(name)
  })
}`,
    },
    {
      name: 'a token that the call gets, in its place or under a property',
      code: `${TOKEN}declare function run(file: string, token?: CancellationToken): Promise<string>
declare function query(text: string, options: { token?: CancellationToken }): Promise<string>
export async function answer(file: string, token: CancellationToken): Promise<string> {
  return (await run(file, token)) + (await query('all', { token }))
}`,
    },
    {
      name: 'a token where only signals are taken, and a token of another kind',
      code: `${TOKEN}declare function load(id: string, signal?: AbortSignal): Promise<string>
declare function login(name: string, token?: string): Promise<string>
export async function open(id: string, token: CancellationToken): Promise<string> {
  return token.isCancellationRequested ? '' : (await load(id)) + (await login(id))
}`,
    },
    {
      name: 'a function that does not look at the token it may be given',
      code: `${TOKEN}declare class Terminal { send(text: string, _token?: CancellationToken): Promise<void> }
export async function say(terminal: Terminal, token: CancellationToken): Promise<void> {
  if (!token.isCancellationRequested) await terminal.send('ls')
}`,
    },
    {
      name: 'work that a registration on the token ends',
      code: `${TOKEN}interface Session { ask(text: string, token?: CancellationToken): Promise<string>; close(): void }
export async function ask(session: Session, token: CancellationToken): Promise<string> {
  const registration = token.onCancellationRequested(() => session.close())
  try { return await session.ask('name') } finally { registration.dispose() }
}`,
    },
    {
      name: 'a signal taken out of what the function made, at likely',
      code: 'declare function makeLimits(): { signal: AbortSignal }\nexport async function f(url: string) {\n  const limits = makeLimits()\n  const { signal } = limits\n  await fetch(url, { signal })\n  return await fetch(url)\n}',
    },
    {
      name: 'a wait for the first value of a stream that is handed over, at likely',
      code: `interface Stream<T> { subscribe(next: (value: T) => void): { unsubscribe(): void } }
function first<T>(stream: Stream<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const held = stream.subscribe((value) => { held.unsubscribe(); resolve(value) })
    signal?.addEventListener('abort', () => { held.unsubscribe(); reject(signal.reason) }, { once: true })
  })
}
export async function load(settings: Stream<string>, signal: AbortSignal): Promise<Response> {
  const url = await first(settings)
  signal.throwIfAborted()
  return await fetch(url, { signal })
}`,
    },
    {
      name: 'an answer that a cache has at hand, at likely',
      code: `declare const versionCache: { get(signal: AbortSignal | undefined, load: (signal: AbortSignal) => Promise<string>): Promise<string> }
async function isAtLeast(least: string, signal?: AbortSignal): Promise<boolean> {
  return await versionCache.get(signal, async (inner) => (await fetch('/version', { signal: inner })).text()) >= least
}
export async function search(signal: AbortSignal): Promise<Response> {
  return await fetch(await isAtLeast('5') ? '/search' : '/find', { signal })
}`,
    },
    {
      name: 'what records the work that it is given, at likely',
      code: 'interface Tracer { startActiveSpan<T>(name: string, work: () => Promise<T>, options?: { signal?: AbortSignal }): Promise<T> }\ndeclare const tracer: Tracer\ndeclare function build(): Promise<string>\nexport async function f(signal: AbortSignal) { signal.throwIfAborted(); return tracer.startActiveSpan("build", async () => build()) }',
    },
    {
      name: 'a short pause of a loop that looks at the signal each turn',
      level: 'possible',
      code: 'declare function delay(ms: number, options?: { signal?: AbortSignal }): Promise<void>\nconst POLL_MS = 50\nexport async function f(isDone: () => boolean, signal: AbortSignal) { while (!isDone()) { signal.throwIfAborted(); await delay(POLL_MS) } }',
    },
    {
      name: 'options for each item, which may hold it',
      level: 'possible',
      code: 'interface Options { signal?: AbortSignal }\ndeclare function batch(inputs: string[], options?: Options | Options[]): Promise<string[]>\ndeclare function optionsFor(input: string, given: Options): Options\nexport async function f(inputs: string[], given: Options) { given.signal?.throwIfAborted(); return batch(inputs, inputs.map((input) => optionsFor(input, given))) }',
    },
    {
      name: 'the end itself is what is waited for',
      level: 'possible',
      code: "import { once } from 'node:events'\nexport async function f(stop: AbortSignal, signal: AbortSignal) { await once(stop, 'abort', { signal }) }",
    },
    {
      name: 'the end itself, and no more',
      level: 'possible',
      code: "import { once } from 'node:events'\nexport async function f(stop: AbortSignal) { await once(stop, 'abort') }",
    },
    {
      name: 'a signal that is a value, beside one in its place',
      level: 'possible',
      code: "import { setTimeout } from 'node:timers/promises'\nexport async function f(stop: AbortSignal, signal: AbortSignal) { return setTimeout(5, stop, { signal }) }",
    },
    {
      name: 'a field that is passed',
      level: 'possible',
      code: 'export class A { constructor(private readonly signal: AbortSignal) {} async f() { return fetch("a", { signal: this.signal }) } }',
    },
    {
      name: 'a field, where the call has a signal of its own',
      level: 'possible',
      code: 'export class A { constructor(private readonly signal: AbortSignal) {} async f(signal: AbortSignal) { await fetch("a", { signal: this.signal }); return fetch("a", { signal }) } }',
    },
    {
      name: 'a controller that the method itself makes anew',
      level: 'possible',
      code: 'export class A { #controller = new AbortController(); async f() { await fetch("a", { signal: this.#controller.signal }); this.#controller.abort(); this.#controller = new AbortController(); return fetch("b") } }',
    },
    {
      name: 'a controller that is made anew, in a method that passes it to nothing',
      level: 'possible',
      code: 'export class A { #controller = new AbortController(); restart() { this.#controller.abort(); this.#controller = new AbortController() } async f() { await fetch("a", { signal: this.#controller.signal }) } async g() { return fetch("b") } }',
    },
    {
      name: 'a controller that comes from elsewhere',
      level: 'possible',
      code: 'export class A { controller?: AbortController; use(controller: AbortController) { this.controller?.abort(); this.controller = controller } async f() { await fetch("a", { signal: this.controller?.signal }); return fetch("b") } }',
    },
    {
      name: 'the end of a stream',
      code: "import { once } from 'node:events'\nimport type { EventEmitter } from 'node:events'\nexport async function f(stream: EventEmitter, signal: AbortSignal) { signal.throwIfAborted(); await once(stream, 'finish') }",
    },
    {
      name: 'a controller that the class never aborts',
      level: 'possible',
      code: 'export class A { readonly #controller = new AbortController(); async f() { return fetch("b") } get signal() { return this.#controller.signal } }',
    },
    {
      name: 'a field that nobody gave',
      level: 'possible',
      code: 'export class A { signal?: AbortSignal; async f() { return fetch("b") } }',
    },
    {
      name: 'a method that tidies up',
      level: 'possible',
      code: 'export class A { readonly #end = new AbortController(); async f() { return fetch("a", { signal: this.#end.signal }) } async close() { this.#end.abort(); await fetch("b") } }',
    },
    {
      name: 'a helper that sees the field by itself',
      level: 'possible',
      code: 'export class A { constructor(private readonly signal: AbortSignal) {} async load(url: string, signal = this.signal) { return fetch(url, { signal }) } async f() { return this.load("a") } }',
    },
    {
      name: 'options that an instance keeps, and hands on whole',
      level: 'possible',
      code: 'export class A { constructor(private readonly init: RequestInit) {} async f() { if (this.init.signal?.aborted) return; return fetch("a", this.init) } }',
    },
    {
      name: 'options that an instance keeps, where a helper reads the signal in them',
      level: 'possible',
      code: 'export class A { constructor(private readonly options: { signal: AbortSignal }) {} async load(url: string, signal = this.options.signal) { return fetch(url, { signal }) } async f() { return this.load("a") } }',
    },
    {
      name: 'options that an instance keeps, whose signal nobody mentions',
      level: 'possible',
      code: 'export class A { constructor(private readonly options: { signal: AbortSignal; url: string }) {} async f() { return fetch(this.options.url) } }',
    },
    {
      name: 'a static field',
      level: 'possible',
      code: 'export class A { static signal: AbortSignal; async f() { return fetch("b") } }',
    },
    {
      name: 'a function of its own in a method',
      level: 'possible',
      code: 'export class A { constructor(private readonly signal: AbortSignal) {} f() { void fetch("a", { signal: this.signal }); return async function () { return fetch("b") } } }',
    },
    {
      name: 'a signal that is passed',
      code: 'export async function load(url: string, signal: AbortSignal): Promise<Response> { return fetch(url, { signal }) }',
    },
    {
      name: 'no signal in reach',
      code: 'export async function load(url: string): Promise<Response> { return fetch(url) }',
    },
    {
      name: 'options passed whole',
      code: `export async function load(url: string, signal: AbortSignal, init: RequestInit): Promise<void> {
  signal.throwIfAborted()
  await fetch(url, init)
  await fetch(url, { ...init, method: 'POST' })
}`,
    },
    {
      name: 'the object that holds the signal, passed whole',
      code: `${QUERY}export async function load(options: { signal?: AbortSignal }): Promise<string[]> { return query('rows', options) }`,
    },
    {
      name: 'an argument that brings its own signal',
      code: `export async function load(request: { url: string; signal: AbortSignal }, signal: AbortSignal): Promise<void> {
  await send(request)
  await fetch(new Request(request.url, { signal }))
}
declare function send(request: { url: string; signal: AbortSignal }, options?: { signal?: AbortSignal }): Promise<void>`,
    },
    {
      name: 'a signal under another name',
      code: `declare function call(cancellation: { isCancelled: boolean }, options?: { signal?: AbortSignal }): Promise<void>
export async function run(signal: AbortSignal): Promise<void> {
  const cancellation = { isCancelled: signal.aborted }
  await call(cancellation)
}`,
    },
    {
      name: 'a signal left out on purpose',
      code: `export async function load(url: string, signal: AbortSignal): Promise<Response> {
  signal.throwIfAborted()
  return await fetch(url, { signal: undefined })
}`,
    },
    {
      name: 'clean-up in finally and catch',
      code: `${QUERY}export async function load(signal: AbortSignal): Promise<void> {
  try { await query('begin', { signal }) } catch (error) { await query('log') ; throw error } finally { await query('end') }
}`,
    },
    {
      name: 'a call that tidies up, by its name, and a function that does',
      code: `interface Lock { release(options?: { signal?: AbortSignal }): Promise<void> }
${QUERY}export async function load(lock: Lock, signal: AbortSignal): Promise<void> { signal.throwIfAborted(); await lock.release() }
export async function closeAll(signal: AbortSignal): Promise<void> { signal.throwIfAborted(); await query('close') }`,
    },
    {
      name: 'what is done after the abort was seen',
      code: `${QUERY}export async function load(signal: AbortSignal): Promise<void> {
  if (signal.aborted) { await query('report'); return }
  await query('rows', { signal })
}`,
    },
    {
      name: 'a branch for when there is no signal',
      code: `${QUERY}export async function load(signal?: AbortSignal): Promise<string[]> {
  return signal ? await query('rows', { signal }) : await query('rows')
}
export async function save(options?: { signal?: AbortSignal }): Promise<string[]> {
  const rest = options?.signal ? { signal: options.signal } : undefined
  if (rest) return await query('rows', rest)
  return await query('rows')
}`,
    },
    {
      name: 'detached work',
      code: `${QUERY}export async function load(signal: AbortSignal): Promise<string[]> {
  void query('statistics')
  query('more statistics').catch(() => {})
  return await query('rows', { signal })
}`,
    },
    {
      name: 'a handler that outlives the call',
      code: `${QUERY}export async function watch(target: EventTarget, signal: AbortSignal): Promise<void> {
  target.addEventListener('change', async () => { await query('rows') })
  setInterval(async () => { await query('rows') }, 60_000)
  await query('rows', { signal })
}
export function make(signal: AbortSignal): { refresh(): Promise<string[]> } {
  signal.throwIfAborted()
  return { refresh: async () => await query('rows') }
}`,
    },
    {
      name: 'a race against the signal',
      code: `${QUERY}export async function load(signal: AbortSignal): Promise<unknown> {
  const aborted = new Promise((_, reject) => { signal.addEventListener('abort', reject, { once: true }) })
  return await Promise.race([query('rows'), aborted])
}`,
    },
    {
      name: 'a promise wrapped by a call that has the signal',
      code: `${QUERY}declare function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T>
export async function load(signal: AbortSignal): Promise<string[]> { return await abortable(query('rows'), signal) }`,
    },
    {
      name: 'a listener that ends the thing itself',
      code: `interface Socket { read(options?: { signal?: AbortSignal }): Promise<string>; destroy(): void }
export async function read(socket: Socket, signal: AbortSignal): Promise<string> {
  signal.addEventListener('abort', () => { socket.destroy() }, { once: true })
  return await socket.read()
}`,
    },
    {
      name: 'a listener that a variable is given on one way, and that ends what the call is made on',
      level: 'possible',
      code: `interface Job { start(id: string, options?: { signal?: AbortSignal }): Promise<string>; cancel(id: string): void }
export async function run(job: Job, options: { signal?: AbortSignal }): Promise<string> {
  let stop: (() => void) | undefined
  if (options.signal) {
    stop = () => { job.cancel('a') }
    options.signal.addEventListener('abort', stop, { once: true })
  }
  try { return await job.start('a') } finally { if (stop) options.signal?.removeEventListener('abort', stop) }
}`,
    },
    {
      name: 'a named listener that ends what the call gave',
      code: `import { spawn } from 'node:child_process'
export async function build(signal: AbortSignal): Promise<void> {
  const child = spawn('make')
  const stop = (): void => { child.stdin.destroy() }
  signal.addEventListener('abort', stop)
  await new Promise((resolve) => { child.once('exit', resolve) })
}`,
    },
    {
      name: 'a client that was made with the signal',
      code: `interface Client { get(path: string, options?: { signal?: AbortSignal }): Promise<string> }
declare function connect(options: { signal: AbortSignal }): Client
export async function load(signal: AbortSignal): Promise<string> {
  const client = connect({ signal })
  return await client.get('/')
}`,
    },
    {
      name: 'a method of the object that holds the signal',
      code: `interface Task { readonly signal: AbortSignal; pause(ms: number, options?: { signal?: AbortSignal }): Promise<void> }
export async function work(task: Task): Promise<void> { await task.pause(1_000) }`,
    },
    {
      name: 'a local helper that sees the signal by itself',
      code: `${QUERY}export async function load(signal: AbortSignal): Promise<string[]> {
  const rows = async (own = signal): Promise<string[]> => query('rows', { signal: own })
  return await rows()
}`,
    },
    {
      name: 'lookalikes: signals of the operating system, and other functions called fetch',
      code: `declare const git: { fetch(remote: string): Promise<void> }
declare const store: { fetch(id: string): Promise<void> }
export async function stop(signal: NodeJS.Signals): Promise<void> { await git.fetch(signal); await store.fetch('x') }
export async function sync(signal: AbortSignal): Promise<void> { signal.throwIfAborted(); await git.fetch('origin'); await store.fetch('x') }
declare namespace NodeJS { type Signals = 'SIGINT' | 'SIGTERM' }`,
    },
    {
      name: 'a parameter that the author does not use',
      code: 'export async function load(url: string, _signal?: AbortSignal): Promise<Response> { return await fetch(url) }',
    },
    {
      name: 'a call that gives no promise',
      code: `export async function listen(target: EventTarget, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  target.addEventListener('change', () => {})
}`,
    },
    {
      name: 'a function whose argument list is spread',
      code: `export async function load(signal: AbortSignal, ...parts: [string, RequestInit?]): Promise<Response> { signal.throwIfAborted(); return await fetch(...parts) }`,
    },
    {
      name: 'a controller that is used for one call of several',
      code: `${QUERY}export async function load(): Promise<void> {
  const controller = new AbortController()
  setTimeout(() => { controller.abort() }, 1_000)
  await query('rows', { signal: controller.signal })
  await query('more')
}`,
    },
    {
      name: 'the signal of a request, which tells of the client',
      code: 'export async function GET(request: Request): Promise<Response> { return await fetch(request.url) }',
    },
    {
      name: 'a test',
      filename: 'load.test.ts',
      code: 'export async function load(url: string, signal: AbortSignal): Promise<void> { signal.throwIfAborted(); await fetch(url) }',
    },
    {
      name: 'a test that aborts one call of several, at any level',
      filename: 'load.test.ts',
      level: 'possible',
      code: `${QUERY}export async function check(): Promise<void> {
  const controller = new AbortController()
  await query('rows', { signal: controller.signal })
  await query('more')
}`,
    },
  ],
  invalid: [
    {
      name: 'the token of a progress whose package is not installed',
      code: `import * as vscode from 'vscode'
declare function install(name: string, token?: vscode.CancellationToken): Promise<void>
export async function run(name: string): Promise<void> {
  await vscode.window.withProgress({ cancellable: true }, async (_progress, token) => {
    await install(name)
  })
}`,
      errors: [
        {
          line: 5,
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `token` on to `install`',
              output: `import * as vscode from 'vscode'
declare function install(name: string, token?: vscode.CancellationToken): Promise<void>
export async function run(name: string): Promise<void> {
  await vscode.window.withProgress({ cancellable: true }, async (_progress, token) => {
    await install(name, token)
  })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'options that a package which is not installed makes unknown, in a function that gives others the signal beside it',
      code: `import type { ExecOptions } from 'not-installed'
type Options = ExecOptions & { cwd?: string; signal?: AbortSignal }
interface Shell { run(text: string, options?: Options): Promise<string>; start(file: string, options?: Options): Promise<string> }
export async function build(shell: Shell, isShort: boolean, signal: AbortSignal): Promise<string> {
  if (isShort) return await shell.run('make', { cwd: '.' })
  return await shell.start('make', { cwd: '.', signal })
}`,
      errors: [
        {
          line: 5,
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `signal` on to `run`',
              output: `import type { ExecOptions } from 'not-installed'
type Options = ExecOptions & { cwd?: string; signal?: AbortSignal }
interface Shell { run(text: string, options?: Options): Promise<string>; start(file: string, options?: Options): Promise<string> }
export async function build(shell: Shell, isShort: boolean, signal: AbortSignal): Promise<string> {
  if (isShort) return await shell.run('make', { cwd: '.', signal })
  return await shell.start('make', { cwd: '.', signal })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'the same options, where nothing else in the function is given the signal',
      level: 'possible',
      code: `import type { ExecOptions } from 'not-installed'
type Options = ExecOptions & { cwd?: string; signal?: AbortSignal }
interface Shell { run(text: string, options?: Options): Promise<string> }
export async function build(shell: Shell, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  return await shell.run('make')
}`,
      errors: [
        {
          line: 6,
          level: 'possible',
          suggestions: [
            {
              title: 'Pass `signal` on to `run`',
              output: `import type { ExecOptions } from 'not-installed'
type Options = ExecOptions & { cwd?: string; signal?: AbortSignal }
interface Shell { run(text: string, options?: Options): Promise<string> }
export async function build(shell: Shell, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  return await shell.run('make', { signal })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a token that a call is not given, though its parameter is for one',
      code: `${TOKEN}declare function run(file: string, token?: CancellationToken): Promise<string>
export async function answer(file: string, token: CancellationToken): Promise<string> {
  const text = await run(file)
  return token.isCancellationRequested ? '' : text
}`,
      errors: [
        {
          line: 4,
          level: 'likely',
          message: /`run` is given no token: when `token` is cancelled/u,
          suggestions: [
            {
              title: 'Pass `token` on to `run`',
              output: `${TOKEN}declare function run(file: string, token?: CancellationToken): Promise<string>
export async function answer(file: string, token: CancellationToken): Promise<string> {
  const text = await run(file, token)
  return token.isCancellationRequested ? '' : text
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a token whose types are not installed, by the names of its annotations',
      code: `import type * as vscode from 'vscode'
interface Kernels { find(name: string, token?: vscode.CancellationToken): Promise<string> }
export async function pick(kernels: Kernels, name: string, token?: vscode.CancellationToken): Promise<string> {
  return token?.isCancellationRequested ? '' : await kernels.find(name)
}`,
      errors: [
        {
          line: 4,
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `token` on to `find`',
              output: `import type * as vscode from 'vscode'
interface Kernels { find(name: string, token?: vscode.CancellationToken): Promise<string> }
export async function pick(kernels: Kernels, name: string, token?: vscode.CancellationToken): Promise<string> {
  return token?.isCancellationRequested ? '' : await kernels.find(name, token)
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'the pause of a retry in a handler, by its own name',
      code: `import { setTimeout } from 'node:timers/promises'
export async function load(url: string, signal: AbortSignal) {
  for (let attempt = 0; ; attempt++) {
    try { return await fetch(url, { signal }) } catch (error) { if (attempt > 3) throw error; await setTimeout(2_000 * attempt) }
  }
}`,
      errors: [{ line: 4, level: 'certain' }],
      output: `import { setTimeout } from 'node:timers/promises'
export async function load(url: string, signal: AbortSignal) {
  for (let attempt = 0; ; attempt++) {
    try { return await fetch(url, { signal }) } catch (error) { if (attempt > 3) throw error; await setTimeout(2_000 * attempt, undefined, { signal }) }
  }
}`,
    },
    {
      name: 'a method of a client whose package is not installed, made here or kept in a field',
      code: CLIENTS,
      errors: [
        {
          line: 6,
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `signal` on to `create`',
              output: CLIENTS.replace("{ model: 'm' }", "{ model: 'm' }, { signal }"),
            },
          ],
        },
        {
          line: 12,
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `signal` on to `callTool`',
              output: CLIENTS.replace('undefined)\n', 'undefined, { signal })\n'),
            },
          ],
        },
      ],
    },
    {
      name: 'a pause by a helper of a package that is not installed',
      code: POLL,
      errors: [
        {
          line: 6,
          level: 'likely',
          suggestions: [
            { title: 'Pass `abortSignal` on to `delay`', output: POLL.replace('2_000', '2_000, { abortSignal }') },
          ],
        },
      ],
    },
    {
      name: 'a pause between polls for as long as the settings say, whatever their default is',
      code: `const POLL_MS = 500
declare function delay(ms: number, options?: { signal?: AbortSignal | undefined }): Promise<void>
declare function ask(options: { signal: AbortSignal | undefined }): Promise<boolean>
export async function poll(settings: { pollMs?: number }, signal: AbortSignal | undefined): Promise<void> {
  const pollMs = settings.pollMs ?? POLL_MS
  for (let i = 0; i < 100; i++) {
    if (await ask({ signal })) return
    await delay(pollMs)
  }
}`,
      errors: [{ line: 8, level: 'certain' }],
      output: `const POLL_MS = 500
declare function delay(ms: number, options?: { signal?: AbortSignal | undefined }): Promise<void>
declare function ask(options: { signal: AbortSignal | undefined }): Promise<boolean>
export async function poll(settings: { pollMs?: number }, signal: AbortSignal | undefined): Promise<void> {
  const pollMs = settings.pollMs ?? POLL_MS
  for (let i = 0; i < 100; i++) {
    if (await ask({ signal })) return
    await delay(pollMs, { signal })
  }
}`,
    },
    {
      name: 'a pause in a method that hands the renewed signal to the request before it',
      code: `declare function sleep(ms: number, signal?: AbortSignal): Promise<void>
declare function subscribe(options: { signal: AbortSignal | undefined }): Promise<void>
export class Feed {
  #end?: AbortController
  connect() { this.#end?.abort(); this.#end = new AbortController() }
  close() { this.#end?.abort() }
  async run() {
    for (;;) {
      await subscribe({ signal: this.#end?.signal })
      await sleep(5_000)
    }
  }
}`,
      errors: [
        {
          line: 10,
          level: 'likely',
          message: /`this\.#end\?\.signal` aborts/u,
          suggestions: [
            {
              title: 'Pass `this.#end?.signal` on to `sleep`',
              output: `declare function sleep(ms: number, signal?: AbortSignal): Promise<void>
declare function subscribe(options: { signal: AbortSignal | undefined }): Promise<void>
export class Feed {
  #end?: AbortController
  connect() { this.#end?.abort(); this.#end = new AbortController() }
  close() { this.#end?.abort() }
  async run() {
    for (;;) {
      await subscribe({ signal: this.#end?.signal })
      await sleep(5_000, this.#end?.signal)
    }
  }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a call that is given work to do: the signal may end less than that',
      level: 'possible',
      code: 'declare function timed(work: () => Promise<string>, options?: { signal?: AbortSignal }): Promise<string>\ndeclare function build(): Promise<string>\nexport async function f(signal: AbortSignal) { if (!signal.aborted) await timed(() => build()) }',
      errors: [
        {
          level: 'possible',
          line: 3,
          suggestions: [
            {
              title: 'Pass `signal` on to `timed`',
              output:
                'declare function timed(work: () => Promise<string>, options?: { signal?: AbortSignal }): Promise<string>\ndeclare function build(): Promise<string>\nexport async function f(signal: AbortSignal) { if (!signal.aborted) await timed(() => build(), { signal }) }',
            },
          ],
        },
      ],
    },
    {
      name: 'a signal taken out of the options',
      code: 'export async function f(options: { url: string; signal: AbortSignal }) {\n  const { url, signal } = options\n  signal.throwIfAborted()\n  return await fetch(url)\n}',
      errors: [{ level: 'certain', line: 4 }],
      output:
        'export async function f(options: { url: string; signal: AbortSignal }) {\n  const { url, signal } = options\n  signal.throwIfAborted()\n  return await fetch(url, { signal })\n}',
    },
    {
      name: 'a signal taken out of options that the parameter list takes apart',
      code: 'export async function f({ url, options }: { url: string; options: { signal: AbortSignal } }) {\n  const { signal } = options\n  signal.throwIfAborted()\n  return await fetch(url)\n}',
      errors: [{ level: 'certain', line: 4 }],
      output:
        'export async function f({ url, options }: { url: string; options: { signal: AbortSignal } }) {\n  const { signal } = options\n  signal.throwIfAborted()\n  return await fetch(url, { signal })\n}',
    },
    {
      name: 'a signal under a name of its own',
      code: 'export async function f(options: { url: string; abortSignal: AbortSignal }) {\n  const signal = options.abortSignal\n  signal.throwIfAborted()\n  return await fetch(options.url)\n}',
      errors: [{ level: 'certain', line: 4 }],
      output:
        'export async function f(options: { url: string; abortSignal: AbortSignal }) {\n  const signal = options.abortSignal\n  signal.throwIfAborted()\n  return await fetch(options.url, { signal })\n}',
    },
    {
      name: 'the same in a part of the function',
      code: 'export async function f(options: { urls: string[]; signal: AbortSignal }) {\n  const { signal } = options\n  signal.throwIfAborted()\n  return await Promise.all(options.urls.map((url) => fetch(url)))\n}',
      errors: [
        {
          level: 'likely',
          line: 4,
          suggestions: [
            {
              title: 'Pass `signal` on to `fetch`',
              output:
                'export async function f(options: { urls: string[]; signal: AbortSignal }) {\n  const { signal } = options\n  signal.throwIfAborted()\n  return await Promise.all(options.urls.map((url) => fetch(url, { signal })))\n}',
            },
          ],
        },
      ],
    },
    {
      name: 'a list of words where options might stand',
      level: 'possible',
      code: 'interface Options { signal?: AbortSignal }\ndeclare function run(file: string, given?: string[] | Options, options?: Options): Promise<string>\nexport async function f(files: { name: string }[], signal: AbortSignal) { if (!signal.aborted) await run("git", files.map((file) => file.name)) }',
      errors: [
        {
          level: 'possible',
          line: 3,
          suggestions: [
            {
              title: 'Pass `signal` on to `run`',
              output:
                'interface Options { signal?: AbortSignal }\ndeclare function run(file: string, given?: string[] | Options, options?: Options): Promise<string>\nexport async function f(files: { name: string }[], signal: AbortSignal) { if (!signal.aborted) await run("git", files.map((file) => file.name), { signal }) }',
            },
          ],
        },
      ],
    },
    {
      name: 'a long pause of such a loop',
      code: 'declare function delay(ms: number, options?: { signal?: AbortSignal }): Promise<void>\nexport async function f(isDone: () => boolean, signal: AbortSignal) { while (!isDone()) { signal.throwIfAborted(); await delay(60_000) } }',
      errors: [{ level: 'certain' }],
      output:
        'declare function delay(ms: number, options?: { signal?: AbortSignal }): Promise<void>\nexport async function f(isDone: () => boolean, signal: AbortSignal) { while (!isDone()) { signal.throwIfAborted(); await delay(60_000, { signal }) } }',
    },
    {
      name: 'a field that the constructor was given, and that other calls get',
      code: 'export class A {\n  constructor(private readonly signal: AbortSignal) {}\n  async f() {\n    await fetch("a", { signal: this.signal })\n    return fetch("b")\n  }\n}',
      errors: [
        {
          line: 5,
          level: 'likely',
          message:
            '`fetch` is given no signal: when `this.signal` aborts, it runs on to its end and its caller waits for it.',
          related: ['`this.signal` is at hand since here.'],
          suggestions: [
            {
              title: 'Pass `this.signal` on to `fetch`',
              output:
                'export class A {\n  constructor(private readonly signal: AbortSignal) {}\n  async f() {\n    await fetch("a", { signal: this.signal })\n    return fetch("b", { signal: this.signal })\n  }\n}',
            },
          ],
        },
      ],
    },
    {
      name: 'the controller of an instance, in a callback that it waits for',
      code: 'export class A {\n  readonly #end = new AbortController()\n  stop() { this.#end.abort() }\n  async f(urls: string[]) {\n    await fetch("a", { signal: this.#end.signal })\n    for (const url of urls) await Promise.all([1, 2].map(async () => { await fetch(url) }))\n  }\n}',
      errors: [
        {
          line: 6,
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `this.#end.signal` on to `fetch`',
              output:
                'export class A {\n  readonly #end = new AbortController()\n  stop() { this.#end.abort() }\n  async f(urls: string[]) {\n    await fetch("a", { signal: this.#end.signal })\n    for (const url of urls) await Promise.all([1, 2].map(async () => { await fetch(url, { signal: this.#end.signal }) }))\n  }\n}',
            },
          ],
        },
      ],
    },
    {
      name: 'a signal in the options that an instance keeps, and that other calls get',
      code: 'export class A {\n  constructor(private readonly options: { signal?: AbortSignal; url: string }) {}\n  async f() {\n    await fetch(this.options.url, { signal: this.options.signal })\n    return fetch("b")\n  }\n}',
      errors: [
        {
          level: 'likely',
          line: 5,
          message:
            '`fetch` is given no signal: when `this.options.signal` aborts, it runs on to its end and its caller waits for it.',
          related: ['`this.options.signal` is at hand since here.'],
          suggestions: [
            {
              title: 'Pass `this.options.signal` on to `fetch`',
              output:
                'export class A {\n  constructor(private readonly options: { signal?: AbortSignal; url: string }) {}\n  async f() {\n    await fetch(this.options.url, { signal: this.options.signal })\n    return fetch("b", { signal: this.options.signal })\n  }\n}',
            },
          ],
        },
      ],
    },
    {
      name: 'a signal in options that may be missing',
      code: 'export class A {\n  constructor(private readonly options?: { signal?: AbortSignal }) {}\n  async f() {\n    await fetch("a", { signal: this.options?.signal })\n    return fetch("b")\n  }\n}',
      errors: [
        {
          level: 'likely',
          line: 5,
          suggestions: [
            {
              title: 'Pass `this.options?.signal` on to `fetch`',
              output:
                'export class A {\n  constructor(private readonly options?: { signal?: AbortSignal }) {}\n  async f() {\n    await fetch("a", { signal: this.options?.signal })\n    return fetch("b", { signal: this.options?.signal })\n  }\n}',
            },
          ],
        },
      ],
    },
    {
      name: 'a field that no call gets yet',
      level: 'possible',
      code: 'export class A {\n  readonly #signal: AbortSignal\n  constructor(options: { signal: AbortSignal }) { this.#signal = options.signal }\n  async f() { if (!this.#signal.aborted) await fetch("b") }\n}',
      errors: [
        {
          level: 'possible',
          suggestions: [
            {
              title: 'Pass `this.#signal` on to `fetch`',
              output:
                'export class A {\n  readonly #signal: AbortSignal\n  constructor(options: { signal: AbortSignal }) { this.#signal = options.signal }\n  async f() { if (!this.#signal.aborted) await fetch("b", { signal: this.#signal }) }\n}',
            },
          ],
        },
      ],
    },
    {
      name: 'the signal of a context under its other name',
      code: 'interface Options { abortSignal: AbortSignal }\nexport async function f(options: Options) { await fetch("a") }',
      errors: [
        {
          level: 'certain',
        },
      ],
      output:
        'interface Options { abortSignal: AbortSignal }\nexport async function f(options: Options) { await fetch("a", { signal: options.abortSignal }) }',
    },
    {
      name: 'a request that is awaited, with the signal as the own parameter',
      code: `export async function load(url: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  const response = await fetch(url)
  return response.text()
}`,
      errors: [
        {
          message:
            '`fetch` is given no signal: when `signal` aborts, it runs on to its end and its caller waits for it.',
          level: 'certain',
          line: 3,
          column: 26,
          endLine: 3,
          endColumn: 31,
          related: ['`signal` is at hand since here.'],
        },
      ],
      output: `export async function load(url: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  const response = await fetch(url, { signal })
  return response.text()
}`,
    },
    {
      name: 'a sleep, with skipped parameters filled',
      code: `${SLEEP}export async function poll(ready: () => boolean, { signal }: { signal: AbortSignal }): Promise<void> {
  while (!ready()) {
    signal.throwIfAborted()
    await sleep(5_000)
  }
}`,
      errors: [{ level: 'certain', line: 5 }],
      output: `${SLEEP}export async function poll(ready: () => boolean, { signal }: { signal: AbortSignal }): Promise<void> {
  while (!ready()) {
    signal.throwIfAborted()
    await sleep(5_000, undefined, { signal })
  }
}`,
    },
    {
      name: 'a back-off between attempts, in the catch block of a loop',
      code: `${SLEEP}export async function load(url: string, signal: AbortSignal): Promise<Response> {
  for (;;) {
    try { return await fetch(url, { signal }) } catch { await sleep(5_000) }
  }
}`,
      errors: [{ level: 'certain' }],
      output: `${SLEEP}export async function load(url: string, signal: AbortSignal): Promise<Response> {
  for (;;) {
    try { return await fetch(url, { signal }) } catch { await sleep(5_000, undefined, { signal }) }
  }
}`,
    },
    {
      name: 'options written out, over several lines and on one',
      code: `export async function send(url: string, options: { signal: AbortSignal }): Promise<void> {
  await fetch(url, {
    method: 'POST',
    body: url,
  })
  await fetch(url, { method: 'POST' })
  await fetch(url, {})
}`,
      errors: [{ line: 2 }, { line: 6 }, { line: 7 }],
      output: `export async function send(url: string, options: { signal: AbortSignal }): Promise<void> {
  await fetch(url, {
    method: 'POST',
    body: url,
    signal: options.signal,
  })
  await fetch(url, { method: 'POST', signal: options.signal })
  await fetch(url, { signal: options.signal })
}`,
    },
    {
      name: 'an encoding in place of options; a local file is soon read',
      level: 'possible',
      code: `import { readFile } from 'node:fs/promises'
export async function load(path: string, signal?: AbortSignal): Promise<string> { return await readFile(path, 'utf8') }`,
      errors: [
        {
          level: 'possible',
          suggestions: [
            {
              title: 'Pass `signal` on to `readFile`',
              output: `import { readFile } from 'node:fs/promises'
export async function load(path: string, signal?: AbortSignal): Promise<string> { return await readFile(path, { encoding: 'utf8', signal }) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a function of the program with a signal as its parameter, in an overload',
      code: `declare function pause(ms: number): Promise<void>
declare function pause(ms: number, reason?: string, signal?: AbortSignal): Promise<void>
export async function wait(options?: { abortSignal?: AbortSignal }): Promise<void> { await pause(5_000) }`,
      errors: [{ message: /when `options\?\.abortSignal` aborts/u, level: 'certain' }],
      output: `declare function pause(ms: number): Promise<void>
declare function pause(ms: number, reason?: string, signal?: AbortSignal): Promise<void>
export async function wait(options?: { abortSignal?: AbortSignal }): Promise<void> { await pause(5_000, undefined, options?.abortSignal) }`,
    },
    {
      name: 'a signal in another argument than the one that is read',
      code: `${SLEEP}export async function wait(signal: AbortSignal): Promise<void> { await sleep(5_000, { signal }) }`,
      errors: [
        {
          message: '`sleep` does not look for a signal here, so that an abort does not reach it.',
          level: 'certain',
          suggestions: [
            {
              title: 'Move the signal to where `sleep` reads it',
              output: `${SLEEP}export async function wait(signal: AbortSignal): Promise<void> { await sleep(5_000, undefined, { signal }) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a fan-out inside the function that has the signal',
      code: `export async function loadAll(urls: string[], signal: AbortSignal): Promise<Response[]> {
  return await Promise.all(urls.map(async (url) => await fetch(url)))
}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `signal` on to `fetch`',
              output: `export async function loadAll(urls: string[], signal: AbortSignal): Promise<Response[]> {
  return await Promise.all(urls.map(async (url) => await fetch(url, { signal })))
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a promise that is kept and joined',
      code: `${QUERY}export async function load(signal: AbortSignal): Promise<string[][]> {
  const rows = query('rows')
  return await Promise.all([rows, query('more', { signal })])
}`,
      errors: [
        {
          level: 'likely',
          line: 3,
          suggestions: [
            {
              title: 'Pass `signal` on to `query`',
              output: `${QUERY}export async function load(signal: AbortSignal): Promise<string[][]> {
  const rows = query('rows', { signal })
  return await Promise.all([rows, query('more', { signal })])
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'two signals',
      code: `export async function load(url: string, user: AbortSignal, deadline: AbortSignal): Promise<Response> { return await fetch(url) }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `user` and `deadline` on to `fetch`',
              output: `export async function load(url: string, user: AbortSignal, deadline: AbortSignal): Promise<Response> { return await fetch(url, { signal: AbortSignal.any([user, deadline]) }) }`,
            },
            {
              title: 'Pass `user` on to `fetch`',
              output: `export async function load(url: string, user: AbortSignal, deadline: AbortSignal): Promise<Response> { return await fetch(url, { signal: user }) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a signal made from the caller’s stands for it',
      code: `export async function load(url: string, signal: AbortSignal): Promise<Response> {
  const combined = AbortSignal.any([signal, AbortSignal.timeout(1_000)])
  return await fetch(url)
}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `combined` on to `fetch`',
              output: `export async function load(url: string, signal: AbortSignal): Promise<Response> {
  const combined = AbortSignal.any([signal, AbortSignal.timeout(1_000)])
  return await fetch(url, { signal: combined })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a controller whose signal goes nowhere',
      code: `export async function load(url: string): Promise<Response> {
  const controller = new AbortController()
  setTimeout(() => { controller.abort() }, 1_000)
  return await fetch(url)
}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `controller.signal` on to `fetch`',
              output: `export async function load(url: string): Promise<Response> {
  const controller = new AbortController()
  setTimeout(() => { controller.abort() }, 1_000)
  return await fetch(url, { signal: controller.signal })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'an option of a function whose body is not at hand: possible only',
      level: 'possible',
      code: `${QUERY}export async function load(signal: AbortSignal): Promise<string[]> { signal.throwIfAborted(); return await query('rows') }`,
      errors: [
        {
          level: 'possible',
          suggestions: [
            {
              title: 'Pass `signal` on to `query`',
              output: `${QUERY}export async function load(signal: AbortSignal): Promise<string[]> { signal.throwIfAborted(); return await query('rows', { signal }) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'such an option that the file gives a signal elsewhere',
      code: `${QUERY}export async function load(signal: AbortSignal): Promise<string[]> { return [...(await query('rows')), ...(await query('columns', { signal }))] }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `signal` on to `query`',
              output: `${QUERY}export async function load(signal: AbortSignal): Promise<string[]> { return [...(await query('rows', { signal })), ...(await query('columns', { signal }))] }`,
            },
          ],
        },
      ],
    },
    {
      name: 'such an option of a package',
      files: {
        './node_modules/store/index.d.ts':
          'export declare function query(text: string, options?: { signal?: AbortSignal | undefined }): Promise<string[]>',
      },
      code: `import { query } from 'store'\nexport async function load(signal: AbortSignal): Promise<string[]> { signal.throwIfAborted(); return await query('rows') }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `signal` on to `query`',
              output: `import { query } from 'store'\nexport async function load(signal: AbortSignal): Promise<string[]> { signal.throwIfAborted(); return await query('rows', { signal }) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a signal that may be null, where the call takes none',
      level: 'possible',
      code: `${QUERY}export async function load(signal: AbortSignal | null): Promise<string[]> { return await query('rows') }`,
      errors: [
        {
          level: 'possible',
          suggestions: [
            {
              title: 'Pass `signal` on to `query`',
              output: `${QUERY}export async function load(signal: AbortSignal | null): Promise<string[]> { return await query('rows', { ...(signal && { signal }) }) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a callback whose own parameter hides the signal is left to its own',
      code: `export async function loadAll(urls: string[], signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted()
  return await Promise.all(urls.map(async (url) => { const signal = 'other'; return [await fetch(url), signal] }))
}
export async function load(url: string, signal: AbortSignal): Promise<Response> { return await fetch(url) }`,
      errors: [{ line: 5 }],
      output: `export async function loadAll(urls: string[], signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted()
  return await Promise.all(urls.map(async (url) => { const signal = 'other'; return [await fetch(url), signal] }))
}
export async function load(url: string, signal: AbortSignal): Promise<Response> { return await fetch(url, { signal }) }`,
    },
    {
      name: 'a child process, which nobody kills',
      code: `import { spawn } from 'node:child_process'
export async function build(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const child = spawn('make', ['all'])
  await new Promise((resolve) => { child.once('exit', resolve) })
}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `signal` on to `spawn`',
              output: `import { spawn } from 'node:child_process'
export async function build(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const child = spawn('make', ['all'], { signal })
  await new Promise((resolve) => { child.once('exit', resolve) })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a package that is not installed, known by its name',
      filename: 'file.js',
      code: `// @ts-expect-error not installed
import { request } from 'undici'
/** @param {string} url @param {AbortSignal} signal */
export async function load(url, signal) { return await request(url) }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `signal` on to `request`',
              output: `// @ts-expect-error not installed
import { request } from 'undici'
/** @param {string} url @param {AbortSignal} signal */
export async function load(url, signal) { return await request(url, { signal }) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a stream of events that is iterated',
      code: `import { EventEmitter, on } from 'node:events'
export async function follow(emitter: EventEmitter, signal: AbortSignal): Promise<void> {
  for await (const event of on(emitter, 'change')) console.log(event, signal.aborted)
}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Pass `signal` on to `on`',
              output: `import { EventEmitter, on } from 'node:events'
export async function follow(emitter: EventEmitter, signal: AbortSignal): Promise<void> {
  for await (const event of on(emitter, 'change', { signal })) console.log(event, signal.aborted)
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a promisified function',
      code: `import { exec } from 'node:child_process'
import { promisify } from 'node:util'
const run = promisify(exec)
export async function build(signal: AbortSignal): Promise<void> { if (!signal.aborted) await run('make') }`,
      errors: [{ level: 'certain' }],
      output: `import { exec } from 'node:child_process'
import { promisify } from 'node:util'
const run = promisify(exec)
export async function build(signal: AbortSignal): Promise<void> { if (!signal.aborted) await run('make', { signal }) }`,
    },
    {
      name: 'a local helper that the function waits for',
      code: `export async function load(urls: string[], signal: AbortSignal): Promise<void> {
  const one = async (url: string): Promise<Response> => await fetch(url)
  for (const url of urls) { signal.throwIfAborted(); await one(url) }
}`,
      errors: [
        {
          level: 'likely',
          line: 2,
          suggestions: [
            {
              title: 'Pass `signal` on to `fetch`',
              output: `export async function load(urls: string[], signal: AbortSignal): Promise<void> {
  const one = async (url: string): Promise<Response> => await fetch(url, { signal })
  for (const url of urls) { signal.throwIfAborted(); await one(url) }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'the runtime: the signal of the task',
      code: `import { pool, sleep } from '@forkline/runtime'
export async function all(items: string[]): Promise<void> {
  await pool({ concurrency: 2 }).forEach(items, async (item, task) => { await sleep(item.length) ; task.signal.throwIfAborted() })
}`,
      errors: [{ level: 'certain' }],
      output: `import { pool, sleep } from '@forkline/runtime'
export async function all(items: string[]): Promise<void> {
  await pool({ concurrency: 2 }).forEach(items, async (item, task) => { await sleep(item.length, { signal: task.signal }) ; task.signal.throwIfAborted() })
}`,
    },
    {
      name: 'the signal of a request, when asked for what is only possible',
      level: 'possible',
      code: 'export async function GET(request: Request): Promise<Response> { return await fetch(request.url) }',
      errors: [
        {
          level: 'possible',
          suggestions: [
            {
              title: 'Pass `request.signal` on to `fetch`',
              output:
                'export async function GET(request: Request): Promise<Response> { return await fetch(request.url, { signal: request.signal }) }',
            },
          ],
        },
      ],
    },
  ],
})
