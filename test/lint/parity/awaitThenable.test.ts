/** typescript-eslint's `await-thenable`. */
import { describeParity } from './parity.ts'

const API = 'declare function save(row: string): Promise<void>\n'

describeParity('await-thenable', [
  {
    name: 'await of an array of promises',
    verdict: 'must',
    why: 'theirs reports it as a needless await; ours, because nothing is waited for',
    by: ['no-dropped-promise-array', 'certain'],
    code: [
      `${API}export async function f(rows: string[]) { await rows.map(async (row) => save(row)) }`,
      `${API}export async function f(rows: string[]) { const saved = rows.map(async (row) => save(row)); await saved }`,
    ],
  },
  {
    name: 'Promise.all over arrays of promises',
    verdict: 'must',
    why: 'each array is taken for a value: nothing waits for what is in it',
    by: ['no-ineffective-promise-all', 'certain'],
    code: ['export async function f(batches: Promise<void>[][]) { await Promise.all(batches) }'],
  },
  {
    name: 'an array of promises among those that Promise.all is given',
    verdict: 'must',
    why: 'it is taken for a value: nothing waits for what is in it',
    by: ['no-ineffective-promise-all', 'certain'],
    code: [`${API}export async function f(a: string[]) { await Promise.all([save('x'), a.map((row) => save(row))]) }`],
  },
  {
    name: 'Promise.all over callbacks that return nothing',
    verdict: 'must',
    why: 'the promises are started and lost',
    by: ['no-ineffective-promise-all', 'likely'],
    code: [`${API}export async function f(a: string[]) { await Promise.all(a.map((row) => { save(row) })) }`],
  },
  {
    name: 'promises, things with a then, and values that may be either',
    verdict: 'must not',
    why: 'there may be something to wait for',
    code: [
      `${API}export async function f() { await save('a') }`,
      'declare const q: PromiseLike<number>\nexport const f = async () => await q',
      'declare const q: number | Promise<number>\nexport const f = async () => await q',
      'declare const q: any\nexport const f = async () => await q',
      'export async function f(all: AsyncIterable<string>) { for await (const one of all) console.log(one) }',
    ],
  },
  {
    name: 'await of a value that is no promise',
    verdict: 'out of scope',
    why: 'it costs a turn of the event loop and changes nothing else; a matter of style',
    code: [
      'export const f = async () => await 1',
      'export async function f(all: string[]) { for await (const one of all) console.log(one) }',
      'export async function f(all: number[]) { await Promise.all(all) }',
      'declare const d: Disposable\nexport async function f() { await using a = d; console.log(a) }',
    ],
  },
])
