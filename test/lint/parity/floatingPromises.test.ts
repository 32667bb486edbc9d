/** typescript-eslint's `no-floating-promises`. */
import { describeParity } from './parity.ts'

const API = 'declare function save(row: string): Promise<void>\ndeclare function read(): Promise<string>\n'

describeParity('no-floating-promises', [
  {
    name: 'an array of promises as a statement',
    verdict: 'must',
    why: 'the work is started, nobody waits for it, and its failure is unhandled',
    by: ['no-dropped-promise-array', 'certain'],
    code: [
      `${API}export async function f(rows: string[]) { rows.map((row) => save(row)) }`,
      `${API}export async function f(rows: string[]) { rows.map(async (row) => { await save(row) }); await read() }`,
      `${API}export async function f(rows: readonly string[]) { Array.from(rows, (row) => save(row)) }`,
    ],
  },
  {
    name: 'an array of promises that is awaited like a promise',
    verdict: 'must',
    why: 'an array is no promise: the await is over at once',
    by: ['no-dropped-promise-array', 'certain'],
    code: [`${API}export async function f(rows: string[]) { await rows.map((row) => save(row)) }`],
  },
  {
    name: 'a call that writes, dropped in an async function that waits for other things',
    verdict: 'must',
    why: 'whoever awaits the function may take the write for done; most such calls are meant: the level is possible',
    by: ['no-floating-fan-out', 'possible'],
    code: [`${API}export async function f() { const row = await read(); save(row.trim()) }`],
  },
  {
    name: 'a call dropped in a `try` of an async function that waits for other things',
    verdict: 'must',
    why: 'the handler never sees its failure',
    by: ['no-floating-fan-out', 'likely'],
    code: [
      `${API}export async function f() { try { save('a'); await read() } catch { console.log('never for save') } }`,
    ],
  },
  {
    name: 'a chain without a handler in an async function',
    verdict: 'must',
    why: 'worth a look, but often meant: the level is possible',
    by: ['no-floating-fan-out', 'possible'],
    code: [
      `${API}export async function f() { read().then((row) => { console.log(row) }); await read() }`,
      `${API}export async function f() { read().finally(() => { console.log('done') }); await read() }`,
      `${API}export async function f() { read().catch(); await read() }`,
    ],
  },
  {
    name: 'a promise in a variable that nothing consumes',
    verdict: 'must',
    why: 'it is as dropped as in a statement; theirs sees statements only',
    by: ['no-unjoined-promise', 'likely'],
    code: [`${API}export async function f() { const saved = save('a'); await read() }`],
  },
  {
    name: 'a promise started per turn of a loop',
    verdict: 'must',
    why: 'as many calls at once as there are items, and nobody to wait for them',
    by: ['no-fire-and-forget-loop', 'likely'],
    code: [`${API}export async function f(rows: string[]) { for (const row of rows) save(row) }`],
  },
  {
    name: 'a promise that is awaited, returned, voided, handled or passed on',
    verdict: 'must not',
    why: 'somebody minds it',
    code: [
      `${API}export async function f() { await save('a') }`,
      `${API}export async function f() { return save('a') }`,
      `${API}export async function f() { void save('a'); await read() }`,
      `${API}export async function f() { save('a').catch((error: unknown) => { console.error(error) }); await read() }`,
      `${API}export async function f() { read().then((row) => { console.log(row) }, (error: unknown) => { console.error(error) }); await read() }`,
      `${API}export async function f(rows: string[]) { await Promise.allSettled(rows.slice(0, 3).map((row) => save(row))) }`,
    ],
  },
  {
    name: 'a call that cannot reject',
    verdict: 'must not',
    why: 'ours look into the callee; theirs go by its type',
    code: [
      'async function count() { return 1 }\nexport async function f() { count(); await count() }',
      `${API}async function log() { try { await save('a') } catch { console.log('not saved') } }\nexport async function f() { log(); await read() }`,
    ],
  },
  {
    name: 'the start of a program, and code that nobody could wait for',
    verdict: 'must not',
    why: 'the process waits for what is under way, and prints its failure',
    code: [
      `${API}async function main() { await save('a') }\nmain()`,
      `${API};(async () => { await save('a') })()`,
      `${API}export function start() { void save('a') }`,
    ],
  },
  {
    name: 'a promise that exists already, as a statement of its own',
    verdict: 'out of scope',
    why: 'nothing is started by it; no-unused-expressions reports it',
    code: [
      'declare const p: Promise<void>\np',
      'declare const p: Promise<void>\nexport async function f() { p }',
      'declare const list: Promise<void>[]\nlist',
      'declare const pair: [Promise<void>, number]\nexport async function f() { pair }',
    ],
  },
  {
    name: 'a tagged template, or a new promise, as a statement',
    verdict: 'out of scope',
    why: 'the first is rare in real code; the second starts only what its executor calls',
    code: [
      'declare const sql: (parts: TemplateStringsArray) => Promise<void>\nexport async function f() { sql`delete`; await 0 }',
      'export async function f() { new Promise<void>((resolve) => { resolve() }); await 0 }',
    ],
  },
  {
    name: 'a call in a condition, a list or behind an operator, as a statement',
    verdict: 'must',
    why: 'the work is started and nobody waits for it',
    by: ['no-floating-fan-out', 'possible'],
    code: [
      `${API}export async function f(isNew: boolean) { isNew && save('a'); await read() }`,
      `${API}export async function f(isNew: boolean) { isNew ? save('a') : null; await read() }`,
    ],
  },
  {
    name: 'void where the options of theirs forbid it',
    verdict: 'out of scope',
    why: '`void` says that nobody waits, on purpose; only in loops ours ask for more',
    code: [`${API}export function f() { void save('a') }`],
  },
  {
    name: 'things with a then that are no promises',
    verdict: 'out of scope',
    why: 'a query or a builder starts when it is awaited, so that dropping it starts nothing',
    code: [
      'interface Query { then(done: (rows: string[]) => void): void }\ndeclare function select(): Query\nexport async function f() { select(); await 0 }',
    ],
  },
  {
    name: 'a dropped call in a function that is not async',
    verdict: 'out of scope',
    why: 'nobody there could wait; to make every caller async is a change of design, not a fix',
    code: [`${API}export function f() { save('a') }`],
  },
])
