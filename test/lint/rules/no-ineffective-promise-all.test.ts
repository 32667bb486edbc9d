import { rule } from '../../../lint/rules/no-ineffective-promise-all.ts'
import { testRule } from '../harness/ruleTester.ts'

const SAVE =
  'declare function save(user: string): Promise<void>\ndeclare function load(user: string): Promise<string>[]\n'

testRule(rule, {
  valid: [
    {
      name: 'arrays of promises from async callbacks, which others look into',
      code: `${SAVE}export async function f(a: string[]) { const rows = await Promise.all(a.map(async (user) => load(user))); return Promise.all(rows.flat()) }`,
    },
    {
      name: 'arrays of values from async callbacks',
      code: `${SAVE}export async function f(a: string[]) { await Promise.all(a.map(async (user) => { await save(user); return user.split(',') })) }`,
    },
    {
      name: 'an array of promises',
      code: `${SAVE}export const f = (a: string[]) => Promise.all(a.map((user) => save(user)))`,
    },
    {
      name: 'an async callback that waits',
      code: `${SAVE}export const f = (a: string[]) => Promise.all(a.map(async (user) => { await save(user) }))`,
    },
    {
      name: 'mixed values, and nothing is lost',
      code: `${SAVE}export const f = () => Promise.all([save('a'), 1, 'b'])`,
    },
    {
      name: 'one awaited value among promises',
      code: `${SAVE}export async function f() { await Promise.all([await save('a'), save('b')]) }`,
    },
    {
      name: 'an array of promises, spread',
      code: `${SAVE}export const f = () => Promise.all([save('a'), ...load('b')])`,
    },
    {
      name: 'a joined array inside',
      code: `${SAVE}export const f = (a: string[]) => Promise.all([save('a'), Promise.all(a.map(save))])`,
    },
    { name: 'flatMap', code: `${SAVE}export const f = (a: string[]) => Promise.all(a.flatMap((user) => load(user)))` },
    {
      name: 'void says that it is meant',
      code: `${SAVE}export const f = (a: string[]) => Promise.all(a.map((user) => { void save(user) }))`,
    },
    {
      name: 'a callback that starts nothing',
      code: `export const f = (a: string[]) => Promise.all(a.map((user) => { console.log(user) }))`,
    },
    {
      name: 'a callback with a result',
      code: `${SAVE}export const f = (a: string[]) => Promise.all(a.map((user) => { const saved = save(user); return saved }))`,
    },
    {
      name: 'a variable that holds promises of arrays, or plain arrays',
      code: `export async function f(pages: Promise<number[]>[], rows: number[][]) { await Promise.all(pages); await Promise.all(rows) }`,
    },
    {
      name: 'a variable that holds arrays of promises, joined one by one later, or in the result',
      code: `export async function f(batches: Promise<number>[][]) { await Promise.all(batches); for (const batch of batches) await Promise.all(batch) }
        export async function g(batches: Promise<number>[][]) { const same = await Promise.all(batches); return same.flat() }`,
    },
    {
      name: 'a variable that holds promises beside arrays of them',
      code: `export async function f(mixed: (Promise<number> | Promise<number>[])[]) { await Promise.all(mixed) }`,
    },
  ],
  invalid: [
    {
      name: 'a callback that waits for nothing, over a list of which nothing is known',
      code: `import { users } from 'not-installed'\n${SAVE}export const f = () => Promise.all(users.map((user: string) => { save(user) }))`,
      errors: [
        {
          level: 'certain',
          suggestions: [
            {
              title: 'Give it back',
              output: `import { users } from 'not-installed'\n${SAVE}export const f = () => Promise.all(users.map((user: string) => { return save(user) }))`,
            },
          ],
        },
      ],
    },
    {
      name: 'arrays of promises from async callbacks, which nobody looks into',
      code: `${SAVE}export async function f(a: string[]) {\n  await Promise.all(a.flatMap(async (user) => {\n    await save(user)\n    return load(user)\n  }))\n}`,
      errors: [
        {
          level: 'certain',
          line: 6,
          message:
            '`Promise.all` does not wait for the promises in `load(user)`: what the callback gives is an array, and taken for a value.',
          suggestions: [
            {
              title: 'Wait for the promises in it too',
              output: `${SAVE}export async function f(a: string[]) {\n  await Promise.all(a.flatMap(async (user) => {\n    await save(user)\n    return Promise.all(load(user))\n  }))\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'an array among the promises',
      code: `${SAVE}export const f = (a: string[]) => Promise.all([save('a'), a.map((user) => save(user))])`,
      errors: [
        {
          level: 'certain',
          message: /nothing waits for the promises in it/u,
          suggestions: [
            {
              title: 'Wait for the promises in it too',
              output: `${SAVE}export const f = (a: string[]) => Promise.all([save('a'), Promise.all(a.map((user) => save(user)))])`,
            },
          ],
        },
      ],
    },
    {
      name: 'a callback that gives arrays of promises',
      code: `${SAVE}export const f = (a: string[]) => Promise.all(a.map((user) => load(user)))`,
      errors: [
        {
          level: 'certain',
          suggestions: [
            {
              title: 'Make one array of them with `flatMap`',
              output: `${SAVE}export const f = (a: string[]) => Promise.all(a.flatMap((user) => load(user)))`,
            },
          ],
        },
      ],
    },
    {
      name: 'a callback with braces and no return',
      code: `${SAVE}export const f = (a: string[]) => Promise.all(a.map((user) => { save(user) }))`,
      errors: [
        {
          level: 'certain',
          message: '`Promise.all` does not wait for `save`: the callback starts it and gives nothing back.',
          suggestions: [
            {
              title: 'Give it back',
              output: `${SAVE}export const f = (a: string[]) => Promise.all(a.map((user) => { return save(user) }))`,
            },
          ],
        },
      ],
    },
    {
      name: 'an async callback that waits for nothing, in Array.from, with allSettled',
      code: `${SAVE}export const f = (a: Set<string>) => Promise.allSettled(Array.from(a, async (user) => { save(user) }))`,
      errors: [
        {
          level: 'certain',
          suggestions: [
            {
              title: 'Wait for it',
              output: `${SAVE}export const f = (a: Set<string>) => Promise.allSettled(Array.from(a, async (user) => { await save(user) }))`,
            },
          ],
        },
      ],
    },
    {
      name: 'awaits inside the array in a test, which may look for this order: possible',
      filename: 'save.test.ts',
      level: 'possible',
      code: `${SAVE}export async function f() { await Promise.all([await save('a'), await save('b')]) }`,
      errors: [
        {
          level: 'possible',
          suggestions: [
            {
              title: 'Start all of them at once',
              output: `${SAVE}export async function f() { await Promise.all([save('a'), save('b')]) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'awaits inside the array run one after another',
      code: `${SAVE}export async function f() {\n  await Promise.all([\n    await save('a'),\n    await save('b'),\n  ])\n}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          message: /has nothing left to wait for/u,
          suggestions: [
            {
              title: 'Start all of them at once',
              output: `${SAVE}export async function f() {\n  await Promise.all([\n    save('a'),\n    save('b'),\n  ])\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'functions that nobody calls, in JavaScript',
      filename: 'file.js',
      code: `export const f = (/** @type {string[]} */ a) => Promise.all(a.map((user) => async () => { await fetch(user) }))`,
      errors: [{ level: 'likely', message: /the work never starts/u }],
    },
    {
      name: 'a variable that holds arrays of promises',
      code: `export async function f(batches: readonly Promise<number>[][]) { await Promise.all(batches) }`,
      errors: [
        {
          level: 'certain',
          message:
            '`Promise.all` is given arrays of promises and takes each array for a value: nothing waits for the promises in them.',
          suggestions: [
            {
              title: 'Make one array of them with `flat`',
              output: `export async function f(batches: readonly Promise<number>[][]) { await Promise.all(batches.flat()) }`,
            },
          ],
        },
      ],
    },
  ],
})
