import ts from 'typescript'
import { expect, test } from 'vitest'
import { mayTakeSignal } from '../../../../lint/analysis/cancellation/signalShapes.ts'
import { marked } from '../marked.ts'

test.each([
  [
    'plain parameters',
    'declare function g(a: string, b?: readonly number[], c?: () => void): Promise<void>',
    'g("", [])',
    false,
  ],
  ['a default that is plain', 'async function g(a = 1, b = [""]) { return [a, b] }', 'g()', false],
  [
    'an interface without one',
    'interface Item { id: string }\ndeclare function g(item: Item | undefined): Promise<void>',
    'g(undefined)',
    false,
  ],
  ['an enum', 'enum Kind { A }\ndeclare function g(kind: Kind): void', 'g(Kind.A)', false],
  [
    'collections of the language',
    'declare function g(a: Map<string, AbortSignal>, b: Promise<void>): void',
    'g(x, x)',
    false,
  ],
  ['a signal', 'declare function g(a: string, signal?: AbortSignal): void', 'g("")', true],
  [
    'options that hold one',
    'interface Options { signal?: AbortSignal }\ndeclare function g(options?: Options): void',
    'g()',
    true,
  ],
  [
    'options under a name of the module',
    'type Options = { abortSignal?: AbortSignal }\ndeclare function g(options?: Options): void',
    'g()',
    true,
  ],
  [
    'options that extend others',
    'interface Options extends RequestInit { id?: string }\ndeclare function g(options?: Options): void',
    'g()',
    true,
  ],
  [
    'one overload of two',
    'declare function g(a: string): void\ndeclare function g(a: string, b: AbortSignal): void',
    'g("")',
    true,
  ],
  ['a type parameter', 'declare function g<T>(a: T): void', 'g(x)', true],
  ['an inferred parameter', 'const g = (a) => a', 'g(x)', true],
  ['what nobody declared', '', 'x.y.z()', true],
])('%s: %s %s', (_, declarations, call, expected) => {
  expect(
    mayTakeSignal(...callIn(`declare const x: any\n${declarations}\nexport function f() { return ${call} }`)),
  ).toBe(expected)
})

test.each([
  ['a method of its own', 'this.own("")', false],
  ['a private method', 'this.#hidden("")', false],
  ['a method that takes one', 'this.withSignal("")', true],
  ['a field made here', 'this.#service.load("")', false],
  ['a field made here, its other method', 'this.#service.stop()', true],
  ['a declared field', 'this.client.load("")', false],
])('through the class: %s', (_, call, expected) => {
  const code = `class Service { async load(id: string) { return id } async stop(signal?: AbortSignal) { return signal } }
    interface Client { load(id: string): Promise<string> }
    export class Box {
      readonly #service = new Service()
      declare client: Client
      async own(id: string) { return id }
      async #hidden(id: string) { return id }
      async withSignal(id: string, signal?: AbortSignal) { return [id, signal] }
      async f() { return ${call} }
    }`
  expect(mayTakeSignal(...callIn(code))).toBe(expected)
})

function callIn(code: string): Parameters<typeof mayTakeSignal> {
  const { analysis, fn } = marked(code)
  let call: ts.CallExpression | undefined
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) call ??= node
    else ts.forEachChild(node, visit)
  }
  if (fn.body) visit(fn.body)
  if (!call) throw new Error('Expected a call in `f`')
  return [call, analysis.types]
}
