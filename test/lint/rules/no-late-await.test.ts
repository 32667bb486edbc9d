import { rule } from '../../../lint/rules/no-late-await.ts'
import { testRule } from '../harness/ruleTester.ts'

const API = 'declare function user(): Promise<string>\ndeclare function posts(): Promise<string[]>\n'
const LATE = `${API}export async function f() {\n  const a = user()\n  const b = posts()\n  const name = await a\n  const list = await b\n  return [name, list]\n}`

const ROWS = 'declare function save(row: string): Promise<void>\ndeclare function pause(): Promise<void>\n'

testRule(rule, {
  valid: [
    {
      name: 'the tasks of a group, which handles their failures',
      code: `import { group } from '@forkline/runtime'
declare function save(row: string): Promise<void>
export async function f(rows: string[]) {
  const saving = group<void>({ onError: 'collect' })
  const all = rows.map((row) => saving.go(() => save(row)))
  const others: Promise<void>[] = []
  for (const row of rows) {
    others.push(saving.go(() => save(row)))
    await null
  }
  const one = saving.go(() => save('one'))
  await saving.wait()
  await Promise.allSettled(all)
  await Promise.allSettled(others)
  await one
}`,
      level: 'possible',
    },
    {
      name: 'a list whose loop waits for nothing',
      code: `${ROWS}export async function f(rows: string[]) {
  const saved: Promise<void>[] = []
  for (const row of rows) saved.push(save(row))
  await Promise.all(saved)
}`,
    },
    {
      name: 'a list that is joined in each turn',
      code: `${ROWS}export async function f(rows: string[]) {
  let saved: Promise<void>[] = []
  for (const row of rows) {
    saved.push(save(row))
    if (saved.length >= 10) {
      await Promise.all(saved)
      saved = []
    }
  }
  await Promise.all(saved)
}`,
    },
    {
      name: 'a list of the turn itself',
      code: `${ROWS}export async function f(rows: string[]) {
  for (const row of rows) {
    const saved: Promise<void>[] = []
    saved.push(save(row))
    await Promise.all(saved)
  }
}`,
    },
    {
      name: 'a list that races for a free place',
      code: `${ROWS}export async function f(rows: string[]) {
  const saved: Promise<void>[] = []
  for (const row of rows) {
    saved.push(save(row))
    await Promise.race(saved)
  }
  await Promise.all(saved)
}`,
    },
    {
      name: 'pushed with a handler',
      code: `${ROWS}export async function f(rows: string[]) {
  const saved: Promise<void>[] = []
  for (const row of rows) {
    saved.push(save(row).catch(() => {}))
    await pause()
  }
  await Promise.all(saved)
}`,
    },
    {
      name: 'pushed by a callback, which the loop does not run in its turns',
      code: `${ROWS}export async function f(rows: string[]) {
  const saved: Promise<void>[] = []
  for (const row of rows) {
    queueMicrotask(() => { saved.push(save(row)) })
    await pause()
  }
  await Promise.all(saved)
}`,
    },
    {
      name: 'what cannot reject',
      code: `${ROWS}async function tried(row: string) { try { await save(row) } catch {} }
export async function f(rows: string[]) {
  const saved: Promise<void>[] = []
  for (const row of rows) {
    saved.push(tried(row))
    await pause()
  }
  await Promise.all(saved)
  const others = rows.map((row) => tried(row))
  for (const other of others) await other
}`,
    },
    {
      name: 'values in turn, and promises that are joined first',
      code: `${ROWS}export async function f(rows: string[], given: Promise<void>[]) {
  for (const row of rows.map((one) => one.trim())) await save(row)
  for (const one of await Promise.all(rows.map((row) => save(row)))) console.log(one)
  for (const one of given) await one
  const saved = rows.map((row) => save(row))
  const all = Promise.all(saved)
  for (const one of saved) await one
  await all
}`,
    },
    {
      name: 'a list in turn, in a test',
      filename: 'a.test.ts',
      level: 'possible',
      code: `${ROWS}export async function f(rows: string[]) {
  for await (const one of rows.map((row) => save(row))) console.log(one)
}`,
    },
    {
      name: 'a list of promises that is joined at once',
      code: `${ROWS}export async function f(rows: string[]) {
  const saved = rows.map((row) => save(row))
  await Promise.all(saved)
  await pause()
}`,
    },
    {
      name: 'a promise that a listener settles, under a limit of its own: possible only',
      code: `interface Bus { on(event: string, listener: (text: string) => void): void }
declare function limited<T>(work: Promise<T>): Promise<T>
export async function f(bus: Bus) {
  const answer = limited(new Promise<object>((resolve, reject) => {
    bus.on('message', (text) => { try { resolve(JSON.parse(text)) } catch (error) { reject(error) } })
  })).finally(() => { console.log('heard') })
  await fetch('/ask')
  return await answer
}`,
    },
    {
      name: 'an await among the elements of a join, with nothing started before it',
      level: 'possible',
      code: `${API}export async function f() { return await Promise.all([await user(), posts()]) }`,
    },
    {
      name: 'an await among the elements of a join, with what handles its own failure before it',
      level: 'possible',
      code: `${API}export async function f() { return await Promise.all([user().catch(() => ''), await posts(), 1]) }`,
    },
    {
      name: 'a wait for an event before what brings it about, in a join',
      code: `${API}declare function waitForPage(): Promise<string>
export async function f() { return await Promise.all([waitForPage(), await posts()]) }`,
    },
    {
      name: 'an await inside an element: it comes before the call that it is for, whose promise is there at once',
      level: 'possible',
      code: `${API}declare function of(name: string): Promise<string>
export async function f() { return await Promise.all([of(await user()), posts()]) }`,
    },
    {
      name: 'a wait for an event that is set up first, behind a chain: possible only',
      code: `declare function asPromise(event: object): Promise<void>
export async function f(accepted: object) {
  const accept = asPromise(accepted).then(() => 'yes')
  await fetch('/')
  return await accept
}`,
    },
    {
      name: 'awaited at once',
      code: `${API}export async function f() { const a = await user(); const b = await posts(); return [a, b] }`,
    },
    {
      name: 'both awaited together',
      code: `${API}export async function f() { const a = user(); const b = posts(); return await Promise.all([a, b]) }`,
    },
    {
      name: 'every failure is caught, and what is returned is text by its methods',
      filename: 'a.js',
      code: `import { read } from './read.js'\nasync function warnings(file) { try { const text = await read(file); const lines = text.split('\\n').filter(Boolean); return lines } catch { return [] } }\nexport async function f() { const a = warnings('x'); await read('y'); return await a }`,
    },
    {
      name: 'nothing is awaited in between',
      code: `${API}export async function f() { const a = user(); console.log(1); return await a }`,
    },
    {
      name: 'a handler is attached first',
      level: 'possible',
      code: `${API}export async function f() { const a = user(); a.catch(() => {}); await posts(); return await a }`,
    },
    {
      name: 'a handler where it begins',
      level: 'possible',
      code: `${API}export async function f() { const a = user().catch(() => ''); await posts(); return await a }`,
    },
    {
      name: 'the callee cannot reject',
      level: 'possible',
      code: `${API}async function safe() { try { await user() } catch { return } }\nexport async function f() { const a = safe(); await posts(); await a }`,
    },
    {
      name: 'given to someone else first',
      level: 'possible',
      code: `${API}declare function keep(p: Promise<string>): void\nexport async function f() { const a = user(); keep(a); await posts(); await a }`,
    },
    {
      name: 'awaited before the outer call is',
      level: 'possible',
      code: `${API}declare function save(name: string): Promise<void>\nexport async function f() { const a = user(); await save(await a) }`,
    },
    {
      name: 'in a function inside, which runs at another time',
      level: 'possible',
      code: `${API}export async function f() { const a = user(); const g = async () => { await posts() }; await a; return g }`,
    },
    {
      name: 'an await before it',
      level: 'possible',
      code: `${API}export async function f() { await posts(); const a = user(); return a }`,
    },
    {
      name: 'a wait that is set up before what it waits for',
      code: `${API}declare function waitForEvent(): Promise<void>\nexport async function f() { const a = waitForEvent(); await posts(); await a }`,
    },
    {
      name: 'a test, which holds a promise until it has driven it on',
      level: 'possible',
      filename: 'a.test.ts',
      code: LATE,
    },
    { name: 'a test of one side, named after it', level: 'possible', filename: 'session.clienttest.ts', code: LATE },
    {
      name: 'in another branch: possible only',
      code: `${API}export async function f(on: boolean) { const a = user(); if (on) { await posts() } return await a }`,
    },
    {
      name: 'first used in a function that runs before, as its declaration is hoisted',
      level: 'possible',
      code: `${API}export async function f() { const a = user(); read(); await posts(); async function read() { try { await a } catch { console.log('lost') } } }`,
    },
    {
      name: 'an await inside try before',
      level: 'possible',
      code: `${API}export async function f() { let a: Promise<string>; a = user(); return await a }`,
    },
    {
      name: 'a program that shows something ends by an early failure as by any other: possible only',
      filename: 'examples/profile.ts',
      code: `${API}export async function f() { const a = user(); await posts(); return await a }`,
    },
  ],
  invalid: [
    {
      name: 'a list that a loop fills while it waits for something else',
      code: `${ROWS}export async function f(rows: string[]) {
  const promise: Promise<void>[] = []
  for (const row of rows) {
    // one at a time
    await pause()
    promise.push(save(row))
  }
  await Promise.all(promise)
}`,
      errors: [
        {
          level: 'likely',
          line: 8,
          column: 18,
          message:
            '`save(row)` has no handler yet while the loop waits for `await pause()`: if it rejects in the meantime, the process ends, whatever `try` is around.',
          related: ['This is waited for in the meantime.', 'Only here is its rejection handled.'],
          suggestions: [
            {
              title: 'Handle its rejection from the start; joining the list still throws it',
              output: `${ROWS}export async function f(rows: string[]) {
  const promise: Promise<void>[] = []
  for (const row of rows) {
    // one at a time
    await pause()
    const promise2 = save(row)
    promise2.catch(() => {})
    promise.push(promise2)
  }
  await Promise.all(promise)
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'an outer loop that waits, a list that is spread in another, a push without a block',
      code: `${ROWS}export async function f(groups: AsyncIterable<string[]>) {
  const saved: Promise<void>[] = []
  for await (const rows of groups) for (const row of rows) saved.push(save(row))
  return Promise.allSettled([...saved, pause()])
}`,
      errors: [{ level: 'likely', line: 5, message: /while the loop waits for `groups`/u }],
    },
    {
      name: 'promises that run already, waited for in turn by for await',
      code: `${ROWS}export async function f(rows: string[]) {
  const saved = rows.map((row) => save(row))
  for await (const one of saved) console.log(one)
}`,
      errors: [
        {
          level: 'likely',
          line: 5,
          column: 27,
          message:
            'All of `rows.map((row) => save(row))` run already, and are waited for one after the other: if one rejects while an earlier one is waited for, the process ends, whatever `try` is around.',
          related: ['Here they all start.', 'Here one is waited for, and the others have no handler.'],
          suggestions: [
            {
              title: 'Wait for all of them first',
              output: `${ROWS}export async function f(rows: string[]) {
  const saved = rows.map((row) => save(row))
  for (const one of await Promise.all(saved)) console.log(one)
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'the same with an await of each, and with a try for each turn, which has no shorter form',
      code: `${ROWS}export async function f(rows: string[]) {
  for (const one of rows.map(async (row) => save(row))) {
    await one
  }
  const saved = rows.map((row) => save(row))
  for await (const one of saved) {
    try {
      console.log(one)
    } catch {}
  }
}`,
      errors: [
        { level: 'likely', line: 4 },
        { level: 'likely', line: 8 },
      ],
    },
    {
      name: 'a list of promises, with an await before it is joined',
      code: `${ROWS}export async function f(rows: string[]) {
  const saved = rows.map((row) => save(row))
  await pause()
  await Promise.all(saved)
}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          message:
            '`saved` has no handler yet while `await pause()` is waited for: if one of them rejects in the meantime, the process ends, whatever `try` is around.',
        },
      ],
    },
    {
      name: 'started in a join that is made only when another element has been waited for',
      code: `${API}export async function f() {\n  return await Promise.all([user(), await posts()])\n}`,
      errors: [
        {
          level: 'likely',
          message:
            '`user()` has no handler yet while `await posts()` is waited for inside the array: if it rejects in the meantime, the process ends, whatever `try` is around.',
          line: 4,
          column: 29,
          suggestions: [
            {
              title: 'Wait for both at the same time',
              output: `${API}export async function f() {\n  return await Promise.all([user(), posts()])\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'the same where only one branch of the element waits',
      code: `${API}export async function f(isOpen: boolean) {\n  const [name, list] = await Promise.all([user(), isOpen ? undefined : await posts()])\n  return [name, list]\n}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Wait for both at the same time',
              output: `${API}export async function f(isOpen: boolean) {\n  const [name, list] = await Promise.all([user(), isOpen ? undefined : posts()])\n  return [name, list]\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a try in between, which holds what is waited for',
      code: `${API}export async function f() {\n  const a = user()\n  let list: string[] = []\n  try { list = await posts() } catch { console.log('no posts') }\n  return [await a, list]\n}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          suggestions: [
            {
              title: 'Handle its rejection from the start; the later `await` still throws it',
              output: `${API}export async function f() {\n  const a = user()\n  a.catch(() => {})\n  let list: string[] = []\n  try { list = await posts() } catch { console.log('no posts') }\n  return [await a, list]\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'awaited in the branch that waits for something else first',
      code: `${API}export async function f(on: boolean) {\n  const a = user()\n  if (on) {\n    await posts()\n    console.log(await a)\n  }\n  return await a\n}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          suggestions: [
            {
              title: 'Handle its rejection from the start; the later `await` still throws it',
              output: `${API}export async function f(on: boolean) {\n  const a = user()\n  a.catch(() => {})\n  if (on) {\n    await posts()\n    console.log(await a)\n  }\n  return await a\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'awaited only in a function that is made after the wait',
      code: `${API}export async function f() {\n  const a = user()\n  const list = await posts()\n  if (list.length === 0) return undefined\n  const name = async () => (await a).trim()\n  return await name()\n}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          suggestions: [
            {
              title: 'Handle its rejection from the start; the later `await` still throws it',
              output: `${API}export async function f() {\n  const a = user()\n  a.catch(() => {})\n  const list = await posts()\n  if (list.length === 0) return undefined\n  const name = async () => (await a).trim()\n  return await name()\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'the second of two started calls',
      code: LATE,
      errors: [
        {
          level: 'likely',
          line: 5,
          column: 9,
          message:
            '`b` has no handler yet while `await a` is waited for: if `posts` rejects in the meantime, the process ends, whatever `try` is around.',
          related: ['This is waited for in the meantime.', 'Only from here on is its rejection handled.'],
          suggestions: [
            {
              title: 'Wait for both with `Promise.all`',
              output: `${API}export async function f() {\n  const a = user()\n  const b = posts()\n  const [name, list] = await Promise.all([a, b])\n  return [name, list]\n}`,
            },
            {
              title: 'Handle its rejection from the start; the later `await` still throws it',
              output: `${API}export async function f() {\n  const a = user()\n  const b = posts()\n  b.catch(() => {})\n  const name = await a\n  const list = await b\n  return [name, list]\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a comment in between stays',
      code: `${API}export async function f() {\n  const a = user()\n  const b = posts()\n  const name = await a\n  // the slow one\n  const list = await b\n  return [name, list]\n}`,
      errors: [
        {
          suggestions: [
            {
              title: 'Handle its rejection from the start; the later `await` still throws it',
              output: `${API}export async function f() {\n  const a = user()\n  const b = posts()\n  b.catch(() => {})\n  const name = await a\n  // the slow one\n  const list = await b\n  return [name, list]\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'another call awaited first, then joined in a Promise.all',
      code: `${API}export async function f() {\n  const a = user()\n  const list = await posts()\n  return [await Promise.all([a, a]), list]\n}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Handle its rejection from the start; the later `await` still throws it',
              output: `${API}export async function f() {\n  const a = user()\n  a.catch(() => {})\n  const list = await posts()\n  return [await Promise.all([a, a]), list]\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a for await in between, an arrow function, a let',
      code: `${API}declare const events: AsyncIterable<string>\nexport const f = async () => {\n  let a = user()\n  for await (const event of events) console.log(event)\n  return a\n}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Handle its rejection from the start; the later `await` still throws it',
              output: `${API}declare const events: AsyncIterable<string>\nexport const f = async () => {\n  let a = user()\n  a.catch(() => {})\n  for await (const event of events) console.log(event)\n  return a\n}`,
            },
          ],
        },
      ],
    },
  ],
})
