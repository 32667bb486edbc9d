/** ESLint's `no-await-in-loop`. */
import { describeParity } from './parity.ts'

const API =
  'declare function save(row: string): Promise<void>\ndeclare function page(token: string): Promise<{ rows: string[]; next: string }>\n'

describeParity('no-await-in-loop', [
  {
    name: 'reads side by side that need nothing of one another',
    verdict: 'must',
    why: 'the gain is real there, and the change small; worth a look, no more',
    by: ['no-needless-sequential-await', 'possible'],
    code: [
      `const getUser = async (id: string) => fetch(\`/users/\${id}\`)\nconst getPosts = async (id: string) => fetch(\`/posts/\${id}\`)
export async function f(id: string) { const user = await getUser(id); const posts = await getPosts(id); return [user, posts] }`,
    ],
  },
  {
    name: 'an await in a loop, of any kind',
    verdict: 'out of scope',
    why: 'one after another is right more often than not (order, back-pressure, rate limits); unbounded concurrency is what the advice leads to',
    code: [
      `${API}export async function f(rows: string[]) { for (const row of rows) await save(row) }`,
      `${API}export async function f(rows: string[]) { for (const row of rows) { await save(row) } }`,
      `${API}export async function f(rows: Record<string, string>) { for (const key in rows) await save(key) }`,
      `${API}export async function f(rows: string[]) { for (let i = 0; i < rows.length; i++) await save(String(i)) }`,
      `${API}export async function f() { let rows = 3; do { await save('a') } while (--rows > 0) }`,
    ],
  },
  {
    name: 'pages, retries and streams',
    verdict: 'must not',
    why: 'each turn needs the one before',
    code: [
      `${API}export async function f() { let next = ''; do { const got = await page(next); next = got.next } while (next !== '') }`,
      `${API}export async function f(rows: AsyncIterable<string>) { for await (const row of rows) await save(row) }`,
      `${API}export async function f() { for (let attempt = 0; attempt < 3; attempt++) { try { return await page('') } catch { await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt)) } } return undefined }`,
    ],
  },
  {
    name: 'the same work made concurrent without a bound',
    verdict: 'must',
    why: 'theirs asks for this; ours reports it, where the number of items is unknown and each reaches out',
    by: ['no-unbounded-concurrency', 'likely'],
    code: ['export async function f(urls: string[]) { return await Promise.all(urls.map(async (url) => fetch(url))) }'],
  },
])
