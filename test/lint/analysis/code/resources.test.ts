import ts from 'typescript'
import { expect, test } from 'vitest'
import {
  isGivenBackInFile,
  isMadeHere,
  isReleasedInFile,
  isResource,
} from '../../../../lint/analysis/code/resources.ts'
import { marked } from '../marked.ts'

test.each([
  ['a value with close()', 'return await make()', 'it', true],
  ['a new instance with dispose()', 'return new Lease()', 'it', true],
  ['a constant that was made so', 'const it = await make(); return it', 'it', true],
  ['a constant that came from elsewhere', 'const it = given; return it', 'it', false],
  ['one that was looked up', 'return await getClient()', 'it', false],
  ['a span of a trace, by its name', 'const jobSpan = await begin(); return jobSpan', 'it', false],
  ['a span of a trace, by its type', 'return await begin()', 'it', false],
  ['plain data', 'return await load()', 'it', false],
  ['a timer', 'return setInterval(() => {}, 1)', 'timer', true],
  ['a process', "return spawn('ls')", 'it', true],
  ['an unknown value, in a place for connections', 'return await unknown.create()', 'connection', true],
  ['an unknown value, in a private place for them', 'return await unknown.create()', '#db', true],
  ['an unknown value, in a place that ends so', 'return await unknown.create()', 'mainDb', true],
  ['an unknown value elsewhere', 'return await unknown.create()', 'settings', false],
  ['an unknown value that was not made', 'return await unknown.fetchAll()', 'db', false],
  ['an unknown class, which may only keep settings', 'return new unknown.Database()', 'db', false],
  ['a function that makes one in the end', 'return await forceCreate()', 'db', true],
  ['a function that makes one with new, and waits for it', 'return await createNew()', 'db', true],
  ['a function that only puts things together', 'return await buildOptions()', 'db', false],
  ['one that is kept there', 'return await getOrCreate()', 'db', false],
])('%s: %s in %s', (_, body, place, expected) => {
  const { analysis, fn } = marked(`declare function make(): Promise<{ close(): void }>
    interface Span { end(): void }
    declare function begin(): Promise<Span>
    declare function getClient(): Promise<{ close(): void }>
    declare function load(): Promise<{ name: string }>
    declare function spawn(command: string): { pid: number }
    declare function getOrCreate(): any
    declare const unknown: any
    declare const given: { close(): void }
    declare class Lease { dispose(): void }
    async function forceCreate() { return await unknown.create() }
    async function createNew() { const it = new unknown.Database(); await it.ready; return it }
    async function buildOptions() { return JSON.parse('{}') }
    export async function f() { ${body} }
    export const all = [make, begin, getClient, load, spawn, getOrCreate, given, Lease, forceCreate, createNew, buildOptions]`)
  let returned: ts.Expression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node)) returned = node.expression
    ts.forEachChild(node, visit)
  }
  visit(fn)
  expect(returned && isResource(returned, place, analysis.types)).toBe(expected)
})

test.each([
  ['await make()', true],
  ['new Lease()', true],
  ['getClient()', false],
  ['given', false],
])('%s is made here: %s', (value, expected) => {
  const { analysis, fn } = marked(
    `declare const make: any, Lease: any, getClient: any, given: any\nexport async function f() { return ${value} }`,
  )
  const returned = fn.body && ts.isBlock(fn.body) && fn.body.statements[0]
  if (!returned || !ts.isReturnStatement(returned) || !returned.expression) throw new Error('Expected a return')
  expect(isMadeHere(returned.expression, analysis.types)).toBe(expected)
})

test.each([
  ['in another method', 'async stop() { await this.db?.close() }', true],
  ['through a non-null assertion', 'stop() { this.db!.destroy() }', true],
  ['of another field', 'other: any; stop() { this.other.close() }', false],
  ['nowhere', 'stop() { this.db.query() }', false],
])('what a field holds is closed %s', (_, member, expected) => {
  const { analysis, fn } = marked(`export class A { db: any; async f() { this.db = await 1 } ${member} }`)
  const [write] = analysis.flow(fn).writes
  if (!write) throw new Error('Expected a write')
  expect(isReleasedInFile(write.node, analysis.references, analysis.types)).toBe(expected)
})

test.each([
  ['to what takes it back', 'stop() { this.pool.release(this.db) }', true],
  ['by way of a constant', 'stop() { const db = this.db; this.pool.releaseClient(db) }', true],
  ['by way of a variable', 'stop() { let db; db = this.db; this.pool.release(db) }', true],
  ['to something else', 'stop() { this.pool.count(this.db) }', false],
  ['from another field', 'other: any; stop() { this.pool.release(this.other) }', false],
])('what a field holds is handed %s', (_, member, expected) => {
  const { analysis, fn } = marked(`export class A { pool: any; db: any; async f() { this.db = await 1 } ${member} }`)
  const [write] = analysis.flow(fn).writes
  if (!write) throw new Error('Expected a write')
  expect(isGivenBackInFile(write.node, analysis.references, analysis.types)).toBe(expected)
})
