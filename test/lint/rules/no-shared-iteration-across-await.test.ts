import { rule } from '../../../lint/rules/no-shared-iteration-across-await.ts'
import { testRule } from '../harness/ruleTester.ts'

const CALL = 'declare function call(item: string): Promise<void>\n'

testRule(rule, {
  valid: [
    {
      name: 'a local array',
      code: `${CALL}export async function f() { const list = ['a']; for (const x of list) await call(x); list.splice(0, 1) }`,
    },
    {
      name: 'a copy',
      code: `${CALL}export class A { list: string[] = []; async run() { for (const x of [...this.list]) await call(x) } drop() { this.list.shift() } }`,
    },
    {
      name: 'a getter that gives a copy',
      code: `${CALL}export class A { readonly #list: string[] = []; get list() { return [...this.#list] }
          async run() { for (const x of this.list) await this.drop(x) }
          async drop(x: string) { this.#list.splice(this.#list.indexOf(x), 1); await call(x) } }`,
    },
    {
      name: 'slice is a copy',
      code: `${CALL}export class A { list: string[] = []; async run() { for (const x of this.list.slice()) await call(x) } drop() { this.list.shift() } }`,
    },
    {
      name: 'no await in the loop',
      code: `${CALL}export class A { list: string[] = []; async run() { for (const x of this.list) void call(x); await call('b') } drop() { this.list.shift() } }`,
    },
    {
      name: 'an await in a nested function only',
      code: `${CALL}export class A { list: string[] = []; run() { for (const x of this.list) { void (async () => { await call(x) })() } } drop() { this.list.shift() } }`,
    },
    {
      name: 'a worklist that grows on purpose',
      code: `${CALL}export class A { list: string[] = []; async run() { for (const x of this.list) await call(x) } more(x: string) { this.list.push(x) } }`,
    },
    {
      name: 'nobody takes anything out',
      code: `${CALL}export class A { list: string[] = []; async run() { for (const x of this.list) await call(x) } }`,
    },
    {
      name: 'replaced, not changed: the loop goes on with the old one',
      code: `${CALL}export class A { list: string[] = []; async run() { for (const x of this.list) await call(x) } drop(x: string) { this.list = this.list.filter((y) => y !== x) } }`,
    },
    {
      name: 'a Set or Map, whose iterators follow removals',
      code: `${CALL}export class A { set = new Set<string>(); async run() { for (const x of this.set) await call(x) } drop(x: string) { this.set.delete(x) } }`,
    },
    {
      name: 'an object whose splice is its own',
      code: `${CALL}declare class Rope implements Iterable<string> { splice(a: number): void; [Symbol.iterator](): Iterator<string> }
      export class A { list = new Rope(); async run() { for (const x of this.list) await call(x) } drop() { this.list.splice(0) } }`,
    },
    {
      name: 'another array of the same name',
      code: `${CALL}export class A { list: string[] = []; async run() { for (const x of this.list) await call(x) } }\nexport class B { list: string[] = []; drop() { this.list.shift() } }`,
    },
    {
      name: 'the loop itself takes out, in one go',
      code: `${CALL}export class A { list: string[] = []; async run() { for (const x of this.list) { await call(x); this.list.splice(0, 1); break } } }`,
    },
    {
      name: 'a loop that takes the first until none is left',
      code: `${CALL}export class A { list: string[] = []; async run() { while (this.list.length > 0) { const x = this.list.shift(); if (x) await call(x) } } }`,
    },
    {
      name: 'under a lock',
      code: `${CALL}declare const mutex: { runExclusive(work: () => Promise<void>): Promise<void> }
      export class A { list: string[] = []; run() { return mutex.runExclusive(async () => { for (const x of this.list) await call(x) }) } drop() { this.list.shift() } }`,
    },
    {
      name: 'for await over the array awaits each, but that is another shape',
      code: `${CALL}export class A { list: string[] = []; async run() { for await (const x of this.list) await call(x) } drop() { this.list.shift() } }`,
    },
    {
      name: 'a plain generator, whose items are taken in one go',
      code: `export class A { list: string[] = []; *all() { for (const x of this.list) yield x } drop() { this.list.shift() } }`,
    },
    {
      name: 'in a tear-down, where nothing else should run',
      code: `${CALL}export class A { list: string[] = []; async dispose() { for (const x of this.list) await call(x) } drop() { this.list.shift() } }`,
    },
  ],
  invalid: [
    {
      name: 'a list that a getter hands out',
      code: `${CALL}export class A { readonly #list: string[] = []; get list() { return this.#list }
          async run() { for (const x of this.list) await this.drop(x) }
          async drop(x: string) { this.#list.splice(this.#list.indexOf(x), 1); await call(x) } }`,
      errors: [
        {
          message: /^While this loop waits, `this.#list.splice` may move the items of `this.list`/u,
          suggestions: [
            {
              title: 'Iterate over a copy',
              output: `${CALL}export class A { readonly #list: string[] = []; get list() { return this.#list }
          async run() { for (const x of [...this.list]) await this.drop(x) }
          async drop(x: string) { this.#list.splice(this.#list.indexOf(x), 1); await call(x) } }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a field that another method shifts',
      code: `${CALL}export class A {
  list: string[] = []
  async run() {
    for (const x of this.list) await call(x)
  }
  drop() { this.list.shift() }
}`,
      errors: [
        {
          level: 'likely',
          line: 5,
          column: 21,
          message:
            'While this loop waits, `this.list.shift` may move the items of `this.list`, so that the loop skips some or visits them twice.',
          related: ['Here items are taken out or moved.'],
          suggestions: [
            {
              title: 'Iterate over a copy',
              output: `${CALL}export class A {
  list: string[] = []
  async run() {
    for (const x of [...this.list]) await call(x)
  }
  drop() { this.list.shift() }
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'listeners of a module that remove themselves, in JavaScript',
      filename: 'hooks.js',
      code: `const hooks = []
export function add(hook) {
  hooks.push(hook)
  return () => { hooks.splice(hooks.indexOf(hook), 1) }
}
export async function run() {
  for (const hook of hooks) await hook()
}`,
      errors: [
        {
          level: 'likely',
          line: 7,
          suggestions: [
            {
              title: 'Iterate over a copy',
              output: `const hooks = []
export function add(hook) {
  hooks.push(hook)
  return () => { hooks.splice(hooks.indexOf(hook), 1) }
}
export async function run() {
  for (const hook of [...hooks]) await hook()
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'by index, and with a private name',
      code: `${CALL}export class A {
  #list: string[] = []
  async run() { for (let i = 0; i < this.#list.length; i++) { await call(this.#list[i] ?? '') } }
  drop(at: number) { this.#list.splice(at, 1) }
}`,
      errors: [{ level: 'likely', line: 4 }],
    },
    {
      name: 'with entries()',
      code: `${CALL}const list: string[] = []
export async function run() { for (const [, x] of list.entries()) { await call(x) } }
export const drop = () => list.shift()`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Iterate over a copy',
              output: `${CALL}const list: string[] = []
export async function run() { for (const [, x] of [...list].entries()) { await call(x) } }
export const drop = () => list.shift()`,
            },
          ],
        },
      ],
    },
    {
      name: 'an async generator, which waits for whoever takes its items',
      code: `export class A { list: string[] = []; async *all() { for (const x of this.list) yield x } drop() { this.list.shift() } }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Iterate over a copy',
              output: `export class A { list: string[] = []; async *all() { for (const x of [...this.list]) yield x } drop() { this.list.shift() } }`,
            },
          ],
        },
      ],
    },
  ],
})
