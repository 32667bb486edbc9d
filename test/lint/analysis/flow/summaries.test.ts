import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { type FunctionSummary, Summaries } from '../../../../lint/analysis/flow/summaries.ts'
import { type FunctionNode, isFunctionNode, wrapperOf } from '../../../../lint/analysis/code/syntax.ts'
import { TypeQuestions } from '../../../../lint/analysis/code/typeQuestions.ts'

const LIB = `
interface PromiseLike<T> { then(done: (value: T) => unknown): PromiseLike<unknown> }
interface Promise<T> { then(done: (value: T) => unknown, failed?: (error: any) => unknown): Promise<any>; catch(failed: (error: any) => unknown): Promise<any>; finally(done: () => void): Promise<T> }
interface PromiseConstructor { new <T>(run: (resolve: (value?: any) => void, reject: (error: any) => void) => void): Promise<T>; all(list: any): Promise<any[]>; allSettled(list: any): Promise<any[]>; resolve(value?: any): Promise<any> }
declare var Promise: PromiseConstructor
interface Array<T> { map<U>(run: (item: T) => U): U[] }
declare function fetch(url: string): Promise<string>
declare function setTimeout(run: () => void, ms?: number): number
`

/** The summary of the function called `f`, in files that see each other. */
function summaryOf(code: string, others: Readonly<Record<string, string>> = {}): FunctionSummary {
  const texts: Readonly<Record<string, string>> = { '/lib.d.ts': LIB, '/main.ts': code, ...others }
  const files = new Map(
    Object.entries(texts).map(([name, text]) => [name, ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true)]),
  )
  const options: ts.CompilerOptions = {
    noLib: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
  }
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    getSourceFile: (name) => files.get(name),
    fileExists: (name) => files.has(name),
    readFile: (name) => texts[name],
    getCurrentDirectory: () => '/',
  }
  const program = ts.createProgram([...files.keys()], options, host)
  let found: FunctionNode | undefined
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) && node.body) {
      const holder = wrapperOf(node).parent
      const name =
        node.name ?? (ts.isVariableDeclaration(holder) || ts.isPropertyDeclaration(holder) ? holder.name : undefined)
      if (name?.getText() === 'f') found = node
    }
    ts.forEachChild(node, visit)
  }
  const main = files.get('/main.ts')
  if (main) visit(main)
  if (!found) throw new Error('the code has no function `f`')
  return new Summaries(new TypeQuestions(program)).of(found)
}

