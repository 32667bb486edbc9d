import { rule } from '../../../lint/rules/no-dropped-promise-array.ts'
import { testRule } from '../harness/ruleTester.ts'

const SAVE = 'declare function save(user: string): Promise<number>\n'
const ALL = 'declare function saveAll(users: string[]): Promise<number>[]\n'

testRule(rule, {
  valid: [
    {
      name: 'calls of an async function that never waits: all is done with the array',
      code: `const links = new Set<string>()
async function link(url: string) { if (!links.has(url)) links.add(url) }
export async function f(urls: string[]) { urls.map((url) => link(url)); urls.map(link); await fetch('/') }`,
    },
    {
      name: 'an async callback that never waits, so that all is done when the array is there',
      level: 'possible',
      code: 'declare function add(user: string): void\nexport function f(users: string[]) {\n  users.map(async (user) => { add(user) })\n  users.map(async (user) => user.length)\n}',
    },
    {
      name: 'a comment says that nobody waits: possible only',
      code: `declare function warm(page: string): Promise<void>
export async function f(pages: string[]) {
  // The pages never answer.
  pages.map((page) => warm(page))
}`,
    },
    {
      name: 'awaited',
      code: `${SAVE}export async function f(users: string[]) { await Promise.all(users.map((user) => save(user))) }`,
    },
    { name: 'returned', code: `${SAVE}export function f(users: string[]) { return users.map((user) => save(user)) }` },
    {
      name: 'joined later through its variable, also behind ??',
      code: `${SAVE}export async function f(users?: string[]) {
        const saved = users?.map((user) => save(user))
        console.log('started')
        await Promise.all(saved ?? [])
      }`,
    },
    {
      name: 'spread into a call',
      code: `${SAVE}export async function f(users: string[]) { const saved = users.map(save); await Promise.race([...saved]) }`,
    },
    {
      name: 'consumed one by one',
      code: `${SAVE}export async function f(users: string[]) { const saved = users.map(save); for (const one of saved) await one }`,
    },
    {
      name: 'handed to a helper',
      code: `${SAVE}declare function settle(all: Promise<number>[]): void\nexport function f(users: string[]) { settle(users.map(save)) }`,
    },
    {
      name: 'collected, and joined',
      code: `${SAVE}export async function f(users: string[]) { const started: Promise<number>[] = []; for (const user of users) started.push(save(user)); console.log(started.length); await Promise.all(started) }`,
    },
    {
      name: 'collected, and given back',
      code: `${SAVE}export function f(users: string[]) { const started: Promise<number>[] = []; for (const user of users) { started.push(save(user)) } return { started } }`,
    },
    {
      name: 'each failure is handled in place: possible only',
      code: `${SAVE}export async function f(users: string[]) { users.map((user) => save(user).catch(() => undefined)); await save('all') }`,
    },
    {
      name: 'collected by a function that cannot wait, of work that cannot fail',
      code: `async function safe() { try { await fetch('/') } catch { console.log('lost') } }\nexport function f(users: string[]) { const started: Promise<void>[] = []; for (const _ of users) started.push(safe()) }`,
    },
    {
      name: 'values collected',
      code: `export async function f(users: string[]) { const names: string[] = []; for (const user of users) names.push(user.trim()) }`,
    },
    {
      name: 'a call that gives promises, joined',
      code: `${ALL}export async function f(users: string[]) { await Promise.all(saveAll(users)) }`,
    },
    {
      name: 'a call that gives promises, in a function that cannot wait',
      code: `${ALL}export function f(users: string[]) { saveAll(users) }`,
    },
    {
      name: 'a call that gives promises of work that goes on by itself',
      code: `declare function startWorkers(): Promise<void>[]\nexport async function f() { startWorkers() }`,
    },
    {
      name: 'an array that is turned round in place',
      code: `${ALL}export async function f(users: string[]) { const saved = saveAll(users); saved.reverse(); await Promise.all(saved) }`,
    },
    {
      name: 'void says that it is meant',
      code: `${SAVE}export async function f(users: string[]) { void users.map(save) }`,
    },
    {
      name: 'an array of plain values',
      code: `export function f(users: string[]) { users.map((user) => user.length) }`,
    },
    {
      name: 'a map that is no array’s: a stream consumes what it maps',
      code: `${SAVE}declare const users: { map(work: (user: string) => Promise<number>): { resume(): void } }
        export async function f() { const stream = users.map(async (user) => save(user)); stream.resume() }`,
    },
    {
      name: 'exported for others to await',
      code: `${SAVE}declare const users: string[]\nexport const saved = users.map(save)`,
    },
    {
      name: 'awaited, where the array is joined later',
      code: `${SAVE}export async function f(users: string[]) { const saved = await users.map((user) => save(user)); await Promise.all(saved) }`,
    },
    {
      name: 'awaited, where map is that of something else',
      code: `declare const rows: { map(each: (row: string) => Promise<void>): Promise<void> }; declare function save(row: string): Promise<void>
export async function f() { await rows.map((row) => save(row)) }`,
    },
    {
      name: 'a variable awaited, and joined as well',
      code: `${SAVE}export async function f(users: string[]) { const saved = users.map((user) => save(user)); await saved; await Promise.all(saved) }`,
    },
    {
      name: 'a variable awaited, and its promises awaited one by one',
      code: `${SAVE}export async function f(users: string[]) { const saved = users.map((user) => save(user)); await saved; for (const one of saved) await one }`,
    },
    {
      name: 'an array awaited that the caller gave, and may join itself',
      code: `export async function f(saved: Promise<number>[]) { await saved }`,
    },
    {
      name: 'an array awaited that all of the module can see',
      code: `${SAVE}const saved: Promise<number>[] = []\nexport function add(user: string) { saved.push(save(user)) }\nexport async function f() { await saved }`,
    },
    {
      name: 'a variable awaited that holds a promise of an array, plain values, or no one knows what',
      code: `declare function load(): Promise<Promise<number>[]>; declare const rows: any
        export async function f(users: string[]) { const all = load(); await all; const sizes = users.map((user) => user.length); await sizes; const some = rows.map(async () => 1); await some }`,
    },
  ],
  invalid: [
    {
      name: 'an async callback that gives what it starts, and waits for nothing itself',
      code: `${SAVE}export async function f(users: string[]) {\n  users.map(async (user) => { return save(user) })\n}`,
      output: `${SAVE}export async function f(users: string[]) {\n  await Promise.all(users.map(async (user) => { return save(user) }))\n}`,
      errors: [{ line: 3, level: 'certain' }],
    },
    {
      name: 'promises that are collected, and never looked at',
      code: `${SAVE}export async function f(users: string[]) {\n  const started: Promise<number>[] = []\n  for (const user of users) started.push(save(user))\n  return users.length\n}`,
      errors: [
        {
          level: 'certain',
          line: 3,
          message:
            'Nothing ever waits for the promises in `started`: they are collected, and the function goes on before any is done, and a rejection is unhandled.',
          related: ['Promises are added here.'],
        },
      ],
    },
    {
      name: 'a call that gives promises, dropped',
      code: `${ALL}export async function f(users: string[]) {\n  saveAll(users)\n  return users.length\n}`,
      errors: [
        {
          level: 'certain',
          line: 3,
          message:
            '`saveAll` gives an array of promises, which is dropped: the code after it runs before any of them is done, and a rejection is unhandled.',
        },
      ],
      output: `${ALL}export async function f(users: string[]) {\n  await Promise.all(saveAll(users))\n  return users.length\n}`,
    },
    {
      name: 'a call that gives promises, awaited as if it were one',
      code: `${ALL}export async function f(users: string[]) { await saveAll(users) }`,
      errors: [{ level: 'certain', message: /`await` does not look into the array of promises that `saveAll` gives/u }],
      output: `${ALL}export async function f(users: string[]) { await Promise.all(saveAll(users)) }`,
    },
    {
      name: 'dropped as a statement of an async function: certain, fixed by waiting',
      code: `${SAVE}export async function f(users: string[]) {\n  users.map(async (user) => { await save(user) })\n}`,
      output: `${SAVE}export async function f(users: string[]) {\n  await Promise.all(users.map(async (user) => { await save(user) }))\n}`,
      errors: [
        {
          level: 'certain',
          line: 3,
          message: /`users\.map` starts a promise for each item, and the array of them is dropped/u,
        },
      ],
    },
    {
      name: 'awaited, which does not look into an array',
      code: `${SAVE}export async function f(users: string[]) {\n  await users.map(async (user) => { await save(user) })\n}`,
      output: `${SAVE}export async function f(users: string[]) {\n  await Promise.all(users.map(async (user) => { await save(user) }))\n}`,
      errors: [{ level: 'certain', line: 3, message: /`await` does not look into the array that `users\.map` gives/u }],
    },
    {
      name: 'awaited, and only its length read',
      code: `${SAVE}export async function f(users: string[]) {\n  const saved = await users.map((user) => save(user))\n  return saved.length\n}`,
      errors: [
        {
          level: 'certain',
          line: 3,
          suggestions: [
            {
              title: 'Wait for all of them with `Promise.all`',
              output: `${SAVE}export async function f(users: string[]) {\n  const saved = await Promise.all(users.map((user) => save(user)))\n  return saved.length\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'kept in a variable of which only the length is read',
      code: `${SAVE}export async function f(users: string[]) {\n  const saved = users.map((user) => save(user))\n  return saved.length\n}`,
      errors: [
        {
          level: 'certain',
          line: 3,
          message: /nothing ever waits for `saved`/u,
          related: ['The promises are started here.'],
          suggestions: [
            {
              title: 'Wait for all of them with `Promise.all`',
              output: `${SAVE}export async function f(users: string[]) {\n  const saved = await Promise.all(users.map((user) => save(user)))\n  return saved.length\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'behind && as a statement',
      code: `${SAVE}export async function f(users: string[], on: boolean) {\n  on && users.map(save)\n}`,
      output: `${SAVE}export async function f(users: string[], on: boolean) {\n  on && await Promise.all(users.map(save))\n}`,
      errors: [{ level: 'certain' }],
    },
    {
      name: 'in a synchronous function: likely, and nothing can be awaited',
      code: `${SAVE}export function f(users: string[]) {\n  users.map(async (user) => { await save(user) })\n}`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'Array.from with an async mapper',
      code: `${SAVE}export async function f(users: Set<string>) {\n  Array.from(users, async (user) => save(user))\n}`,
      output: `${SAVE}export async function f(users: Set<string>) {\n  await Promise.all(Array.from(users, async (user) => save(user)))\n}`,
      errors: [{ level: 'certain' }],
    },
    {
      name: 'an untyped receiver with an async callback is guessed to be an array',
      code: `${SAVE}declare const users: any\nexport async function f() {\n  users.map(async (user: string) => { await save(user) })\n}`,
      output: `${SAVE}declare const users: any\nexport async function f() {\n  await Promise.all(users.map(async (user: string) => { await save(user) }))\n}`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'kept in a variable that is awaited as if it were a promise',
      code: `${SAVE}export async function f(users: string[]) {\n  const saved = users.map(async (user) => save(user))\n  console.log(saved.length)\n  await saved\n}`,
      output: `${SAVE}export async function f(users: string[]) {\n  const saved = users.map(async (user) => save(user))\n  console.log(saved.length)\n  await Promise.all(saved)\n}`,
      errors: [
        {
          level: 'certain',
          line: 5,
          column: 3,
          message: /^`await` does not look into the array `saved`/u,
          related: ['The promises are in here.'],
        },
      ],
    },
    {
      name: 'collected in a loop, and awaited as if it were a promise',
      code: `${SAVE}export async function f(users: string[]) {\n  const saved: Promise<number>[] = []\n  for (const user of users) saved.push(save(user))\n  await saved\n}`,
      output: `${SAVE}export async function f(users: string[]) {\n  const saved: Promise<number>[] = []\n  for (const user of users) saved.push(save(user))\n  await Promise.all(saved)\n}`,
      errors: [{ level: 'certain', line: 5 }],
    },
    {
      name: 'awaited where it may be missing',
      code: `${SAVE}export async function f(users?: string[]) {\n  const saved = users?.map((user) => save(user))\n  await saved\n}`,
      output: `${SAVE}export async function f(users?: string[]) {\n  const saved = users?.map((user) => save(user))\n  await Promise.all(saved ?? [])\n}`,
      errors: [{ level: 'certain', line: 4 }],
    },
    {
      name: 'awaited into another variable, of which only the length is read',
      code: `${SAVE}export async function f(users: string[]) {\n  const started = users.map((user) => save(user))\n  const saved = await started\n  return saved.length\n}`,
      errors: [
        {
          level: 'certain',
          line: 4,
          suggestions: [
            {
              title: 'Wait for all of them with `Promise.all`',
              output: `${SAVE}export async function f(users: string[]) {\n  const started = users.map((user) => save(user))\n  const saved = await Promise.all(started)\n  return saved.length\n}`,
            },
          ],
        },
      ],
    },
  ],
})
