import ts from 'typescript'
import { expect, test } from 'vitest'
import { waitsOn } from '../../../../lint/analysis/cancellation/waitsOn.ts'
import { marked } from '../marked.ts'

test.each([
  ['a request', 'async function load(id: number) { return fetch(`/rows/${id}`) }', 'load(1)', 'outside'],
  [
    'a request two calls away',
    'const get = async (url: string) => fetch(url)\nasync function load(id: number) { return (await get(`/${id}`)).json() }',
    'load(1)',
    'outside',
  ],
  [
    'a method',
    'class Store { async load(id: number) { return this.#get(id) }\n  async #get(id: number) { await fetch(`/${id}`) } }\nconst store = new Store()',
    'store.load(1)',
    'outside',
  ],
  ['a timer', 'const later = (ms: number) => new Promise((done) => { setTimeout(done, ms) })', 'later(5)', 'outside'],
  ['a pause', 'declare function sleep(ms: number): Promise<void>', 'sleep(5)', 'outside'],
  ['a function without a body', 'declare function load(id: number): Promise<string>', 'load(1)', 'unknown'],
  [
    'a function that calls one',
    'declare function get(id: number): Promise<string>\nasync function load(id: number) { return await get(id) }',
    'load(1)',
    'unknown',
  ],
  [
    'a promise that is kept elsewhere',
    'let pending: Promise<string>\nasync function load(id: number) { return (await pending) + id }',
    'load(1)',
    'unknown',
  ],
  [
    'an event of something kept elsewhere',
    'declare const socket: { once(name: string, done: () => void): void }\nconst opened = (name: string) => new Promise<void>((done) => { socket.once(name, done) })',
    'opened("open")',
    'unknown',
  ],
  [
    'what a queue runs',
    'const queue: (() => Promise<string>)[] = []\nasync function next() { const [task] = queue; return task ? await task() : undefined }',
    'next()',
    'unknown',
  ],
  [
    'what a package without types gives',
    'declare const client: any\nasync function load(id: number) { const row = await client.get(id); return row }',
    'load(1)',
    'unknown',
  ],
  [
    'the same, as its only work',
    'declare const client: any\nconst load = (id: number) => client.get(id)',
    'load(1)',
    'unknown',
  ],
  [
    'the same, with a signal',
    'declare const client: any\nasync function load(id: number, signal?: AbortSignal) { await 0; return client.get(id, { signal }) }',
    'load(1)',
    'unknown',
  ],
  [
    'work that it is handed',
    'const run = async (work: () => Promise<string>) => await work()',
    'run(async () => "")',
    'unknown',
  ],
  [
    'a request that it is handed',
    'const first = async (given: Promise<unknown>) => await given',
    'first(fetch("/"))',
    'unknown',
  ],
  [
    'a promise that it is handed',
    'const first = async (given: Promise<string>) => await given\nconst kept = Promise.resolve("")',
    'first(kept)',
    'given',
  ],
  [
    'what it has subscribed to',
    'interface Stream { subscribe(next: (it: string) => void): { unsubscribe(): void } }\nconst first = (stream: Stream) => new Promise<string>((done) => { const held = stream.subscribe((it) => { held.unsubscribe(); done(it) }) })\ndeclare const stream: Stream',
    'first(stream)',
    'given',
  ],
  [
    'a client that it is handed',
    'interface Client { get(id: number): Promise<string> }\nconst load = async (client: Client) => await client.get(1)\ndeclare const client: Client',
    'load(client)',
    'unknown',
  ],
  [
    'the same through a wrapper',
    'declare const Stream: any\nconst first = (stream: any) => new Promise((done) => { stream.subscribe(done) })\nasync function settled(stream: any) { const it = await first(Stream.from(stream).pipe()); return it }\ndeclare const stream: any',
    'settled(stream)',
    'given',
  ],
  [
    'a loop over what it is handed',
    'async function last(events: AsyncIterable<string>) { let it = ""; for await (it of events); return it }\ndeclare const events: AsyncIterable<string>',
    'last(events)',
    'unknown',
  ],
  [
    'a function that calls itself',
    'async function again(left: number): Promise<number> { return left === 0 ? 0 : again(left - 1) }',
    'again(3)',
    'given',
  ],
  [
    'a cache that loads',
    'declare const versionCache: { get(load: () => Promise<string>): Promise<string> }\nconst version = async () => versionCache.get(async () => (await fetch("/version")).text())\nasync function atLeast(least: string) { return (await version()) >= least }',
    'atLeast("2")',
    'memory',
  ],
  [
    'a request behind a cache',
    'declare const cache: { get(load: () => Promise<string>): Promise<string> }\nasync function load() { await cache.get(async () => ""); return fetch("/") }',
    'load()',
    'outside',
  ],
])('%s', (_, declarations, call, expected) => {
  const { analysis, fn } = marked(`${declarations}\nexport async function f() { return ${call} }`)
  let found: ts.CallExpression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.getText() === call) found = node
    ts.forEachChild(node, visit)
  }
  visit(fn)
  if (!found) throw new Error('Expected the call in f')
  expect(waitsOn(found, analysis)).toBe(expected)
})
