import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { isCalledAsync, saysWhatItGives } from '../../../../lint/analysis/code/calledDeclarations.ts'
import { marked } from '../marked.ts'

test.each([
  ['a method of a constant that was made here', 'cache.put(1)', true],
  ['a method of a field that was made here', 'this.#store.put(1)', true],
  ['an own method', 'this.own()', true],
  ['a declared promise', 'load(1)', true],
  ['a declared plain value', 'count()', true],
  ['all overloads', 'either(1)', true],
  ['a field whose class inherits the method', 'this.#heir.put(1)', true],
  ['an array of promises', 'startAll()', false],
  ['an array that nobody declares', 'inferred()', false],
  ['a generator', 'stream()', false],
  ['one of several overloads', 'mixed(1)', false],
  ['something unknown', 'unknown()', false],
])('%s: %s', (_, code, expected) => {
  const { analysis, fn } = marked(`
    class Store { async put(_: number) {} }
    class Heir extends Store {}
    declare function load(key: number): Promise<number>
    declare function count(): number
    declare function startAll(): Promise<void>[]
    declare function either(a: number): void
    declare function either(a: string): Promise<void>
    declare function mixed(a: number): void
    declare function mixed(a: string): Promise<void>[]
    declare const unknown: any
    function inferred() { return [load(1)] }
    async function* stream() { yield 1 }
    const cache = new Store()
    export class A {
      readonly #store = new Store()
      readonly #heir: Heir = new Heir()
      async own() {}
      async f() { return ${code} }
    }`)
  const [returned] = fn.body && ts.isBlock(fn.body) ? fn.body.statements : []
  if (!returned || !ts.isReturnStatement(returned) || !returned.expression || !ts.isCallExpression(returned.expression))
    throw new Error('Expected a call')
  expect(saysWhatItGives(returned.expression, analysis.types)).toBe(expected)
})

describe('whether what is called is async, by the code alone', () => {
  test.each([
    ['a function', 'load(1)', true],
    ['a method of a constant that was made here', 'cache.put(1)', true],
    ['an own method', 'this.own()', true],
    ['a generator', 'stream()', false],
    ['a function that only gives a promise', 'start()', false],
    ['a variable', 'held()', false],
    ['a static method of the same name as one that types lead to', 'this.shared()', false],
    ['a property that was mapped to another type', 'mapped.put(1)', false],
  ])('%s: %s', (_, code, expected) => {
    const { analysis, fn } = marked(`
      class Store { async put(_: number) {} }
      class Base { shared() { return 1 } }
      declare const mapped: { [Name in keyof Store]: () => number }
      async function load(key: number) { return key }
      async function* stream() { yield 1 }
      function start() { return load(1) }
      declare const held: typeof load
      const cache = new Store()
      export class A extends Base {
        async own() {}
        static async shared() { return 1 }
        async f() { return ${code} }
      }`)
    const [returned] = fn.body && ts.isBlock(fn.body) ? fn.body.statements : []
    if (
      !returned
      || !ts.isReturnStatement(returned)
      || !returned.expression
      || !ts.isCallExpression(returned.expression)
    )
      throw new Error('Expected a call')
    expect(isCalledAsync(returned.expression.expression, analysis.types)).toBe(expected)
    expect(analysis.types.thenable(returned.expression)).toBe(
      /^(?:load|cache|this\.own|start|held)/u.test(code) ? 'always' : 'never',
    )
  })
})
