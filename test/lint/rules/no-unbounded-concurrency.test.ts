import { rule } from '../../../lint/rules/no-unbounded-concurrency.ts'
import { testRule } from '../harness/ruleTester.ts'

testRule(rule, {
  valid: [
    {
      name: 'downloads that a limiter runs, here or in the function called',
      level: 'possible',
      code: `import pLimit from 'p-limit'
const limit = pLimit(4)
declare function downloadOne(url: string): Promise<void>
const downloadGently = async (url: string) => { await limit(() => downloadOne(url)) }
export async function f(urls: string[]) {
  await Promise.allSettled(urls.map(async (url) => { await limit(() => downloadOne(url)) }))
  await Promise.allSettled(urls.map((url) => downloadGently(url)))
}`,
    },
    {
      name: 'downloads of what somebody picked: possible only',
      code: `declare function downloadTheme(name: string): Promise<void>
export const f = (names: string[]) => Promise.allSettled(names.map((name) => downloadTheme(name)))`,
    },
    {
      name: 'looks at files, with a comment that asks for something else',
      level: 'possible',
      code: `import { access } from 'node:fs/promises'
export async function f(paths: string[]) {
  // TODO: do this in parallel with the rest
  await Promise.allSettled(paths.map((path) => access(path)))
}`,
    },
    {
      name: 'a limit that a comment speaks of as set: possible only',
      code: `declare const octokit: { remove(name: string): Promise<void> }
export async function f(names: string[]) {
  // The client limits how many run in parallel.
  await Promise.allSettled(names.map((name) => octokit.remove(name)))
}`,
    },
    {
      name: 'a process for each of what one folder holds, which this program put there: possible only',
      code: `import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { promisify } from 'node:util'
const run = promisify(execFile)
export async function unmountAll(root: string) { const mounts = await readdir(root).catch(() => []); await Promise.allSettled(mounts.map((mount) => run('umount', [mount]))) }`,
    },
    {
      name: 'the processes below a process: possible only',
      code: `import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
const run = promisify(execFile)
async function childrenOf(pid: string) { const { stdout } = await run('pgrep', ['-P', pid]); return stdout.split('\\n') }
export async function below(pids: string[]): Promise<unknown> { return Promise.allSettled(pids.map(async (pid) => below(await childrenOf(pid)))) }`,
    },
    {
      name: 'a few fields of what a service answered: possible only',
      code: `export async function f() { const answer = await fetch('/links'); const { mirrors } = await answer.json() as { mirrors: string[] }; await Promise.allSettled(mirrors.map((mirror) => fetch(mirror))) }`,
    },
    {
      name: 'through a function that only counts what it is given',
      level: 'possible',
      code: `const count = (started: Promise<unknown>[]) => started.length
export const f = async () => { const answer = await fetch('/links'); const items = await answer.json() as string[]; return count(items.map((item) => fetch(item))) }`,
    },
    {
      name: 'one page of what a service answered: possible only',
      code: `export async function f() { const answer = await fetch('/links?per_page=20'); const items = await answer.json() as string[]; await Promise.allSettled(items.map((item) => fetch(item))) }`,
    },
    {
      name: 'a message to each of the recipients of something: possible only',
      code: `declare const mailer: { sendMail(to: string): Promise<void> }\nexport const f = (letter: { recipients: string[] }) => Promise.allSettled(letter.recipients.map((to) => mailer.sendMail(to)))`,
    },
    {
      name: 'a code host asked for a few labels: possible only',
      code: `declare const octokit: { rest: { issues: { removeLabel(of: { name: string }): Promise<unknown> } } }
export const f = (labels: string[]) => Promise.allSettled(labels.map((name) => octokit.rest.issues.removeLabel({ name })))`,
    },
    {
      name: 'one client for all, which runs a few at a time',
      level: 'possible',
      code: `import { simpleGit } from 'simple-git'
const git = simpleGit()
export const f = (paths: string[]) => Promise.allSettled(paths.map((path) => git.log({ file: path })))`,
    },
    {
      name: 'extensions, by the name of one',
      level: 'possible',
      code: `export const f = (paths: string[]) => Promise.allSettled(paths.map((extPath) => fetch(extPath)))`,
    },
    {
      name: 'a folder and those below, one file in each: possible only',
      code: `import { readdir, readFile } from 'node:fs/promises'
export async function load(at: string): Promise<void> {
  await readFile(at + '/package.json')
  const directories = await readdir(at)
  await Promise.allSettled(directories.map((directory) => load(directory)))
}`,
    },
    {
      name: 'the parts of a value: possible only',
      code: `export async function fill(value: any): Promise<void> { await fetch(value.url); await Promise.allSettled(Object.values(value).map((part) => fill(part))) }`,
    },
    {
      name: 'a value that is worked out piece by piece, a few of which are asked for: possible only',
      code: `declare function isName(value: unknown): value is string
async function ask(name: string) { return (await fetch(name)).text() }
async function find(name: string) { return name.startsWith('/') ? ask(name) : name }
export async function work(value: unknown[]): Promise<unknown> {
  return Promise.all(value.map((part) => isName(part) ? find(part) : Array.isArray(part) ? work(part) : part))
}`,
    },
    {
      name: 'the files of a tree that is configured: possible only',
      code: `import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
const all = (at: string): string[] => readdirSync(at).flatMap((name) => all(name))
export const f = (skillsDir: string) => Promise.all(all(skillsDir).map((file) => readFile(file)))`,
    },
    {
      name: 'a package that starts all at once is told to limit them',
      level: 'possible',
      code: `import BbPromise from 'bluebird'\nimport { execFile } from 'node:child_process'\nexport const all = (files: string[]) => BbPromise.map(files, (file: string) => execFile('git', ['log', file]), { concurrency: 4 })`,
    },
    {
      name: 'a request for each key, in a function that is handed to somebody: possible only',
      code: `declare function onChoose(act: (keys: string[]) => Promise<unknown>): void
function load(keys: string[]) { return Promise.all(keys.map((key) => fetch(key))) }
onChoose(load)`,
    },
    {
      name: 'files of one folder: possible only',
      code: `import { readdir, readFile } from 'node:fs/promises'
export async function f(folder: string) { const names = await readdir(folder); return Promise.all(names.map((name) => readFile(name, 'utf8'))) }`,
    },
    {
      name: 'an array literal',
      code: `export async function f() { await Promise.all(['/a', '/b'].map((url) => fetch(url))) }`,
    },
    {
      name: 'a constant table',
      code: `const URLS = ['/a', '/b']\nexport async function f() { await Promise.all(URLS.map((url) => fetch(url))) }`,
    },
    {
      name: 'what goes along with one message, by the name of the result: possible only',
      code: `export async function mail(files: string[]) {
  const mailAttachments = await Promise.all(files.map((file) => fetch(file)))
  return mailAttachments.length
}`,
    },
    {
      name: 'what goes along with one message, by the name of the call: possible only',
      code: `async function toAttachment(url: string) { return (await fetch(url)).text() }
export const mail = (urls: string[]) => Promise.allSettled(urls.map(async (url) => await toAttachment(url)))`,
    },
    {
      name: 'the ids of what is registered',
      level: 'possible',
      code: `export async function remove(state: { triggerIds: string[] }) { await Promise.all(state.triggerIds.map((id) => fetch(id, { method: 'DELETE' }))) }`,
    },
    {
      name: 'one file of each package of the repository',
      level: 'possible',
      files: {
        './node_modules/@actions/glob/index.d.ts': `export declare function create(pattern: string): Promise<{ globGenerator(): AsyncGenerator<string> }>`,
      },
      code: `import { create } from '@actions/glob'
export async function upload() {
  const started: Promise<unknown>[] = []
  const globber = await create('packages/*/README.md')
  for await (const file of globber.globGenerator()) started.push(fetch('/upload', { method: 'PUT', body: file }))
  await Promise.all(started)
}`,
    },
    {
      name: 'what the callers in other files choose: possible only',
      files: {
        './pick.ts': `import { load } from './file.js'\ndeclare function ask(): string[]\nexport const chosen = () => load(ask())`,
      },
      code: `export const load = (urls: string[]) => Promise.all(urls.map((url) => fetch(url)))`,
    },
    {
      name: 'a few, which is all that callers in other files give',
      level: 'possible',
      files: { './pick.ts': `import { load } from './file.js'\nexport const both = () => load(['/a', '/b'])` },
      code: `export const load = (urls: string[]) => Promise.all(urls.map((url) => fetch(url)))`,
    },
    {
      name: 'ids, of which somebody chose a few: possible only',
      code: `export const load = (ids: string[]) => Promise.all(ids.map((id) => fetch(id)))`,
    },
    {
      name: 'requests of a view, of which the browser lets a few run: possible only',
      filename: 'file.tsx',
      code: `declare const req: { body: { urls: string[] } }\nexport const f = () => Promise.allSettled(req.body.urls.map((url) => fetch(url)))`,
    },
    {
      name: 'a model call for each of some questions: possible only',
      files: {
        'node_modules/openai/index.d.ts': 'export default class OpenAI { complete(x: string): Promise<string> }',
      },
      code: `import OpenAI from 'openai'\ndeclare function rephrase(question: string): string[]\nconst llm = new OpenAI()\nexport const f = (question: string) => { const queries = rephrase(question); return Promise.allSettled(queries.map((query) => llm.complete(query))) }`,
    },
    {
      name: 'a field: possible only',
      code: `export const load = (rules: { files: string[] }) => Promise.all(rules.files.map((file) => fetch(file)))`,
    },
    {
      name: 'requests for chunks, each of which takes many: possible only',
      code: `declare function toChunks(texts: string[], size: number): string[][]
export const load = (texts: string[]) => Promise.all(toChunks(texts, 100).map((chunk) => fetch('/', { body: chunk.join() })))`,
    },
    {
      name: 'files of one name in a tree: possible only',
      code: `import { glob, readFile } from 'node:fs/promises'
export async function f() { const paths = await Array.fromAsync(glob('**/settings.gradle')); return Promise.all(paths.map((path) => readFile(path))) }`,
    },
    {
      name: 'files of configuration in a tree: possible only',
      files: {
        './node_modules/tinyglobby/index.d.ts': `export declare function glob(pattern: string): Promise<string[]>`,
      },
      code: `import { readFile } from 'node:fs/promises'\nimport { glob } from 'tinyglobby'
export async function f() { const paths = await glob('**/*.toml'); return Promise.all(paths.map((path) => readFile(path))) }`,
    },
    {
      name: 'a tuple',
      code: `export async function f(urls: readonly [string, string]) { await Promise.all(urls.map((url) => fetch(url))) }`,
    },
    {
      name: 'the name of one item says that they are few',
      code: `export async function f(paths: string[]) { await Promise.all(paths.map((workspacePath) => fetch(workspacePath))) }`,
    },
    {
      name: 'what the browser holds in memory: the address says so',
      code: `export async function f(files: { blobUrl: string }[]) { await Promise.all(files.map((file) => fetch(file.blobUrl))) }`,
    },
    {
      name: 'what the browser holds in memory: the function looked',
      code: `async function read(url: string) { if (!url.startsWith('blob:')) return ''; const answer = await fetch(url); return await answer.text() }
        export async function f(files: { url: string }[]) { await Promise.all(files.map((file) => read(file.url))) }`,
    },
    {
      name: 'what the browser holds in memory: the function is made for it',
      code: `const readBlobUrl = async (url: string) => { const answer = await fetch(url); return await answer.text() }
        export async function f(files: { url: string }[]) { await Promise.all(files.map((file) => readBlobUrl(file.url))) }`,
    },
    {
      name: 'rest parameters',
      code: `export async function f(...urls: string[]) { await Promise.all(urls.map((url) => fetch(url))) }`,
    },
    {
      name: 'one slice at a time',
      code: `export async function f(urls: string[]) {
        for (let i = 0; i < urls.length; i += 10) await Promise.all(urls.slice(i, i + 10).map((url) => fetch(url)))
      }`,
    },
    {
      name: 'one chunk at a time',
      code: `declare function chunk<T>(items: T[], size: number): T[][]
        export async function f(urls: string[]) { for (const batch of chunk(urls, 10)) await Promise.all(batch.map((url) => fetch(url))) }`,
    },
    {
      name: 'limited by p-limit',
      code: `import pLimit from 'p-limit'\nconst limit = pLimit(5)
        export async function f(urls: string[]) { await Promise.all(urls.map((url) => limit(() => fetch(url)))) }`,
    },
    {
      name: 'limited inside the function that is called',
      code: `import PQueue from 'p-queue'\nconst queue = new PQueue({ concurrency: 4 })
        async function load(url: string) { return queue.add(() => fetch(url)) }
        export async function f(urls: string[]) { await Promise.all(urls.map(load)) }`,
    },
    {
      name: 'no I/O in the callback',
      code: `export async function f(texts: string[]) { await Promise.all(texts.map(async (text) => JSON.parse(text))) }`,
    },
    {
      name: 'a few things that are configured, not processed',
      code: `export async function f(servers: string[]) { await Promise.all(servers.map((url) => fetch(url))) }`,
    },
    {
      name: 'calls that hold no descriptor',
      code: `import { stat } from 'node:fs/promises'\nexport async function f(files: string[]) { await Promise.all(files.map((file) => stat(file))) }`,
    },
    {
      name: 'a recursion whose calls are one job each for the thread pool',
      code: `import { chown, readdir } from 'node:fs/promises'
        export async function own(folder: string): Promise<void> {
          await chown(folder, 1, 1)
          const children = await readdir(folder)
          await Promise.all(children.map((child) => own(child)))
        }`,
    },
    {
      name: 'turns that wait for a permit',
      code: `declare const gate: { acquire(): Promise<void> }\nexport async function f(urls: string[]) { const started = []; for (const url of urls) { await gate.acquire(); started.push(fetch(url)) } await Promise.all(started) }`,
    },
    {
      name: 'turns that wait for the first of those started',
      code: `export async function f(urls: string[]) { const running = new Set<Promise<unknown>>(); for (const url of urls) { running.add(fetch(url)); if (running.size > 4) await Promise.race([...running]) } await Promise.all([...running]) }`,
    },
    {
      name: 'results that are pushed, one at a time',
      code: `export async function f(urls: string[]) { const got = []; for (const url of urls) got.push(await fetch(url)); return Promise.all(got) }`,
    },
    {
      name: 'a length that is checked first',
      code: `export async function f(urls: string[]) { if (urls.length > 20) throw new RangeError(); await Promise.all(urls.map((url) => fetch(url))) }`,
    },
    {
      name: 'a callback that gets one batch after another',
      code: `declare const model: { findInBatches(each: (urls: string[]) => Promise<unknown>): Promise<void> }\nexport const f = () => model.findInBatches((urls) => Promise.all(urls.map((url) => fetch(url))))`,
    },
    {
      name: 'a function whose callers all give a few',
      code: `async function each(urls: string[]) { await Promise.all(urls.map((url) => fetch(url))) }\nexport const f = () => each(['/a', '/b'])`,
    },
    {
      name: 'a limiter kept in a field by the constructor',
      code: `import pLimit from 'p-limit'\nexport class A { private gate; constructor() { this.gate = pLimit(2) } run(urls: string[]) { return Promise.all(urls.map((url) => this.gate(() => fetch(url)))) } }`,
    },
    {
      name: 'a worker per unit of concurrency',
      code: `export async function f(concurrency: number) { await Promise.all(Array.from({ length: concurrency }, () => fetch('/next'))) }`,
    },
    {
      name: 'test files',
      filename: 'load.test.ts',
      code: `export async function f(urls: string[]) { await Promise.all(urls.map((url) => fetch(url))) }`,
    },
    {
      name: 'what waits for one person, of which there are a few: possible only',
      code: `declare const db: { findMany(o: { where: object }): Promise<string[]> }
export async function f(email: string) { const invitationsForUser = await db.findMany({ where: { email } }); await Promise.all(invitationsForUser.map((url) => fetch(url))) }`,
    },
    {
      name: 'one page of a query',
      code: `declare const db: { findMany(o: { limit: number }): Promise<string[]> }
      export async function f() { const urls = await db.findMany({ limit: 20 }); await Promise.all(urls.map((url) => fetch(url))) }`,
    },
    {
      name: 'a function that the project names as bounded',
      options: { boundedCalls: ['request'] },
      code: `declare function request(url: string): Promise<Response>\nexport async function f(urls: string[]) { await Promise.all(urls.map(async (url) => { await request(url); await fetch(url) })) }`,
    },
    {
      name: 'an input that no evidence calls large',
      code: `export async function f(things: string[]) { await Promise.all(things.map((url) => fetch(url))) }`,
    },
  ],
  invalid: [
    {
      name: 'a message to every user that a query gives',
      code: `declare const db: any, mailer: { sendMail(to: string): Promise<void> }
export async function f() { const users = await db.users.find({ active: true }).lean().exec(); await Promise.allSettled(users.map((user: { email: string }) => mailer.sendMail(user.email))) }`,
      errors: [{ level: 'likely', message: /`find` gives as many as it finds/u }],
    },
    {
      name: 'a download of each image that a text shows, by the name of what downloads',
      code: `declare function imagesIn(html: string): string[]
declare function downloadImage(url: string): Promise<void>
export async function f(html: string) { const images = imagesIn(html); await Promise.allSettled(images.map((image) => downloadImage(image))) }`,
      errors: [{ level: 'likely', message: /starts a network request/u }],
    },
    {
      name: 'a download of each match of a pattern',
      code: `declare function downloadImage(url: string): Promise<void>
export async function f(text: string) {
  const pattern = /<img src="(.*?)">/g, started: Promise<void>[] = []
  let match: RegExpExecArray | null
  while ((match = pattern.exec(text))) started.push(downloadImage(match[1] ?? ''))
  await Promise.allSettled(started)
}`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a download of each link that a callback finds',
      code: `declare function replaceLinks(html: string, by: (url: string) => string): string
declare function downloadPage(url: string): Promise<void>
export async function f(html: string) {
  const urls: string[] = [], started: Promise<void>[] = []
  replaceLinks(html, (url) => { urls.push(url); return url })
  for (const url of urls) started.push(downloadPage(url))
  await Promise.allSettled(started)
}`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'as many links as a controller allows, which may be none',
      code: `declare function downloadPage(url: string): Promise<void>
export async function f(links: string[], controller?: { most: number }) {
  const most = controller ? controller.most : Number.POSITIVE_INFINITY
  const linksAllowed = links.slice(0, most)
  await Promise.allSettled(linksAllowed.map((link) => downloadPage(link)))
}`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'looks at files, where a comment asks for a limit',
      code: `import { access } from 'node:fs/promises'
export async function f(paths: string[]) {
  // TODO: limit how many run in parallel
  await Promise.allSettled(paths.map((path) => access(path)))
}`,
      errors: [{ level: 'likely', message: /starts a file operation/u }],
    },
    {
      name: 'what a limiter does not run',
      code: `import { Mutex } from 'async-mutex'
const mutex = new Mutex()
declare const seen: Set<string>
async function load(url: string) { await mutex.runExclusive(() => { seen.add(url) }); return fetch(url) }
export async function f() { const list = await fetch('/list'); const items = await list.json() as string[]; return Promise.allSettled(items.map((item) => load(item))) }`,
      errors: [{ level: 'likely', related: ['This is a network request that each item starts.'] }],
    },
    {
      name: 'every file of a folder and those below, as its callback renames them',
      code: `import { readdir, readFile } from 'node:fs/promises'
export async function f(root: string) {
  let names: string[]
  try { names = await readdir(root, { recursive: true }).then((found) => found.map((name) => String(name))) } catch { return [] }
  const scripts = names.filter((name) => name.endsWith('.js'))
  return Promise.allSettled(scripts.map((name) => readFile(root + '/' + name)))
}`,
      errors: [{ level: 'likely', message: /starts a file operation/u }],
    },
    {
      name: 'a request for each key that others ask a store for',
      code: `export class Store {
  async load(key: string) { return (await fetch(key)).text() }
  async loadMany(keys: string[]) { const loads = keys.map(this.load); return await Promise.all(loads) }
}`,
      errors: [{ message: /the caller decides how many `keys`/u, level: 'likely', line: 3 }],
    },
    {
      name: 'a process for each line of what a program printed',
      code: `import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
const run = promisify(execFile)
export async function forget(prefix: string) {
  const { stdout } = await run('git', ['for-each-ref', '--format=%(refname)', prefix])
  const refs = stdout.trim().split('\\n').filter(Boolean)
  const removed = refs.map((ref) => run('git', ['update-ref', '-d', ref]))
  await Promise.allSettled(removed)
}`,
      errors: [{ message: /stdout/u, level: 'likely', line: 8 }],
    },
    {
      name: 'a page of a thousand files',
      code: `declare function treeOf(page: number, perPage: number): Promise<{ tree?: string[] } | null>
export async function load() {
  const perPage = 1000
  const texts: string[] = []
  for (let page = 1; ; page++) {
    const treePage = await treeOf(page, perPage)
    if (!treePage) return texts
    const tree = Array.isArray(treePage.tree) ? treePage.tree : []
    const started = tree.filter((path) => path.endsWith('.md')).map(async (path) => (await fetch(path)).text())
    texts.push(...await Promise.all(started))
  }
}`,
      errors: [{ message: /treeOf/u, level: 'likely', line: 10 }],
    },
    {
      name: 'whatever files a pattern finds',
      files: {
        './node_modules/@actions/glob/index.d.ts': `export declare function create(pattern: string): Promise<{ globGenerator(): AsyncGenerator<string> }>`,
      },
      code: `import { create } from '@actions/glob'
export async function upload() {
  const started: Promise<unknown>[] = []
  const globber = await create('logs/**/*.txt')
  for await (const file of globber.globGenerator()) started.push(fetch('/upload', { method: 'PUT', body: file }))
  await Promise.all(started)
}`,
      errors: [{ level: 'likely', line: 6 }],
    },
    {
      name: 'as many requests as the caller has urls',
      code: `export async function f(urls: string[]) {\n  return Promise.all(urls.map((url) => fetch(url)))\n}`,
      errors: [
        {
          level: 'likely',
          line: 2,
          column: 10,
          message:
            /`Promise\.all` over `urls` starts a network request for every item at once, however many there are \(the caller decides/u,
          suggestions: [
            {
              title: 'Run a few at a time with `pool`',
              output: `import { pool } from '@forkline/runtime'\n\nexport async function f(urls: string[]) {\n  return pool({ concurrency: 8 }).map(urls, (url) => fetch(url))\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'an address that is looked at, and may be anywhere',
      code: `async function read(url: string) { if (!url.startsWith('https:')) return ''; const answer = await fetch(url); return await answer.text() }
export async function f(urls: string[]) { return Promise.all(urls.map((url) => read(url))) }`,
      errors: [
        {
          level: 'likely',
          line: 2,
          suggestions: [
            {
              title: 'Run a few at a time with `pool`',
              output: `import { pool } from '@forkline/runtime';

async function read(url: string) { if (!url.startsWith('https:')) return ''; const answer = await fetch(url); return await answer.text() }
export async function f(urls: string[]) { return pool({ concurrency: 8 }).map(urls, (url) => read(url)) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'with the limiter that the file already has',
      code: `import pLimit from 'p-limit'
const limit = pLimit(5)
export async function f(urls: string[]) {
  await limit(async () => 1)
  return Promise.all(urls.map((url) => fetch(url)))
}`,
      errors: [
        {
          suggestions: [
            {
              title: 'Run a few at a time with `limit`',
              output: `import pLimit from 'p-limit'
const limit = pLimit(5)
export async function f(urls: string[]) {
  await limit(async () => 1)
  return Promise.all(urls.map((url) => limit(() => fetch(url))))
}`,
            },
            {
              title: 'Run a few at a time with `pool`',
              output: `import pLimit from 'p-limit'
import { pool } from '@forkline/runtime'
const limit = pLimit(5)
export async function f(urls: string[]) {
  await limit(async () => 1)
  return pool({ concurrency: 8 }).map(urls, (url) => fetch(url))
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'with p-map, where the file has it',
      code: `import pMap from 'p-map'
export async function f(urls: string[]) { return pMap(urls, (url) => fetch(url), { concurrency: 2 }) }
export async function g(urls: string[]) { return await Promise.all(urls.map((url) => fetch(url))) }`,
      errors: [
        {
          line: 3,
          suggestions: [
            {
              title: 'Run a few at a time with p-map',
              output: `import pMap from 'p-map'
export async function f(urls: string[]) { return pMap(urls, (url) => fetch(url), { concurrency: 2 }) }
export async function g(urls: string[]) { return await pMap(urls, (url) => fetch(url), { concurrency: 8 }) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'files of a whole tree, in a call over several lines',
      code: `import { readdir, readFile } from 'node:fs/promises';
export async function f(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return await Promise.all(
    names.map(async (name) => {
      const text = await readFile(name, 'utf8');
      return text;
    }),
  );
}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          message: /a file operation for every item at once/u,
          suggestions: [
            {
              title: 'Run a few at a time with `pool`',
              output: `import { readdir, readFile } from 'node:fs/promises';
import { pool } from '@forkline/runtime';
export async function f(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return await pool({ concurrency: 8 }).map(names, async (name) => {
    const text = await readFile(name, 'utf8');
    return text;
  });
}`,
            },
          ],
        },
      ],
    },
    {
      name: 'through functions of other files: a process for each file of a listing',
      files: {
        'git.ts': `import { execFile } from 'node:child_process'\nimport { promisify } from 'node:util'\nexport async function log(file: string) { return run(file) }\nfunction run(file: string) { return new Promise((resolve) => execFile('git', ['log', file], resolve)) }\nexport { promisify }`,
      },
      code: `import { readdir } from 'node:fs/promises'
import { log } from './git.js'
export async function f(folder: string) {
  const files = await readdir(folder)
  const logs = files.map((file) => log(file))
  return await Promise.allSettled(logs)
}`,
      errors: [
        {
          level: 'likely',
          line: 6,
          message: /a child process for every item at once.*`readdir` lists whatever is there/u,
          related: ['This is a child process that each item starts.'],
        },
      ],
    },
    {
      name: 'collected in a loop',
      code: `export async function f(urls: string[]) {
  const started = []
  for (const url of urls) started.push(fetch(url))
  await Promise.all(started)
}`,
      errors: [{ level: 'likely', line: 4 }],
    },
    {
      name: 'a process for each, through promisify',
      code: `import { exec } from 'node:child_process'\nimport { promisify } from 'node:util'\nconst run = promisify(exec)\nexport const f = (paths: string[]) => Promise.all(paths.map(async (path) => { await run('git log ' + path) }))`,
      errors: [
        {
          level: 'likely',
          message: /a child process/u,
          suggestions: [
            {
              title: 'Run a few at a time with `pool`',
              output: `import { exec } from 'node:child_process'\nimport { promisify } from 'node:util'\nimport { pool } from '@forkline/runtime'\nconst run = promisify(exec)\nexport const f = (paths: string[]) => pool({ concurrency: 8 }).map(paths, async (path) => { await run('git log ' + path) })`,
            },
          ],
        },
      ],
    },
    {
      name: 'through a variable in a loop by index',
      code: `export async function f(urls: string[]) { const all = []; for (let i = 0; i < urls.length; i++) { const started = fetch(urls[i] ?? ''); all.push(started) } return Promise.allSettled(all) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'items of any type: no rewrite, for the callback would take them as unknown',
      code: `declare const listing: any\nexport async function f(): Promise<Response[]> { const urls = await listing(); return Promise.all(urls.map((url) => fetch(url.href))) }`,
      level: 'possible',
      errors: [{}],
    },
    {
      name: 'compared with just any number: that is no limit',
      code: `export async function f(urls: string[], seen: number) { if (urls.length > seen) throw new Error('more than before'); return Promise.all(urls.map((url) => fetch(url))) }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Run a few at a time with `pool`',
              output: `import { pool } from '@forkline/runtime'\n\nexport async function f(urls: string[], seen: number) { if (urls.length > seen) throw new Error('more than before'); return pool({ concurrency: 8 }).map(urls, (url) => fetch(url)) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'by index, in forEach',
      code: `export async function f(urls: string[]) { const all: Promise<Response>[] = []; urls.forEach((url, i) => { all[i] = fetch(url) }); return Promise.any(all) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'Array.from with a callback',
      code: `export const f = (urls: Set<string>) => Promise.all(Array.from(urls, (url) => fetch(url)))`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'what a stream brings',
      code: `export async function f(ids: AsyncIterable<string>) { const all = []; for await (const id of ids) all.push(fetch(id)); return Promise.all(all) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'what all pages gave',
      code: `export async function f() {
  const documents: { url: string }[] = []
  let next: string | undefined = '/documents'
  while (next) { const page = await (await fetch(next)).json() as { results: { url: string }[]; next?: string }; documents.push(...page.results); next = page.next }
  await Promise.allSettled(documents.map(({ url }) => fetch(url)))
}`,
      errors: [{ level: 'likely', message: /`documents` holds what all pages give/u }],
    },
    {
      name: 'a process for each file, started by a package that limits nothing unless it is told to',
      code: `import BbPromise from 'bluebird'\nimport { execFile } from 'node:child_process'\nexport const all = (files: string[]) => BbPromise.map(files, (file: string) => execFile('git', ['log', file]))`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a process for each of the files that somebody has chosen',
      level: 'possible',
      code: `import { execFile } from 'node:child_process'\nexport const setInputFiles = { async setInputFiles(paths: string[]) { await Promise.allSettled(paths.map((path) => execFile('wslpath', [path]))) } }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'an upload for each file of one folder',
      code: `import { readdir } from 'node:fs/promises'\nconst upload = (name: string) => fetch('/', { method: 'PUT', body: name })\nexport const all = async () => { const names = await readdir('.'); await Promise.allSettled(names.map((name) => upload(name))) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a request for each file of one folder, which the program itself may have put there',
      level: 'possible',
      code: `import { readdir } from 'node:fs/promises'\nexport const all = async () => { const names = await readdir('.'); await Promise.allSettled(names.map((name) => fetch(name))) }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'a request for each of the documents in an answer',
      code: `const get = async (path: string) => (await fetch(path)).json()\nexport const all = async (title: string) => { const answer = await get('/search?title=' + title); return Promise.allSettled(answer.docs.map((doc: { key: string }) => get(doc.key))) }`,
      errors: [{ level: 'likely', message: /nothing limits `docs`/u }],
    },
    {
      name: 'a request for each of the documents in an answer of which so many were asked for',
      level: 'possible',
      code: `const get = async (path: string) => (await fetch(path)).json()\nexport const all = async (title: string) => { const answer = await get('/search?limit=10&title=' + title); return Promise.allSettled(answer.docs.map((doc: { key: string }) => get(doc.key))) }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'a request for each of the documents of what a function is given',
      level: 'possible',
      code: `interface Envelope { docs: string[] }\nexport const all = async (envelope: Envelope) => Promise.allSettled(envelope.docs.map((doc) => fetch(doc)))`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'files of a pattern that is left open where nobody says otherwise',
      code: `import { readFile } from 'node:fs/promises'\ndeclare function glob(pattern: string): Promise<string[]>\nexport const all = async ({ pattern = '**/*' }: { pattern?: string }) => { const names = await glob(pattern); return Promise.allSettled(names.map((name) => readFile(name))) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'files that a listing gives to the callback of then',
      code: `import { readFile } from 'node:fs/promises'\ndeclare function glob(pattern: string): Promise<string[]>\nexport const all = (pattern?: string) => glob(pattern ?? '**/*').then(async (names) => Promise.allSettled(names.map((name) => readFile(name))))`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'files of which a project has a few',
      level: 'possible',
      code: `import { readFile } from 'node:fs/promises'\ndeclare function glob(pattern: string): Promise<string[]>\nexport const all = async () => { const templateFiles = await glob('**/*'); return Promise.allSettled(templateFiles.map((name) => readFile(name))) }`,
      errors: [{ level: 'possible' }],
    },
    {
      name: 'ids that a caller in another file has from a listing',
      files: {
        './all.ts': `import { readdir } from 'node:fs/promises'\nimport { load } from './file.js'\nexport const all = async () => load(await readdir('.', { recursive: true }))`,
      },
      code: `export const load = (ids: string[]) => Promise.allSettled(ids.map((id) => fetch(id)))`,
      errors: [
        {
          level: 'likely',
          message: /`readdir` lists whatever is there/u,
          related: ['This is where the items come from.'],
        },
      ],
    },
    {
      name: 'a model call for each chunk, each a promise made by hand',
      files: {
        'node_modules/openai/index.d.ts':
          'export default class OpenAI { embeddings: { create(x: string[]): Promise<number[]> } }',
      },
      code: `import OpenAI from 'openai'
declare function toChunks(texts: string[], size: number): string[][]
export class A {
  client = new OpenAI()
  async run(texts: string[]) {
    const started: Promise<number[]>[] = []
    for (const chunk of toChunks(texts, 16)) started.push(new Promise((resolve) => { this.client.embeddings.create(chunk).then(resolve, () => { resolve([]) }) }))
    return await Promise.all(started)
  }
}`,
      errors: [
        { level: 'likely', message: /starts a model call/u, related: ['This is a model call that each item starts.'] },
      ],
    },
    {
      name: 'a code host asked for each of its repositories',
      code: `declare const octokit: { rest: { repos: { get(of: { repo: string }): Promise<unknown> } } }
export const f = (config: { repos: string[] }) => Promise.allSettled(config.repos.map((repo) => octokit.rest.repos.get({ repo })))`,
      errors: [{ level: 'likely', message: /starts a network request/u }],
    },
    {
      name: 'a client of its own for each path, whatever each client limits',
      code: `import { glob } from 'node:fs/promises'
import { simpleGit } from 'simple-git'
export async function f(pattern: string) {
  const paths = await Array.fromAsync(glob(pattern))
  await Promise.allSettled(paths.map(async (path) => simpleGit(path).log()))
}`,
      errors: [{ level: 'likely', message: /a child process/u }],
    },
    {
      name: 'what each run of a program leaves in one folder',
      code: `import { readdir, readFile } from 'node:fs/promises'
export async function listSessions(folder: string) { const names = await readdir(folder); return Promise.allSettled(names.map((name) => readFile(name))) }`,
      errors: [{ level: 'likely', message: /`readdir` lists whatever is there/u }],
    },
    {
      name: 'several patterns, the first of which leaves open what the files are called',
      code: `import { glob } from 'tinyglobby'
import { readFile } from 'node:fs/promises'
export async function f(root: string) {
  const patterns = [\`\${root}/**/*.{js,ts}\`, \`!\${root}/**/node_modules\`]
  const files = await glob(patterns)
  await Promise.allSettled(files.map((file) => readFile(file)))
}`,
      errors: [{ level: 'likely', message: /`glob` lists whatever is there/u }],
    },
    {
      name: 'collected by name',
      code: `export const f = async () => {
  const answer = await fetch('/links')
  const items = await answer.json() as string[]
  const started: Record<string, Promise<unknown>> = {}
  for (const item of items) started[item] = fetch(item)
  await Promise.all(Object.values(started))
}`,
      errors: [{ level: 'likely', message: /over `items` starts a network request/u }],
    },
    {
      name: 'through a function that waits for all it is given',
      code: `const settle = async (started: Promise<unknown>[]) => { const ended = await Promise.allSettled(started); return ended.length }
export const f = async () => { const answer = await fetch('/links'); const items = await answer.json() as string[]; return settle(items.map((item) => fetch(item))) }`,
      errors: [{ level: 'likely', message: /`settle` over `items` starts a network request/u }],
    },
    {
      name: 'all that a service answered with',
      code: `export async function f() { const answer = await fetch('/links'); const items = await answer.json() as string[]; await Promise.allSettled(items.map((item) => fetch(item))) }`,
      errors: [{ level: 'likely', message: /`Promise.allSettled` over `items` starts a network request/u }],
    },
    {
      name: 'a request for each of what lies below, and so on',
      code: `export async function load(node: { url: string; nested: any[] }): Promise<void> { await fetch(node.url); await Promise.allSettled(node.nested.map((below) => load(below))) }`,
      errors: [{ level: 'likely', related: ['This is a network request that each item starts.'] }],
    },
    {
      name: 'the same, of what is kept by its name',
      code: `export async function load(node: { url: string; nested: Record<string, any> }): Promise<void> { await fetch(node.url); await Promise.allSettled(Object.values(node.nested).map((below) => load(below))) }`,
      errors: [{ level: 'likely', related: ['This is a network request that each item starts.'] }],
    },
    {
      name: 'the files that a function of the program finds in a tree',
      code: `import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
const all = (at: string): string[] => readdirSync(at).flatMap((name) => all(name))
export const f = (root: string) => Promise.allSettled(all(root).map((file) => readFile(file)))`,
      errors: [{ level: 'likely', message: /`all` lists whatever is there/u }],
    },
    {
      name: 'a folder and those below, each as soon as it is read',
      code: `import { readdir, readFile } from 'node:fs/promises'
export async function load(at: string): Promise<void> {
  const paths = await readdir(at)
  await Promise.allSettled(paths.map(async (path) => { if (path.endsWith('/')) await load(path); else await readFile(path) }))
}`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'all files of a kind in a workspace',
      files: {
        './node_modules/vscode/index.d.ts': `export declare const workspace: { findFiles(pattern: string): Promise<string[]>; fs: { readFile(path: string): Promise<Uint8Array> } }`,
      },
      code: `import * as vscode from 'vscode'
export async function f() { const uris = await vscode.workspace.findFiles('**/*.{ts,tsx}'); await Promise.allSettled(uris.map(async (uri) => { await vscode.workspace.fs.readFile(uri) })) }`,
      errors: [{ level: 'likely', message: /`findFiles` lists whatever is there/u }],
    },
    {
      name: 'as many as the schema of a procedure lets its clients send',
      code: `import { z } from 'zod'
declare const procedure: any
const body = z.object({ emails: z.array(z.string()) })
export const route = procedure.input(body).mutation(async ({ input }: any) => { await Promise.allSettled(input.emails.map((email: string) => fetch(email))) })`,
      errors: [{ level: 'likely', message: /the sender of the request decides how many `emails`/u }],
    },
    {
      name: 'a mail for each address in a request',
      code: `declare const req: { body: { emails: string[] } }\ndeclare const mailer: { sendMail(to: string): Promise<void> }\nexport async function f() { const { emails } = req.body; await Promise.allSettled(emails.map(async (email) => { await mailer.sendMail(email) })) }`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a model call for each text, wherever the texts are from',
      files: {
        'node_modules/openai/index.d.ts': 'export default class OpenAI { complete(x: string): Promise<string> }',
      },
      code: `import OpenAI from 'openai'\ndeclare function textsIn(body: unknown): string[]\nconst llm = new OpenAI()\nexport const f = (body: unknown) => { const texts = textsIn(body); return Promise.allSettled(texts.filter(Boolean).map((text) => llm.complete(text))) }`,
      errors: [{ level: 'likely', message: /starts a model call/u }],
    },
    {
      name: 'a process for each path that a caller gives, wherever it has them from',
      files: {
        './log.ts': `import { show } from './file.js'\ndeclare function changed(): string[]\nexport const log = () => show(changed())`,
      },
      code: `import { execFile } from 'node:child_process'\nimport { promisify } from 'node:util'\nconst run = promisify(execFile)\nexport const show = (paths: string[]) => Promise.allSettled(paths.map((path) => run('git', ['show', path])))`,
      errors: [{ level: 'likely' }],
    },
    {
      name: 'a process for each path, wherever the paths are from',
      code: `import { execFile } from 'node:child_process'\nimport { promisify } from 'node:util'\nconst run = promisify(execFile)\ndeclare function changed(): Promise<string[]>\nexport async function f() { const changedPaths = await changed(); await Promise.allSettled(changedPaths.map((path) => run('git', ['show', path]))) }`,
      errors: [{ level: 'likely', message: /starts a child process/u }],
    },
    {
      name: 'the body of a request',
      code: `declare const req: { body: { urls: string[] } }\nexport const f = () => Promise.allSettled(req.body.urls.map((url) => fetch(url)))`,
      errors: [{ level: 'likely', message: /the sender of the request decides how many `urls`/u }],
    },
    {
      name: 'what is made of many',
      files: {
        'node_modules/openai/index.d.ts': 'export default class OpenAI { complete(x: string): Promise<string> }',
      },
      code: `import OpenAI from 'openai'\ndeclare function pack(texts: string[]): string[]\nexport class A { llm = new OpenAI(); async run(texts: string[]) { const packedTexts = pack(texts); return Promise.all(packedTexts.map((t) => this.llm.complete(t))) } }`,
      errors: [
        {
          level: 'likely',
          message: /a model call/u,
          suggestions: [
            {
              title: 'Run a few at a time with `pool`',
              output: `import OpenAI from 'openai'\nimport { pool } from '@forkline/runtime'\ndeclare function pack(texts: string[]): string[]\nexport class A { llm = new OpenAI(); async run(texts: string[]) { const packedTexts = pack(texts); return pool({ concurrency: 8 }).map(packedTexts, (t) => this.llm.complete(t)) } }`,
            },
          ],
        },
      ],
    },
  ],
})
