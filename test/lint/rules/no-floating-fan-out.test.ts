import { rule } from '../../../lint/rules/no-floating-fan-out.ts'
import { testRule } from '../harness/ruleTester.ts'
import { mended } from './droppedCall.ts'

const SAVE = 'declare function save(user: string): Promise<void>\ndeclare function load(): Promise<string>\n'

const IN_TRY = mended(
  `${SAVE}export class Store {\n  async load() {\n    try { `,
  'this.ensure()',
  " } catch (error) { console.error(error) }\n  }\n  private async ensure() { await save('a') }\n}",
)
/** All others wait for `save`, so that one drop is a slip unless something speaks for it. */
const SAVED = `\nexport const saved = async () => { await save('a'); await save('b'); await save('c') }`
const IN_WIDE_TRY = mended(
  `${SAVE}declare function setupMenu(): Promise<void>\nexport async function f() { try { `,
  'setupMenu()',
  `; await save('a') } catch (error) { console.error(error) } }`,
)
const IN_AND = mended(
  "import { api } from './api.ts'\nexport async function f(on: boolean) {\n  on && ",
  'api?.push()',
  '\n}',
)
const RETURNED = mended(
  `${SAVE}async function update() { try { return save('a') } catch { return undefined } }\nexport async function f() { await load(); `,
  'update()',
  ' }',
)
const NAMELESS = mended(
  "declare const store: { save?(): Promise<void> }\nexport const f = [async () => { await fetch('/'); ",
  'store.save?.()',
  ' }]',
)
const TOLD = mended(
  `declare function request(options: { url: string, ignoreFailure: boolean }): Promise<void>
const drop = async (id: string) => [await request({ url: '/jobs/' + id, ignoreFailure: false }), await fetch(id)]
export async function f() {
  await fetch('/')
  `,
  "drop('1')",
  '\n}',
)
const BARE = mended('declare function go(): Promise<void>\nexport async function f() { ', 'go()', ' }')
const CHECKED = mended(
  `${SAVE}declare function assertOpen(order: string): Promise<void>\nexport async function f() {\n  `,
  "assertOpen('a')",
  "\n  return 'sent'\n}",
)
const ASYNC_FOR_IT = mended(`${SAVE}export async function f(user: string) {\n  `, 'save(user)', '\n  return user\n}')
const BY_OTHERS = mended(
  "import { load, save } from './store.ts'\nexport async function f() { await load(); ",
  "save('a')",
  ' }',
)
const MEANT_TO_FAIL = mended(
  `${SAVE}export async function f() { try { `,
  "save('a')",
  `; await load() } catch (error) { console.error(error) } }
export async function g() { await load(); save('b') }\nexport async function h() { await load(); save('c') }`,
)
const UNSEEN = mended(
  `import { send } from 'not-installed'
async function tell() { try { return send('a') } catch { return undefined } }
export async function f() {
  await fetch('/')
  `,
  'tell()',
  '\n  await tell()\n}',
)
const DEFERRED = `${SAVE}declare function useEffect(run: () => void): void\ndeclare const first: { resolve(value: string): void; reject(error: unknown): void }\nexport function Page() {\n  useEffect(() => {\n    load().then(async (value) => {\n      first.resolve(value)\n    })\n  })\n  return null\n}`