describe('a promise that can reject', () => {
  test.each([
    ['an awaited call whose body is not in the program', "async function f() { await fetch('/') }"],
    ['an await deep in an expression', "async function f() { return [1, { a: await fetch('/') }] }"],
    ['a throw', 'async function f() { throw 1 }'],
    ['a throw in catch', "async function f() { try { await fetch('/') } catch (error) { throw error } }"],
    ['finally alone handles nothing', "async function f() { try { await fetch('/') } finally { } }"],
    [
      'a promise returned from try has left it before it fails',
      "async function f() { try { return fetch('/') } catch { } }",
    ],
    ['for await', 'declare const list: any\nasync function f() { for await (const item of list) {} }'],
    ['a plain function that gives such a promise', "function f() { return fetch('/') }"],
    ['an arrow function', "const f = () => fetch('/')"],
    ['one branch of two', "const f = (on: boolean) => on ? Promise.resolve() : fetch('/')"],
    ['one of Promise.all', "async function f() { await Promise.all([Promise.resolve(), fetch('/')]) }"],
    [
      'the callback under Promise.all',
      "async function f() { await Promise.all([1].map(async () => { await fetch('/') })) }",
    ],
    [
      'a then whose own callback fails',
      "async function g() { await fetch('/') }\nconst f = () => Promise.resolve().then(() => g())",
    ],
    ['reject in an executor', 'const f = () => new Promise((resolve, reject) => { setTimeout(() => { reject(1) }) })'],
    ['resolve given a promise that fails', "const f = () => new Promise((resolve) => { resolve(fetch('/')) })"],
    [
      'a deferred that is rejected',
      'declare function defer(): { promise: Promise<void>; resolve(): void; reject(): void }\nfunction f() { const d = defer(); setTimeout(() => { d.resolve(); d.reject() }); return d.promise }',
    ],
    [
      'a callee of a callee',
      "async function a() { await fetch('/') }\nasync function b() { await a() }\nasync function f() { await b() }",
    ],
    [
      'a cycle, one of whose functions fails',
      "async function a() { await f(); await fetch('/') }\nasync function f() { await a() }",
    ],
    ['a method of the same class', "class A { async g() { await fetch('/') }\n async f() { await this.g() } }"],
    [
      'a field that holds a function',
      "class A { g = async () => { await fetch('/') }\n f = async () => { await this.g() } }",
    ],
    [
      'overloads, by their implementation',
      'function g(a: string): Promise<void>\nfunction g(a: number): Promise<void>\nasync function g(a: any) { await fetch(a) }\nasync function f() { await g(1) }',
    ],
    ['a value without a type', 'declare const a: any\nasync function f() { await a.load() }'],
  ])('%s', (_, code) => {
    expect(summaryOf(code).canReject).toBe(true)
  })

  test.each([
    ['no await at all', 'async function f() { return 1 }'],
    ['try and catch around everything', "async function f() { try { await fetch('/') } catch { } }"],
    ['an awaited return in try', "async function f() { try { return await fetch('/') } catch { } }"],
    [
      'a return in try of what is awaited on one side',
      "async function f() { try { const a = await fetch('/'); return a.ok ? await a.text() : undefined } catch { } }",
    ],
    [
      'a return in try of what has been awaited',
      'declare const load: any\nasync function f() { try { const a = await load(); return a } catch { } }',
    ],
    ['a handler', "const f = () => fetch('/').catch(() => 1)"],
    ['a handler as second argument', "const f = () => fetch('/').then(() => 1, () => 2)"],
    ['a handler before finally', "const f = () => fetch('/').catch(() => 1).finally(() => {})"],
    ['allSettled', "async function f() { await Promise.allSettled([fetch('/')]) }"],
    [
      'a promise made by hand that only resolves',
      'const f = () => new Promise((resolve) => { setTimeout(() => { resolve() }) })',
    ],
    [
      'a deferred that only resolves',
      'declare function defer(): { promise: Promise<void>; resolve(): void }\nfunction f() { const d = defer(); setTimeout(() => { d.resolve() }); return d.promise }',
    ],
    [
      'a function inside that fails at another time',
      "async function f() { const g = async () => { await fetch('/') } }",
    ],
    [
      'a callee that handles',
      'async function g() { try { await fetch("/") } catch { } }\nasync function f() { await g(); await Promise.all([g(), g()]) }',
    ],
    ['a function that calls itself', 'async function f(n: number): Promise<void> { if (n > 0) await f(n - 1) }'],
    [
      'a cycle in which nothing fails',
      'async function a() { await b() }\nasync function b() { await f() }\nasync function f() { await a() }',
    ],
    ['a constant that holds a handled promise', "async function f() { const p = fetch('/').catch(() => 1); await p }"],
    ['a value that is no promise', 'async function f() { const n = 1; await n }'],
  ])('but not: %s', (_, code) => {
    expect(summaryOf(code).canReject).toBe(false)
  })

  test('through an import, a re-export under another name and a namespace', () => {
    const others = {
      '/api.ts':
        "export async function load() { await fetch('/') }\nexport async function safe() { try { await load() } catch { } }",
      '/index.ts': "export { load as read, safe } from './api.ts'",
    }
    expect(summaryOf("import { read } from './index.ts'\nasync function f() { await read() }", others).canReject).toBe(
      true,
    )
    expect(
      summaryOf("import { safe as calm } from './index.ts'\nasync function f() { await calm() }", others).canReject,
    ).toBe(false)
    expect(
      summaryOf("import * as api from './index.ts'\nasync function f() { await api.safe() }", others).canReject,
    ).toBe(false)
  })

  test('what a cycle leans on is not remembered before it is known', () => {
    // `b` is looked into while `a` is open, and finds nothing but `a`; the answer for `b` must still be that it fails.
    const code =
      "async function a() { await b(); await fetch('/') }\nasync function b() { await a() }\nasync function f() { try { await a() } catch { }\n await b() }"
    expect(summaryOf(code).canReject).toBe(true)
  })
})

describe('a function that waits', () => {
  test.each([
    ['an await', 'async function f() { await 1 }', true],
    ['for await', 'declare const list: any\nasync function f() { for await (const item of list) {} }', true],
    ['giving another promise as its own', "async function f() { return fetch('/') }", true],
    ['the same without braces', "const f = async () => fetch('/')", true],
    ['nothing', 'async function f() { return 1 }', false],
    ['an await in a function inside', "async function f() { const g = async () => { await fetch('/') } }", false],
  ])('%s', (_, code, expected) => {
    expect(summaryOf(code).awaits).toBe(expected)
  })
})

describe('the I/O that a function reaches', () => {
  test('through callees and callbacks', () => {
    const code = "async function g() { await fetch('/') }\nasync function f() { await Promise.all([1].map(() => g())) }"
    expect([...summaryOf(code).io.keys()]).toEqual(['network'])
  })

  test('none', () => {
    expect(summaryOf('async function f() { await 1 }').io.size).toBe(0)
  })
})

