import { rule } from '../../../lint/rules/no-needless-sequential-await.ts'
import { testRule } from '../harness/ruleTester.ts'

const READS = `const getUser = async (id: string) => fetch('/users/' + id)\nconst getPosts = async (id: string) => fetch('/posts/' + id)\nconst savePost = async (id: string) => fetch('/save/' + id)\n`

testRule(rule, {
  valid: [
    {
      name: 'the second uses the first',
      level: 'possible',
      code: `${READS}export async function f(id: string) { const user = await getUser(id); const posts = await getPosts(user.url); return [user, posts] }`,
    },
    {
      name: 'the second uses a part of the first',
      level: 'possible',
      code: `${READS}export async function f(id: string) { const { url } = await getUser(id); const posts = await getPosts(url); return posts }`,
    },
    {
      name: 'a write',
      level: 'possible',
      code: `${READS}export async function f(id: string) { const saved = await savePost(id); const posts = await getPosts(id); return [saved, posts] }`,
    },
    {
      name: 'something happens between',
      level: 'possible',
      code: `${READS}declare function check(x: Response): void\nexport async function f(id: string) { const user = await getUser(id); check(user); const posts = await getPosts(id); return posts }`,
    },
    {
      name: 'a transaction',
      level: 'possible',
      code: `${READS}declare const tx: { getUser(id: string): Promise<Response> }\nexport async function f(id: string) { const a = await tx.getUser(id); const b = await tx.getUser('x'); return [a, b] }`,
    },
    {
      name: 'pages',
      level: 'possible',
      code: `const getPage = async (n: number) => fetch('/' + n)\nexport async function f() { const a = await getPage(1); const b = await getPage(2); return [a, b] }`,
    },
    {
      name: 'nothing known to reach out',
      level: 'possible',
      code: `declare function getA(): Promise<number>\ndeclare function getB(): Promise<number>\nexport async function f() { const a = await getA(); const b = await getB(); return a + b }`,
    },
    {
      name: 'arguments that do something',
      level: 'possible',
      code: `${READS}let n = 0\nexport async function f() { const a = await getUser(String(n++)); const b = await getPosts(String(n++)); return [a, b] }`,
    },
    {
      name: 'not shown unless asked for',
      code: `${READS}export async function f(id: string) { const user = await getUser(id); const posts = await getPosts(id); return [user, posts] }`,
    },
  ],
  invalid: [
    {
      name: 'two reads of the same input',
      level: 'possible',
      code: `${READS}export async function f(id: string) {\n  const user = await getUser(id)\n  const posts = await getPosts(id)\n  return [user, posts]\n}`,
      errors: [
        {
          level: 'possible',
          line: 6,
          column: 23,
          message: /`getPosts` waits for `getUser` to end/u,
          related: ['This could run at the same time.'],
          suggestions: [
            {
              title: 'Start both, and await them with `Promise.all`',
              output: `${READS}export async function f(id: string) {\n  const [user, posts] = await Promise.all([getUser(id), getPosts(id)])\n  return [user, posts]\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'with a comment between: no suggestion',
      level: 'possible',
      code: `${READS}export async function f(id: string) {\n  const user = await getUser(id)\n  // and then\n  const posts = await getPosts(id)\n  return [user, posts]\n}`,
      errors: [{ level: 'possible', line: 7 }],
    },
  ],
})
