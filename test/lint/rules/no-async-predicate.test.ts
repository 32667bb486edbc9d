import { rule } from '../../../lint/rules/no-async-predicate.ts'
import { testRule } from '../harness/ruleTester.ts'

const OPEN = 'declare function isOpen(shop: string): Promise<boolean>\n'

testRule(rule, {
  valid: [
    {
      name: 'a predicate that answers at once',
      code: 'export const f = (a: string[]) => a.filter((shop) => shop.length > 1)',
    },
    {
      name: 'an async map is no predicate',
      code: `${OPEN}export const f = (a: string[]) => Promise.all(a.map(async (shop) => isOpen(shop)))`,
    },
    {
      name: 'a library whose filter takes async predicates',
      code: `${OPEN}declare const flow: { filter(test: (shop: string) => Promise<boolean>): unknown }\nexport const f = () => flow.filter(async (shop) => isOpen(shop))`,
    },
    {
      name: 'a stream waits for its predicates',
      code: `import { Readable } from 'node:stream'\nimport { stat } from 'node:fs/promises'\nexport const f = (a: string[]) => Readable.from(a).filter(async (name: string) => (await stat(name)).isFile())`,
    },
    {
      name: 'a reduce that waits for the turn before',
      code: `${OPEN}export const f = (a: string[]) => a.reduce(async (before, shop) => (await before) && isOpen(shop), Promise.resolve(true))`,
    },
    {
      name: 'a chain of then in reduce',
      code: `${OPEN}export const f = (a: string[]) => a.reduce((before, shop) => before.then(() => isOpen(shop)), Promise.resolve(true))`,
    },
    {
      name: 'flatMap whose promises bring no arrays is a map',
      code: `${OPEN}export const f = (a: string[]) => Promise.all(a.flatMap(async (shop) => isOpen(shop)))`,
    },
    {
      name: 'flatMap in a variable that Promise.all joins',
      code: `declare function items(shop: string): Promise<string[]>\nexport async function f(a: string[]) { const started = a.flatMap(items); return (await Promise.all(started)).flat() }`,
    },
    {
      name: 'flatMap under Promise.all, flattened afterwards',
      level: 'possible',
      code: `declare function items(shop: string): Promise<string[]>\nexport const f = async (a: string[]) => (await Promise.all(a.flatMap(async (shop) => items(shop)))).flat()`,
    },
    {
      name: 'an array with a filter of its own, which may wait',
      code: `${OPEN}type Shops = string[] & { filter(test: (shop: string) => Promise<boolean>): Promise<string[]> }\nexport const f = (a: Shops) => a.filter(async (shop) => isOpen(shop))`,
    },
    {
      name: 'a receiver without a type',
      code: `${OPEN}declare const a: any\nexport const f = () => a.filter(async (shop: string) => isOpen(shop))`,
    },
  ],
  invalid: [
    {
      name: 'filter keeps every item',
      code: `${OPEN}export async function f(shops: string[]) {\n  const open = shops.filter(async (shop) => await isOpen(shop))\n  return open\n}`,
      errors: [
        {
          level: 'certain',
          line: 3,
          column: 22,
          endColumn: 28,
          message: '`filter` sees a promise, not its answer, and a promise always counts as true: every item is kept.',
          suggestions: [
            {
              title: 'Wait for all answers first',
              output: `${OPEN}export async function f(shops: string[]) {\n  const answers = await Promise.all(shops.map(async (shop) => await isOpen(shop)))\n  const open = shops.filter((_, index) => answers[index])\n  return open\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'some, with the name of an async function, in a condition',
      code: `${OPEN}export async function f(shops: string[]) {\n  if (shops.some(isOpen)) return 1\n  return 0\n}`,
      errors: [
        {
          level: 'certain',
          suggestions: [
            {
              title: 'Wait for all answers first',
              output: `${OPEN}export async function f(shops: string[]) {\n  if ((await Promise.all(shops.map(isOpen))).some(Boolean)) return 1\n  return 0\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'every, where nothing can be awaited',
      code: `${OPEN}export const f = (a: readonly string[]) => a.every((shop) => isOpen(shop))`,
      errors: [{ level: 'certain', message: /the result is always true/u }],
    },
    {
      name: 'find in an optional chain: no rewrite',
      code: `${OPEN}export async function f(a?: string[]) { return a?.find(async (shop) => isOpen(shop)) }`,
      errors: [{ level: 'certain', message: /the first item is always the one/u }],
    },
    {
      name: 'an array with a brand',
      code: `${OPEN}type Shops = string[] & { readonly brand: 'shops' }\nexport const f = (a: Shops) => a.some(async (shop) => isOpen(shop))`,
      errors: [{ level: 'certain', message: /the result is true as soon as there is an item/u }],
    },
    {
      name: 'findIndex',
      code: `${OPEN}export async function f(a: string[]) { return a.findIndex(async (shop) => isOpen(shop)) }`,
      errors: [
        {
          suggestions: [
            {
              title: 'Wait for all answers first',
              output: `${OPEN}export async function f(a: string[]) { return (await Promise.all(a.map(async (shop) => isOpen(shop)))).findIndex(Boolean) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'sort, in JavaScript',
      filename: 'file.js',
      code: `export const f = (/** @type {number[]} */ a) => a.sort(async (x, y) => x - y)`,
      errors: [
        {
          level: 'certain',
          message: '`sort` sees a promise, not its answer: a promise is no number, and nothing is put in order.',
        },
      ],
    },
    {
      name: 'flatMap of promises that bring arrays',
      code: `declare function items(shop: string): Promise<string[]>\nexport async function f(a: string[]) { const all = a.flatMap(items); return all }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Wait for all answers first',
              output: `declare function items(shop: string): Promise<string[]>\nexport async function f(a: string[]) { const all = (await Promise.all(a.map(items))).flat(); return all }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a reduce in which no turn waits for the one before',
      code: `${OPEN}export async function f(a: string[]) { await a.reduce(async (before, shop) => { await isOpen(shop) }, Promise.resolve()) }`,
      errors: [{ level: 'likely', message: /no turn waits for `before`/u }],
    },
  ],
})