describe('the I/O behind a member that is only declared', () => {
  const use = 'async function f(store: Store) { await store.read() }'
  const asking = 'async read() { return fetch("/") }'
  const file = 'import { Store } from "./main.ts"\n'

  test.each([
    [
      'a class that implements the interface',
      `export interface Store { read(): any }\nclass A implements Store { ${asking} }\n${use}`,
    ],
    [
      'a class that implements the type',
      `export type Store = { read: () => any }\nclass A implements Store { ${asking} }\n${use}`,
    ],
    [
      'a class that goes on from an abstract one',
      `export abstract class Store { abstract read(): any }\nclass A extends Store { ${asking} }\n${use}`,
    ],
    [
      'a class that implements what goes on from it',
      `export interface Store { read(): any }\ninterface More extends Store {}\nclass A implements More { ${asking} }\n${use}`,
    ],
    [
      'a class below one that implements it',
      `export interface Store { read(): any }\nabstract class A implements Store { abstract read(): any }\nclass B extends A { ${asking} }\n${use}`,
    ],
    [
      'an object that is said to be one',
      `export interface Store { read(): any }\nconst a: Store = { ${asking} }\n${use}`,
    ],
    [
      'an object that a function returns as one',
      `export interface Store { read(): any }\nfunction make(): Store { return { read: () => fetch("/") } }\n${use}`,
    ],
    [
      'the same in an arrow function',
      `export interface Store { read(): any }\nconst make = (): Store => ({ ${asking} })\n${use}`,
    ],
    [
      'a field that holds a function',
      `export interface Store { read(): any }\nclass A implements Store { read = () => fetch("/") }\n${use}`,
    ],
    [
      'two that agree',
      `export interface Store { read(): any }\nclass A implements Store { ${asking} }\nclass B implements Store { ${asking} }\n${use}`,
    ],
    [
      'one beside a double',
      `export interface Store { read(): any }\nclass A implements Store { ${asking} }\nclass MockStore implements Store { async read() { return [1].map(() => 2) } }\n${use}`,
    ],
    [
      'one beside others that do nothing',
      `export interface Store { read(): any }\nclass A implements Store { ${asking} }\nclass B implements Store { async read() {} }\nclass C implements Store { read() { throw 1 } }\nclass D implements Store { async read() { return undefined } }\nclass E implements Store { read = () => 1 }\n${use}`,
    ],
  ])('%s', (_, code) => {
    expect([...summaryOf(code).io.keys()]).toEqual(['network'])
  })

  test.each<[name: string, code: string, others?: Record<string, string>]>([
    [
      'two that differ',
      `export interface Store { read(): any }\nclass A implements Store { ${asking} }\nclass B implements Store { async read() { return [1].map(() => 2) } }\n${use}`,
    ],
    ['none', `export interface Store { read(): any }\n${use}`],
    [
      'a class that implements another of the name',
      `export interface Store { read(): any }\n${use}`,
      { '/other.ts': `interface Store { read(): any }\nclass A implements Store { ${asking} }\nexport {}` },
    ],
    [
      'a class of a test',
      `export interface Store { read(): any }\n${use}`,
      { '/store.test.ts': `${file}class A implements Store { ${asking} }` },
    ],
  ])('but not: %s', (_, code, others = {}) => {
    expect(summaryOf(code, others).io.size).toBe(0)
  })

  test('in another file', () => {
    const others = { '/store.ts': `${file}export class A implements Store { ${asking} }` }
    expect([...summaryOf(`export interface Store { read(): any }\n${use}`, others).io.keys()]).toEqual(['network'])
  })

  test('past a dozen nothing is said', () => {
    const many = Array.from({ length: 13 }, (_, index) => `class A${index} implements Store { ${asking} }`).join('\n')
    expect(summaryOf(`export interface Store { read(): any }\n${many}\n${use}`).io.size).toBe(0)
  })

  test('one that limits holds for all', () => {
    const code = `export interface Store { read(): any }\nclass A implements Store { ${asking} }\nclass B implements Store { read() { return queue.add(() => fetch("/")) } }\ndeclare const queue: any\n${use}`
    expect(summaryOf(code).io.size).toBe(0)
  })
})

describe('work for a limiter', () => {
  const made = 'declare const mutex: { runExclusive(work: () => unknown): any, acquire(): any }\n'

  test('bounds what it is given, and nothing beside it', () => {
    const { io, limits, handsOver } = summaryOf(
      `${made}export async function f() { await mutex.runExclusive(() => read()); await fetch("/") }\ndeclare function read(): any`,
    )
    expect([...io.keys()]).toEqual(['network'])
    expect([limits, handsOver]).toEqual([false, true])
  })

  test('a permit holds for what comes next', () => {
    const { limits, handsOver } = summaryOf(
      `${made}export async function f() { await mutex.acquire(); await fetch("/") }`,
    )
    expect([limits, handsOver]).toEqual([true, false])
  })
})
