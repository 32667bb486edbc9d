import ts from 'typescript'
import { expect, test } from 'vitest'
import { lastingEffectIn, needsRelease } from '../../../lint/analysis/lastingEffect.ts'
import { marked } from './marked.ts'

test.each([
  ['a connection', 'await x.connect()', 'x.connect()'],
  ['a record', 'await x.createCollection()', 'x.createCollection()'],
  ['a listener', "x.on('end', () => {})", "x.on('end', () => {})"],
  ['an event of VS Code', 'x.onDidChange(() => {})', 'x.onDidChange(() => {})'],
  ['a function that connects', 'await prepare()', 'prepare()'],
  ['a lookup', 'await x.getClient()', undefined],
  ['a load', 'await x.load()', undefined],
  ['a function that only looks up', 'await lookup()', undefined],
  ['a hash', "await x.createHash('md5')", undefined],
  ['what is not awaited', 'x.createThing()', undefined],
  ['what does nothing the second time', "await x.open('CREATE TABLE IF NOT EXISTS t')", undefined],
  ['what finds the first one', 'await x.createIfMissing()', undefined],
  ['a span of a trace', 'await x.startActiveSpan()', undefined],
  ['what only a branch that leaves does', 'if (x.isBusy) { await x.send(); return } await x.load()', undefined],
  ['what a branch that stays does', 'if (x.isBusy) { await x.send() } await x.load()', 'x.send()'],
  ['what a nested function does', 'const g = async () => { await x.connect() }; await x.load(g)', undefined],
])('%s: %s', (_, body, expected) => {
  const { analysis, fn } = marked(`declare const x: any
    async function prepare() { const made = await x.make(); await made.connect(); return made }
    async function lookup() { return await x.find() }
    export async function f() { ${body} }
    export const all = [prepare, lookup]`)
  expect(lastingEffectIn(fn, fn.pos, fn.end, analysis.types)?.getText()).toBe(expected)
})

test.each([
  ['a value with close()', 'await make()', true],
  ['a new instance with dispose()', 'new Lease()', true],
  ['one that was looked up', 'await getClient()', false],
  ['plain data', 'await load()', false],
])('%s needs release: %s', (_, value, expected) => {
  const { analysis, fn } = marked(`declare function make(): Promise<{ close(): void }>
    declare function getClient(): Promise<{ close(): void }>
    declare function load(): Promise<{ name: string }>
    declare class Lease { dispose(): void }
    export async function f() { return ${value} }
    export const all = [make, getClient, load, Lease]`)
  let returned: ts.Expression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node)) returned = node.expression
    ts.forEachChild(node, visit)
  }
  visit(fn)
  expect(returned && needsRelease(returned, analysis.types)).toBe(expected)
})
