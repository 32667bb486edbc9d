/** ESLint's `require-atomic-updates`. */
import { describeParity } from './parity.ts'

const API =
  'declare function price(item: string): Promise<number>\ndeclare function connect(): Promise<{ close(): void }>\n'

describeParity('require-atomic-updates', [
  {
    name: 'a variable or property that is read, and written from that value after an await',
    verdict: 'must',
    why: 'what others write in between is lost',
    by: ['no-stale-write-after-await', 'likely'],
    code: [
      `${API}let sum = 0; export async function f() { sum += await price('a') }`,
      `${API}let sum = 0; export async function f() { sum = sum + await price('a') }`,
      `${API}let sum = 0; export async function f() { const before = sum; const more = await price('a'); sum = before + more }`,
      `${API}export class Cart { sum = 0; async add() { this.sum += await price('a') } }`,
      `${API}export class Cart { #sum = 0; async add() { this.#sum += await price('a') } }`,
      `${API}const cart = { sum: 0 }; export async function f(items: string[]) { for (const item of items) cart.sum += await price(item) }`,
    ],
  },
  {
    name: 'an entry of a map, set from its old value after an await',
    verdict: 'must',
    why: 'theirs does not follow values through collections',
    by: ['no-stale-write-after-await', 'likely'],
    code: [
      `${API}const sums = new Map<string, number>(); export async function f(item: string) { sums.set(item, (sums.get(item) ?? 0) + await price(item)) }`,
    ],
  },
  {
    name: 'the same in concurrent callbacks',
    verdict: 'must',
    why: 'here nothing outside of the code is needed for it to go wrong',
    by: ['no-stale-write-after-await', 'certain'],
    code: [
      `${API}export async function f(a: string, b: string) { let sum = 0; await Promise.all([a, b].map(async (item) => { sum += await price(item) })); return sum }`,
    ],
  },
  {
    name: 'a property of a parameter, written from its old value after an await',
    verdict: 'must',
    why: 'the caller may share it; how likely that is cannot be seen',
    by: ['no-stale-write-after-await', 'possible'],
    code: [`${API}export async function f(cart: { sum: number }) { cart.sum += await price('a') }`],
  },
  {
    name: 'a check, an await, and the act that it guards',
    verdict: 'must',
    why: 'the duplicate is the defect here, rather than a lost value; theirs sees some of these as updates',
    by: ['no-check-then-act-across-await', 'likely'],
    code: [
      `${API}let db: { close(): void } | undefined; export async function open() { if (!db) { db = await connect() } return db }`,
      `${API}export class Store { db: { close(): void } | undefined; async open() { this.db ??= await connect(); return this.db } }`,
    ],
  },
  {
    name: 'a local variable, also one that a callback has seen',
    verdict: 'must not',
    why: 'each call has its own; theirs reports it as soon as a function mentions it',
    code: [
      `${API}export async function f() { let sum = 0; sum += await price('a'); return sum }`,
      `${API}export async function f() { let sum = 0; const show = () => { console.log(sum) }; sum += await price('a'); show() }`,
    ],
  },
  {
    name: 'a write that does not come from the old value',
    verdict: 'must not',
    why: 'the last one wins, which is what assignment means; most of what theirs is switched off for',
    code: [
      `${API}export async function f(cart: { id: string; cents: number }) { const cents = await price(cart.id); cart.cents = cents }`,
      `${API}export async function f(context: { body: unknown; path: string }) { context.body = await price(context.path) }`,
      `${API}export async function f(path: string) { try { process.exitCode = await price(path) } catch { process.exitCode = 1 } }`,
      `${API}let latest = 0; export async function f() { latest = await price('a') }`,
    ],
  },
  {
    name: 'read after the await',
    verdict: 'must not',
    why: 'nothing comes between',
    code: [
      `${API}let sum = 0; export async function f() { sum = await price('a') + sum }`,
      `${API}let sum = 0; export async function f() { const more = await price('a'); sum += more }`,
      `${API}let active = 0; export async function f() { active += 1; await price('a'); active -= 1 }`,
    ],
  },
  {
    name: 'under a lock',
    verdict: 'must not',
    why: 'others wait; theirs knows no locks',
    code: [
      `${API}import { Mutex } from '@forkline/runtime'\nconst mutex = new Mutex()\nlet sum = 0; export async function f() { await mutex.runExclusive(async () => { sum += await price('a') }) }`,
    ],
  },
  {
    name: 'generators that suspend at yield',
    verdict: 'out of scope',
    why: 'whoever calls next decides when they go on; two that overlap are rare, and none was found in real code',
    code: ['let sum = 0; export function* f(): Generator<number, void, number> { sum += yield sum }'],
  },
])
