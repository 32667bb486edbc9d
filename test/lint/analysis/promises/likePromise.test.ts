import { expect, test } from 'vitest'
import { givesPromise, sameCallAwaited } from '../../../../lint/analysis/promises/likePromise.ts'
import { droppedCall } from './droppedCall.ts'

const UNKNOWN = `import { store, open } from 'not-installed'\n`

test.each([
  ['of a type that is one', 'declare function go(): Promise<void>', 'go()', true],
  ['of a type that is none', 'declare function go(): number', 'go(); async () => { await go() }', false],
  ['of which nothing is known', '', 'store.save(1)', false],
  ['that the same function waits for', '', 'await store.save(1); store.save(2)', true],
  ['that another function waits for', 'const g = async () => { await store.save(1) }', 'store.save(2)', true],
  ['that a chain is waited for', '', 'await store.save(1).then(open); store.save(2)', true],
  [
    'that another function waits for, and that stores nothing',
    'const g = async () => { await store.load(1) }',
    'store.load(2)',
    false,
  ],
  ['that the file drops more often than not', '', 'await store.save(1); store.save(2); store.save(3)', false],
  ['that is called sync', '', 'await store.saveSync(1); store.saveSync(2)', false],
  ['of another object', '', 'await open.save(1); store.save(2)', false],
  ['of another method', '', 'await store.load(1); store.save(2)', false],
  ['of a function that gives a chain', 'function go() { return open().then(() => 1) }', 'go()', true],
  [
    'of a function that gives such a function',
    'const go = () => back()\nfunction back() { return new Promise(open) }',
    'go()',
    true,
  ],
  [
    'of a function that gives it now and then',
    'function go(on) { if (on) return 1; return open().then(() => 1) }',
    'go()',
    false,
  ],
  ['of a function that gives a value', 'function go() { return open() }', 'go()', false],
])('a promise is what a call gives %s', (_, before, body, expected) => {
  const { call, analysis } = droppedCall(`${UNKNOWN}${before}\nexport async function f() { ${body} }`)
  expect(givesPromise(call, analysis)).toBe(expected)
})

test.each([
  ['the nearest first', 'await store.save(1)', 'await store.save(2); store.save(3)', 'await store.save(2)'],
  ['whatever dots and marks lie between', '', 'await store!.save(1); store?.save(2)', 'await store!.save(1)'],
  [
    'two variables that are made the same way',
    'const one = open(1); await one.save(1)',
    'const one = open(1); one.save(2)',
    'await one.save(1)',
  ],
  [
    'two variables that are made otherwise',
    'const one = open(1); await one.save(1)',
    'const one = open(2); one.save(2)',
    undefined,
  ],
  ['parameters of two functions', 'await x.save(1)', 'x.save(2)', undefined],
])('the same call is waited for: %s', (_, other, body, expected) => {
  const code = `${UNKNOWN}export async function g(x) { ${other} }\nexport async function f(x) { ${body} }`
  const { call, analysis } = droppedCall(code)
  expect(sameCallAwaited(call, analysis)?.getText()).toBe(expected)
})

test.each([
  ['of the same class', '', true],
  ['of another class', '}\nclass Other {', false],
])('a method of this is that %s', (_, between, expected) => {
  const { call, analysis } = droppedCall(
    `class Store { save: any; async g() { await this.save(1) }\n${between} async f() { this.save(2) } }`,
  )
  expect(sameCallAwaited(call, analysis) !== undefined).toBe(expected)
})
