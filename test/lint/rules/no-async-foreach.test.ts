import { rule } from '../../../lint/rules/no-async-foreach.ts'
import { testRule } from '../harness/ruleTester.ts'

const SAVE = 'declare function save(user: string): Promise<void>\n'

testRule(rule, {
  valid: [
    {
      name: 'a comment says that the work is left to run: possible only',
      code: `${SAVE}export async function f(users: string[]) {
  await save('first')
  // Deliberately without a wait: each shows by itself when it is there.
  users.forEach(async (user) => { await save(user) })
}`,
    },
    {
      name: 'in a function that is not async, whose callers do not wait for it: possible only',
      code: `${SAVE}function saveAll(all: string[]) {
  all.forEach(async (user) => { await save(user) })
}
export async function f(users: string[]) { saveAll(users); await save('last') }`,
    },
    {
      name: 'in a function whose callers wait for what it gives: possible only',
      code: `${SAVE}function saveAll(all: string[]) {
  all.forEach(async (user) => { await save(user) })
  return save('last')
}
export async function f(users: string[]) { await saveAll(users) }`,
    },
    {
      name: 'the last thing that a script does',
      filename: 'scripts/list.ts',
      code: `declare function show(name: string): Promise<void>\nasync function main() { const names = await Promise.resolve(['a']); names.forEach(async (name) => { await show(name) }) }\nvoid main()`,
    },
    {
      name: 'all that a snippet does, which shows how',
      filename: 'snippets/ping.ts',
      code: `declare const nodes: string[]\ndeclare function ping(node: string): Promise<void>\nnodes.forEach(async (node) => { await ping(node) })`,
    },
    {
      name: 'a synchronous callback',
      code: `export function f(users: string[]) { users.forEach((user) => { console.log(user) }) }`,
    },
    {
      name: 'a forEach of its own that expects promises',
      code: `${SAVE}declare const users: { forEach(work: (user: string) => Promise<void>): Promise<void> }
        export async function f() { await users.forEach(async (user) => { await save(user) }) }`,
    },
    {
      name: 'a forEach that the project gives all arrays, and that expects promises',
      code: `${SAVE}declare global { interface Array<T> { forEach(work: (item: T) => Promise<void>): Promise<void> } }
        export async function f(users: string[]) { await users.forEach(async (user) => { await save(user) }) }`,
    },
    {
      name: 'an async callback that never awaits, so that no work is left behind',
      code: `declare function track(user: string): void
        export function f(users: string[]) { users.forEach(async (user) => { track(user) }) }`,
    },
    {
      name: 'a receiver without a type that may wait, in a handler, or whose walk is waited for',
      code: `${SAVE}declare const rows: any
        export async function f() { rows.stream.forEach(async (user: string) => { await save(user) }) }
        export async function _onChange() { rows.forEach(async (user: string) => { await save(user) }) }
        export async function g() { await rows.forEach(async (user: string) => { await save(user) }) }`,
    },
    {
      name: 'a React effect runs unattended',
      code: `${SAVE}declare function useEffect(effect: () => void): void
        export function f(users: string[]) { useEffect(() => { users.forEach(async (user) => { await save(user) }) }) }`,
    },
    {
      name: 'work in the background that handles its own failures',
      code: `${SAVE}export function f(users: string[]) {
        users.forEach(async (user) => { try { await save(user) } catch (error) { console.error(error) } })
      }`,
    },
  ],
  invalid: [
    {
      name: 'in a function that is not async, whose caller waits for it',
      code: `${SAVE}export async function f(users: string[]) {
  const saveAll = (all: string[]) => {
    all.forEach(async (user) => { await save(user) })
  }
  await saveAll(users)
}`,
      errors: [{ level: 'likely', line: 4 }],
    },
    {
      name: 'the same of a list that nothing is known of',
      filename: 'file.js',
      code: `import { save } from './api.js'
const saveAll = (all = []) => {
  all.forEach(async (user) => { await save(user) })
}
export async function f(users) { await saveAll(users) }`,
      errors: [{ level: 'likely', line: 3 }],
    },
    {
      name: 'a receiver that nothing is known of is most likely a list',
      code: `${SAVE}declare const users: any\nexport async function f() {\n  users.forEach(async (user: string) => { await save(user) })\n}`,
      errors: [
        {
          level: 'likely',
          line: 4,
        },
      ],
    },
    {
      name: 'a callback that gives its promise on: the loop waits for it',
      code: `${SAVE}export async function f(users: Set<string>) {\n  users.forEach(async (user) => save(user));\n  console.log(users);\n}`,
      errors: [
        {
          suggestions: [
            {
              title: 'Await each call in turn with `for…of`',
              output: `${SAVE}export async function f(users: Set<string>) {\n  for (const user of users) { await save(user); }\n  console.log(users);\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a choice of promises that is given on',
      code: `${SAVE}export async function f(users: Set<string>) {\n  users.forEach(async (user) => user ? save(user) : save('none'));\n  console.log(users);\n}`,
      errors: [
        {
          suggestions: [
            {
              title: 'Await each call in turn with `for…of`',
              output: `${SAVE}export async function f(users: Set<string>) {\n  for (const user of users) { await (user ? save(user) : save('none')); }\n  console.log(users);\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'in an async function: certain, with three ways out',
      code: `${SAVE}export async function f(users: string[]) {
  users.forEach(async (user) => {
    await save(user)
  })
}`,
      errors: [
        {
          level: 'certain',
          line: 3,
          column: 9,
          message:
            /`forEach` ignores the promises its async callback returns: the calls for all items of `users` start at once/u,
          suggestions: [
            {
              title: 'Await each call in turn with `for…of`',
              output: `${SAVE}export async function f(users: string[]) {
  for (const user of users) {
    await save(user)
  }
}`,
            },
            {
              title: 'Wait for all calls with `Promise.all`',
              output: `${SAVE}export async function f(users: string[]) {
  await Promise.all(users.map(async (user) => {
    await save(user)
  }))
}`,
            },
            {
              title: 'Wait for all calls, a few at a time, with `pool`',
              output: `import { pool } from '@forkline/runtime'

${SAVE}export async function f(users: string[]) {
  await pool({ concurrency: 8 }).map(users, async (user) => {
    await save(user)
  })
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'an early return of the callback becomes continue, and the index comes from entries()',
      code: `${SAVE}export async function f(users: readonly string[]) {
  users.forEach(async (user, i) => {
    if (i === 0) return
    await save(user)
  })
}`,
      errors: [
        {
          suggestions: [
            {
              title: 'Await each call in turn with `for…of`',
              output: `${SAVE}export async function f(users: readonly string[]) {
  for (const [i, user] of users.entries()) {
    if (i === 0) continue
    await save(user)
  }
}`,
            },
            {
              title: 'Wait for all calls with `Promise.all`',
              output: `${SAVE}export async function f(users: readonly string[]) {
  await Promise.all(users.map(async (user, i) => {
    if (i === 0) return
    await save(user)
  }))
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a named async function',
      code: `async function save(user: string): Promise<void> { await fetch(user) }
export async function f(users: string[]) {
  users.forEach(save)
  console.log('done')
}`,
      errors: [
        {
          level: 'certain',
          line: 3,
          suggestions: [
            {
              title: 'Wait for all calls with `Promise.all`',
              output: `async function save(user: string): Promise<void> { await fetch(user) }
export async function f(users: string[]) {
  await Promise.all(users.map(save))
  console.log('done')
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a synchronous function that reads what the callbacks fill',
      code: `declare function load(user: string): Promise<number>\nexport function f(users: string[]) {\n  const ages: number[] = []\n  users.forEach(async (user) => { ages.push(await load(user)) })\n  return ages\n}`,
      errors: [{ level: 'certain', line: 4, related: ['This is read before the callbacks have filled it.'] }],
    },
    {
      name: 'a synchronous function whose callbacks leave others waiting when they fail',
      code: `declare const waiting: { run(): Promise<string>; resolve(value: string): void }[]\nexport function f() { waiting.forEach(async ({ run, resolve }) => { resolve(await run()) }) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a synchronous function whose callbacks tell of a failure: possible',
      level: 'possible',
      code: `declare const waiting: { run(): Promise<string>; done(): Promise<void>; resolve(value: string): void }[]\nexport function f() { waiting.forEach(async ({ run, done, resolve }) => { try { resolve(await run()) } catch { resolve('') } await done() }) }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'in a synchronous function nothing can wait: possible, and no rewrite is offered',
      level: 'possible',
      code: `${SAVE}export function f(users: Set<string>) { users.forEach(async (user) => { await save(user) }) }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'failures are handled, but the code after it still runs too early',
      code: `${SAVE}export async function f(users: Set<string>) {
  users.forEach(async (user) => { try { await save(user) } catch { console.error(user) } })
  console.log('all saved')
}`,
      errors: [
        {
          level: 'certain',
          message: /nothing waits for them\.$/u,
          suggestions: [
            {
              title: 'Await each call in turn with `for…of`',
              output: `${SAVE}export async function f(users: Set<string>) {
  for (const user of users) { try { await save(user) } catch { console.error(user) } }
  console.log('all saved')
}`,
            },
          ],
        },
      ],
    },
  ],
})