testRule(rule, {
  valid: [
    {
      name: 'tests that their runner waits for, and tells of',
      code: `import test, { describe } from 'node:test'
declare function save(name: string): Promise<void>
describe('saving', async () => {
  await save('a')
  test('saves', async () => { await save('b') })
})`,
      level: 'possible',
    },
    {
      name: 'a promise that nothing ever rejects, and that settles another one',
      code: `declare const stream: { on(event: string, run: () => void): void }
function ended() { return new Promise<void>((done) => { stream.on('end', () => { done() }) }) }
export const f = () => new Promise<void>((resolve) => { stream.on('open', () => { ended().then(resolve) }) })`,
    },
    {
      name: 'an event that is told to a view, in a try: possible only',
      code: `interface View { handleEvent(name: string): Promise<void> }
export async function f(view: View) {
  try {
    if (!(await fetch('/')).ok) view.handleEvent('failed')
  } catch (error) { console.error(error) }
}`,
    },
    {
      name: 'a write to a stream that nobody reads yet, though others are waited for: possible only',
      code: `export async function f(lines: string[]) {
  const { readable, writable } = new TransformStream<string, string>()
  const writer = writable.getWriter()
  writer.write('first')
  const answer = await fetch('/', { method: 'POST', body: readable })
  return answer
}
export async function g(writer: WritableStreamDefaultWriter<string>) {
  await writer.write('a')
  await writer.write('b')
  await writer.write('c')
}`,
    },
    {
      name: 'a link that ends a chain nobody waits for, one that gives something back, and one that writes nothing',
      code: `${SAVE}declare function draw(): Promise<void>
export function f(user: string) { void load().then(() => { save(user) }).catch(console.error) }
export const g = (user: string) => load().then((name) => { if (!name) return name; save(user) })
export const h = () => load().then(() => { draw() })`,
    },
    {
      name: 'what a notice is answered with, at the end of a try',
      code: `import { window } from 'vscode'\nexport async function f() {\n  try {\n    await fetch('/')\n    window.showInformationMessage('done').then((answer: string) => { console.log(answer) })\n  } catch (error) { console.error(error) }\n}`,
    },
    {
      name: 'what somebody is asked, which hardly fails: possible only',
      code: `declare const window: { showQuickPick(names: string[]): Promise<string> }
export function ask(names: string[]) {
  return new Promise<string>((resolve) => { window.showQuickPick(names).then((name) => { resolve(name) }) })
}`,
    },
    {
      name: 'async work that tells those who wait of its failure, and work from elsewhere',
      code: `${SAVE}async function outside(told: (user: string) => void) { told(await load()) }
export function f() {
  return new Promise<string>((resolve, reject) => {
    (async () => { try { resolve(await load()) } catch (error) { reject(error) } })()
    outside(resolve)
  })
}`,
    },
    {
      name: 'in a try for many things, but dropped everywhere: possible only',
      code: `declare function tell(text: string): Promise<void>
export async function f() { try { await fetch('/'); if (!await fetch('/a')) { tell('a') } else { await fetch('/b') } } catch (error) { console.error(error) } }
export function g() { tell('b') }
export function h() { tell('c') }
export function i() { tell('d') }
export const others = [() => { tell('e') }, () => { tell('f') }]`,
    },
    {
      name: 'what is fetched for its value, for later: possible only',
      code: `declare function getUsers(shop: string): Promise<string[]>\nexport async function f(shop: string) { getUsers(shop); await fetch('/'); return (await getUsers(shop)).length }\nexport const others = async () => [await getUsers('a'), await getUsers('b')]`,
    },
    {
      name: 'a comment above the condition says that nobody waits',
      code: `${SAVE}export async function f(user: string) {
  await load()
  // Kick off the save, events tell of it.
  if (user) {
    save(user)
  }
  // Kick off the load as well.
  if (user) save('other')
}${SAVED}`,
    },
    {
      name: 'a callee that catches all, and waits for a line in the log',
      code: `${SAVE}declare const host: { debug(line: string): Promise<void> }
async function trap(run: () => Promise<void>) { try { await run() } catch (error) { await host.debug(String(error)) } }
export async function f(user: string) { await load(); if (user) { trap(() => save(user)) }; await trap(() => save('a')) }`,
    },
    {
      name: 'a stream that nobody reads on: possible only',
      code: `export async function f() {
  try {
    const response = await fetch('/')
    if (!response.ok) response.body?.cancel()
    return await response.text()
  } catch { return '' }
}`,
    },
    {
      name: 'an async callback that nobody need wait for',
      code: `${SAVE}declare function each(run: () => void | Promise<void>): void\nexport const f = () => { each(async () => { save('a') }) }`,
    },
    {
      name: 'a callback of its own, one that is told of a failure, and one that fails instead of success',
      code: `${SAVE}export function f(done: (failure: unknown, user?: string) => void) {
  load().then((user) => { const done = (...given: unknown[]) => given; done(null, user) })
  load().then((user) => { done(null, user) }, done)
  load().then((user) => { done(new Error(user)) })
}`,
    },
    {
      name: 'a callee whose calls of unknown type only answer the request, or see what is there',
      filename: 'file.js',
      code: `import fs from 'not-installed'
async function remove(path, res) {
  if (!(await fs.pathExists(path))) return res.status(404).send('none')
  await fs.remove(path).catch(() => undefined)
}
export async function f(path, res) {
  await fetch(path)
  if (path) await remove(path, res)
  else remove('all', res)
}`,
    },
    {
      name: 'a callee that catches all that its span records',
      code: `import { tracer } from 'not-installed'
${SAVE}function setTitle(user: string): Promise<void> {
  return tracer.startActiveSpan('title', async () => { try { await save(user) } catch (error) { console.error(error) } })
}
export async function f(user: string) { await load(); setTitle(user) }`,
    },
    {
      name: 'a list of promises of which none can reject',
      code: `declare function rest(): Promise<void>
async function quiet(): Promise<void> { try { await rest() } catch { /* seen */ } }
export function all(names: string[]) {
  return new Promise<number>((resolve) => {
    const started: Promise<void>[] = []
    for (const _ of names) {
      var one = quiet()
      started.push(one)
    }
    Promise.all(started).then(() => { resolve(started.length) })
  })
}`,
    },
    {
      name: 'the last act of a function that is dropped itself: possible only',
      code: `${SAVE}async function work(user: string) {
  await load()
  if (user) {
    save(user)
    return
  }
  await save('nobody')
}
export async function f() { await load(); void work('a') }
export async function g() { work('b'); await load() }${SAVED}`,
      level: 'likely',
    },
    {
      name: 'what tells others, by what it is called on: possible only',
      code: `declare const notificationManager: { onJobDone(job: string): Promise<void> }
export async function f(job: string) { await fetch(job); if (job) await notificationManager.onJobDone('first'); notificationManager.onJobDone(job) }\nexport const others = async () => { await notificationManager.onJobDone('a'); await notificationManager.onJobDone('b') }`,
    },
    {
      name: 'a callback that starts its own function again: possible only',
      code: `${SAVE}declare const server: { closed: Promise<void> }
export async function attach(id: string): Promise<void> {
  await save(id)
  server.closed.then(async () => { await load(); attach(id) }, console.error)
}\nexport const others = async () => { await attach('a'); await attach('b'); await attach('c') }`,
    },
    {
      name: 'questions to the user: possible only',
      code: `${SAVE}declare function promptForReload(reason: string): Promise<void>
export async function f() { await load(); promptForReload('new'); await promptForReload('old') }\nexport const others = async () => { await promptForReload('a'); await promptForReload('b') }`,
    },
    {
      name: 'what a page is told: possible only',
      code: `${SAVE}declare const page: { postStateToWebview(): Promise<void> }
export async function f() { await load(); page.postStateToWebview(); await page.postStateToWebview() }\nexport const others = async () => { await page.postStateToWebview(); await page.postStateToWebview() }`,
    },
    {
      name: 'a listener that is told: possible only',
      code: `${SAVE}const stateListener = () => save('state')
export async function f() { await load(); try { stateListener() } catch (error) { console.error(error) } }`,
    },
    {
      name: 'a call that is told to keep its failures to itself',
      level: 'possible',
      code: `declare function request(options: { url: string; ignoreFailure: boolean }): Promise<void>
async function drop(id: string) { await request({ url: '/jobs/' + id, ignoreFailure: true }) }
export async function f() { await fetch('/'); drop('1') }`,
    },
    { name: 'awaited', code: `${SAVE}export async function f() { await save('a') }` },
    { name: 'returned', code: `${SAVE}export async function f() { return save('a') }` },
    {
      name: 'void says that it is meant',
      level: 'possible',
      code: `${SAVE}export async function f() { await load(); void save('a') }`,
    },
    {
      name: 'a handler of its own',
      level: 'possible',
      code: `${SAVE}export async function f() { await load(); save('a').catch(console.error) }`,
    },
    {
      name: 'a handler as the second argument of then',
      level: 'possible',
      code: `${SAVE}export async function f() { save('a').then(() => {}, console.error) }`,
    },
    {
      name: 'allSettled never rejects',
      level: 'possible',
      code: `${SAVE}export async function f() { Promise.allSettled([save('a')]) }`,
    },
    {
      name: 'the callee cannot reject: its whole body is in try/catch',
      level: 'possible',
      code: `${SAVE}async function safe() { try { await save('a') } catch { console.error('lost') } }
        export async function f() { safe(); await safe() }`,
    },
    {
      name: 'the callee cannot reject: what it answers comes from a package that is not installed',
      level: 'possible',
      code: `${SAVE}import { left, right } from 'not-installed'
async function safe() { try { await save('a'); return right(true) } catch { return left('lost') } }
export async function f() { safe(); await safe() }`,
    },
    {
      name: 'the callee cannot reject: what it waits for are tasks in try/catch',
      level: 'possible',
      code: `${SAVE}async function tell(users: string[]) {
        const told = users.map(async (user) => { try { await save(user) } catch { console.error('lost') } })
        await Promise.all(told)
      }
      export async function f() { tell([]); await load() }`,
    },
    {
      name: 'in a handler of an event, which nobody waits for',
      code: `${SAVE}declare const picker: { onDidAccept(run: () => Promise<void>): void }
        export function f() { picker.onDidAccept(async () => { const user = await load(); save(user) }) }${SAVED}`,
    },
    {
      name: 'the callee cannot reject: it has no await',
      level: 'possible',
      code: `async function count() { console.log(1) }\nexport async function f() { count(); await count() }`,
    },
    {
      name: 'the callee, in another file and re-exported, cannot reject',
      level: 'possible',
      files: {
        './safe.ts': `export async function safe(): Promise<void> { try { await fetch('/') } catch {} }`,
        './index.ts': `export { safe as update } from './safe.ts'`,
      },
      code: `import { update } from './index.ts'\nexport async function f() { update(); await update() }`,
    },
    {
      name: 'a deferred that is only ever resolved',
      level: 'possible',
      code: `declare function defer(): { promise: Promise<void>; resolve(): void }
        function update() { const d = defer(); setTimeout(() => { d.resolve() }, 10); return d.promise }
        export async function f() { update(); await update() }`,
    },
    {
      name: 'void | Promise<void> says that implementations may be synchronous',
      level: 'possible',
      code: `declare const d: { dispose(): void | Promise<void> }\nexport async function f() { d.dispose(); await d.dispose() }`,
    },
    {
      name: 'a synchronous function can wait for nothing',
      level: 'possible',
      code: `${SAVE}export function f() { save('a') }`,
    },
    {
      name: 'an entry point at the top of a module',
      level: 'possible',
      code: `${SAVE}async function main() { await save('a') }\nmain()`,
    },
    {
      name: 'a helper of the project that swallows',
      level: 'possible',
      code: `declare function update(): Promise<void> & { ignoreErrors(): Promise<void> }\nexport async function f() { await update(); update().ignoreErrors() }`,
    },
    {
      name: 'a loop is another rule’s',
      level: 'possible',
      code: `${SAVE}export async function f(users: string[]) { for (const user of users) save(user); await save('a') }`,
    },
    {
      name: 'a name that the options allow',
      level: 'possible',
      options: { allowedCalls: ['save'] },
      code: `${SAVE}export async function f() { await load(); save('a') }`,
    },
    {
      name: 'no evidence that anybody counts on it',
      code: 'declare function go(): Promise<void>\nexport async function f() { go() }',
    },
    {
      name: 'an event handler',
      code: `${SAVE}export async function handleClick() { await load(); save('a') }${SAVED}`,
    },
    {
      name: 'a callback of an event',
      code: `${SAVE}declare const bus: { on(event: string, run: () => Promise<void>): void }
        bus.on('change', async () => { await load(); save('a') })${SAVED}`,
    },
    {
      name: 'a React effect',
      filename: 'file.tsx',
      code: `${SAVE}declare function useEffect(run: () => void): void
        export function Page() { useEffect(() => { save('a').then(() => { console.log('saved') }) }); return null }`,
    },
    {
      name: 'a function called at once in a React effect',
      filename: 'file.tsx',
      code: `${SAVE}declare function useEffect(run: () => void): void
        export function Page() { useEffect(() => { void (async () => { await load(); save('a') })() }); return null }${SAVED}`,
    },
    {
      name: 'a comment says that it is meant',
      code: `${SAVE}export async function f() {\n  await load()\n  // Saving goes on in the background.\n  save('a')\n}${SAVED}`,
    },
    {
      name: 'a comment says that it never answers',
      code: `${SAVE}export async function f() {\n  await load()\n  // Old servers do not send a reply, and this one doesn't give an answer either.\n  save('a')\n}${SAVED}`,
    },
    {
      name: 'a comment says so above the try',
      code: `${SAVE}export async function f() {\n  // There is no need to wait for it.\n  try {\n    save('a')\n  } catch (error) { console.error(error) }\n  await load()\n}${SAVED}`,
    },
    {
      name: 'a name that says so',
      code: `declare function trackUsage(): Promise<void>\nexport async function f() { await fetch('/'); trackUsage() }\nexport const others = async () => { await trackUsage(); await trackUsage(); await trackUsage() }`,
    },
    {
      name: 'lines of a log',
      code: `declare const host: { logger: { debug(line: string): Promise<void> } }\nexport async function f() { try { host.logger.debug('a'); await fetch('/') } catch { host.logger.debug('b') } }`,
    },
    {
      name: 'a queue keeps what it is given',
      code: `declare const queue: { add(a: string): Promise<void> }\nexport async function f() { await fetch('/'); queue.add('a') }\nexport const others = async () => { await queue.add('a'); await queue.add('b'); await queue.add('c') }`,
    },
    {
      name: 'a function invoked at once sets work going',
      code: `${SAVE}export async function f() { await load(); (async () => { await save('a') })() }`,
    },
    {
      name: 'tests drop what they observe',
      filename: 'user.test.ts',
      code: `${SAVE}export async function f() { await load(); save('a') }${SAVED}`,
    },
    {
      name: 'a try in a function that cannot wait, for what may throw before',
      level: 'possible',
      code: `${SAVE}export function f(text: string) { try { const user = String(JSON.parse(text)); save(user) } catch (error) { console.error(error) } }`,
    },
    {
      name: 'a try in a handler of an event',
      code: `${SAVE}declare const bus: { on(event: string, run: () => void): void }\nbus.on('change', () => { try { save('a') } catch (error) { console.error(error) } })`,
    },
    {
      name: 'the process ends after a wait',
      level: 'possible',
      code: `import process from 'node:process'\n${SAVE}export async function f() { void save('a'); await load(); process.exit(1) }`,
    },
    {
      name: 'what is done before the process ends',
      level: 'possible',
      code: `import process from 'node:process'\nasync function bye() { console.log('bye') }\nexport function f() { bye(); process.exit() }`,
    },
    {
      name: 'a chain whose throw is caught in its callback',
      level: 'possible',
      code: `${SAVE}export function f() { load().then((user) => { try { if (!user) throw new Error('none') } catch (error) { console.error(error) } }) }`,
    },
    {
      name: 'a chain that rejects the other promise too',
      level: 'possible',
      code: `${SAVE}export const f = () => new Promise<string>((resolve, reject) => { load().then((value) => { resolve(value) }).catch(reject) })`,
    },
    {
      name: 'a callback under Promise.all that waits for nothing is another rule’s',
      level: 'possible',
      code: `${SAVE}export const f = (users: string[]) => Promise.all(users.map(async (user) => { save(user) }))`,
    },
    {
      name: 'resolve of a path is no promise’s',
      code: `import path from 'node:path'\n${SAVE}export function f() { load().then((name) => { path.resolve(name) }) }`,
    },
  ],
  invalid: [
    {
      name: 'dropped in this one place, and awaited by all others',
      code: BY_OTHERS.code,
      files: {
        './store.ts':
          'export declare function save(id: string): Promise<void>\nexport declare function load(): Promise<string>',
        './other.ts':
          "import { save } from './store.ts'\nexport async function g() { await save('b'); await save('c'); return save('d') }",
      },
      errors: [{ level: 'likely', suggestions: BY_OTHERS.suggestions }],
    },
    {
      name: 'awaited by too few others to call it their rule',
      level: 'possible',
      code: BY_OTHERS.code,
      files: {
        './store.ts':
          'export declare function save(id: string): Promise<void>\nexport declare function load(): Promise<string>',
        './other.ts':
          "import { save } from './store.ts'\nexport async function g() { await save('b'); await save('c') }",
      },
      errors: [{ level: 'possible', suggestions: BY_OTHERS.suggestions }],
    },
    {
      name: 'dropped in two functions, however many wait for it',
      level: 'possible',
      code: BY_OTHERS.code,
      files: {
        './store.ts':
          'export declare function save(id: string): Promise<void>\nexport declare function load(): Promise<string>',
        './other.ts': `import { load, save } from './store.ts'
export async function g() { await save('b'); await save('c'); await save('d'); await save('e') }
export function h() { save('f') }`,
      },
      errors: [{ level: 'possible', suggestions: BY_OTHERS.suggestions }],
    },
    {
      name: 'dropped wherever it is called, so that to let it run comes first',
      level: 'possible',
      code: BY_OTHERS.code,
      files: {
        './store.ts':
          'export declare function save(id: string): Promise<void>\nexport declare function load(): Promise<string>',
        './other.ts': "import { save } from './store.ts'\nexport function g() { save('b') }",
      },
      errors: [{ level: 'possible', suggestions: BY_OTHERS.suggestions.toReversed() }],
    },
    {
      name: 'the callee may give on a promise of a package that is not installed',
      code: UNSEEN.code,
      errors: [{ level: 'likely', suggestions: UNSEEN.suggestions }],
    },
    {
      name: 'a try around it weighs more than the habit',
      code: MEANT_TO_FAIL.code,
      errors: [{ line: 3, message: /the `catch` around it/u, suggestions: MEANT_TO_FAIL.suggestions }],
    },
    {
      name: 'a call that is told to fail as usual',
      level: 'possible',
      code: TOLD.code,
      errors: [{ level: 'possible', line: 5, suggestions: TOLD.suggestions }],
    },
    {
      name: 'a write in a function that waits for other things',
      level: 'possible',
      code: `${SAVE}export async function f() {\n  const user = await load()\n  save(user)\n}`,
      errors: [
        {
          level: 'possible',
          line: 5,
          column: 3,
          endColumn: 7,
          message: 'Nothing waits for `save`: `f` is done before it is, and a rejection is unhandled.',
          suggestions: [
            {
              title: 'Wait for it',
              output: `${SAVE}export async function f() {\n  const user = await load()\n  await save(user)\n}`,
            },
            {
              title: 'Let it run, and handle its failure',
              output: `${SAVE}export async function f() {\n  const user = await load()\n  void save(user).catch(console.error)\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'awaited elsewhere in the file, in JavaScript',
      level: 'possible',
      filename: 'file.js',
      code: `/** @returns {Promise<void>} */\nasync function check() { await fetch('/') }\nexport async function f() { await check() }\nexport async function g() { check() }`,
      errors: [
        {
          level: 'possible',
          line: 4,
          related: ['Here it is awaited.'],
          suggestions: [
            {
              title: 'Wait for it',
              output: `/** @returns {Promise<void>} */\nasync function check() { await fetch('/') }\nexport async function f() { await check() }\nexport async function g() { await check() }`,
            },
            {
              title: 'Let it run, and handle its failure',
              output: `/** @returns {Promise<void>} */\nasync function check() { await fetch('/') }\nexport async function f() { await check() }\nexport async function g() { void check().catch(console.error) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'inside try, whose handler never sees its failure',
      code: IN_TRY.code,
      errors: [
        {
          level: 'likely',
          line: 5,
          message: /the `catch` around it never sees its failure/u,
          suggestions: IN_TRY.suggestions,
        },
      ],
    },
    {
      name: 'inside a try that goes on, with nothing else that counts on the call: possible',
      level: 'possible',
      code: IN_WIDE_TRY.code,
      errors: [
        {
          level: 'possible',
          message: /the `catch` around it never sees its failure/u,
          suggestions: IN_WIDE_TRY.suggestions,
        },
      ],
    },
    {
      name: 'a callee of the program that reaches I/O, behind && and ?.',
      level: 'possible',
      files: { './api.ts': `export const api = { async push(): Promise<void> { await fetch('/') } }` },
      code: IN_AND.code,
      errors: [{ level: 'possible', line: 3, suggestions: IN_AND.suggestions }],
    },
    {
      name: 'a return inside try leaves before the promise has failed, so the callee can reject',
      level: 'possible',
      code: RETURNED.code,
      errors: [{ level: 'possible', suggestions: RETURNED.suggestions }],
    },
    {
      name: 'an arrow function with no name, a method with an optional call',
      level: 'possible',
      code: NAMELESS.code,
      errors: [
        {
          level: 'possible',
          message: /the function around it is done before it is/u,
          suggestions: NAMELESS.suggestions,
        },
      ],
    },
    {
      name: 'an assertion that nobody waits for, in a function that waits for nothing',
      code: CHECKED.code,
      errors: [
        {
          level: 'likely',
          message: 'Nothing waits for `assertOpen`: `f` goes on, whatever is wrong, and a rejection is unhandled.',
          suggestions: CHECKED.suggestions,
        },
      ],
    },
    {
      name: 'a write in a function that is async for nothing else: likely',
      code: ASYNC_FOR_IT.code,
      errors: [{ level: 'likely', message: /`f` is done before it is/u, suggestions: ASYNC_FOR_IT.suggestions }],
    },
    {
      name: 'a try in a function that cannot wait, for this call alone',
      code: `${SAVE}export function f(user: string) {\n  try { save(user) } catch (error) { throw new Error('not saved', { cause: error }) }\n}`,
      errors: [
        {
          level: 'likely',
          message: /the `catch` around it never sees its failure/u,
          suggestions: [
            {
              title: 'Let it run, and handle its failure',
              output: `${SAVE}export function f(user: string) {\n  try { void save(user).catch(console.error) } catch (error) { throw new Error('not saved', { cause: error }) }\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a try for this call alone, whose name says that it starts something',
      code: `declare const client: { scheduleJob(name: string): Promise<void> }\nexport function f(name: string) {\n  try { client.scheduleJob(name) } catch (error) { throw new Error('not scheduled', { cause: error }) }\n}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Let it run, and handle its failure',
              output: `declare const client: { scheduleJob(name: string): Promise<void> }\nexport function f(name: string) {\n  try { void client.scheduleJob(name).catch(console.error) } catch (error) { throw new Error('not scheduled', { cause: error }) }\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a throw in the callback of a dropped chain',
      code: `${SAVE}export function f() {\n  load().then((user) => {\n    if (!user) throw new Error('none')\n    return save(user)\n  })\n}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          message: /what its callback throws reaches nobody/u,
          related: ['This is thrown to nobody.'],
          suggestions: [
            {
              title: 'Let it run, and handle its failure',
              output: `${SAVE}export function f() {\n  void load().then((user) => {\n    if (!user) throw new Error('none')\n    return save(user)\n  }).catch(console.error)\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'work that the end of the process cuts off, also in a handler',
      code: `import process from 'node:process'\n${SAVE}process.on('SIGTERM', () => {\n  save('a')\n  process.exit(0)\n})`,
      errors: [
        {
          level: 'likely',
          line: 5,
          message:
            '`process.exit` ends the process before `save` is done: what it does after its first `await` never happens.',
          related: ['Here the process ends.'],
        },
      ],
    },
    {
      name: 'the same where it can be awaited',
      code: `import process from 'node:process'\n${SAVE}export async function f() {\n  save('a')\n  console.log('bye')\n  process.exit(0)\n}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Wait for it',
              output: `import process from 'node:process'\n${SAVE}export async function f() {\n  await save('a')\n  console.log('bye')\n  process.exit(0)\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'success alone settles a promise made by hand',
      code: `${SAVE}export function f() {\n  return new Promise<string>((resolve, reject) => {\n    setTimeout(reject, 1000)\n    load().then((value) => { resolve(value) })\n  })\n}`,
      errors: [
        {
          level: 'likely',
          line: 6,
          message:
            'Nothing handles a failure of `load`: then `resolve` is never called, and whoever waits for that promise waits for ever.',
          related: ['Only success settles the other promise.'],
          suggestions: [
            {
              title: 'Pass the failure on',
              output: `${SAVE}export function f() {\n  return new Promise<string>((resolve, reject) => {\n    setTimeout(reject, 1000)\n    load().then((value) => { resolve(value) }).catch(reject)\n  })\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'success alone calls back, in one branch or the other',
      code: `${SAVE}export function find(id: string, done: (failure: unknown, user?: string) => void) {\n  load().then((user) => {\n    if (user === id) done(null, user)\n    else done(null)\n  })\n}`,
      errors: [
        {
          level: 'likely',
          line: 4,
          message:
            'Nothing handles a failure of `load`: then `done` is never called, and whoever waits to be called back waits for ever.',
          related: ['Only success calls back.'],
          suggestions: [
            {
              title: 'Pass the failure on',
              output: `${SAVE}export function find(id: string, done: (failure: unknown, user?: string) => void) {\n  load().then((user) => {\n    if (user === id) done(null, user)\n    else done(null)\n  }).catch(done)\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'async work started in a promise made by hand settles it on success only',
      code: `${SAVE}export function first() {
  return new Promise<string>((resolve, reject) => {
    (async () => { resolve(await load()) })()
    setTimeout(reject, 1000)
  })
}
export function second() {
  return new Promise<string>((resolve) => {
    const poll = async () => { if (await load()) resolve('') }
    poll()
  })
}`,
      errors: [
        {
          level: 'likely',
          line: 5,
          related: ['Only success settles the other promise.'],
          suggestions: [
            {
              title: 'Pass the failure on',
              output: `${SAVE}export function first() {
  return new Promise<string>((resolve, reject) => {
    (async () => { resolve(await load()) })().catch(reject)
    setTimeout(reject, 1000)
  })
}
export function second() {
  return new Promise<string>((resolve) => {
    const poll = async () => { if (await load()) resolve('') }
    poll()
  })
}`,
            },
          ],
        },
        {
          level: 'likely',
          line: 12,
          message:
            'Nothing handles a failure of `poll`: then `resolve` is never called, and whoever waits for that promise waits for ever.',
        },
      ],
    },
    {
      name: 'success alone answers a request, by a chain of unknown type',
      filename: 'file.js',
      code: "import { users } from 'not-installed'\nexport const list = (req, res) => { users.all(req.query).then((found) => { res.json(found) }) }",
      errors: [
        {
          level: 'likely',
          message:
            'Nothing handles a failure of `users.all`: then `res.json` is never called, and the request is never answered.',
          related: ['Only success answers the request.'],
        },
      ],
    },
    {
      name: 'a chain of unknown type at the end of a try',
      code: `import { client } from 'not-installed'\n${SAVE}export async function f() {\n  try {\n    const user = await load()\n    client.ask(user).then((answer: string) => { console.log(answer) })\n  } catch (error) { console.error(error) }\n}`,
      errors: [
        {
          level: 'likely',
          line: 7,
          message:
            'Nothing waits for `client.ask(user).then`: the `catch` around it never sees its failure, and a rejection is unhandled.',
          related: ['This handler is for what is thrown or awaited inside the `try`.'],
          suggestions: [
            {
              title: 'Wait for it',
              output: `import { client } from 'not-installed'\n${SAVE}export async function f() {\n  try {\n    const user = await load()\n    await client.ask(user).then((answer: string) => { console.log(answer) })\n  } catch (error) { console.error(error) }\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'what is called like a getter, in a try for many things',
      code: `declare function getExtension(): Promise<void>\nexport async function f() { try { if (await fetch('/')) { getExtension() } } catch (error) { console.error(error) } }`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Wait for it',
              output: `declare function getExtension(): Promise<void>\nexport async function f() { try { if (await fetch('/')) { await getExtension() } } catch (error) { console.error(error) } }`,
            },
            {
              title: 'Let it run, and handle its failure',
              output: `declare function getExtension(): Promise<void>\nexport async function f() { try { if (await fetch('/')) { void getExtension().catch(console.error) } } catch (error) { console.error(error) } }`,
            },
          ],
        },
      ],
    },
    {
      name: 'a link of a chain that somebody waits for gives nothing back',
      code: `${SAVE}export function f(user: string) {\n  return load().then(() => {\n    save(user)\n  })\n}`,
      errors: [
        {
          level: 'likely',
          line: 5,
          message:
            'The chain does not wait for `save`, for its callback gives nothing back: it goes on before that is done, and a rejection is unhandled.',
          related: ['This is the link that does not wait.'],
          suggestions: [
            {
              title: 'Wait for it',
              output: `${SAVE}export function f(user: string) {\n  return load().then(async () => {\n    await save(user)\n  })\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a link that the next one follows at once, in a branch',
      code: `${SAVE}export function f(user: string) {\n  void load().then(function (name) { if (name) { save(user) } }).then(load).catch(console.error)\n}`,
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Wait for it',
              output: `${SAVE}export function f(user: string) {\n  void load().then(async function (name) { if (name) { await save(user) } }).then(load).catch(console.error)\n}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a callback that is async for nothing, where a promise is wanted, although it cannot fail',
      code: `declare function step(name: string, run: () => Promise<void>): Promise<void>
declare function rest(): Promise<void>
async function build() { try { await rest() } catch { /* seen */ } }
export async function f() { await step('build', async () => { build() }) }`,
      errors: [
        {
          level: 'likely',
          line: 4,
          message: 'Nothing waits for `build`: `step` waits only for the callback, which is done at once.',
          suggestions: [
            {
              title: 'Wait for it',
              output: `declare function step(name: string, run: () => Promise<void>): Promise<void>
declare function rest(): Promise<void>
async function build() { try { await rest() } catch { /* seen */ } }
export async function f() { await step('build', async () => { await build() }) }`,
            },
            {
              title: 'Let it run, and handle its failure',
              output: `declare function step(name: string, run: () => Promise<void>): Promise<void>
declare function rest(): Promise<void>
async function build() { try { await rest() } catch { /* seen */ } }
export async function f() { await step('build', async () => { void build().catch(console.error) }) }`,
            },
          ],
        },
      ],
    },
    {
      name: 'the same by the name of a call that nothing is known of',
      filename: 'file.js',
      code: `import { window } from 'vscode'\nimport { save } from './store.js'\nexport const f = () => window.withProgress({ title: 'save' }, async () => { save('a') })`,
      files: { './store.js': "export async function save(user) { await fetch('/' + user) }" },
      errors: [
        {
          level: 'likely',
          suggestions: [
            {
              title: 'Wait for it',
              output: `import { window } from 'vscode'\nimport { save } from './store.js'\nexport const f = () => window.withProgress({ title: 'save' }, async () => { await save('a') })`,
            },
            {
              title: 'Let it run, and handle its failure',
              output: `import { window } from 'vscode'\nimport { save } from './store.js'\nexport const f = () => window.withProgress({ title: 'save' }, async () => { void save('a').catch(console.error) })`,
            },
          ],
        },
      ],
    },
    {
      name: 'success alone settles a deferred, even in an effect',
      filename: 'file.tsx',
      code: DEFERRED,
      errors: [
        {
          level: 'likely',
          line: 7,
          related: ['Only success settles the other promise.'],
          suggestions: [
            {
              title: 'Pass the failure on',
              output: DEFERRED.replace('\n    })', '\n    }).catch((error: unknown) => { first.reject(error) })'),
            },
          ],
        },
      ],
    },
    {
      name: 'without evidence, possible',
      level: 'possible',
      code: BARE.code,
      errors: [{ level: 'possible', suggestions: BARE.suggestions.toReversed() }],
    },
  ],
})
