import { rule } from '../../../lint/rules/no-unjoined-promise.ts'
import { testRule } from '../harness/ruleTester.ts'

const SAVE = 'declare function save(user: string): Promise<boolean>\ndeclare function log(text: string): void\n'

testRule(rule, {
  valid: [
    {
      name: 'awaited later',
      code: `${SAVE}export async function f() { const saved = save('a'); log('x'); await saved }`,
    },
    {
      name: 'consumed on one path',
      level: 'possible',
      code: `${SAVE}export async function f(on: boolean) { const saved = save('a'); if (on) await saved }`,
    },
    { name: 'returned', code: `${SAVE}export async function f() { const saved = save('a'); return saved }` },
    {
      name: 'handed on',
      code: `${SAVE}declare function keep(p: Promise<boolean>): void\nexport async function f() { const saved = save('a'); keep(saved) }`,
    },
    {
      name: 'void says that it is meant',
      level: 'possible',
      code: `${SAVE}export async function f() { const saved = save('a'); void saved }`,
    },
    {
      name: 'a handler is attached',
      level: 'possible',
      code: `${SAVE}export async function f() { const saved = save('a'); saved.catch(log) }`,
    },
    {
      name: 'a handler where it begins',
      level: 'possible',
      code: `${SAVE}export async function f() { const saved = save('a').catch(log) }`,
    },
    {
      name: 'a name that says that it is not used',
      level: 'possible',
      code: `${SAVE}export async function f() { const _saved = save('a') }`,
    },
    {
      name: 'captured by a function that may run later',
      code: `${SAVE}export async function f() { const saved = save('a'); return () => saved }`,
    },
    {
      name: 'a thenable that is no promise does something of its own',
      code: `declare function query(): { then(done: (rows: string[]) => void): void }\nexport async function f() { const rows = query() }`,
    },
    {
      name: 'examples',
      filename: 'examples/save.ts',
      code: `${SAVE}export async function f() { const saved = save('a') }`,
    },
    { name: 'tests', filename: 'user.test.ts', code: `${SAVE}export async function f() { const saved = save('a') }` },
    {
      name: 'a callee that cannot reject',
      code: `async function mark() { console.log(1) }\nexport async function f() { const marked = mark() }`,
    },
    {
      name: 'tested, and awaited too',
      level: 'possible',
      code: `${SAVE}export async function f(on: boolean) { const saved = on ? save('a') : undefined; if (saved) await saved }`,
    },
  ],
  invalid: [
    {
      name: 'never looked at',
      code: `${SAVE}export async function f() {\n  const saved = save('a')\n  log('done')\n}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          column: 9,
          message: 'Nothing ever waits for `saved`: what `save` brings is lost, and a rejection is unhandled.',
          suggestions: [
            {
              title: 'Wait for it here',
              output: `${SAVE}export async function f() {\n  const saved = await save('a')\n  log('done')\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'only tested: a promise always counts as true',
      code: `${SAVE}export async function f() {\n  const saved = save('a')\n  if (!saved) log('failed')\n}`,
      errors: [
        {
          level: 'certain',
          message: /`saved` is a promise, which always counts as true/u,
          related: ['It is tested here.'],
          suggestions: [
            {
              title: 'Wait for it here',
              output: `${SAVE}export async function f() {\n  const saved = await save('a')\n  if (!saved) log('failed')\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'in a method, in JavaScript',
      filename: 'file.js',
      code: `/** @returns {Promise<void>} */\nasync function save() { await fetch('/') }\nexport class A { async f() { const saved = save() } }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Wait for it here',
              output: `/** @returns {Promise<void>} */\nasync function save() { await fetch('/') }\nexport class A { async f() { const saved = await save() } }`,
            },
          ],
        },
      ],
    },
    {
      name: 'another variable of that name, in another function, is no use of it',
      level: 'possible',
      code: `${SAVE}export function f() { const saved = save('a') }\nexport async function g() { const saved = save('b'); await saved }`,
      errors: [{ level: 'possible', line: 3 }],
    },
    {
      name: 'in a synchronous function: possible',
      level: 'possible',
      code: `${SAVE}export function f() { const saved = save('a') }`,
      errors: [{ level: 'possible' }],
    },
  ],
})
